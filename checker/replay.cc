// The order is checked against real time by one number: the latest call among
// the operations that stand before. Whoever returned before that call should
// have stood before its operation.
//
// An info operation has no result, so an object may be in several states after
// it (a crashed dequeue took some element). All are kept; what follows decides.

#include "checker/replay.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/sequential_model.h"
#include "history/operation_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::OpIndex;
using history::Outcome;
using Kind = ReplayResult::Outcome;

// An object that may be in more states than this is not followed.
constexpr size_t kMaxStates = 4096;

constexpr uint32_t kNoObject = 0xFFFFFFFFu;

struct Object {
  std::unique_ptr<SequentialModel> model;
  std::vector<StateId> states;
};

class Replay {
 public:
  explicit Replay(const History& history)
      : history_(history),
        object_of_(history.size(), kNoObject),
        actions_(history.size(), 0),
        is_placed_(history.size(), false) {}

  absl::Status SetUp(const ModelInfo& model, const Partitioning& partitioning,
                     history::ValueId initial);
  ReplayResult Run(std::span<const OpIndex> order);

 private:
  std::string Place(OpIndex op) const {
    return absl::StrCat("`", history::OperationText(history_, op), "` (",
                        history::OperationPlace(history_, op), ")");
  }
  std::optional<std::string> Misplaced(OpIndex op);
  std::optional<std::string> Misfit(OpIndex op);
  std::optional<std::string> Missing() const;

  const History& history_;
  std::vector<Object> objects_;
  // By operation.
  std::vector<uint32_t> object_of_;
  std::vector<ActionId> actions_;
  std::vector<bool> is_placed_;
  std::optional<OpIndex> latest_;  // of the placed ones the one called last
  bool has_too_many_states_ = false;
  std::vector<StateId> successors_;
};

// All operations are interned first: what one means may depend on which others
// there are.
absl::Status Replay::SetUp(const ModelInfo& model,
                           const Partitioning& partitioning,
                           history::ValueId initial) {
  for (const Partition& partition : partitioning.partitions) {
    auto instance = model.make(history_.values(), initial);
    if (!instance.ok()) return instance.status();
    for (const OpIndex op : partition.operations) {
      const auto action =
          (*instance)->Intern(CallOf(history_, partitioning.keying, op));
      if (!action.ok()) {
        return absl::Status(
            action.status().code(),
            absl::StrCat(history_.name(), ":", history_.call_line(op), ": ",
                         action.status().message()));
      }
      object_of_[op] = static_cast<uint32_t>(objects_.size());
      actions_[op] = *action;
    }
    const StateId state = (*instance)->InitialState();
    objects_.push_back({*std::move(instance), {state}});
  }
  return absl::OkStatus();
}

// Why `op` cannot stand behind what was placed, whatever it does.
std::optional<std::string> Replay::Misplaced(OpIndex op) {
  if (op >= history_.size()) {
    return absl::StrCat("there is no operation ", op);
  }
  if (object_of_[op] == kNoObject) {
    return absl::StrCat(
        Place(op), " is judged by nobody: it ",
        history_.outcome(op) == Outcome::kFail ? "failed" : "is no client's");
  }
  if (is_placed_[op]) return Place(op) + " stands there twice";
  if (latest_ && history_.return_position(op) < history_.call(*latest_)) {
    return absl::StrCat(Place(op), " stands behind ", Place(*latest_),
                        ", but returned before that was called");
  }
  return std::nullopt;
}

// Takes the step; why it is impossible.
std::optional<std::string> Replay::Misfit(OpIndex op) {
  Object& object = objects_[object_of_[op]];
  successors_.clear();
  for (const StateId state : object.states) {
    object.model->Step(state, actions_[op], successors_);
  }
  if (successors_.empty()) {
    return absl::StrCat(
        Place(op), " does not fit: ",
        object.model->DescribeRefusal(object.states.front(), actions_[op]));
  }
  if (successors_.size() > 1) {
    std::sort(successors_.begin(), successors_.end());
    successors_.erase(std::unique(successors_.begin(), successors_.end()),
                      successors_.end());
  }
  if (successors_.size() > kMaxStates) {
    has_too_many_states_ = true;
    return absl::StrCat("at ", Place(op), " there are more than ", kMaxStates,
                        " states that the object may be in");
  }
  std::swap(object.states, successors_);
  return std::nullopt;
}

std::optional<std::string> Replay::Missing() const {
  for (OpIndex op = 0; op < history_.size(); ++op) {
    if (object_of_[op] != kNoObject && !is_placed_[op] &&
        history_.outcome(op) == Outcome::kOk) {
      return Place(op) + " is missing";
    }
  }
  return std::nullopt;
}

ReplayResult Replay::Run(std::span<const OpIndex> order) {
  ReplayResult result;
  result.operations = order.size();
  for (const OpIndex op : order) {
    auto fault = Misplaced(op);
    if (!fault) fault = Misfit(op);
    if (fault) {
      result.outcome = has_too_many_states_ ? Kind::kUndecided : Kind::kFails;
      result.reason = *std::move(fault);
      return result;
    }
    is_placed_[op] = true;
    if (!latest_ || history_.call(op) > history_.call(*latest_)) latest_ = op;
    if (history_.outcome(op) == Outcome::kInfo) ++result.crashed;
  }
  if (auto missing = Missing()) {
    result.outcome = Kind::kFails;
    result.reason = *std::move(missing);
  }
  return result;
}

}  // namespace

absl::StatusOr<ReplayResult> ReplayLinearization(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, history::ValueId initial,
    std::span<const OpIndex> order) {
  Replay replay(history);
  const absl::Status status = replay.SetUp(model, partitioning, initial);
  if (!status.ok()) return status;
  return replay.Run(order);
}

}  // namespace minos::checker
