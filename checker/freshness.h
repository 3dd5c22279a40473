// Since when what an operation saw can have been set.
//
// An operation that set a place and returned before another one was called that
// saw something there came before it: so what was seen was set by that one, or
// after it, and not before it was called.

#ifndef MINOS_CHECKER_FRESHNESS_H_
#define MINOS_CHECKER_FRESHNESS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/open_values.h"
#include "checker/timeline.h"

namespace minos::checker {

class Freshness {
 public:
  // O(n).
  Freshness(const Timeline& timeline, const OpenValues& values);

  // By OpenValues::Program::sees of an operation of the timeline: an event
  // before which it cannot have been set; 0 if nothing is known.
  std::span<const uint32_t> Of(uint32_t operation) const {
    return std::span(since_).subspan(begin_[operation],
                                     begin_[operation + 1] - begin_[operation]);
  }

  size_t MemoryBytes() const {
    return (since_.capacity() + begin_.capacity()) * sizeof(uint32_t);
  }

 private:
  std::vector<uint32_t> since_;
  std::vector<uint32_t> begin_;  // by operation, and one more
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FRESHNESS_H_
