#include "tests/support/brute_force.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

namespace minos::testing {
namespace {

using States = std::vector<PlainValue>;
using Items = std::vector<PlainValue>;

const PlainValue kNothing;
const PlainValue kNo = PlainValue::Bool(false);
const PlainValue kYes = PlainValue::Bool(true);

bool IsOk(const PlainOperation& op) { return op.outcome == PlainOutcome::kOk; }

// {state} if `fits`, else nothing.
States If(bool fits, const PlainValue& state) {
  return fits ? States{state} : States{};
}

bool Contains(const Items& items, const PlainValue& x) {
  return std::find(items.begin(), items.end(), x) != items.end();
}

Items Sorted(Items items) {
  std::sort(items.begin(), items.end());
  return items;
}

// The items without the one at `index`.
PlainValue Without(Items items, size_t index) {
  items.erase(items.begin() + static_cast<ptrdiff_t>(index));
  return PlainValue::List(items);
}

PlainValue With(Items items, const PlainValue& last) {
  items.push_back(last);
  return PlainValue::List(items);
}

// A compare-and-set in a state that `matches` its old value, or does not.
States CompareAndSet(const PlainValue& state, bool matches,
                     const PlainOperation& op) {
  const bool refused = IsOk(op) && op.result == kNo;
  if (refused) return If(!matches, state);
  return If(matches, op.argument.items[1]);
}

// Fits every value.
const PlainValue kSilence("(silence)");

bool Fits(const PlainValue& read, const PlainValue& value) {
  return read == value || read == kSilence;
}

States Register(const PlainValue& state, const PlainOperation& op) {
  if (op.function == "read")
    return If(!IsOk(op) || Fits(op.result, state), state);
  if (op.function == "write") return {op.argument};
  return CompareAndSet(state, state == op.argument.items[0], op);
}

States Kv(const PlainValue& state, const PlainOperation& op) {
  const auto matches = [&](const PlainValue& v) {
    return v == state || (state == kNothing && v == PlainValue(""));
  };
  if (op.function == "get") return If(!IsOk(op) || matches(op.result), state);
  if (op.function == "put") return {op.argument};
  if (op.function == "delete") return {kNothing};
  if (op.function == "append") {
    const bool is_text =
        state == kNothing || state.kind == PlainValue::Kind::kString;
    return If(is_text, PlainValue(state.text + op.argument.text));
  }
  return CompareAndSet(state, matches(op.argument.items[0]), op);
}

// The state is a map without nil values.
PlainValue Lookup(const PlainValue& map, const PlainValue& key) {
  for (const PlainValue& entry : map.items) {
    if (entry.items[0] == key) return entry.items[1];
  }
  return kNothing;
}

void Store(PlainValue& map, const PlainValue& key, const PlainValue& value) {
  std::erase_if(map.items,
                [&](const PlainValue& entry) { return entry.items[0] == key; });
  if (value != kNothing) map.items.push_back(PlainValue::List({key, value}));
  std::sort(map.items.begin(), map.items.end());
}

States MultiRegister(PlainValue state, const PlainOperation& op) {
  const bool is_txn = op.function == "txn";
  if (!is_txn && op.function == "write") {
    for (const PlainValue& entry : op.argument.items) {
      Store(state, entry.items[0], entry.items[1]);
    }
    return {state};
  }
  if (!is_txn) {
    for (const PlainValue& entry : op.result.items) {
      if (IsOk(op) && !Fits(entry.items[1], Lookup(state, entry.items[0]))) {
        return {};
      }
    }
    return {state};
  }
  for (size_t i = 0; i < op.argument.items.size(); ++i) {
    const Items& micro = op.argument.items[i].items;
    if (micro[0] == PlainValue("w")) {
      Store(state, micro[1], micro[2]);
    } else if (IsOk(op) &&
               !Fits(op.result.items[i].items[2], Lookup(state, micro[1]))) {
      return {};
    }
  }
  return {state};
}

States ListAppend(const PlainValue& state, const PlainOperation& op) {
  if (op.function == "append") return {With(state.items, op.argument)};
  return If(!IsOk(op) || op.result.items == state.items, state);
}

States Counter(const PlainValue& state, const PlainOperation& op) {
  if (op.function == "read") return If(!IsOk(op) || op.result == state, state);
  int64_t amount = op.argument == kNothing ? 1 : op.argument.number;
  if (op.function == "decrement" || op.function == "get-and-decrement") {
    amount = -amount;
  }
  PlainValue sum = state;
  sum.number += amount;
  if (!IsOk(op)) return {sum};
  if (op.function == "add-and-get") return If(op.result == sum, sum);
  if (op.function == "get-and-add" || op.function == "get-and-decrement") {
    return If(op.result == state, sum);
  }
  return {sum};
}

// Of a `set` and a `g-set`; the state is sorted.
States Set(const PlainValue& state, const PlainOperation& op, bool tells) {
  const PlainValue& x = op.argument;
  const bool is_in = Contains(state.items, x);
  if (op.function == "read") {
    return If(!IsOk(op) || Sorted(op.result.items) == state.items, state);
  }
  const PlainValue truth =
      PlainValue::Bool(op.function == "add" ? !is_in : is_in);
  const bool says = IsOk(op) && op.result.kind == PlainValue::Kind::kBool &&
                    (tells || op.function == "contains");
  if (says && op.result != truth) return {};
  Items items = state.items;
  if (op.function == "add" && !is_in) items.push_back(x);
  if (op.function == "remove") std::erase(items, x);
  return {PlainValue::List(Sorted(items))};
}

States Queue(const PlainValue& state, const PlainOperation& op) {
  const Items& items = state.items;
  if (op.function == "enqueue") return {With(items, op.argument)};
  if (!IsOk(op)) return {items.empty() ? state : Without(items, 0)};
  if (op.result == kNothing) return If(items.empty(), state);
  if (items.empty() || items.front() != op.result) return {};
  return {Without(items, 0)};
}

States Stack(const PlainValue& state, const PlainOperation& op) {
  const Items& items = state.items;
  if (op.function == "push") return {With(items, op.argument)};
  const size_t top = items.size() - 1;
  if (!IsOk(op)) return {items.empty() ? state : Without(items, top)};
  if (op.result == kNothing) return If(items.empty(), state);
  if (items.empty() || items.back() != op.result) return {};
  return {Without(items, top)};
}

// The state is sorted.
States UnorderedQueue(const PlainValue& state, const PlainOperation& op) {
  const Items& items = state.items;
  if (op.function == "enqueue") {
    return {PlainValue::List(Sorted(With(items, op.argument).items))};
  }
  if (IsOk(op) && op.result == kNothing) return If(items.empty(), state);
  States states;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!IsOk(op) || items[i] == op.result) states.push_back(Without(items, i));
  }
  return states;
}

