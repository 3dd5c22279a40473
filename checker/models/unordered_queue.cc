// A queue that promises no order: a multiset of elements.
//
//   enqueue x    puts one x in
//   dequeue      → an element that was in the queue, taken out once; nil,
//                "empty" or "exhausted" says that the queue was empty
//
// A crashed dequeue may have removed any element, so it has as many successors
// as there are distinct ones. There is no `drain`, for the reason that
// fifo_queue.cc gives.
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

enum Function : uint8_t { kEnqueue, kDequeue };

constexpr FunctionInfo kFunctions[] = {
    {"enqueue, enq, offer", "the element", "ignored", "puts it in",
     Takes::kValue},
    {"dequeue, deq, poll", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes any element; `fail` says that it took none", Takes::kNothing},
};

class UnorderedQueueModel : public ModelBase {
 public:
  UnorderedQueueModel(const history::ValueTable& values,
                      std::span<const ValueId> initial)
      : ModelBase(values, "unordered-queue", kFunctions),
        initial_(bags_.Count(initial)) {
    enqueued_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    return action(id).result == kNil;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kEnqueue ? !dequeued_.contains(a.argument)
                                  : !was_seen_empty_;
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kDequeue && a.result != kNoValue && a.result != kNil &&
           !enqueued_.contains(a.result);
  }

  StateId InitialState() override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.result == kNil) {
      if (state == kEmptyMap) successors.push_back(state);
      return;
    }
    if (a.function == kDequeue && a.result == kNoValue) {
      for (const auto& [x, count] : bags_.Entries(state)) {
        successors.push_back(bags_.Put(state, x, count - 1));
      }
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
    if (a.function == kEnqueue) {
      if (MeansEmpty(a.argument)) {
        return BadArgument(a,
                           "an element (a dequeue of nil, \"empty\" or "
                           "\"exhausted\" means that there was none)");
      }
      a.result = kNoValue;
    } else {
      a.argument = kNil;
      if (a.result != kNoValue && MeansEmpty(a.result)) a.result = kNil;
    }
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    if (a.function == kEnqueue) {
      enqueued_.insert(a.argument);
    } else if (a.result == kNil) {
      was_seen_empty_ = true;
    } else if (a.result != kNoValue) {
      dequeued_.insert(a.result);
    }
  }

  size_t StateBytes() const override {
    return bags_.MemoryBytes() + cache_.MemoryBytes() +
           (enqueued_.capacity() + dequeued_.capacity()) *
               (sizeof(ValueId) + 1);
  }

 private:
  StateId Apply(StateId state, const Action& a) {
    const ValueId x = a.function == kEnqueue ? a.argument : a.result;
    const uint32_t count = bags_.Get(state, x);
    if (a.function == kEnqueue) return bags_.Put(state, x, count + 1);
    return count == 0 ? StepCache::kRefused : bags_.Put(state, x, count - 1);
  }

  MapTable bags_;
  MapId initial_;
  StepCache cache_;
  absl::flat_hash_set<ValueId> enqueued_;
  absl::flat_hash_set<ValueId> dequeued_;
  bool was_seen_empty_ = false;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  std::span<const ValueId> elements;
  if (initial != kNoValue && initial != kNil) {
    if (values.kind(initial) != history::ValueKind::kList) {
      return absl::InvalidArgumentError(
          "the initial value of an unordered-queue is a list of its elements");
    }
    elements = values.elements(initial);
  }
  return std::make_unique<UnorderedQueueModel>(values, elements);
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
