// Many registers in one object, read and written by transactions.
//
//   txn [[:r k nil] [:w k v] …]   in order: register k is read, v is written to
//                                 it; the result repeats the transaction with
//                                 what was read. Also :read and :write.
//   read                          → a map of the registers that were read
//   write {k v …}                 each register k becomes v
//
// A read or a write of micro-operations, as in Jepsen's long-fork test, is a
// transaction.
//
// A register that was never written is nil. As with `register`, a read of nil
// from one that can never be nil (its initial value is another, and nobody
// writes nil to it) says nothing. An operation without a function is
// a txn. Of an info transaction nobody knows what it read.
//
// A state is a MapTable map from the keys to the values; nil is no entry. A
// transaction is compiled, when its action is interned, to a list of reads
// (key, value) and writes (key, value).
//
// An info transaction can be dropped if no ok operation read any value that it
// writes from that register: between it and the next write of a register there
// is then nothing that reads it and fits.

#include <algorithm>
#include <memory>
#include <optional>
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
using history::ToInt;
using history::ValueId;
using history::ValueKind;

// A nil value is 0, which to a MapTable means "no entry".
static_assert(ToInt(kNil) == 0);

enum Function : uint8_t { kTransaction, kRead, kWrite };

constexpr FunctionInfo kFunctions[] = {
    {"txn, transaction", "[[:r k nil] [:w k v] …], also :read and :write",
     "the same with what was read",
     "reads and writes registers in order, at one moment", Takes::kValue},
    {"read, r, get", "ignored, or [[:r k nil] …]",
     "a map from registers to values, or the same with what was read",
     "reads registers at one moment", Takes::kNothing},
    {"write, w, put", "a map from registers to values, or [[:w k v] …]",
     "ignored", "writes registers at one moment", Takes::kValue},
};

class MultiRegisterModel : public ModelBase {
 public:
  // `initial` alternates keys and values.
  MultiRegisterModel(const history::ValueTable& values,
                     std::span<const ValueId> initial)
      : ModelBase(values, "multi-register", kFunctions) {
    for (size_t i = 0; i < initial.size(); i += 2) {
      initial_ = maps_.Put(initial_, initial[i], ToInt(initial[i + 1]));
    }
  }

  bool IsReadOnly(ActionId id) const override {
    for (const Access& access : ProgramOf(id)) {
      if (access.is_write) return false;
    }
    return true;
  }

  bool IsUnobservable(ActionId id) const override {
    for (const Access& access : ProgramOf(id)) {
      if (access.is_write && observed_.contains({access.key, access.value})) {
        return false;
      }
    }
    return true;
  }

  bool IsImpossible(ActionId id) const override {
    for (const Access& access : ProgramOf(id)) {
      if (!access.is_write && !SaysNothing(access) &&
          maps_.Get(initial_, access.key) != ToInt(access.value) &&
          !written_.contains({access.key, access.value})) {
        return true;
      }
    }
    return false;
  }

  // Each register is a place.
  bool FindFootprint(ActionId id, Footprint& footprint) const override {
    footprint.says_all = true;
    for (const Access& access : ProgramOf(id)) {
      const Footprint::Part part{ToInt(access.key), ToInt(access.value)};
      const auto own = std::find_if(
          footprint.sets.begin(), footprint.sets.end(),
          [&](const auto& set) { return set.place == part.place; });
      if (access.is_write && own == footprint.sets.end()) {
        footprint.sets.push_back(part);
      } else if (access.is_write) {
        *own = part;
      } else if (SaysNothing(access)) {
        continue;
      } else if (own == footprint.sets.end()) {
        footprint.sees.push_back(part);
      } else if (own->value != part.value) {
        footprint.says_all = false;
      }
    }
    return true;
  }
  std::optional<uint64_t> Lookup(StateId state, uint32_t place) const override {
    return maps_.Get(state, ValueId{place});
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    cache_.Follow(state, id, successors, [&] { return Run(state, id); });
  }

  std::string DescribeState(StateId state) const override {
    const auto entries = maps_.Entries(state);
    if (entries.empty()) return "every register is nil";
    std::string text;
    for (const auto& [key, value] : entries) {
      if (!text.empty()) text += ", ";
      text += Text(key) + " is " + Text(ValueId{value});
    }
    return text;
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    std::vector<std::pair<ValueId, ValueId>> own;  // its writes so far
    for (const Access& access : ProgramOf(id)) {
      if (access.is_write) {
        own.emplace_back(access.key, access.value);
        continue;
      }
      ValueId value = ValueId{maps_.Get(state, access.key)};
      for (const auto& [key, written] : own) {
        if (key == access.key) value = written;
      }
      if (value != access.value && !SaysNothing(access)) {
        return "it read " + Text(access.value) + " from " + Text(access.key) +
               ", but " + Text(access.key) + " is " + Text(value);
      }
    }
    return "it does not fit";
  }

 protected:
  absl::Status Normalize(Action& a) override {
    const bool is_transaction =
        (a.function == kRead && a.result != kNoValue && IsList(a.result)) ||
        (a.function == kWrite && IsList(a.argument));
    if (is_transaction) a.function = kTransaction;
    switch (a.function) {
      case kRead:
        a.argument = kNil;
        return CheckMap(a, a.result);
      case kWrite:
        a.result = kNoValue;
        return CheckMap(a, a.argument);
      default:
        return NormalizeTransaction(a);
    }
  }

  void OnNewAction(ActionId, const Action& a) override {
    if (a.function == kTransaction) {
      CompileTransaction(a);
    } else {
      CompileMap(a);
    }
    ends_.push_back(static_cast<uint32_t>(program_.size()));
    for (const Access& access :
         ProgramOf(static_cast<ActionId>(ends_.size() - 1))) {
      (access.is_write ? written_ : observed_)
          .insert({access.key, access.value});
    }
  }