States Mutex(const PlainValue& state, const PlainOperation& op) {
  if (op.function == "acquire") return If(state == kNo, kYes);
  return If(state == kYes, kNo);
}

// The state is a map from accounts to balances.
States Bank(PlainValue state, const PlainOperation& op) {
  if (op.function == "read") {
    for (const PlainValue& entry : op.result.items) {
      if (IsOk(op) && Lookup(state, entry.items[0]) != entry.items[1]) {
        return {};
      }
    }
    return {state};
  }
  const PlainValue from = Lookup(op.argument, "from");
  const PlainValue to = Lookup(op.argument, "to");
  const int64_t amount = Lookup(op.argument, "amount").number;
  PlainValue payer = Lookup(state, from);
  if (IsOk(op) && op.result == kNo) return If(payer.number < amount, state);
  if (payer.number < amount) return {};
  payer.number -= amount;
  Store(state, from, payer);
  PlainValue payee = Lookup(state, to);
  payee.number += amount;
  Store(state, to, payee);
  return {state};
}

// The state is sorted.
States Multiset(const PlainValue& state, const PlainOperation& op) {
  const Items& items = state.items;
  const PlainValue& x = op.argument;
  if (op.function == "read") {
    return If(!IsOk(op) || Sorted(op.result.items) == items, state);
  }
  if (op.function == "add") {
    return {PlainValue::List(Sorted(With(items, x).items))};
  }
  const int64_t count = std::count(items.begin(), items.end(), x);
  if (op.function == "count") {
    return If(!IsOk(op) || op.result.number == count, state);
  }
  const bool says = IsOk(op) && op.result.kind == PlainValue::Kind::kBool;
  if (says && op.result != PlainValue::Bool(count > 0)) return {};
  if (op.function == "contains" || count == 0) return {state};
  const auto at = std::find(items.begin(), items.end(), x);
  return {Without(items, static_cast<size_t>(at - items.begin()))};
}

