// Makes a session history of a recorded one: which of its operations are reads
// and updates of a key, in which chains they stand, and what they read or
// wrote.

#ifndef MINOS_CHECKER_SESSION_HISTORY_BUILDER_H_
#define MINOS_CHECKER_SESSION_HISTORY_BUILDER_H_

#include "absl/status/statusor.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/session_choice.h"
#include "checker/session_history.h"
#include "history/history.h"
#include "history/value.h"

namespace minos::checker {

// The observation that reads of a data type make: kv and registers by their
// value, list-append, g-set and set, counter. InvalidArgument for a data type
// whose reads are not of this kind.
absl::StatusOr<Observation> ObservationOf(const ModelInfo& model);

// The steps of `history`, whose keys are those of `partitioning`. Sources are
// not resolved yet. `initial` is the value before every update, kNoValue for
// the default. InvalidArgument, with the line, if an operation is neither a
// read nor an update. O(n · chains of a session).
absl::StatusOr<SessionHistory> BuildSessionHistory(
    const history::History& history, Observation observation,
    const Partitioning& partitioning, const SessionChoice& sessions,
    history::ValueId initial);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_HISTORY_BUILDER_H_
