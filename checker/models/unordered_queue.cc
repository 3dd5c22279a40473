// A queue that promises no order: a multiset of elements.
//
//   enqueue x    puts one x in
//   dequeue      → an element that was in the queue, taken out once; nil,
//                "empty" or "exhausted" says that the queue was empty
//
// A crashed dequeue may have removed any element, so it has as many successors
// as there are distinct ones.
//
// A state is a MapTable map from the elements to how often they are there.
//
// What can be dropped of info operations.
//  - An enqueue of a value that no ok dequeue returned. Leave it out, and the
//    info dequeue that takes this element, if there is one; while it was there
//    no ok dequeue took it or said that the queue was empty.
//  - Every dequeue, if no ok dequeue said that the queue was empty: an element
//    that stays keeps nobody from taking the others.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "checker/models/container_model.h"
#include "checker/models/map_table.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;

constexpr FunctionInfo kFunctions[] = {
    {"enqueue, enq, offer", "the element", "ignored", "puts it in",
     Takes::kValue},
    {"dequeue, deq, poll", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes any element; `fail` says that it took none", Takes::kNothing},
};

class UnorderedQueueModel : public ContainerModel {
 public:
  UnorderedQueueModel(const history::ValueTable& values,
                      std::span<const ValueId> initial)
      : ContainerModel(values, "unordered-queue", kFunctions, Words{}, initial),
        initial_(bags_.Count(initial)) {}

  bool IsUnobservable(ActionId id) const override {
    if (action(id).function == kTake) return !was_seen_empty();
    return ContainerModel::IsUnobservable(id);
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.result == kNil) {
      if (state == kEmptyMap) successors.push_back(state);
      return;
    }
    if (a.function == kTake && a.result == kNoValue) {
      for (const auto& [x, count] : bags_.Entries(state)) {
        successors.push_back(bags_.Put(state, x, count - 1));
      }
      return;
    }
    cache_.Follow(state, id, successors, [&] { return Apply(state, a); });
  }

  std::string DescribeState(StateId state) const override {
    const std::vector<ValueId> elements = bags_.Elements(state);
    return elements.empty() ? "the queue is empty"
                            : "the queue holds " + TextOf(elements, "{}");
  }

 protected:
  size_t StateBytes() const override {
    return bags_.MemoryBytes() + cache_.MemoryBytes() + ElementBytes();
  }

 private:
  StateId Apply(StateId state, const Action& a) {
    const ValueId x = a.function == kPut ? a.argument : a.result;
    const uint32_t count = bags_.Get(state, x);
    if (a.function == kPut) return bags_.Put(state, x, count + 1);
    return count == 0 ? StepCache::kRefused : bags_.Put(state, x, count - 1);
  }

  MapTable bags_;
  MapId initial_;
  StepCache cache_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements = InitialElements(
      values, initial,
      "the initial value of an unordered-queue is a list of its elements");
  if (!elements.ok()) return elements.status();
  return std::make_unique<UnorderedQueueModel>(values, *elements);
}

}  // namespace

ModelInfo UnorderedQueueInfo() {
  return {.name = "unordered-queue",
          .summary = "a queue that promises no order",
          .functions = kFunctions,
          .initial = "the elements at the start as a list; none by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
