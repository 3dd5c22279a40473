// Sequential consistency by search, for every data type.

#ifndef MINOS_CHECKER_SEQUENTIAL_SEARCH_H_
#define MINOS_CHECKER_SEQUENTIAL_SEARCH_H_

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/session_choice.h"
#include "checker/session_guarantees.h"
#include "checker/visibility_rules.h"
#include "history/history.h"
#include "history/value.h"

namespace minos::checker {

// Is there one order of all operations that keeps each session's and in which
// each result is what `model` gives, key by key? Depth first over how far each
// session has come; a configuration is that, the state of each key and the info
// operations used, and none is visited twice. No read sees an update that was
// called only after it had returned. Of `arbitration`, real time and versions
// put updates of one key in order besides, for data types with reads (see
// ObservationOf). Exponential at worst in the number of sessions.
// InvalidArgument if an operation is not of the data type.
absl::StatusOr<ModelOutcome> SearchSequentialOrder(
    const history::History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    history::ValueId initial, RuleSet arbitration, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEQUENTIAL_SEARCH_H_
