// Whether what a search has found is a linearization.

#ifndef MINOS_CHECKER_PATH_REPLAY_H_
#define MINOS_CHECKER_PATH_REPLAY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "checker/search_strategies.h"

namespace minos::checker {

// What a search has found; if that is `valid`, by a path (as for
// PathOperations) which nobody has replayed yet.
struct Unconfirmed {
  SearchResult result;
  std::vector<uint32_t> path;
};

// The result with the linearization, if the path is one; if not, `unknown`
// without a reason. O(n).
SearchResult Confirm(const SearchProblem& problem, Unconfirmed found);

// Whether `path` (as for PathOperations) linearizes every operation that
// returns before the end of `problem`, each operation at most once, in an order
// that keeps real time and in which the model gives each result. It has to be
// told so by the model alone: false also where an operation leads to several
// states. O(n).
bool IsLinearization(const SearchProblem& problem,
                     std::span<const uint32_t> path);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_PATH_REPLAY_H_
