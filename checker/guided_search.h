// A beam search for objects with few places that are set (see Footprint), which
// looks ahead to the values that are still to be seen; see guided_search.cc.

#ifndef MINOS_CHECKER_GUIDED_SEARCH_H_
#define MINOS_CHECKER_GUIDED_SEARCH_H_

#include <cstddef>
#include <cstdint>

#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/speculation.h"

namespace minos::checker {

// Finds no violation, but ends with `unknown` and no reason. So it does at once
// where the object is not of this kind. Where one `variant` is stuck, another
// may not be. Asks `turn` for each configuration. It uses the model as a
// constant, so it may run on several threads.
Unconfirmed SearchGuided(const SearchProblem& problem,
                         size_t max_configurations, uint32_t variant,
                         Turn& turn);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_SEARCH_H_
