// A list that grows at its end.
//
//   append x     x becomes the last element
//   read         → all elements, in order; nil for none
//
// Transactions of one micro-operation, [[:append k x]] and [[:r k nil]], are
// the same functions on key k (see checker/partition.h).
//
// A state is a SequenceTable sequence, so that an append is one look-up and a
// read one comparison. An info append of an element that no ok read has can be
// dropped: every read after it would have it, so it stands after all of them.

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

enum Function : uint8_t { kRead, kAppend };

constexpr FunctionInfo kFunctions[] = {
    {"read, r, get", "nil", "all elements, in order", "reads the list",
     Takes::kNothing},
    {"append, a", "the element", "ignored", "puts it at the end of the list",
     Takes::kValue},
};

class ListAppendModel : public ModelBase {
 public:
  ListAppendModel(const history::ValueTable& values,
                  std::span<const ValueId> initial)
      : ModelBase(values, "list-append", kFunctions),
        initial_(lists_.AppendAll(kEmptySequence, initial)) {
    appended_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    return action(id).function == kRead;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kRead || !observed_.contains(a.argument);
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    if (a.function != kRead || a.result == kNoValue) return false;
    for (const ValueId x : ElementsOf(a.result)) {
      if (!appended_.contains(x)) return true;
    }
    return false;
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.function == kAppend) {
      successors.push_back(lists_.Append(state, a.argument));
    } else if (a.result == kNoValue || read_lists_[id] == state) {
      successors.push_back(state);
    }
  }

  std::string DescribeState(StateId state) const override {
    return "the list is " + TextOf(lists_.Elements(state), "[]");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    return "it read " + TextOf(ElementsOf(action(id).result), "[]") + ", but " +
           DescribeState(state);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kAppend) {
      a.result = kNoValue;
      return absl::OkStatus();
    }
    a.argument = kNil;
    if (a.result == kNoValue || a.result == kNil || IsList(a.result)) {
      return absl::OkStatus();
    }
    return BadResult(a, "the list");
  }

  void OnNewAction(ActionId id, const Action& a) override {
    read_lists_.resize(id + 1, kEmptySequence);
    if (a.function == kAppend) {
      appended_.insert(a.argument);
    } else if (a.result != kNoValue) {
      const std::span<const ValueId> elements = ElementsOf(a.result);
      read_lists_[id] = lists_.AppendAll(kEmptySequence, elements);
      observed_.insert(elements.begin(), elements.end());
    }
  }

  size_t StateBytes() const override {
    return lists_.MemoryBytes() + read_lists_.capacity() * sizeof(SequenceId) +
           (appended_.capacity() + observed_.capacity()) *
               (sizeof(ValueId) + 1);
  }

 private:
  SequenceTable lists_;
  SequenceId initial_;
  std::vector<SequenceId> read_lists_;  // by action: what an ok read returned
  absl::flat_hash_set<ValueId> appended_;
  absl::flat_hash_set<ValueId> observed_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements = InitialElements(
      values, initial, "the initial value of list-append is a list");
  if (!elements.ok()) return elements.status();
  return std::make_unique<ListAppendModel>(values, *elements);
}

}  // namespace

ModelInfo ListAppendInfo() {
  return {.name = "list-append",
          .summary = "a list that grows at its end",
          .functions = kFunctions,
          .initial = "the list at the start; empty by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