// The state is sorted.
States PriorityQueue(const PlainValue& state, const PlainOperation& op) {
  const Items& items = state.items;
  if (op.function == "insert") {
    return {PlainValue::List(Sorted(With(items, op.argument).items))};
  }
  if (!IsOk(op)) return {items.empty() ? state : Without(items, 0)};
  if (op.result == kNothing) return If(items.empty(), state);
  if (items.empty() || items.front() != op.result) return {};
  return {Without(items, 0)};
}

// The state is [owner, how often], or false at the start.
States ReentrantMutex(const PlainValue& state, const PlainOperation& op) {
  const PlainValue owner = Lookup(op.argument, "client");
  const PlainValue holder = state == kNo ? kNothing : state.items[0];
  const int64_t times = state == kNo ? 0 : state.items[1].number;
  const auto hold = [](const PlainValue& who, int64_t often) {
    return PlainValue::List({who, static_cast<int>(often)});
  };
  if (op.function == "acquire") {
    return If(times == 0 || holder == owner, hold(owner, times + 1));
  }
  return If(times > 0 && holder == owner,
            times == 1 ? kNo : hold(owner, times - 1));
}

// The state is [owner, last token]. Nobody knows the token of a crashed
// acquire: it is any of a few.
States FencedLock(const PlainValue& state, const PlainOperation& op) {
  constexpr int kLargestToken = 12;
  const PlainValue owner = Lookup(op.argument, "client");
  const bool is_start = state.kind != PlainValue::Kind::kList;
  const PlainValue holder = is_start ? kNothing : state.items[0];
  const PlainValue last = is_start ? state : state.items[1];
  if (op.function == "release") {
    return If(holder == owner, PlainValue::List({kNothing, last}));
  }
  if (holder != kNothing) return {};
  States states;
  const int first =
      last == kNothing ? -kLargestToken : static_cast<int>(last.number) + 1;
  for (int token = first; token <= kLargestToken; ++token) {
    if (!IsOk(op) || op.result == kNothing || op.result == PlainValue(token)) {
      states.push_back(PlainValue::List({owner, token}));
    }
  }
  return states;
}

// The state is [free, all], or a number at the start.
States Semaphore(const PlainValue& state, const PlainOperation& op) {
  const bool is_start = state.kind == PlainValue::Kind::kInteger;
  const PlainValue all = is_start ? state : state.items[1];
  int64_t free = is_start ? state.number : state.items[0].number;
  const int64_t count = op.argument == kNothing ? 1 : op.argument.number;
  free += op.function == "acquire" ? -count : count;
  return If(0 <= free && free <= all.number,
            PlainValue::List({static_cast<int>(free), all}));
}

States UniqueIds(const PlainValue& state, const PlainOperation& op) {
  if (!IsOk(op)) return {state};
  return If(!Contains(state.items, op.result), With(state.items, op.result));
}

