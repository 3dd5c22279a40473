// Eventual and strong eventual consistency.

#ifndef MINOS_CHECKER_CONVERGENCE_H_
#define MINOS_CHECKER_CONVERGENCE_H_

#include "checker/session_guarantees.h"
#include "checker/session_history.h"

namespace minos::checker {

// Judges `eventual`: the final reads of a key agree, on the value of an update
// that no later one of its session overwrote; of a set or a list each shows
// every ok update (of a set, those whose element nobody removed); of a counter
// each is the sum of all ok updates, none of which is called after it, and of
// some of the info ones (`ambiguous-values` where these are too many to try).
// Final are the reads flagged `final` (or `final?`), or else those called after
// the last update had returned and after the last fault operation `heal` or
// `quiesce`; `unsupported` if there is neither flag nor such an operation, or
// no final read. O(n) and the sizes of the final reads.
ModelOutcome JudgeEventual(const SessionHistory& steps);

// Judges `strong-eventual`: reads of a key that have seen the same updates
// return the same. A recorded `version` tells what was seen, and without one
// sets and lists show it; equal elements of a list may be those of different
// updates, and do not count as the same where there are enough of these. Of
// registers without any version the answer is `unsupported`. Of counters, only
// reads of one version are compared here: without versions any two reads may
// have seen different updates.
ModelOutcome JudgeStrongEventual(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONVERGENCE_H_
