// Whether what a search has found is a linearization.

#ifndef MINOS_CHECKER_PATH_REPLAY_H_
#define MINOS_CHECKER_PATH_REPLAY_H_

#include <cstdint>
#include <span>

#include "checker/search_strategies.h"

namespace minos::checker {

// Whether `path` (as for PathOperations) linearizes every operation that
// returns before the end of `problem`, each operation at most once, in an order
// that keeps real time and in which the model gives each result. It has to be
// told so by the model alone: false also where an operation leads to several
// states. O(n).
bool IsLinearization(const SearchProblem& problem,
                     std::span<const uint32_t> path);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_PATH_REPLAY_H_
