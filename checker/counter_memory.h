// Causal memory of counters.

#ifndef MINOS_CHECKER_COUNTER_MEMORY_H_
#define MINOS_CHECKER_COUNTER_MEMORY_H_

#include "checker/budget.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Judges `causal-memory` of counters: as JudgeCausal does, and where a session
// has reads that overlap, by a search besides, which is exact or gives up with
// `ambiguous-values`. See counter_memory.cc.
ModelOutcome JudgeCounterMemory(const SessionHistory& steps,
                                RuleSet arbitration, bool explain,
                                Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_MEMORY_H_
