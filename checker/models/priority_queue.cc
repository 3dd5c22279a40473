// A priority queue: the smallest element goes first.
//
//   insert x     puts one x in; x is an integer
//   delete-min   → the smallest element, taken out once; nil, "empty" or
//                "exhausted" says that there was none
//
// A crashed delete-min may have removed whatever was the smallest. A state is a
// MapTable map from the elements to how often they are there.
//
// An info insert of an element that no ok delete-min returned can be dropped.
// Leave it out, and the info delete-min that takes this very element, if there
// is one: while it was there, an ok delete-min took a smaller one, and none
// said that there was nothing; so they all fit as before.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "checker/models/map_table.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;

enum Function : uint8_t { kInsert, kDeleteMin };

constexpr FunctionInfo kFunctions[] = {
    {"insert, enqueue, enq, offer", "the element, an integer", "ignored",
     "puts it in", Takes::kValue},
    {"delete-min, dequeue, deq, poll, remove-min, extract-min", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes the smallest element; `fail` says that it took none",
     Takes::kNothing},
};

class PriorityQueueModel : public ModelBase {
 public:
  PriorityQueueModel(const history::ValueTable& values,
                     std::span<const ValueId> initial)
      : ModelBase(values, "priority-queue", kFunctions),
        initial_(bags_.Count(initial)) {
    inserted_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    return action(id).result == kNil;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kInsert && !deleted_.contains(a.argument);
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kDeleteMin && a.result != kNoValue &&
           a.result != kNil && !inserted_.contains(a.result);
  }

  StateId InitialState() override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.result == kNil) {
      if (state == kEmptyMap) successors.push_back(state);
      return;
    }
    const StateId next =
        cache_.GetOr(state, id, [&] { return Apply(state, a); });
    if (next != StepCache::kRefused) successors.push_back(next);
  }

  std::string DescribeState(StateId state) const override {
    std::vector<ValueId> elements;
    for (const auto& [x, count] : bags_.Entries(state)) {
      elements.insert(elements.end(), count, x);
    }
    std::sort(elements.begin(), elements.end(),
              [&](ValueId a, ValueId b) { return IsLess(a, b); });
    return elements.empty() ? "the queue is empty"
                            : "the queue holds " + TextOf(elements, "{}");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const ValueId taken = action(id).result;
    const std::string did = taken == kNil       ? "it found the queue empty"
                            : taken == kNoValue ? "it took an element"
                                                : "it took " + Text(taken);
    return did + ", but " + DescribeState(state);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kInsert) {
      if (!IsInteger(a.argument)) return BadArgument(a, "an integer");
      a.result = kNoValue;
      return absl::OkStatus();
    }
    a.argument = kNil;
    if (a.result == kNoValue || IsInteger(a.result)) return absl::OkStatus();
    if (!MeansEmpty(a.result)) return BadResult(a, "an integer, or nil");
    a.result = kNil;
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    if (a.function == kInsert) {
      inserted_.insert(a.argument);
    } else if (a.result != kNoValue) {
      deleted_.insert(a.result);
    }
  }

  size_t StateBytes() const override {
    return bags_.MemoryBytes() + cache_.MemoryBytes() +
           (inserted_.capacity() + deleted_.capacity()) * (sizeof(ValueId) + 1);
  }

 private:
  bool IsLess(ValueId a, ValueId b) const {
    return values().integer(a) < values().integer(b);
  }

  StateId Apply(StateId state, const Action& a) {
    if (a.function == kInsert) {
      return bags_.Put(state, a.argument, bags_.Get(state, a.argument) + 1);
    }
    if (a.result != kNoValue && bags_.Get(state, a.result) == 0) {
      return StepCache::kRefused;
    }
    const auto entries = bags_.Entries(state);
    if (entries.empty()) return StepCache::kRefused;
    const auto least = *std::min_element(
        entries.begin(), entries.end(),
        [&](const auto& x, const auto& y) { return IsLess(x.first, y.first); });
    if (a.result != kNoValue && a.result != least.first) {
      return StepCache::kRefused;
    }
    return bags_.Put(state, least.first, least.second - 1);
  }

  MapTable bags_;
  MapId initial_;
  StepCache cache_;
  absl::flat_hash_set<ValueId> inserted_;
  absl::flat_hash_set<ValueId> deleted_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  std::span<const ValueId> elements;
  if (initial != kNoValue && initial != kNil) {
    const absl::Status refusal = absl::InvalidArgumentError(
        "the initial value of a priority-queue is a list of integers");
    if (values.kind(initial) != ValueKind::kList) return refusal;
    elements = values.elements(initial);
    for (const ValueId x : elements) {
      if (values.kind(x) != ValueKind::kInteger) return refusal;
    }
  }
  return std::make_unique<PriorityQueueModel>(values, elements);
}

}  // namespace

ModelInfo PriorityQueueInfo() {
  return {.name = "priority-queue",
          .summary = "a queue from which the smallest element goes first",
          .functions = kFunctions,
          .initial = "the elements at the start as a list; none by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
