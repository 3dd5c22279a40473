#include "tests/support/random_history.h"

#include <algorithm>
#include <utility>

#include "history/hash.h"
#include "tests/support/brute_force.h"

namespace minos::testing {
namespace {

using Values = std::vector<PlainValue>;

const PlainValue kNothing;
const PlainValue kNo = PlainValue::Bool(false);
const PlainValue kYes = PlainValue::Bool(true);

PlainValue List(Values items) { return PlainValue::List(std::move(items)); }

// All lists over `elements` of up to `max_size`.
Values ListsOver(const Values& elements, size_t max_size) {
  Values lists = {List({})};
  size_t begin = 0;
  for (size_t size = 1; size <= max_size; ++size) {
    const size_t end = lists.size();
    for (size_t i = begin; i < end; ++i) {
      for (const PlainValue& element : elements) {
        Values longer = lists[i].items;
        longer.push_back(element);
        lists.push_back(List(std::move(longer)));
      }
    }
    begin = end;
  }
  return lists;
}

// All subsets of `elements`, in their order, as lists.
Values SubsetsOf(const Values& elements) {
  Values subsets;
  for (size_t mask = 0; mask < size_t{1} << elements.size(); ++mask) {
    Values subset;
    for (size_t i = 0; i < elements.size(); ++i) {
      if ((mask >> i & 1) != 0) subset.push_back(elements[i]);
    }
    subsets.push_back(List(std::move(subset)));
  }
  return subsets;
}

void AddRegisterCalls(int values, bool has_cas, std::vector<PlainCall>& calls) {
  Values read = {kNothing};
  for (int v = 1; v <= values; ++v) read.push_back(v);
  calls.push_back({"read", {}, read});
  for (int v = 1; v <= values; ++v) calls.push_back({"write", v, {v}});
  if (values > 2) calls.push_back({"write", kNothing, {kNothing}});
  if (!has_cas) return;
  for (int a = 1; a <= values; ++a) {
    for (int b = 1; b <= values; ++b) {
      // With two values, a cas from a value to itself is left out.
      if (a == b && values == 2) continue;
      Values results = {List({a, b})};
      if (values > 2) results.push_back(kNo);
      calls.push_back({"cas", List({a, b}), results});
    }
  }
}

void AddCollectionCalls(const char* put, const char* take, int values,
                        std::vector<PlainCall>& calls) {
  Values taken = {kNothing};
  for (int v = 1; v <= values; ++v) {
    calls.push_back({put, v, {v}});
    taken.push_back(v);
  }
  calls.push_back({take, {}, taken});
}

void AddKvCalls(std::vector<PlainCall>& calls) {
  Values texts = {kNothing, "", "a", "b", "aa", "ab", "ba", "aba", "abb", 7};
  calls.push_back({"get", {}, texts});
  for (const char* text : {"", "a", "b", "ab"}) {
    calls.push_back({"put", text, {text}});
  }
  calls.push_back({"put", 7, {7}});
  calls.push_back({"put", kNothing, {kNothing}});
  for (const char* text : {"", "a", "b", "ba"}) {
    calls.push_back({"append", text, {text}});
  }
  calls.push_back({"delete", {}, {{}}});
  for (const char* from : {"", "a", "ab"}) {
    for (const char* to : {"", "a", "b"}) {
      calls.push_back({"cas", List({from, to}), {List({from, to}), kNo}});
    }
  }
  calls.push_back({"cas", List({kNothing, "a"}), {kNothing}});
}

void AddMultiRegisterCalls(std::vector<PlainCall>& calls) {
  const auto read = [](const char* key, PlainValue value) {
    return List({"r", key, std::move(value)});
  };
  const auto write = [](const char* key, int value) {
    return List({"w", key, value});
  };
  const Values seen = {kNothing, 1, 2};
  for (const char* key : {"x", "y"}) {
    PlainCall reads = {"txn", List({read(key, {})}), {}};
    for (const PlainValue& v : seen) {
      reads.results.push_back(List({read(key, v)}));
    }
    calls.push_back(reads);
    for (int v : {1, 2}) {
      calls.push_back({"txn", List({write(key, v)}), {List({write(key, v)})}});
      calls.push_back({"write", PlainValue::Map({{key, v}}), {kNothing}});
      PlainCall both = {"txn", List({read(key, {}), write(key, v)}), {}};
      for (const PlainValue& u : seen) {
        both.results.push_back(List({read(key, u), write(key, v)}));
      }
      calls.push_back(both);
    }
  }
  PlainCall two = {"txn", List({read("x", {}), read("y", {})}), {}};
  PlainCall two_as_map = {"read", {}, {}};
  for (const PlainValue& u : seen) {
    for (const PlainValue& v : seen) {
      two.results.push_back(List({read("x", u), read("y", v)}));
      two_as_map.results.push_back(PlainValue::Map({{"x", u}, {"y", v}}));
    }
  }
  calls.push_back(two);
  calls.push_back(two_as_map);
  calls.push_back({"write", PlainValue::Map({{"x", {}}}), {kNothing}});
  const PlainValue writes = List({write("x", 1), write("y", 2)});
  calls.push_back({"txn", writes, {writes}});
  calls.push_back({"txn",
                   List({write("x", 1), read("x", {}), write("x", 2)}),
                   {List({write("x", 1), read("x", 1), write("x", 2)})}});
}

void AddCounterCalls(std::vector<PlainCall>& calls) {
  Values sums;
  for (int sum = -3; sum <= 5; ++sum) sums.push_back(sum);
  calls.push_back({"read", {}, sums});
  for (int amount : {-1, 0, 1, 2}) {
    calls.push_back({"add", amount, {amount}});
    calls.push_back({"add-and-get", amount, sums});
  }
  calls.push_back({"get-and-add", 1, sums});
  calls.push_back({"get-and-decrement", {}, sums});
  calls.push_back({"increment", {}, {{}}});
  calls.push_back({"decrement", {}, {{}}});
  calls.push_back({"decrement", 2, {{}}});
}

void AddSetCalls(int values, bool tells, std::vector<PlainCall>& calls) {
  Values elements;
  for (int v = 1; v <= values; ++v) elements.push_back(v);
  calls.push_back({"read", {}, SubsetsOf(elements)});
  for (int v = 1; v <= values; ++v) {
    if (!tells) {
      calls.push_back({"add", v, {v}});
      continue;
    }
    calls.push_back({"add", v, {v, kYes, kNo}});
    calls.push_back({"remove", v, {v, kYes, kNo}});
    calls.push_back({"contains", v, {kYes, kNo}});
  }
}

// Like the large one, but each add and remove tells nothing, and one element is
// asked for.
void AddSmallSetCalls(std::vector<PlainCall>& calls) {
  calls.push_back({"read", {}, SubsetsOf({1, 2})});
  calls.push_back({"add", 1, {1}});
  calls.push_back({"add", 2, {2}});
  calls.push_back({"remove", 1, {1, kYes}});
  calls.push_back({"contains", 1, {kYes, kNo}});
}

void AddBankCalls(std::vector<PlainCall>& calls) {
  const PlainValue x = "x";
  const PlainValue y = "y";
  for (const int amount : {0, 4, 10, 14}) {
    for (const bool back : {false, true}) {
      const PlainValue transfer = PlainValue::Map(
          {{"amount", amount}, {"from", back ? y : x}, {"to", back ? x : y}});
      calls.push_back({"transfer", transfer, {transfer, kNo}});
    }
  }
  calls.push_back({"transfer",
                   PlainValue::Map({{"amount", 11}, {"from", x}, {"to", x}}),
                   {kNothing}});
  PlainCall both = {"read", {}, {}};
  PlainCall one = {"read", {}, {}};
  for (const int balance : {0, 2, 4, 6, 10, 14, 16, 20}) {
    both.results.push_back(PlainValue::Map({{x, balance}, {y, 20 - balance}}));
    one.results.push_back(PlainValue::Map({{x, balance}}));
  }
  both.results.push_back(PlainValue::Map({{x, 10}, {y, 9}}));
  calls.push_back(both);
  calls.push_back(both);
  calls.push_back(both);
  calls.push_back(one);
}

void AddMultisetCalls(std::vector<PlainCall>& calls) {
  calls.push_back({"read",
                   {},
                   {kNothing, List({1}), List({2}), List({1, 2}), List({1, 1}),
                    List({2, 1, 1})}});
  for (int v : {1, 2}) {
    calls.push_back({"add", v, {v}});
    calls.push_back({"remove", v, {v, kYes, kNo}});
    calls.push_back({"contains", v, {kYes, kNo}});
    calls.push_back({"count", v, {0, 1, 2}});
  }
}

void AddLockCalls(bool tells, std::vector<PlainCall>& calls) {
  Values tokens = {kNothing};
  for (int token = 1; tells && token <= 5; ++token) tokens.push_back(token);
  for (const char* client : {"a", "b"}) {
    const PlainValue owner = PlainValue::Map({{"client", client}});
    calls.push_back({"acquire", owner, tokens});
    calls.push_back({"release", owner, {kNothing}});
  }
}

void AddSemaphoreCalls(std::vector<PlainCall>& calls) {
  for (const char* function : {"acquire", "release"}) {
    calls.push_back({function, {}, {kNothing}});
    for (int count : {0, 1, 2}) calls.push_back({function, count, {kNothing}});
  }
}

void AddLogCalls(std::vector<PlainCall>& calls) {
  for (int v : {1, 2}) {
    calls.push_back(
        {"append", v, {kNothing, 0, 1, 2, List({v, 0}), List({v, 1})}});
  }
  calls.push_back({"read", {}, ListsOver({1, 2}, 3)});
  for (int at : {0, 1, 2}) calls.push_back({"read", at, {kNothing, 1, 2}});
}

std::vector<PlainCall> CallsOf(const std::string& type, bool is_small) {
  std::vector<PlainCall> calls;
  const int values = is_small ? 2 : 3;
  if (type == "register" || type == "cas-register") {
    AddRegisterCalls(values, type == "cas-register", calls);
  } else if (type == "fifo-queue" || type == "unordered-queue") {
    AddCollectionCalls("enqueue", "dequeue", values, calls);
  } else if (type == "stack") {
    AddCollectionCalls("push", "pop", values, calls);
  } else if (type == "set" && is_small) {
    AddSmallSetCalls(calls);
  } else if (type == "set" || type == "g-set") {
    AddSetCalls(values, type == "set", calls);
  } else if (type == "kv") {
    AddKvCalls(calls);
  } else if (type == "multi-register") {
    AddMultiRegisterCalls(calls);
  } else if (type == "counter") {
    AddCounterCalls(calls);
  } else if (type == "list-append") {
    for (int v : {1, 2, 3}) calls.push_back({"append", v, {v}});
    calls.push_back({"read", {}, ListsOver({1, 2, 3}, 4)});
  } else if (type == "multiset") {
    AddMultisetCalls(calls);
  } else if (type == "priority-queue") {
    AddCollectionCalls("insert", "delete-min", values, calls);
  } else if (type == "reentrant-mutex" || type == "fenced-lock") {
    AddLockCalls(type == "fenced-lock", calls);
  } else if (type == "semaphore") {
    AddSemaphoreCalls(calls);
  } else if (type == "unique-ids") {
    calls.push_back({"generate", {}, {1, 2, 3, 4, 5, 6, 7, 8}});
  } else if (type == "log") {
    AddLogCalls(calls);
  } else if (type == "bank") {
    AddBankCalls(calls);
  } else if (type == "mutex") {
    calls.push_back({"acquire", {}, {{}}});
    calls.push_back({"release", {}, {{}}});
  }
  return calls;
}

// A state that is not the default one.
PlainValue OtherState(const std::string& type) {
  if (type == "register" || type == "cas-register") return 2;
  if (type == "kv") return "ab";
  if (type == "counter") return 2;
  if (type == "mutex") return kYes;
  if (type == "reentrant-mutex") return kNo;
  if (type == "fenced-lock") return 2;
  if (type == "semaphore") return 3;
  if (type == "multi-register") return PlainValue::Map({{"x", 1}, {"z", 1}});
  if (type == "bank") return PlainValue::Map({{"x", 6}, {"y", 14}});
  if (type == "set" || type == "g-set") return List({1, 3});
  return List({1, 2});
}

// Builds every history event by event.
class Enumerator {
 public:
  Enumerator(const PlainAlphabet& alphabet, size_t operations,
             std::span<const PlainOutcome> outcomes, size_t shard,
             size_t shards,
             const std::function<void(const PlainHistory&)>& visit)
      : size_(operations), shard_(shard), shards_(shards), visit_(visit) {
    history_.type = alphabet.type;
    history_.initial = alphabet.initial;
    for (const PlainCall& call : alphabet.calls) {
      for (const PlainOutcome outcome : outcomes) {
        AddLetters(call, outcome);
      }
    }
  }