States Log(const PlainValue& state, const PlainOperation& op) {
  const Items& items = state.items;
  const PlainValue size = static_cast<int>(items.size());
  if (op.function == "append") {
    PlainValue offset = op.result;
    if (offset.kind == PlainValue::Kind::kList) offset = offset.items[1];
    const bool tells = IsOk(op) && offset.kind == PlainValue::Kind::kInteger;
    return If(!tells || offset == size, With(items, op.argument));
  }
  if (!IsOk(op)) return {state};
  if (op.argument == kNothing) return If(op.result.items == items, state);
  const auto at = static_cast<size_t>(op.argument.number);
  return If(op.result == (at < items.size() ? items[at] : kNothing), state);
}

class Enumeration {
 public:
  explicit Enumeration(const PlainHistory& history) : history_(history) {}

  bool Run() { return Extend(history_.initial); }

 private:
  // True if the operations that are not yet placed can follow, with the object
  // in `state`.
  bool Extend(const PlainValue& state) {
    if (IsComplete()) return true;
    for (size_t i = 0; i < history_.operations.size(); ++i) {
      if (!MayComeNext(i)) continue;
      is_placed_[i] = true;
      for (const PlainValue& next :
           Replay(history_.type, state, history_.operations[i])) {
        if (Extend(next)) return true;
      }
      is_placed_[i] = false;
    }
    return false;
  }

  // Info operations that are left have not happened.
  bool IsComplete() const {
    for (size_t i = 0; i < history_.operations.size(); ++i) {
      const PlainOperation& op = history_.operations[i];
      if (IsOk(op) && op.end != kOpenEnd && !is_placed_[i]) return false;
    }
    return true;
  }

  // An operation cannot come before one that had returned when it was called.
  bool MayComeNext(size_t i) const {
    const PlainOperation& op = history_.operations[i];
    if (is_placed_[i] || op.outcome == PlainOutcome::kFail) return false;
    for (size_t j = 0; j < history_.operations.size(); ++j) {
      const PlainOperation& other = history_.operations[j];
      if (!is_placed_[j] && IsOk(other) && other.end < op.call) return false;
    }
    return true;
  }

  const PlainHistory& history_;
  std::vector<bool> is_placed_ =
      std::vector<bool>(history_.operations.size(), false);
};

void SilenceRegister(PlainHistory& history) {
  for (const PlainOperation& op : history.operations) {
    if (op.outcome == PlainOutcome::kFail || op.function == "read") continue;
    const bool is_refused = IsOk(op) && op.result == kNo;
    const PlainValue& written =
        op.function == "write" ? op.argument : op.argument.items[1];
    if (written == kNothing && !is_refused) return;
  }
  for (PlainOperation& op : history.operations) {
    if (op.function == "read" && op.result == kNothing) op.result = kSilence;
  }
}

// Calls `visit(is_write, value)` for each access to register `key` by `op`.
template <typename Visit>
void VisitAccesses(PlainOperation& op, const PlainValue& key, Visit visit) {
  if (op.function != "txn") {
    const bool is_write = op.function == "write";
    PlainValue& map = is_write ? op.argument : op.result;
    for (PlainValue& entry : map.items) {
      if (entry.items[0] == key) visit(is_write, entry.items[1]);
    }
    return;
  }
  for (size_t i = 0; i < op.argument.items.size(); ++i) {
    Items& called = op.argument.items[i].items;
    if (called[1] != key) continue;
    const bool is_write = called[0] == PlainValue("w");
    if (is_write) visit(true, called[2]);
    if (!is_write && IsOk(op)) visit(false, op.result.items[i].items[2]);
  }
}

