// Reducing a violation of linearizability to a small core: see reducer.cc.

#ifndef MINOS_CHECKER_REDUCER_H_
#define MINOS_CHECKER_REDUCER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/call_verdict.h"
#include "checker/decider.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/value_projection.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// An operation in a relaxed history.
struct RelaxedCall {
  ObservedCall call;
  bool is_read_only = false;  // known once Reduce has begun
  bool is_relaxed() const { return call.end == history::kNever; }
};

// What an operation takes while an attempt is made to relax others.
inline constexpr size_t kBytesARelaxedCall =
    2 * sizeof(RelaxedCall) + sizeof(ObservedCall);

// Makes violations of one history small. The effort is counted over all that is
// asked of it. Not thread-safe.
class Reducer {
 public:
  // All of these outlive this.
  Reducer(const history::History& history, const ModelInfo& model,
          history::ValueId initial, Keying keying, Budget& budget);

  // What had been called in `partition`, which is a violation, when `culprit`
  // returned. What returned later is taken as open for ever, or, if that is no
  // violation, with the result that it had. Cancelled once the budget is
  // exhausted, as all that follows.
  absl::StatusOr<std::vector<RelaxedCall>> ViolatedPrefix(
      const Partition& partition, history::OpIndex culprit);
  // Makes `items`, which are a violation, a small one. If it fails, they are
  // what was found to be a violation last.
  absl::Status Reduce(std::vector<RelaxedCall>& items,
                      history::OpIndex culprit);
  // What the decider of the data type says of `items`; nothing if there is none
  // or it does not apply.
  std::optional<Decision> Decide(const std::vector<RelaxedCall>& items);
  // `items` as a search takes them.
  absl::StatusOr<PosedCalls> Pose(const std::vector<RelaxedCall>& items) const;

 private:
  DeciderInput InputOf(std::span<const ObservedCall> calls) const {
    return {calls, model_, history_.values(), initial_};
  }
  absl::StatusOr<std::vector<RelaxedCall>> Prefix(
      const Partition& partition, history::OpIndex culprit,
      bool with_later_results) const;
  bool OutOfEffort() const { return effort_ >= max_effort_; }
  // Whether the budget is exhausted.
  absl::Status IsCancelled() const {
    return budget_.Exhausted() ? absl::CancelledError() : absl::OkStatus();
  }
  absl::StatusOr<bool> IsViolated(std::vector<RelaxedCall>& items);
  absl::StatusOr<bool> Search(const std::vector<RelaxedCall>& items);
  absl::Status DropWhatSaysNothing(std::vector<RelaxedCall>& items) const;
  std::vector<RelaxedCall> Guess(const std::vector<RelaxedCall>& items,
                                 history::OpIndex culprit, size_t window) const;
  enum class Scope : uint8_t { kReads, kAll };
  absl::Status Narrow(std::vector<RelaxedCall>& items, history::OpIndex culprit,
                      Scope scope);
  absl::StatusOr<bool> RelaxChunks(std::vector<RelaxedCall>& items,
                                   history::OpIndex culprit, Scope scope,
                                   size_t chunk);
  absl::Status MarkReads(std::vector<RelaxedCall>& items) const;
  std::vector<RelaxedCall> Without(std::span<const history::ValueId> dropped,
                                   const std::vector<RelaxedCall>& items);
  std::vector<Call> ContentsOf(const std::vector<RelaxedCall>& items) const;
  std::vector<history::ValueId> Droppable(const std::vector<RelaxedCall>& items,
                                          history::OpIndex culprit,
                                          size_t spared);
  absl::Status DropValues(std::vector<RelaxedCall>& items,
                          history::OpIndex culprit);
  absl::StatusOr<bool> DropChunks(std::vector<RelaxedCall>& items,
                                  history::OpIndex culprit, size_t chunk);

  const history::History& history_;
  const ModelInfo& model_;
  history::ValueId initial_;
  Keying keying_;
  Budget& budget_;
  bool is_impossible_ = false;  // an attempt that holds has such a result
  ValueProjection projection_;
  size_t effort_ = 0;
  size_t max_effort_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_REDUCER_H_