  void Run() { Extend(0); }

 private:
  void AddLetters(const PlainCall& call, PlainOutcome outcome) {
    PlainOperation letter = {call.function, call.argument, {}, outcome, 0, 0};
    if (outcome != PlainOutcome::kOk) {
      letters_.push_back(letter);
      return;
    }
    for (const PlainValue& result : call.results) {
      letter.result = result;
      letters_.push_back(letter);
    }
  }

  void Extend(int event) {
    std::vector<PlainOperation>& operations = history_.operations;
    if (operations.size() == size_ && open_.empty()) {
      visit_(history_);
      return;
    }
    for (size_t i = 0; i < open_.size(); ++i) {
      const size_t op = open_[i];
      operations[op].end = event;
      open_.erase(open_.begin() + static_cast<ptrdiff_t>(i));
      Extend(event + 1);
      open_.insert(open_.begin() + static_cast<ptrdiff_t>(i), op);
    }
    if (operations.size() == size_) return;
    for (size_t letter = 0; letter < letters_.size(); ++letter) {
      if (operations.empty() && letter % shards_ != shard_) continue;
      operations.push_back(letters_[letter]);
      operations.back().call = event;
      const bool returns = operations.back().outcome != PlainOutcome::kInfo;
      if (returns) open_.push_back(operations.size() - 1);
      Extend(event + 1);
      if (returns) open_.pop_back();
      operations.pop_back();
    }
  }

