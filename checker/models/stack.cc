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

#include "absl/status/status.h"
#include "checker/models/container_model.h"
#include "checker/models/models.h"
#include "checker/models/sequence_table.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ValueId;

constexpr FunctionInfo kFunctions[] = {
    {"push", "the element", "ignored", "puts it on top", Takes::kValue},
    {"pop", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes the element on top; `fail` says that it took none",
     Takes::kNothing},
};

class StackModel : public ContainerModel {
 public:
  StackModel(const history::ValueTable& values,
             std::span<const ValueId> initial)
      : ContainerModel(values, "stack", kFunctions, {"stack", "popped"},
                       initial),
        initial_(stacks_.AppendAll(kEmptySequence, initial)) {}

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.function == kPut) {
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

 protected:
  size_t StateBytes() const override {
    return stacks_.MemoryBytes() + ElementBytes();
  }

 private:
  SequenceTable stacks_;
  SequenceId initial_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements = InitialElements(
      values, initial, "the initial value of a stack is a list, the top last");
  if (!elements.ok()) return elements.status();
  return std::make_unique<StackModel>(values, *elements);
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
