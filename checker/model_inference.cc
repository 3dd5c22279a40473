#include "checker/model_inference.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNoValue;
using history::OpIndex;
using history::Outcome;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

// What the functions of a history allow.
struct Rule {
  std::vector<std::string_view> functions;  // the history uses no others
  std::string_view model;                   // empty: the functions do not tell
  std::string_view advice = {};
};

// The first rule that covers a history decides.
std::vector<Rule> Rules() {
  return {
      {{"read", "write"}, "register"},
      {{"read", "write", "cas"}, "cas-register"},
      {{"acquire", "release"}, "mutex"},
      {{"push", "pop"}, "stack"},
      {{"get", "put", "append", "delete", "cas"}, "kv"},
      {{"enqueue", "dequeue"},
       "",
       "fifo-queue if the order counts, unordered-queue if it does not"},
      {{"append", "read"}, "list-append"},
      {{"add-and-get", "read"}, "counter"},
      {{"transfer", "read"}, "bank"},
      {{"generate"}, "unique-ids"},
      {{"insert", "delete-min"}, "priority-queue"},
  };
}

std::vector<ValueId> ClientFunctions(const History& history) {
  std::vector<ValueId> functions;
  for (OpIndex op = 0; op < history.size(); ++op) {
    const ValueId function = history.function(op);
    if (!history.is_client(op) || function == kNoValue) continue;
    if (std::find(functions.begin(), functions.end(), function) ==
        functions.end()) {
      functions.push_back(function);
    }
  }
  return functions;
}

// `add` and `read` are a counter's or a set's: a counter reads a number.
std::string_view CounterOrSet(const History& history, bool has_remove) {
  const ValueTable& values = history.values();
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op) || history.outcome(op) != Outcome::kOk) continue;
    if (values.text(history.function(op)) != "read") continue;
    const ValueId result = history.result(op);
    if (result == kNoValue || result == history::kNil) continue;
    const ValueKind kind = values.kind(result);
    if (kind == ValueKind::kInteger) return has_remove ? "" : "counter";
    if (kind == ValueKind::kList || kind == ValueKind::kSet) {
      return has_remove ? "set" : "g-set";
    }
    return "";
  }
  return "";
}

bool IsList(const ValueTable& values, ValueId value) {
  return value != kNoValue && values.kind(value) == ValueKind::kList;
}

// The name of a micro-operation [name key value] or [name key]; empty if
// `value` is none.
std::string_view MicroOperationName(const ValueTable& values, ValueId value) {
  if (!IsList(values, value)) return "";
  const auto parts = values.elements(value);
  if (parts.size() < 2 || parts.size() > 3) return "";
  return values.kind(parts[0]) == ValueKind::kString ? values.text(parts[0])
                                                     : "";
}

// True if every operation has micro-operations that read or write a register
// for its argument.
bool AreOfMicroOperations(const History& history) {
  const ValueTable& values = history.values();
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    const ValueId argument = history.argument(op);
    if (!IsList(values, argument) || values.elements(argument).empty()) {
      return false;
    }
    for (const ValueId micro : values.elements(argument)) {
      const std::string_view name = MicroOperationName(values, micro);
      if (name != "r" && name != "w") return false;
    }
  }
  return true;
}

// The data type whose transactions these are. InvalidArgument where none of
// ours is.
absl::StatusOr<std::string_view> ModelOfTransactions(const History& history) {
  const ValueTable& values = history.values();
  bool appends = false;
  bool writes = false;
  bool are_single = true;
  for (OpIndex op = 0; op < history.size(); ++op) {
    const ValueId argument = history.argument(op);
    if (!history.is_client(op) || !IsList(values, argument)) continue;
    const auto micro_operations = values.elements(argument);
    if (micro_operations.size() != 1) are_single = false;
    for (const ValueId micro : micro_operations) {
      const std::string_view name = MicroOperationName(values, micro);
      if (name.starts_with("a")) appends = true;
      if (name.starts_with("w")) writes = true;
    }
  }
  if (!appends) return "multi-register";
  if (are_single && !writes) return "list-append";
  return absl::InvalidArgumentError(
      "these transactions append to lists and do more than one thing at a "
      "time: no data type of minos has such; what it judges are transactions "
      "of reads and writes (multi-register) and of one append or one read "
      "(list-append)");
}

// True if there are reads, and what they returned are maps.
bool ReadsMaps(const History& history) {
  bool any = false;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op) || history.outcome(op) != Outcome::kOk) continue;
    const ValueId result = history.result(op);
    if (result == kNoValue) return false;
    if (history.values().kind(result) != ValueKind::kMap) return false;
    any = true;
  }
  return any;
}

bool Covers(const std::vector<std::string_view>& known,
            const std::vector<std::string_view>& used) {
  return std::all_of(used.begin(), used.end(), [&](std::string_view name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  });
}

absl::Status CannotTell(const std::vector<std::string_view>& used,
                        std::string_view advice) {
  std::vector<std::string> names(used.begin(), used.end());
  return absl::InvalidArgumentError(
      absl::StrCat("cannot tell the data type from the functions (",
                   absl::StrJoin(names, ", "), "): pass --model ",
                   advice.empty() ? "NAME, one of `minos list models`"
                                  : std::string(advice)));
}

}  // namespace

absl::StatusOr<std::string_view> InferModel(const History& history) {
  const ValueTable& values = history.values();
  std::vector<std::string_view> used;
  for (const ValueId function : ClientFunctions(history)) {
    if (values.kind(function) != ValueKind::kString) {
      return absl::InvalidArgumentError("a function that is not a name");
    }
    used.push_back(values.text(function));
  }
  if (used.empty()) return "register";
  if (Covers({"txn"}, used)) return ModelOfTransactions(history);
  if (Covers({"read", "write"}, used) && AreOfMicroOperations(history)) {
    return "multi-register";
  }
  if (Covers({"read"}, used) && ReadsMaps(history)) {
    return CannotTell(used, "bank if they read accounts, else register");
  }
  if (Covers({"add", "read", "remove", "contains"}, used)) {
    const bool has_remove =
        Covers({"remove", "contains"}, used) || !Covers({"add", "read"}, used);
    const std::string_view model = CounterOrSet(history, has_remove);
    if (!model.empty()) return model;
  }
  for (const Rule& rule : Rules()) {
    if (!Covers(rule.functions, used)) continue;
    if (rule.model.empty()) return CannotTell(used, rule.advice);
    return rule.model;
  }
  return CannotTell(used, "");
}

}  // namespace minos::checker
