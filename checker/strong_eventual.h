// Strong eventual consistency: who has seen the same updates agrees at any
// time.

#ifndef MINOS_CHECKER_STRONG_EVENTUAL_H_
#define MINOS_CHECKER_STRONG_EVENTUAL_H_

#include "checker/session_guarantees.h"
#include "checker/session_history.h"

namespace minos::checker {

// Judges `strong-eventual`: reads of a key that have seen the same updates
// return the same. A recorded `version` tells what was seen, and without one
// sets and lists show it; equal elements of a list may be those of different
// updates, and do not count as the same where there are enough of these. Of
// registers without any version the answer is `unsupported`. Of counters, only
// reads of one version are compared here: without versions any two reads may
// have seen different updates.
ModelOutcome JudgeStrongEventual(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_STRONG_EVENTUAL_H_
