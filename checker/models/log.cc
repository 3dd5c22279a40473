// A log: a list that grows at its end, whose elements have offsets 0, 1, 2, ….
//
//   append x     x becomes the last element → its offset, alone or as [x
//                offset]; every other result says nothing
//   read         → all elements, in order; nil for none
//   read i       → the element at offset i; nil if the log is not that long
//
// A state is a SequenceTable sequence. A read at an offset walks back from the
// end. An info append of an element that no ok read has can be dropped if no
// read sees a log that is longer than what it has, that is, if appends do not
// tell their offsets and all reads are of the whole log: every read after it
// would have the element, so it stands after all of them.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
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
    {"read, r, get, poll", "nil, or an offset",
     "all elements, in order; or the one at the offset, nil if there is none",
     "reads the log", Takes::kValue},
    {"append, send, a", "the element",
     "its offset, alone or as [element offset]; else ignored",
     "puts it at the end of the log", Takes::kValue},
};

class LogModel : public ModelBase {
 public:
  LogModel(const history::ValueTable& values, std::span<const ValueId> initial)
      : ModelBase(values, "log", kFunctions),
        initial_(logs_.AppendAll(kEmptySequence, initial)) {
    appended_.insert(initial.begin(), initial.end());
  }

  bool IsReadOnly(ActionId id) const override {
    return action(id).function == kRead;
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kRead ||
           (!shows_offsets_ && !observed_.contains(a.argument));
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    if (a.result == kNoValue) return false;
    if (a.function == kAppend) {
      return values().integer(a.result) <
             static_cast<int64_t>(logs_.Size(initial_));
    }
    if (a.argument != kNil) {
      return a.result != kNil && !appended_.contains(a.result);
    }
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
      if (a.result == kNoValue || values().integer(a.result) == Size(state)) {
        successors.push_back(logs_.Append(state, a.argument));
      }
    } else if (a.result == kNoValue || Fits(state, id)) {
      successors.push_back(state);
    }
  }

  std::string DescribeState(StateId state) const override {
    return "the log is " + TextOf(logs_.Elements(state), "[]");
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kAppend) {
      return absl::StrCat("it got offset ", values().integer(a.result),
                          ", but the log has ", logs_.Size(state), " elements");
    }
    if (a.argument == kNil) {
      return "it read " + TextOf(ElementsOf(a.result), "[]") + ", but " +
             DescribeState(state);
    }
    const ValueId found = At(state, values().integer(a.argument));
    return "it read " + Text(a.result) + " at offset " + Text(a.argument) +
           ", but there is " + (found == kNil ? "nothing" : Text(found));
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kAppend) return NormalizeAppend(a);
    if (a.argument != kNil) {
      if (IsInteger(a.argument) && values().integer(a.argument) >= 0) {
        return absl::OkStatus();
      }
      return BadArgument(a, "nil or an offset");
    }
    if (a.result == kNoValue || a.result == kNil || IsList(a.result)) {
      return absl::OkStatus();
    }
    return BadResult(a, "the list of all elements");
  }

  void OnNewAction(ActionId id, const Action& a) override {
    read_logs_.resize(id + 1, kEmptySequence);
    if (a.function == kAppend) {
      appended_.insert(a.argument);
      if (a.result != kNoValue) shows_offsets_ = true;
    } else if (a.argument != kNil) {
      if (a.result != kNoValue) shows_offsets_ = true;
    } else if (a.result != kNoValue) {
      const std::span<const ValueId> elements = ElementsOf(a.result);
      read_logs_[id] = logs_.AppendAll(kEmptySequence, elements);
      observed_.insert(elements.begin(), elements.end());
    }
  }

  size_t StateBytes() const override {
    return logs_.MemoryBytes() + read_logs_.capacity() * sizeof(SequenceId) +
           (appended_.capacity() + observed_.capacity()) *
               (sizeof(ValueId) + 1);
  }

 private:
  // An append has the offset that it got for its result, or none.
  absl::Status NormalizeAppend(Action& a) const {
    if (a.argument == kNil) return BadArgument(a, "an element, not nil");
    if (a.result == kNoValue) return absl::OkStatus();
    if (IsListOf(a.result, 2) && values().elements(a.result)[0] == a.argument) {
      a.result = values().elements(a.result)[1];
    }
    if (!IsInteger(a.result)) {
      a.result = kNoValue;
    } else if (values().integer(a.result) < 0) {
      return BadResult(a, "an offset, which is not below 0");
    }
    return absl::OkStatus();
  }

  int64_t Size(StateId state) const {
    return static_cast<int64_t>(logs_.Size(state));
  }

  // The element at `offset`, nil if there is none. O(size - offset).
  ValueId At(StateId state, int64_t offset) const {
    if (offset >= Size(state)) return kNil;
    while (Size(state) > offset + 1) state = logs_.Rest(state);
    return logs_.Last(state);
  }

  bool Fits(StateId state, ActionId read) const {
    const Action& a = action(read);
    if (a.argument == kNil) return read_logs_[read] == state;
    return At(state, values().integer(a.argument)) == a.result;
  }

  SequenceTable logs_;
  SequenceId initial_;
  std::vector<SequenceId> read_logs_;  // by action: what an ok read returned
  absl::flat_hash_set<ValueId> appended_;
  absl::flat_hash_set<ValueId> observed_;  // by reads of the whole log
  bool shows_offsets_ = false;  // an append or a read tells of an offset
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements =
      InitialElements(values, initial, "the initial value of a log is a list");
  if (!elements.ok()) return elements.status();
  return std::make_unique<LogModel>(values, *elements);
}

}  // namespace

ModelInfo LogInfo() {
  return {.name = "log",
          .summary = "a list that grows at its end, with offsets",
          .functions = kFunctions,
          .initial = "the elements at the start as a list; none by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker
