// Which reads of a history are final: those that show what the store converged
// to.

#ifndef MINOS_CHECKER_FINAL_READS_H_
#define MINOS_CHECKER_FINAL_READS_H_

#include <vector>

#include "checker/session_history.h"

namespace minos::checker {

// The reads flagged `final` (or `final?`); without any, those called after the
// last update had returned and after the last fault operation `heal` or
// `quiesce`. Empty if there is neither a flag nor such an operation. O(n).
std::vector<Step> FinalReads(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FINAL_READS_H_