void SilenceKey(PlainHistory& history, const PlainValue& key) {
  bool is_written_nil = false;
  for (PlainOperation& op : history.operations) {
    if (op.outcome == PlainOutcome::kFail) continue;
    VisitAccesses(op, key, [&](bool is_write, const PlainValue& value) {
      if (is_write && value == kNothing) is_written_nil = true;
    });
  }
  if (is_written_nil) return;
  for (PlainOperation& op : history.operations) {
    VisitAccesses(op, key, [&](bool is_write, PlainValue& value) {
      if (!is_write && value == kNothing) value = kSilence;
    });
  }
}

}  // namespace

std::vector<PlainValue> Replay(const std::string& type, const PlainValue& state,
                               const PlainOperation& op) {
  if (type == "register" || type == "cas-register") return Register(state, op);
  if (type == "kv") return Kv(state, op);
  if (type == "multi-register") return MultiRegister(state, op);
  if (type == "list-append") return ListAppend(state, op);
  if (type == "counter") return Counter(state, op);
  if (type == "g-set") return Set(state, op, false);
  if (type == "set") return Set(state, op, true);
  if (type == "fifo-queue") return Queue(state, op);
  if (type == "unordered-queue") return UnorderedQueue(state, op);
  if (type == "stack") return Stack(state, op);
  if (type == "mutex") return Mutex(state, op);
  if (type == "bank") return Bank(state, op);
  if (type == "multiset") return Multiset(state, op);
  if (type == "priority-queue") return PriorityQueue(state, op);
  if (type == "reentrant-mutex") return ReentrantMutex(state, op);
  if (type == "fenced-lock") return FencedLock(state, op);
  if (type == "semaphore") return Semaphore(state, op);
  if (type == "unique-ids") return UniqueIds(state, op);
  if (type == "log") return Log(state, op);
  std::cerr << "no such data type: " << type << '\n';
  std::abort();
}

PlainValue DefaultState(const std::string& type) {
  if (type == "register" || type == "cas-register" || type == "kv") return {};
  if (type == "counter") return 0;
  if (type == "mutex" || type == "reentrant-mutex") return kNo;
  if (type == "fenced-lock") return {};
  if (type == "semaphore") return 1;
  if (type == "multi-register") return PlainValue::Map({});
  if (type == "bank") return PlainValue::Map({{"x", 10}, {"y", 10}});
  return PlainValue::List({});
}

PlainHistory SilenceReads(PlainHistory history) {
  const bool is_register =
      history.type == "register" || history.type == "cas-register";
  if (is_register && history.initial != kNothing) SilenceRegister(history);
  if (history.type == "multi-register") {
    const Items initial = history.initial.items;
    for (const PlainValue& entry : initial) {
      SilenceKey(history, entry.items[0]);
    }
  }
  return history;
}

bool CanBeReplayed(const PlainHistory& history) {
  return Enumeration(history).Run();
}

bool IsWitness(const PlainHistory& history, std::span<const uint32_t> order) {
  std::vector<size_t> place(history.operations.size(), order.size());
  std::vector<PlainValue> states = {history.initial};
  for (size_t i = 0; i < order.size(); ++i) {
    if (place[order[i]] != order.size()) return false;
    place[order[i]] = i;
    std::vector<PlainValue> next;
    for (const PlainValue& state : states) {
      for (PlainValue& s :
           Replay(history.type, state, history.operations[order[i]])) {
        next.push_back(std::move(s));
      }
    }
    states = std::move(next);
  }
  for (size_t a = 0; a < history.operations.size(); ++a) {
    const PlainOperation& op = history.operations[a];
    if (op.outcome != PlainOutcome::kOk) {
      if (op.outcome == PlainOutcome::kFail && place[a] != order.size()) {
        return false;
      }
      continue;
    }
    if (place[a] == order.size()) return false;
    for (size_t b = 0; b < history.operations.size(); ++b) {
      if (op.end < history.operations[b].call && place[b] < place[a]) {
        return false;
      }
    }
  }
  return !states.empty();
}

bool IsLinearizable(const PlainHistory& history) {
  return CanBeReplayed(SilenceReads(history));
}

}  // namespace minos::testing
