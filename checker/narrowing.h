// When operations can have taken effect, narrowed by what they saw; for objects
// with few places that are set. See narrowing.cc.

#ifndef MINOS_CHECKER_NARROWING_H_
#define MINOS_CHECKER_NARROWING_H_

#include <cstddef>
#include <optional>

#include "checker/footprints.h"
#include "checker/open_values.h"
#include "checker/search_strategies.h"
#include "checker/timeline.h"

namespace minos::checker {

class Narrowing {
 public:
  // `problem` and what it is of outlive this; `values` are of it, and
  // applicable. O(n log n), and O(operations open at once) for each value that
  // is seen.
  Narrowing(const SearchProblem& problem, const OpenValues& values);
  Narrowing(const Narrowing&) = delete;
  Narrowing& operator=(const Narrowing&) = delete;

  // The same operations and kinds of info operations, with the same numbers, in
  // a timeline in which they are open no longer than before. It has the same
  // linearizations.
  const SearchProblem& problem() const { return *narrowed_; }

  size_t MemoryBytes() const {
    return timeline_ ? timeline_->MemoryBytes() + footprints_->MemoryBytes()
                     : 0;
  }

 private:
  std::optional<Timeline> timeline_;
  std::optional<Footprints> footprints_;
  std::optional<SearchProblem> narrowed_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_NARROWING_H_
