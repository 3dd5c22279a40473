// What can be split.
//
//  - set, multiset: by element, if no ok operation reads the whole. Each other
//    operation looks at one element and changes that one only.
//  - unordered-queue: by value, if no ok dequeue found nothing. An enqueue or a
//    dequeue of v looks at how often v is there, and changes only that. An info
//    dequeue may be left out: it would only take away what others could take.
//  - bank: by accounts that meet, in a transfer or an ok read, directly or by
//    way of others.
//  - multi-register: by registers that meet in an operation, likewise. Of an
//    info transaction only the writes count, since nobody knows what it read.
//
// Why it may be. Each of these types is a product: a state is a state for each
// group, and an operation fits and changes that of its group alone. So the
// groups are objects of their own, and linearizability is local (Herlihy & Wing
// 1990, Theorem 1). What the initial value says of other groups stays as it is
// in the judgement of a group, and no operation of it looks there.
//
// Linearizations of the groups merge by the moments at which their operations
// can have taken effect: the latest call so far in the order of the group. That
// is before the return of the operation, since nothing that stands before it
// was called after it had returned; so if a returned before b was called, the
// moment of a is before that of b.

#include "checker/independence.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "checker/deciders/function_index.h"
#include "checker/emptiness.h"
#include "checker/sequential_model.h"
#include "history/value.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::Position;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

// What an operation touches: elements, values, accounts, registers. Nothing,
// where it says nothing. Absent, where it may touch everything, or where it is
// not one of the data type.
using Touched = std::optional<std::vector<ValueId>>;
const Touched kEverything = std::nullopt;

ValueId ArgumentOf(const Call& call) {
  return call.argument == kNoValue ? kNil : call.argument;
}

Touched OfSet(const ValueTable&, std::string_view function, const Call& call) {
  if (function == "read") {
    return call.is_ok ? kEverything : Touched(std::vector<ValueId>());
  }
  const bool is_of_one = function == "add" || function == "remove" ||
                         function == "contains" || function == "count";
  if (!is_of_one) return kEverything;
  return Touched({ArgumentOf(call)});
}

Touched OfUnorderedQueue(const ValueTable& values, std::string_view function,
                         const Call& call) {
  if (function == "enqueue") return Touched({ArgumentOf(call)});
  if (function != "dequeue") return kEverything;
  if (!call.is_ok) return Touched(std::vector<ValueId>());
  if (MeansEmpty(values, call.result)) return kEverything;
  return Touched({call.result});
}

// The keys of a map.
Touched KeysOf(const ValueTable& values, ValueId map) {
  if (map == kNoValue || values.kind(map) != ValueKind::kMap) {
    return kEverything;
  }
  const std::span<const ValueId> entries = values.elements(map);
  std::vector<ValueId> keys;
  for (size_t i = 0; i < entries.size(); i += 2) keys.push_back(entries[i]);
  return keys;
}

// The account that is called so: the string of a number is that number, if
// anybody calls it so (see models/bank.cc).
ValueId AccountCalled(const ValueTable& values, ValueId name) {
  int64_t number = 0;
  if (values.kind(name) != ValueKind::kString) return name;
  const std::string text(values.text(name));
  if (!absl::SimpleAtoi(text, &number) || absl::StrCat(number) != text) {
    return name;
  }
  const ValueId id = values.FindInteger(number);
  return id == kNoValue ? name : id;
}

Touched OfBank(const ValueTable& values, std::string_view function,
               const Call& call) {
  if (function == "read") {
    if (!call.is_ok) return Touched(std::vector<ValueId>());
    Touched accounts = KeysOf(values, call.result);
    if (!accounts) return kEverything;
    for (ValueId& account : *accounts) account = AccountCalled(values, account);
    return accounts;
  }
  if (function != "transfer" ||
      values.kind(ArgumentOf(call)) != ValueKind::kMap) {
    return kEverything;
  }
  std::vector<ValueId> accounts;
  for (const char* name : {"from", "to"}) {
    const ValueId key = values.FindString(name);
    if (key == kNoValue) return kEverything;
    accounts.push_back(values.Get(call.argument, key));
    if (accounts.back() == kNoValue) return kEverything;
    accounts.back() = AccountCalled(values, accounts.back());
  }
  return accounts;
}

Touched OfTransaction(const ValueTable& values, const Call& call) {
  if (values.kind(ArgumentOf(call)) != ValueKind::kList) return kEverything;
  std::vector<ValueId> registers;
  for (const ValueId micro : values.elements(call.argument)) {
    if (values.kind(micro) != ValueKind::kList) return kEverything;
    const std::span<const ValueId> parts = values.elements(micro);
    if (parts.size() < 2 || values.kind(parts[0]) != ValueKind::kString) {
      return kEverything;
    }
    const std::string_view name = values.text(parts[0]);
    const bool is_write = name == "w" || name == "write";
    if (!is_write && name != "r" && name != "read") return kEverything;
    if (is_write || call.is_ok) registers.push_back(parts[1]);
  }
  return registers;
}

