// The runs of a guided search: each a variant of it, that gives up after some
// patience.

#ifndef MINOS_CHECKER_GUIDED_TURNS_H_
#define MINOS_CHECKER_GUIDED_TURNS_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "checker/budget.h"
#include "checker/narrowing.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/speculation.h"

namespace minos::checker {

class GuidedTurns {
 public:
  // `problem` outlives this. Narrows the windows: O(n log n), see Narrowing.
  explicit GuidedTurns(const SearchProblem& problem);

  // Enters about so many configurations, in all its runs, as the smaller of
  // `patience` and `bound`. Each turn has more runs than the one before, and
  // begins with the variant after its last. What is valid is valid; it finds no
  // violation, but ends with `unknown` and no reason. So it does at once where
  // the object has no places that are set (see Footprint).
  SearchResult Take(size_t patience, size_t bound);

 private:
  Unconfirmed Run(uint32_t variant, size_t patience, Turn& turn) const;

  const SearchProblem& problem_;
  std::optional<Narrowing> narrowing_;  // if the object is of this kind
  std::optional<Allowance> of_narrowing_;
  size_t runs_;
  uint32_t variant_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_TURNS_H_
