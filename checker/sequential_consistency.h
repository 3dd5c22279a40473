// Sequential consistency of any data type: which of the algorithms decides.

#ifndef MINOS_CHECKER_SEQUENTIAL_CONSISTENCY_H_
#define MINOS_CHECKER_SEQUENTIAL_CONSISTENCY_H_

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/reads_from.h"
#include "checker/session_choice.h"
#include "checker/session_guarantees.h"
#include "checker/verdict.h"
#include "checker/visibility_options.h"
#include "history/history.h"

namespace minos::checker {

// Judges `sequential` by the cheapest of these that decides: reads that nothing
// explains, which are left in `reads`; a linearization; the order that the
// results force; a search through the orders of all sessions. Says in `result`
// which it was, and of how many steps. InvalidArgument, in words for the user,
// if the data type does not take the history.
absl::StatusOr<ModelOutcome> JudgeSequential(
    const history::History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    const VisibilityOptions& options, ReadsFrom& reads, CheckResult& result,
    Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEQUENTIAL_CONSISTENCY_H_
