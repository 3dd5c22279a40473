// Sequential consistency of registers: what is forced first, then decisions.

#ifndef MINOS_CHECKER_SEQUENTIAL_ORDER_H_
#define MINOS_CHECKER_SEQUENTIAL_ORDER_H_

#include <vector>

#include "checker/budget.h"
#include "checker/reads_from.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Is there one order of all operations that keeps each session's and in which
// every read returns the latest write of its key? The sources of reads are
// resolved, or are one of the candidates in `ambiguous`; reads without either
// demand nothing. Of `arbitration`, real time and versions put writes of one
// key in order besides. The outcome is unknown where the effort, counted in
// steps of the search and not in time, or the budget ran out. See
// sequential_order.cc.
ModelOutcome JudgeSequentialOrder(const SessionHistory& steps,
                                  const std::vector<AmbiguousRead>& ambiguous,
                                  RuleSet arbitration, bool explain,
                                  Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEQUENTIAL_ORDER_H_
