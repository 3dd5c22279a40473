// Sequential consistency of registers whose reads have known sources: what is
// forced first, then decisions.

#ifndef MINOS_CHECKER_SEQUENTIAL_ORDER_H_
#define MINOS_CHECKER_SEQUENTIAL_ORDER_H_

#include "checker/budget.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"

namespace minos::checker {

// Is there one order of all steps that keeps each session's and in which every
// read returns the latest write of its key? All sources must be resolved. The
// outcome is unknown where the effort, counted in steps of the search and not
// in time, or the budget ran out. See sequential_order.cc.
ModelOutcome JudgeSequentialOrder(const SessionHistory& steps, bool explain,
                                  Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEQUENTIAL_ORDER_H_
