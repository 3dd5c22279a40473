// Causal memory (CM): each session sees all writes in an order of its own.

#ifndef MINOS_CHECKER_CAUSAL_MEMORY_H_
#define MINOS_CHECKER_CAUSAL_MEMORY_H_

#include "checker/budget.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Judges CM by the bad patterns of Bouajjani et al. (POPL 2017): for each
// session the least order hb that contains causality and puts w before rf(r)
// for each other write w of the key that is hb before its own read r; CM holds
// if no hb has a cycle and none puts a write before a read of the initial
// value. Of `arbitration`, real time and versions put writes of one key in
// order in every hb besides. Registers with resolved sources. See
// ranked_session.cc for the cost.
ModelOutcome JudgeCausalMemory(const SessionHistory& steps, RuleSet arbitration,
                               bool explain, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CAUSAL_MEMORY_H_
