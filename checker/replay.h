// Replaying an order of operations: whoever doubts a verdict can ask this.
//
// Nothing here searches, and nothing is shared with what does but the data
// types themselves and how a history is split by key.

#ifndef MINOS_CHECKER_REPLAY_H_
#define MINOS_CHECKER_REPLAY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// What an order of operations comes to.
struct ReplayResult {
  enum class Outcome : uint8_t {
    kHolds,
    kFails,      // the order explains nothing
    kUndecided,  // it leaves open too much of what info operations did
  };
  Outcome outcome = Outcome::kHolds;
  // Fails or undecided: why, one sentence without a full stop.
  std::string reason;
  size_t operations = 0;  // how many the order has
  size_t crashed = 0;     // how many of them are info
};

// Does `order` explain the history as a `model` that starts in `initial`
// (kNoValue: in the default of the data type)? That is:
//  - every ok client operation is in it once, an info one at most once, and
//    nothing else is;
//  - an operation that had returned when another was called stands before it;
//  - every object, one after another operation on it, can give the results.
// InvalidArgument, with the line, if an operation is not one of the data type,
// or `initial` is no state of it. O(operations), but for what a step of the
// model costs.
absl::StatusOr<ReplayResult> ReplayLinearization(
    const history::History& history, const ModelInfo& model,
    const Partitioning& partitioning, history::ValueId initial,
    std::span<const history::OpIndex> order);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_REPLAY_H_
