// A stack.
//
//   push x     x is on top
//   pop        → the element that was on top and is gone; nil, "empty" or
//              "exhausted" says that the stack was empty
//
// A crashed pop may have removed whatever was on top. A state is a
// SequenceTable sequence whose last element is the top, so every step is O(1).
//
// An info push of a value that no ok pop returned can be dropped. Take a
// linearization that has it, leave it out, and leave out the info pop that
// takes this very element, if there is one. While it was there, an ok pop took
// another element from above it, and none said that the stack was empty; so
// they all fit as before. Afterwards the states are the same.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/sequence_table.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;

enum Function : uint8_t { kPush, kPop };

constexpr FunctionInfo kFunctions[] = {
    {"push", "the element", "ignored", "puts it on top", Takes::kValue},
    {"pop", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes the element on top; `fail` says that it took none",
     Takes::kNothing},
};

class StackModel : public ModelBase {
 public:
  StackModel(const history::ValueTable& values,
             std::span<const ValueId> initial)
      : ModelBase(values, "stack", kFunctions),
        initial_(stacks_.AppendAll(kEmptySequence, initial)) {
    pushed_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    return action(id).result == kNil;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kPush && !popped_.contains(a.argument);
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kPop && a.result != kNoValue && a.result != kNil &&
           !pushed_.contains(a.result);
  }

  StateId InitialState() override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.function == kPush) {
      successors.push_back(stacks_.Append(state, a.argument));
    } else if (state == kEmptySequence) {
      if (a.result == kNil) successors.push_back(state);
    } else if (a.result == kNoValue || a.result == stacks_.Last(state)) {
      successors.push_back(stacks_.Rest(state));
    }
  }

  std::string DescribeState(StateId state) const override {
    if (state == kEmptySequence) return "the stack is empty";
    return "the stack is " + TextOf(stacks_.Elements(state), "[]") +
           " (the top is last)";
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const ValueId popped = action(id).result;
    const std::string did = popped == kNil       ? "it found the stack empty"
                            : popped == kNoValue ? "it popped an element"
                                                 : "it popped " + Text(popped);
    return did + ", but " + DescribeState(state);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kPush) {
      if (MeansEmpty(a.argument)) {
        return BadArgument(a,
                           "an element (a pop of nil, \"empty\" or "
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
    if (a.function == kPush) {
      pushed_.insert(a.argument);
    } else if (a.result != kNoValue) {
      popped_.insert(a.result);
    }
  }

  size_t StateBytes() const override {
    return stacks_.MemoryBytes() +
           (pushed_.capacity() + popped_.capacity()) * (sizeof(ValueId) + 1);
  }

 private:
  SequenceTable stacks_;
  SequenceId initial_;
  absl::flat_hash_set<ValueId> pushed_;
  absl::flat_hash_set<ValueId> popped_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  std::span<const ValueId> elements;
  if (initial != kNoValue && initial != kNil) {
    if (values.kind(initial) != history::ValueKind::kList) {
      return absl::InvalidArgumentError(
          "the initial value of a stack is a list, the top last");
    }
    elements = values.elements(initial);
  }
  return std::make_unique<StackModel>(values, elements);
}

}  // namespace

ModelInfo StackInfo() {
  return {.name = "stack",
          .summary = "a stack: last in, first out",
          .functions = kFunctions,
          .initial =
              "the elements at the start as a list, the top last; none "
              "by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
