#include "checker/partition.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "checker/models/model_base.h"
#include "history/value_text.h"

namespace minos::checker {

using history::History;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::Outcome;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

namespace {

constexpr size_t kTextLength = 40;

bool MayHaveHappened(const History& history, OpIndex op) {
  return history.is_client(op) && history.outcome(op) != Outcome::kFail;
}

bool IsList(const ValueTable& values, ValueId value) {
  return value != kNoValue && values.kind(value) == ValueKind::kList;
}

bool IsPair(const ValueTable& values, ValueId value) {
  return IsList(values, value) && values.elements(value).size() == 2;
}

// The result that a model is shown: kNoValue if nobody knows it.
ValueId ResultOf(const History& history, OpIndex op) {
  if (history.outcome(op) != Outcome::kOk) return kNoValue;
  const ValueId result = history.result(op);
  return result == kNoValue ? kNil : result;
}

// A transaction of one micro-operation [f k v], or [f k].
struct MicroOperation {
  ValueId function;
  ValueId key;
  ValueId value;
};

std::optional<MicroOperation> OnlyMicroOperation(const ValueTable& values,
                                                 ValueId transaction) {
  if (!IsList(values, transaction)) return std::nullopt;
  const auto micro_operations = values.elements(transaction);
  if (micro_operations.size() != 1 || !IsList(values, micro_operations[0])) {
    return std::nullopt;
  }
  const auto parts = values.elements(micro_operations[0]);
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  if (values.kind(parts[0]) != ValueKind::kString) return std::nullopt;
  return MicroOperation{parts[0], parts[1],
                        parts.size() == 3 ? parts[2] : kNil};
}

bool IsTransaction(const History& history, OpIndex op) {
  const ValueTable& values = history.values();
  const ValueId function = history.function(op);
  if (function != kNoValue && (values.kind(function) != ValueKind::kString ||
                               values.text(function) != "txn")) {
    return false;
  }
  const auto argument = OnlyMicroOperation(values, history.argument(op));
  if (!argument) return false;
  if (history.outcome(op) != Outcome::kOk) return true;
  const auto result = OnlyMicroOperation(values, ResultOf(history, op));
  return result && result->function == argument->function &&
         result->key == argument->key;
}

bool IsTuple(const History& history, OpIndex op) {
  const ValueTable& values = history.values();
  const ValueId argument = history.argument(op);
  if (!IsPair(values, argument)) return false;
  const ValueId result = ResultOf(history, op);
  if (!IsList(values, result)) return true;
  return IsPair(values, result) &&
         values.elements(result)[0] == values.elements(argument)[0];
}

// True if there are operations and all that may have happened are so.
bool AllAre(const History& history, bool (*is_so)(const History&, OpIndex)) {
  bool any = false;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!MayHaveHappened(history, op)) continue;
    if (!is_so(history, op)) return false;
    any = true;
  }
  return any;
}

// True if `call`, whose argument is a pair, is plainly a call with a key in
// front: the function takes no argument, or takes a pair and there is one
// inside.
bool LooksKeyed(const ModelInfo& model, const ValueTable& values,
                const Call& call) {
  if (call.function == kNoValue ||
      values.kind(call.function) != ValueKind::kString) {
    return false;
  }
  for (const FunctionInfo& function : model.functions) {
    if (!HasName(function, values.text(call.function))) continue;
    if (function.takes == Takes::kNothing) return true;
    const auto parts = values.elements(call.argument);
    return function.takes == Takes::kPair && !IsPair(values, parts[0]) &&
           IsPair(values, parts[1]);
  }
  return false;
}

// True if the data type has a meaning for every operation as it stands, given
// that each has a tuple.
absl::StatusOr<bool> MakesSenseAsItStands(const History& history,
                                          const ModelInfo& info) {
  if (info.keys == KeyUse::kExpects) return false;
  absl::StatusOr<std::unique_ptr<SequentialModel>> model =
      info.make(history.values(), kNoValue);
  if (!model.ok()) return model.status();
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!MayHaveHappened(history, op)) continue;
    const Call call = CallOf(history, Keying::kNone, op);
    if (LooksKeyed(info, history.values(), call)) return false;
    if (!(*model)->Intern(call).ok()) return false;
  }
  return true;
}

bool AnyHasKey(const History& history) {
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (MayHaveHappened(history, op) && history.key(op) != kNoValue) {
      return true;
    }
  }
  return false;
}

struct Choice {
  Keying keying;
  std::string note;
};

