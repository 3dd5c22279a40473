// Why a history is not linearizable, in few operations.

#ifndef MINOS_CHECKER_EXPLANATION_H_
#define MINOS_CHECKER_EXPLANATION_H_

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// Explains why `partition` is not linearizable as a `model`, given that the
// violation became certain when `culprit` returned. The core is a local
// minimum: relaxing any one of its operations more would make it explicable,
// unless the effort ran out first. The effort is bounded by a count of steps,
// not by time, so the answer is the same everywhere; only if `budget` is
// exhausted the core is larger. See reducer.cc for how it is found.
absl::StatusOr<Violation> ExplainNotLinearizable(
    const history::History& history, const ModelInfo& model,
    history::ValueId initial, Keying keying, const Partition& partition,
    history::OpIndex culprit, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_EXPLANATION_H_
