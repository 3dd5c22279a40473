#include "tests/support/causal_oracle.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "tests/support/linear_oracle.h"

namespace minos::testing {
namespace {

// `op` and what comes before it.
OpSet PastOf(const TinyOrder& order, size_t op) {
  return order.before[op] | Only(op);
}

// One order for each session, of all that precedes any of its operations.
bool EachSessionIsExplained(const TinyFacts& facts, const TinyOrder& order,
                            const Choice* choice) {
  return std::all_of(facts.sessions.begin(), facts.sessions.end(),
                     [&](int session) {
                       const OpSet own = facts.OfSession(session);
                       LinearQuestion question;
                       for (size_t op = 0; op < facts.ops.size(); ++op) {
                         if (Contains(own, op))
                           question.members |= PastOf(order, op);
                       }
                       question.order = order;
                       question.judged = own & facts.reads;
                       question.choice = choice;
                       return HasLinearOrder(facts, question);
                     });
}

// ---- The least causal order

bool LeastOrder(const TinyFacts& facts, const Choice& choice,
                TinyOrder& order) {
  order = facts.session;
  for (size_t read = 0; read < facts.ops.size(); ++read) {
    for (size_t update = 0; update < facts.ops.size(); ++update) {
      const bool shows =
          facts.IsRead(read) && Contains(choice[read]->updates, update);
      if (shows && !order.Add(update, read)) return false;
    }
  }
  return true;
}

// Each read by an order of its own, or all reads by one.
bool ReadsAreExplained(const TinyFacts& facts, const Choice& choice,
                       const TinyOrder& causal, bool by_one_order) {
  TinyOrder order = causal;
  for (size_t read = 0; read < facts.ops.size(); ++read) {
    if (!facts.IsRead(read)) continue;
    if (!by_one_order) order = causal;
    if (!Explain(facts, read, causal.before[read], *choice[read], order)) {
      return false;
    }
  }
  return true;
}

// ---- All causal orders

using Orders = std::vector<TinyOrder>;

// Every strict partial order of `n` operations that contains `least`: all that
// adding one pair after the other leads to.
Orders OrdersWith(const TinyOrder& least, size_t n) {
  std::set<decltype(least.before)> found = {least.before};
  Orders orders = {least};
  for (size_t next = 0; next < orders.size(); ++next) {
    for (size_t a = 0; a < n; ++a) {
      for (size_t b = 0; b < n; ++b) {
        TinyOrder more = orders[next];
        if (more.Add(a, b) && found.insert(more.before).second) {
          orders.push_back(more);
        }
      }
    }
  }
  return orders;
}

// They are the same for many histories, so they are kept.
const Orders& KnownOrdersWith(const TinyOrder& least, size_t n) {
  static std::map<std::pair<size_t, decltype(least.before)>, Orders> known;
  Orders& orders = known[{n, least.before}];
  if (orders.empty()) orders = OrdersWith(least, n);
  return orders;
}

// Nothing comes after what was called when it had ended.
bool IsPossible(const TinyFacts& facts, const TinyOrder& order) {
  for (size_t op = 0; op < facts.ops.size(); ++op) {
    for (size_t other = 0; other < facts.ops.size(); ++other) {
      if (order.Has(other, op) && facts.real_time.Has(op, other)) return false;
    }
  }
  return true;
}

bool EachPastExplains(const TinyFacts& facts, const TinyOrder& order) {
  for (size_t read = 0; read < facts.ops.size(); ++read) {
    if (!facts.IsRead(read)) continue;
    LinearQuestion question;
    question.members = PastOf(order, read);
    question.order = order;
    question.judged = Only(read);
    if (!HasLinearOrder(facts, question)) return false;
  }
  return true;
}

bool OneOrderExplains(const TinyFacts& facts, const TinyOrder& order) {
  LinearQuestion question;
  question.members = facts.all;
  question.order = order;
  question.judged = facts.reads;
  question.visible = &order;
  return HasLinearOrder(facts, question);
}

bool SomeOrderExplains(const TinyFacts& facts, Causality kind) {
  const Orders& orders = KnownOrdersWith(facts.session, facts.ops.size());
  return std::any_of(orders.begin(), orders.end(), [&](const TinyOrder& order) {
    if (!IsPossible(facts, order)) return false;
    if (kind == Causality::kConvergence) {
      return OneOrderExplains(facts, order);
    }
    return EachPastExplains(facts, order) &&
           (kind == Causality::kPlain ||
            EachSessionIsExplained(facts, order, nullptr));
  });
}

}  // namespace

bool AllowsCausal(const TinyFacts& facts, Causality kind) {
  return AnyChoice(facts, [&](const Choice& choice) {
    TinyOrder causal;
    return LeastOrder(facts, choice, causal) &&
           ReadsAreExplained(facts, choice, causal,
                             kind == Causality::kConvergence) &&
           (kind != Causality::kMemory ||
            EachSessionIsExplained(facts, causal, &choice));
  });
}

bool AllowsSomeCausalOrder(const TinyFacts& facts, Causality kind) {
  // All operations, and any of those that may have happened.
  OpSet without = 0;
  do {
    TinyHistory happened;
    for (size_t op = 0; op < facts.ops.size(); ++op) {
      if (!Contains(without, op)) happened.push_back(facts.ops[op]);
    }
    if (SomeOrderExplains(TinyFacts(happened, facts.type), kind)) return true;
    without = (without - facts.info) & facts.info;
  } while (without != 0);
  return false;
}

}  // namespace minos::testing
