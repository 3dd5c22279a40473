// Judging the consistency models of visibility and arbitration: session
// guarantees, causality, coherence, staleness, convergence.
//
// docs/consistency-models.md defines each exactly; the algorithms are explained
// in saturation.h, arbitration.cc, causal_memory.cc and beside each model.

#ifndef MINOS_CHECKER_VISIBILITY_H_
#define MINOS_CHECKER_VISIBILITY_H_

#include <string>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/session_choice.h"
#include "checker/verdict.h"
#include "checker/visibility_options.h"
#include "history/history.h"

namespace minos::checker {

// Judges `history`, whose data type and keys were chosen before, by the model
// called `consistency`, with its parameter (`bounded-staleness=k:2`). All of
// AllConsistencies() but linearizable; and session guarantees joined by "+",
// which are judged together. `sessions` is what SessionsBy returned.
// InvalidArgument, in words for the user, if the name or its parameter is
// wrong, or the data type has no such model. The violations say which rule is
// behind each step (Violation.cycle). Not thread-safe.
absl::StatusOr<CheckResult> CheckVisibility(const history::History& history,
                                            const ModelInfo& model,
                                            const Partitioning& partitioning,
                                            const SessionChoice& sessions,
                                            const std::string& consistency,
                                            const VisibilityOptions& options,
                                            Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VISIBILITY_H_
