#include "tests/support/tiny_facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace minos::testing {

using history::Outcome;

namespace {

bool Tells(const TinyOp& op) {
  if (op.outcome == Outcome::kFail) return false;
  return !op.is_read || op.outcome == Outcome::kOk;
}

// What happens after an info operation, nobody can say.
int EndOf(const TinyOp& op) {
  return op.outcome == Outcome::kInfo ? kTinyNever : op.ret;
}

std::vector<int> Distinct(std::vector<int> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

// Adds to `result` each order of updates from `updates` that shows the elements
// from `at` on of a list.
void AddOrders(const TinyFacts& facts, const TinyOp& read, OpSet updates,
               Shown& begun, std::vector<Shown>& result) {
  const size_t at = begun.order.size();
  if (at == read.shown.size()) {
    result.push_back(begun);
    return;
  }
  for (size_t u = 0; u < facts.ops.size(); ++u) {
    if (!Contains(updates & ~begun.updates, u)) continue;
    if (facts.ops[u].value != read.shown[at]) continue;
    begun.order.push_back(u);
    begun.updates |= Only(u);
    AddOrders(facts, read, updates, begun, result);
    begun.updates &= ~Only(u);
    begun.order.pop_back();
  }
}

std::vector<Shown> AllShown(const TinyFacts& facts, size_t read) {
  OpSet updates = 0;
  for (size_t u = 0; u < facts.ops.size(); ++u) {
    const bool fits = Contains(facts.updates, u) && facts.MaySee(read, u) &&
                      facts.ops[u].key == facts.ops[read].key;
    if (fits) updates |= Only(u);
  }
  std::vector<Shown> result;
  if (facts.type == TinyType::kList) {
    Shown begun;
    AddOrders(facts, facts.ops[read], updates, begun, result);
    return result;
  }
  for (OpSet chosen = 0; chosen <= updates; ++chosen) {
    if ((chosen & ~updates) != 0) continue;
    const bool several = (chosen & (chosen - 1)) != 0;
    if (facts.type == TinyType::kRegister && several) continue;
    std::vector<size_t> seen;
    for (size_t u = 0; u < facts.ops.size(); ++u) {
      if (Contains(chosen, u)) seen.push_back(u);
    }
    if (Makes(facts, seen, read)) result.push_back({chosen});
  }
  return result;
}

}  // namespace

bool TinyOrder::Add(size_t a, size_t b) {
  if (a == b || Has(b, a)) return false;
  if (Has(a, b)) return true;
  const OpSet more = before[a] | Only(a);
  for (size_t x = 0; x < before.size(); ++x) {
    if (x == b || Has(b, x)) before[x] |= more;
  }
  return true;
}

TinyFacts::TinyFacts(const TinyHistory& history, TinyType of) : type(of) {
  for (const TinyOp& op : history) {
    if (!Tells(op)) continue;
    ops.push_back(op);
    keys.push_back(op.key);
    sessions.push_back(op.session);
  }
  EXPECT_LE(ops.size(), kMaxTinyOperations);
  keys = Distinct(std::move(keys));
  sessions = Distinct(std::move(sessions));
  for (size_t a = 0; a < ops.size(); ++a) {
    all |= Only(a);
    (ops[a].is_read ? reads : updates) |= Only(a);
    if (ops[a].outcome == Outcome::kInfo) info |= Only(a);
    for (size_t b = 0; b < ops.size(); ++b) {
      if (EndOf(ops[a]) >= ops[b].call) continue;
      real_time.before[b] |= Only(a);
      if (ops[a].session == ops[b].session) session.before[b] |= Only(a);
    }
  }
  shown.resize(ops.size());
  for (size_t op = 0; op < ops.size(); ++op) {
    if (IsRead(op)) shown[op] = AllShown(*this, op);
  }
}

OpSet TinyFacts::OfKey(int key) const {
  OpSet set = 0;
  for (size_t op = 0; op < ops.size(); ++op) {
    if (ops[op].key == key) set |= Only(op);
  }
  return set;
}

OpSet TinyFacts::OfSession(int session) const {
  OpSet set = 0;
  for (size_t op = 0; op < ops.size(); ++op) {
    if (ops[op].session == session) set |= Only(op);
  }
  return set;
}

bool TinyFacts::MaySee(size_t read, size_t update) const {
  return ops[update].call < EndOf(ops[read]);
}

bool AnyChoice(const TinyFacts& facts,
               const std::function<bool(const Choice&)>& visit) {
  Choice choice(facts.ops.size(), nullptr);
  const auto choose = [&](const auto& self, size_t op) -> bool {
    if (op == facts.ops.size()) return visit(choice);
    if (!facts.IsRead(op)) return self(self, op + 1);
    return std::any_of(facts.shown[op].begin(), facts.shown[op].end(),
                       [&](const Shown& shown) {
                         choice[op] = &shown;
                         return self(self, op + 1);
                       });
  };
  return choose(choose, 0);
}

bool Makes(const TinyFacts& facts, std::span<const size_t> seen, size_t read) {
  const TinyOp& op = facts.ops[read];
  std::vector<int> values;
  for (const size_t u : seen) values.push_back(facts.ops[u].value);
  switch (facts.type) {
    case TinyType::kRegister:
      return op.value == (values.empty() ? 0 : values.back());
    case TinyType::kCounter:
      return op.value == std::accumulate(values.begin(), values.end(), 0);
    case TinyType::kSet:
      return op.shown == Distinct(std::move(values));
    case TinyType::kList:
      return op.shown == values;
  }
  return false;
}

bool Explain(const TinyFacts& facts, size_t read, OpSet seen,
             const Shown& shown, TinyOrder& order) {
  const OpSet of_key = seen & facts.updates & facts.OfKey(facts.ops[read].key);
  if ((shown.updates & ~of_key) != 0) return false;
  if (facts.type == TinyType::kRegister) {
    if (shown.updates == 0) return of_key == 0;
    const size_t last = static_cast<size_t>(std::countr_zero(shown.updates));
    for (size_t u = 0; u < facts.ops.size(); ++u) {
      if (u != last && Contains(of_key, u) && !order.Add(u, last)) return false;
    }
    return true;
  }
  if (of_key != shown.updates) return false;
  for (size_t i = 1; i < shown.order.size(); ++i) {
    if (!order.Add(shown.order[i - 1], shown.order[i])) return false;
  }
  return true;
}

}  // namespace minos::testing