absl::StatusOr<Choice> ChooseKeying(const History& history,
                                    const ModelInfo& model) {
  if (model.keys == KeyUse::kRefuses) {
    return Choice{Keying::kNone,
                  absl::StrFormat("a %s holds all its keys in one object",
                                  std::string(model.name))};
  }
  if (AnyHasKey(history)) {
    return Choice{Keying::kField, "keys are taken from the `key` field"};
  }
  if (AllAre(history, &IsTransaction)) {
    return Choice{Keying::kTransaction,
                  "every operation is a transaction of one micro-operation, "
                  "which names the key"};
  }
  if (!AllAre(history, &IsTuple)) {
    return Choice{Keying::kNone, "no keys were found: all is one object"};
  }
  absl::StatusOr<bool> makes_sense = MakesSenseAsItStands(history, model);
  if (!makes_sense.ok()) return makes_sense.status();
  if (*makes_sense) {
    return Choice{Keying::kNone,
                  absl::StrFormat("every value is a pair, which a %s can take "
                                  "as it is: all is one object (pass --keys "
                                  "tuple if the pairs are [key value])",
                                  std::string(model.name))};
  }
  return Choice{Keying::kTuple, "keys are taken from the pairs [key value]"};
}

absl::Status NoKey(const History& history, OpIndex op,
                   const std::string& problem) {
  return absl::InvalidArgumentError(
      absl::StrFormat("line %d: %s", history.call_line(op), problem));
}

absl::StatusOr<Choice> KeyingFor(const History& history, const ModelInfo& model,
                                 KeyChoice choice) {
  switch (choice) {
    case KeyChoice::kAuto:
      return ChooseKeying(history, model);
    case KeyChoice::kNone:
      return Choice{Keying::kNone, ""};
    case KeyChoice::kField:
    case KeyChoice::kTuple:
      break;
  }
  if (model.keys == KeyUse::kRefuses) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "a %s holds all its keys in one object; pass --keys none",
        std::string(model.name)));
  }
  return Choice{choice == KeyChoice::kField ? Keying::kField : Keying::kTuple,
                ""};
}

}  // namespace

absl::StatusOr<ValueId> KeyOf(const History& history, Keying keying,
                              OpIndex op) {
  const ValueTable& values = history.values();
  const ValueId argument = history.argument(op);
  switch (keying) {
    case Keying::kNone:
      return kNoValue;
    case Keying::kField:
      if (history.key(op) != kNoValue) return history.key(op);
      return NoKey(
          history, op,
          "the operation has no `key` field; give every operation one, "
          "or pass --keys none");
    case Keying::kTuple:
      if (IsTuple(history, op)) return values.elements(argument)[0];
      if (IsPair(values, argument)) {
        return NoKey(
            history, op,
            absl::StrFormat(
                "the result %s of the operation is no pair with the key %s",
                history::ToShortText(values, history.result(op), kTextLength),
                history::ToShortText(values, values.elements(argument)[0],
                                     kTextLength)));
      }
      return NoKey(
          history, op,
          absl::StrFormat("the value %s is no pair [key value]",
                          history::ToShortText(values, argument, kTextLength)));
    case Keying::kTransaction:
      break;
  }
  const auto micro_operation = OnlyMicroOperation(values, argument);
  if (micro_operation) return micro_operation->key;
  return NoKey(history, op,
               "the operation is no transaction of one micro-operation");
}

std::string_view ToString(Keying keying) {
  switch (keying) {
    case Keying::kNone:
      return "none";
    case Keying::kField:
      return "field";
    case Keying::kTuple:
      return "tuple";
    case Keying::kTransaction:
      return "transaction";
  }
  return "none";
}

absl::StatusOr<Partitioning> SplitByKey(const History& history,
                                        const ModelInfo& model,
                                        KeyChoice choice) {
  absl::StatusOr<Choice> chosen = KeyingFor(history, model, choice);
  if (!chosen.ok()) return chosen.status();
  Partitioning result;
  result.keying = chosen->keying;
  result.note = std::move(chosen->note);
  absl::flat_hash_map<ValueId, size_t> partition_of;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!MayHaveHappened(history, op)) continue;
    const absl::StatusOr<ValueId> key = KeyOf(history, result.keying, op);
    if (!key.ok()) return key.status();
    const auto [entry, is_new] =
        partition_of.try_emplace(*key, result.partitions.size());
    if (is_new) result.partitions.push_back({*key, {}});
    result.partitions[entry->second].operations.push_back(op);
  }
  return result;
}

Call CallOf(const History& history, Keying keying, OpIndex op) {
  const ValueTable& values = history.values();
  Call call;
  call.function = history.function(op);
  call.argument = history.argument(op);
  call.result = ResultOf(history, op);
  call.is_ok = history.outcome(op) == Outcome::kOk;
  call.session = history.session(op);
  if (keying == Keying::kTuple) {
    call.argument = values.elements(call.argument)[1];
    if (IsList(values, call.result)) {
      call.result = values.elements(call.result)[1];
    }
  } else if (keying == Keying::kTransaction) {
    const MicroOperation called = *OnlyMicroOperation(values, call.argument);
    call.function = called.function;
    call.argument = called.value;
    if (call.is_ok)
      call.result = OnlyMicroOperation(values, call.result)->value;
  }
  return call;
}

}  // namespace minos::checker