  size_t size_;
  size_t shard_;
  size_t shards_;
  const std::function<void(const PlainHistory&)>& visit_;
  std::vector<PlainOperation> letters_;
  PlainHistory history_;
  std::vector<size_t> open_;
};

// Runs one object with a few clients.
class Simulation {
 public:
  Simulation(const PlainAlphabet& alphabet, size_t operations,
             TestRandom& random)
      : alphabet_(alphabet),
        size_(operations),
        random_(random),
        state_(alphabet.initial) {
    history_.type = alphabet.type;
    history_.initial = alphabet.initial;
  }

  PlainHistory Run() {
    const size_t clients = 1 + random_.Below(4);
    for (int event = 0; history_.operations.size() < size_ || !open_.empty();
         ++event) {
      const bool can_call =
          open_.size() < clients && history_.operations.size() < size_;
      if (can_call && (open_.empty() || random_.Percent(60))) {
        CallNext(event);
      } else {
        Return(event);
      }
    }
    return std::move(history_);
  }

 private:
  void CallNext(int event) {
    const PlainCall& call =
        alphabet_.calls[random_.Below(alphabet_.calls.size())];
    PlainOperation op = {call.function,       call.argument, {},
                         PlainOutcome::kInfo, event,         0};
    history_.operations.push_back(op);
    call_of_.push_back(&call);
    const size_t index = history_.operations.size() - 1;
    open_.push_back(index);
    // Some take effect at once, most when they return.
    if (random_.Percent(30)) TakeEffect(index);
  }