Touched OfMultiRegister(const ValueTable& values, std::string_view function,
                        const Call& call) {
  const bool is_read = function == "read";
  const bool is_write = function == "write";
  const ValueId shown = is_read && call.is_ok ? call.result : call.argument;
  const bool has_micro_operations = (is_read || is_write) &&
                                    shown != kNoValue &&
                                    values.kind(shown) == ValueKind::kList;
  if (function == "txn" || call.function == kNoValue || has_micro_operations) {
    return OfTransaction(values, call);
  }
  if (is_write) return KeysOf(values, call.argument);
  if (!is_read) return kEverything;
  if (!call.is_ok) return Touched(std::vector<ValueId>());
  return KeysOf(values, call.result);
}

struct Splitter {
  std::string_view model;
  Touched (*touched)(const ValueTable& values, std::string_view function,
                     const Call& call);
};

constexpr Splitter kSplitters[] = {
    {"set", &OfSet},
    {"multiset", &OfSet},
    {"unordered-queue", &OfUnorderedQueue},
    {"bank", &OfBank},
    {"multi-register", &OfMultiRegister},
};

// What is touched, in sets that grow together.
class Meetings {
 public:
  // The number of `value`.
  uint32_t Of(ValueId value) {
    const auto [entry, is_new] =
        numbers_.try_emplace(value, static_cast<uint32_t>(parents_.size()));
    if (is_new) parents_.push_back(entry->second);
    return entry->second;
  }
  void Meet(uint32_t a, uint32_t b) { parents_[Root(a)] = Root(b); }
  uint32_t Root(uint32_t a) {
    while (parents_[a] != a) a = parents_[a] = parents_[parents_[a]];
    return a;
  }
  size_t size() const { return parents_.size(); }

 private:
  absl::flat_hash_map<ValueId, uint32_t> numbers_;
  std::vector<uint32_t> parents_;
};

}  // namespace

std::vector<std::vector<OpIndex>> SplitIndependent(
    const History& history, const ModelInfo& model, Keying keying,
    const std::vector<OpIndex>& operations, Budget* budget) {
  const auto splitter = std::find_if(
      std::begin(kSplitters), std::end(kSplitters),
      [&](const Splitter& each) { return each.model == model.name; });
  if (splitter == std::end(kSplitters)) return {operations};
  constexpr uint32_t kNothing = 0xFFFFFFFFu;
  FunctionIndex functions(history.values(), model);
  Meetings meetings;
  std::vector<uint32_t> touched_first;  // by operation
  for (const OpIndex op : operations) {
    if (budget != nullptr && budget->Exhausted()) return {operations};
    const Call call = CallOf(history, keying, op);
    const std::string_view function =
        call.function == kNoValue ? "" : functions.MainNameOf(call.function);
    const Touched touched = splitter->touched(history.values(), function, call);
    if (!touched) return {operations};
    touched_first.push_back(touched->empty() ? kNothing
                                             : meetings.Of(touched->front()));
    for (const ValueId each : *touched) {
      meetings.Meet(meetings.Of(each), touched_first.back());
    }
  }
  std::vector<std::vector<OpIndex>> groups;
  std::vector<uint32_t> group_of(meetings.size(), kNothing);
  for (size_t i = 0; i < operations.size(); ++i) {
    if (touched_first[i] == kNothing) continue;
    uint32_t& group = group_of[meetings.Root(touched_first[i])];
    if (group == kNothing) {
      group = static_cast<uint32_t>(groups.size());
      groups.emplace_back();
    }
    groups[group].push_back(operations[i]);
  }
  if (groups.size() < 2) return {operations};
  return groups;
}

std::vector<OpIndex> MergeLinearizations(
    const History& history,
    const std::vector<std::vector<OpIndex>>& linearizations) {
  std::vector<std::tuple<Position, size_t, size_t, OpIndex>> steps;
  for (size_t group = 0; group < linearizations.size(); ++group) {
    Position latest = 0;
    for (size_t i = 0; i < linearizations[group].size(); ++i) {
      const OpIndex op = linearizations[group][i];
      latest = std::max(latest, history.call(op));
      steps.emplace_back(latest, group, i, op);
    }
  }
  std::sort(steps.begin(), steps.end());
  std::vector<OpIndex> merged;
  merged.reserve(steps.size());
  for (const auto& step : steps) merged.push_back(std::get<3>(step));
  return merged;
}

}  // namespace minos::checker
