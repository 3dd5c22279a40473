// How much of a recording is a violation already.

#ifndef MINOS_CHECKER_VIOLATED_PREFIX_H_
#define MINOS_CHECKER_VIOLATED_PREFIX_H_

#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// One object of a history, split by key.
struct ObjectHistory {
  const history::History& history;
  const ModelInfo& model;
  history::ValueId initial;
  Keying keying;
  const Partition& partition;
};

// The completion at which `object`, as far as it was recorded, became a
// violation: with all that happened up to it, and whatever had not completed by
// then still open, it has no linearization, and without it, it has one. Nothing
// if that is not found in good time. `violation` is one that became certain
// when `culprit` returned, given the results that the operations open then
// returned later; its core, if it is more than the culprit, is violated by
// itself. It took `configurations` to find that. InvalidArgument as by the
// models. See violated_prefix.cc.
absl::StatusOr<std::optional<history::Position>> FindViolatedPrefix(
    const ObjectHistory& object, history::OpIndex culprit,
    const Violation& violation, size_t configurations, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VIOLATED_PREFIX_H_
