// Results that cannot be, whatever the order of the operations: found before
// any search.

#ifndef MINOS_CHECKER_IMPOSSIBLE_H_
#define MINOS_CHECKER_IMPOSSIBLE_H_

#include <cstdint>
#include <optional>

#include "checker/sequential_model.h"
#include "checker/timeline.h"

namespace minos::checker {

// Of the completed operations whose result contradicts the others by itself
// (see impossible.cc), the one that returns first, as an index into
// `timeline.operations()`; nothing if none is found. The prefix up to its
// return is not linearizable. Nothing is found once `budget`, which may be
// null, is exhausted. O(n · operations open at once).
std::optional<uint32_t> FindImpossible(const Timeline& timeline,
                                       SequentialModel& model,
                                       Budget* budget = nullptr);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_IMPOSSIBLE_H_