  void Return(int event) {
    const size_t i = random_.Below(open_.size());
    const size_t op = open_[i];
    open_.erase(open_.begin() + static_cast<ptrdiff_t>(i));
    PlainOperation& operation = history_.operations[op];
    operation.end = event;
    const bool has_happened = operation.outcome == PlainOutcome::kOk;
    if (has_happened) {
      if (random_.Percent(15)) operation.outcome = PlainOutcome::kInfo;
    } else if (random_.Percent(10)) {
      operation.outcome = PlainOutcome::kFail;
    } else if (random_.Percent(15)) {
      // It never happens, or it happens when others have come and gone.
      if (random_.Percent(50)) late_.push_back(op);
    } else {
      TakeEffect(op);
    }
    if (!late_.empty() && random_.Percent(30)) {
      TakeEffect(late_.back());
      history_.operations[late_.back()].outcome = PlainOutcome::kInfo;
      late_.pop_back();
    }
  }

  // Makes the operation ok with a result that fits; leaves it info if none in
  // the alphabet does.
  void TakeEffect(size_t op) {
    PlainOperation attempt = history_.operations[op];
    attempt.outcome = PlainOutcome::kOk;
    std::vector<std::pair<PlainValue, PlainValue>> ways;  // result, next state
    for (const PlainValue& result : call_of_[op]->results) {
      attempt.result = result;
      for (PlainValue& next : Replay(alphabet_.type, state_, attempt)) {
        ways.emplace_back(result, std::move(next));
      }
    }
    if (ways.empty()) return;
    auto& [result, next] = ways[random_.Below(ways.size())];
    history_.operations[op].outcome = PlainOutcome::kOk;
    history_.operations[op].result = result;
    state_ = next;
  }

