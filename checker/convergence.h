// Eventual and strong eventual consistency.

#ifndef MINOS_CHECKER_CONVERGENCE_H_
#define MINOS_CHECKER_CONVERGENCE_H_

#include "checker/session_guarantees.h"
#include "checker/session_history.h"

namespace minos::checker {

// Judges `eventual`: the final reads of a key agree, on the value of an update
// that no later one of its session overwrote; of a set or a list each shows
// every ok update. Final are the reads flagged `final` (or `final?`), or
// else those called after the last update had returned and after the last fault
// operation `heal` or `quiesce`; `unsupported` if there is neither flag nor
// such an operation, or no final read. O(n) and the sizes of the final reads.
ModelOutcome JudgeEventual(const SessionHistory& steps);

// Judges `strong-eventual`: reads of a key that have seen the same updates
// return the same. Sets and lists show what was seen; of registers the
// recorded `version` tells it, and without one the answer is `unsupported`.
ModelOutcome JudgeStrongEventual(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONVERGENCE_H_