  size_t StateBytes() const override {
    return maps_.MemoryBytes() + cache_.MemoryBytes() +
           program_.capacity() * sizeof(Access) +
           ends_.capacity() * sizeof(uint32_t) +
           (written_.capacity() + observed_.capacity()) *
               (2 * sizeof(ValueId) + 1);
  }

 private:
  struct Access {
    ValueId key;
    ValueId value;
    bool is_write;
  };

  bool SaysNothing(const Access& read) const {
    return read.value == kNil && maps_.Get(initial_, read.key) != ToInt(kNil) &&
           !written_.contains({read.key, kNil});
  }

  std::span<const Access> ProgramOf(ActionId id) const {
    const size_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::span(program_).subspan(begin, ends_[id] - begin);
  }

  // A map from keys to values, or kNoValue.
  absl::Status CheckMap(const Action& a, ValueId map) const {
    if (map == kNoValue || values().kind(map) == ValueKind::kMap) {
      return absl::OkStatus();
    }
    constexpr std::string_view kExpected =
        "a map {register value} (for one register a key, pass --model "
        "register)";
    return a.function == kRead ? BadResult(a, kExpected)
                               : BadArgument(a, kExpected);
  }

  // Whether `micro` is [f k] or [f k v] with a known f.
  bool IsMicroOperation(ValueId micro) const {
    if (!IsListOf(micro, 3) && !IsListOf(micro, 2)) return false;
    const std::span<const ValueId> parts = values().elements(micro);
    if (!IsString(parts[0])) return false;
    const std::string_view name = values().text(parts[0]);
    if (name == "write" || name == "w") return parts.size() == 3;
    return name == "read" || name == "r";
  }
  bool IsWrite(ValueId micro) const {
    return values().text(values().elements(micro)[0]).front() == 'w';
  }

  absl::Status NormalizeTransaction(Action& a) const {
    constexpr std::string_view kExpected =
        "a list of [:r key nil] and [:w key value]";
    if (!IsList(a.argument)) return BadArgument(a, kExpected);
    bool reads = false;
    for (const ValueId micro : values().elements(a.argument)) {
      if (!IsMicroOperation(micro)) return BadArgument(a, kExpected);
      if (!IsWrite(micro)) reads = true;
    }
    if (!reads) a.result = kNoValue;
    if (a.result != kNoValue && !Answers(a.result, a.argument)) {
      return BadResult(a, "the transaction with what was read");
    }
    return absl::OkStatus();
  }

  // Whether `result` has the micro-operations of `argument`, one by one.
  bool Answers(ValueId result, ValueId argument) const {
    const std::span<const ValueId> called = values().elements(argument);
    if (!IsListOf(result, called.size())) return false;
    const std::span<const ValueId> answered = values().elements(result);
    for (size_t i = 0; i < called.size(); ++i) {
      if (!IsMicroOperation(answered[i])) return false;
      if (IsWrite(answered[i]) != IsWrite(called[i])) return false;
      if (values().elements(answered[i])[1] != values().elements(called[i])[1])
        return false;
    }
    return true;
  }

  void CompileTransaction(const Action& a) {
    const std::span<const ValueId> called = values().elements(a.argument);
    for (size_t i = 0; i < called.size(); ++i) {
      const std::span<const ValueId> micro = values().elements(called[i]);
      if (IsWrite(called[i])) {
        program_.push_back({micro[1], micro[2], true});
      } else if (a.result != kNoValue) {
        const std::span<const ValueId> answer =
            values().elements(values().elements(a.result)[i]);
        program_.push_back(
            {micro[1], answer.size() == 3 ? answer[2] : kNil, false});
      }
    }
  }

  void CompileMap(const Action& a) {
    const ValueId map = a.function == kRead ? a.result : a.argument;
    if (map == kNoValue) return;
    const std::span<const ValueId> entries = values().elements(map);
    for (size_t i = 0; i < entries.size(); i += 2) {
      program_.push_back({entries[i], entries[i + 1], a.function == kWrite});
    }
  }

  StateId Run(StateId state, ActionId id) {
    for (const Access& access : ProgramOf(id)) {
      if (access.is_write) {
        state = maps_.Put(state, access.key, ToInt(access.value));
      } else if (maps_.Get(state, access.key) != ToInt(access.value) &&
                 !SaysNothing(access)) {
        return StepCache::kRefused;
      }
    }
    return state;
  }

  MapTable maps_;
  MapId initial_ = kEmptyMap;
  StepCache cache_;
  // The compiled actions, one after the other, and where each ends.
  std::vector<Access> program_;
  std::vector<uint32_t> ends_;
  // Pairs (register, value).
  absl::flat_hash_set<std::pair<ValueId, ValueId>> written_;
  absl::flat_hash_set<std::pair<ValueId, ValueId>> observed_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  std::span<const ValueId> entries;
  if (initial != kNoValue && initial != kNil) {
    if (values.kind(initial) != ValueKind::kMap) {
      return absl::InvalidArgumentError(
          "the initial value of a multi-register is a map from registers to "
          "values");
    }
    entries = values.elements(initial);
  }
  return std::make_unique<MultiRegisterModel>(values, entries);
}

}  // namespace

ModelInfo MultiRegisterInfo() {
  return {.name = "multi-register",
          .summary = "many registers, read and written by transactions",
          .functions = kFunctions,
          .initial =
              "a map from registers to values; every register is nil by "
              "default",
          .keys = KeyUse::kRefuses,
          .make = &Make};
}

}  // namespace minos::checker
