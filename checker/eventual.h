// Eventual consistency: once updates end, everybody agrees.

#ifndef MINOS_CHECKER_EVENTUAL_H_
#define MINOS_CHECKER_EVENTUAL_H_

#include "checker/session_guarantees.h"
#include "checker/session_history.h"

namespace minos::checker {

// Judges `eventual`: the final reads of a key agree, on the value of an update
// that no later one of its session overwrote; of a set or a list each shows
// every ok update (of a set, those whose element nobody removed); of a counter
// each is the sum of all ok updates, none of which is called after it, and of
// some of the info ones (`ambiguous-values` where these are too many to try).
// Which reads are final: see final_reads.h; `unsupported` if none is. O(n) and
// the sizes of the final reads.
ModelOutcome JudgeEventual(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_EVENTUAL_H_