  const PlainAlphabet& alphabet_;
  size_t size_;
  TestRandom& random_;
  PlainValue state_;
  PlainHistory history_;
  std::vector<const PlainCall*> call_of_;  // by operation
  std::vector<size_t> open_;
  std::vector<size_t> late_;  // info operations that will take effect later
};

const PlainValue& RandomResult(const PlainCall& call, TestRandom& random) {
  return call.results[random.Below(call.results.size())];
}

PlainHistory Noise(const PlainAlphabet& alphabet, size_t operations,
                   TestRandom& random) {
  PlainHistory history;
  history.type = alphabet.type;
  history.initial = alphabet.initial;
  std::vector<size_t> open;
  for (int event = 0; history.operations.size() < operations || !open.empty();
       ++event) {
    const bool can_call = history.operations.size() < operations;
    if (can_call && (open.empty() || random.Percent(50))) {
      const PlainCall& call =
          alphabet.calls[random.Below(alphabet.calls.size())];
      PlainOperation op = {
          call.function,     call.argument, RandomResult(call, random),
          PlainOutcome::kOk, event,         0};
      if (random.Percent(25)) op.outcome = PlainOutcome::kInfo;
      if (random.Percent(5)) op.outcome = PlainOutcome::kFail;
      if (op.outcome != PlainOutcome::kInfo) {
        open.push_back(history.operations.size());
      }
      history.operations.push_back(op);
    } else {
      const size_t i = random.Below(open.size());
      history.operations[open[i]].end = event;
      open.erase(open.begin() + static_cast<ptrdiff_t>(i));
    }
  }
  return history;
}

// Gives one operation another result or another outcome.
void Spoil(const PlainAlphabet& alphabet, PlainHistory& history,
           TestRandom& random) {
  PlainOperation& op =
      history.operations[random.Below(history.operations.size())];
  for (const PlainCall& call : alphabet.calls) {
    if (call.function == op.function && call.argument == op.argument &&
        random.Percent(80)) {
      op.result = RandomResult(call, random);
      return;
    }
  }
  if (op.outcome == PlainOutcome::kOk) op.outcome = PlainOutcome::kFail;
}

}  // namespace

uint64_t TestRandom::Next() {
  state_ += 0x9E3779B97F4A7C15u;
  return MixHash(state_);
}

PlainAlphabet SmallAlphabet(const std::string& type) {
  return {type, DefaultState(type), CallsOf(type, /*is_small=*/true)};
}

PlainAlphabet LargeAlphabet(const std::string& type, bool has_default_start) {
  return {type, has_default_start ? DefaultState(type) : OtherState(type),
          CallsOf(type, /*is_small=*/false)};
}

std::array<PlainAlphabet, 2> LargeAlphabets(const std::string& type) {
  return {LargeAlphabet(type, true), LargeAlphabet(type, false)};
}

void ForEachHistory(const PlainAlphabet& alphabet, size_t operations,
                    std::span<const PlainOutcome> outcomes, size_t shard,
                    size_t shards,
                    const std::function<void(const PlainHistory&)>& visit) {
  Enumerator(alphabet, operations, outcomes, shard, shards, visit).Run();
}

PlainHistory RandomHistory(const PlainAlphabet& alphabet, size_t max_operations,
                           TestRandom& random) {
  const size_t operations = 1 + random.Below(max_operations);
  if (random.Below(3) == 0) return Noise(alphabet, operations, random);
  PlainHistory history = Simulation(alphabet, operations, random).Run();
  if (random.Percent(50)) Spoil(alphabet, history, random);
  return history;
}

}  // namespace minos::testing
