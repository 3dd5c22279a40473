// Which updates the reads of a counter can have seen, told from their sums.

#ifndef MINOS_CHECKER_COUNTER_SUMS_H_
#define MINOS_CHECKER_COUNTER_SUMS_H_

#include <vector>

#include "checker/arbitration.h"
#include "checker/budget.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Judges `steps` of counters by the closure rules among `rules`: is there for
// each read a set of updates of its key, called before it returned, that makes
// its sum, so that what the rules then force it to see has no other update of
// the key? The order of the updates cannot be seen, so the rules about
// arbitration say nothing here, and neither does its scope.
//
// If `witnesses` is not null, the rules bind the reads of marked sessions only;
// those of the others still need a sum. Versions recorded with all ok updates
// of a key settle what a read with a version saw: the updates up to that
// version, and of those without a version any. The verdict is unknown
// (ambiguous-values) where the search gives up, after an effort that depends on
// the history alone. See counter_sums.cc.
ArbitrationOutcome CheckCounterSums(const SessionHistory& steps, RuleSet rules,
                                    bool explain, Budget& budget,
                                    const std::vector<bool>* witnesses);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_SUMS_H_
