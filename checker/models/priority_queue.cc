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

#include "absl/status/status.h"
#include "checker/emptiness.h"
#include "checker/models/container_model.h"
#include "checker/models/map_table.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;

constexpr FunctionInfo kFunctions[] = {
    {"insert, enqueue, enq, offer", "the element, an integer", "ignored",
     "puts it in", Takes::kValue},
    {"delete-min, dequeue, deq, poll, remove-min, extract-min", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes the smallest element; `fail` says that it took none",
     Takes::kNothing},
};

class PriorityQueueModel : public ContainerModel {
 public:
  PriorityQueueModel(const history::ValueTable& values,
                     std::span<const ValueId> initial)
      : ContainerModel(values, "priority-queue", kFunctions, Words{}, initial),
        initial_(bags_.Count(initial)) {}

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.result == kNil) {
      if (state == kEmptyMap) successors.push_back(state);
      return;
    }
    cache_.Follow(state, id, successors, [&] { return Apply(state, a); });
  }

  std::string DescribeState(StateId state) const override {
    std::vector<ValueId> elements = bags_.Elements(state);
    std::sort(elements.begin(), elements.end(),
              [&](ValueId a, ValueId b) { return IsLess(a, b); });
    return elements.empty() ? "the queue is empty"
                            : "the queue holds " + TextOf(elements, "{}");
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kPut && !IsInteger(a.argument)) {
      return BadArgument(a, "an integer");
    }
    const bool may_return =
        MeansEmpty(values(), a.result) || IsInteger(a.result);
    if (a.function == kTake && !may_return) {
      return BadResult(a, "an integer, or nil");
    }
    return ContainerModel::Normalize(a);
  }

  size_t StateBytes() const override {
    return bags_.MemoryBytes() + cache_.MemoryBytes() + ElementBytes();
  }

 private:
  bool IsLess(ValueId a, ValueId b) const {
    return values().integer(a) < values().integer(b);
  }

  StateId Apply(StateId state, const Action& a) {
    if (a.function == kPut) {
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
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const std::string expected =
      "the initial value of a priority-queue is a list of integers";
  const auto elements = InitialElements(values, initial, expected);
  if (!elements.ok()) return elements.status();
  for (const ValueId x : *elements) {
    if (values.kind(x) != ValueKind::kInteger) {
      return absl::InvalidArgumentError(expected);
    }
  }
  return std::make_unique<PriorityQueueModel>(values, *elements);
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
