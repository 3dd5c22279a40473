#include "tests/support/visibility_oracle.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/history_builder.h"

namespace minos::testing {

using history::Outcome;

namespace {

bool Counts(const TinyOp& op) {
  if (op.outcome == Outcome::kFail) return false;
  return !op.is_read || op.outcome == Outcome::kOk;
}

int EndOf(const TinyOp& op) {
  return op.outcome == Outcome::kInfo ? kTinyNever : op.ret;
}

bool RealTime(const TinyOp& a, const TinyOp& b) { return EndOf(a) < b.call; }

bool SessionOrder(const TinyOp& a, const TinyOp& b) {
  return a.session == b.session && RealTime(a, b);
}

bool MaySee(const TinyOp& read, const TinyOp& write) {
  return write.call < EndOf(read);
}

TinyHistory WithoutSilent(const TinyHistory& history) {
  TinyHistory result;
  for (const TinyOp& op : history) {
    if (Counts(op)) result.push_back(op);
  }
  return result;
}

// Calls `f` with every set of the operations that happened: all ok ones and
// any of the info ones. Stops, with true, when `f` returns true.
bool AnyCompletion(const TinyHistory& history,
                   const std::function<bool(const TinyHistory&)>& f) {
  std::vector<size_t> optional;
  for (size_t i = 0; i < history.size(); ++i) {
    if (history[i].outcome == Outcome::kInfo) optional.push_back(i);
  }
  for (unsigned mask = 0; mask < 1u << optional.size(); ++mask) {
    TinyHistory chosen;
    for (size_t i = 0; i < history.size(); ++i) {
      const auto at = std::find(optional.begin(), optional.end(), i);
      if (at == optional.end() || (mask >> (at - optional.begin()) & 1) != 0) {
        chosen.push_back(history[i]);
      }
    }
    if (f(chosen)) return true;
  }
  return false;
}

// ---- Linear orders

using Order = std::function<bool(const TinyOp&, const TinyOp&)>;

// Is there an order of all operations that contains `before` in which each read
// of `shown` returns one of the `k` latest writes of its key?
bool HasLinearOrder(const TinyHistory& ops, const Order& before,
                    const std::function<bool(const TinyOp&)>& shown, int k) {
  std::vector<size_t> order;
  std::vector<bool> used(ops.size(), false);
  std::function<bool()> extend = [&] {
    if (order.size() == ops.size()) return true;
    for (size_t i = 0; i < ops.size(); ++i) {
      if (used[i]) continue;
      bool is_first = true;
      for (size_t j = 0; j < ops.size(); ++j) {
        if (!used[j] && j != i && before(ops[j], ops[i])) is_first = false;
      }
      if (!is_first) continue;
      if (ops[i].is_read && shown(ops[i])) {
        int left = k;
        bool fits = false;
        bool reached_start = true;
        for (size_t p = order.size(); p-- > 0;) {
          const TinyOp& other = ops[order[p]];
          if (other.is_read || other.key != ops[i].key) continue;
          if (left-- == 0) {
            reached_start = false;
            break;
          }
          if (other.value == ops[i].value && MaySee(ops[i], other)) fits = true;
        }
        if (reached_start && left > 0 && ops[i].value == 0) fits = true;
        if (!fits) continue;
      }
      used[i] = true;
      order.push_back(i);
      if (extend()) return true;
      order.pop_back();
      used[i] = false;
    }
    return false;
  };
  return extend();
}

bool All(const TinyOp&) { return true; }

// ---- Visibility and arbitration

struct Rules {
  bool ryw = false, mr = false, mw = false, wfr = false;
};

Rules ParseRules(std::string_view names) {
  Rules rules;
  const auto has = [&](std::string_view name) {
    return names.find(name) != std::string_view::npos;
  };
  const bool all = names == "session";
  rules.ryw = all || has("read-your-writes") || names == "pram";
  rules.mr = all || has("monotonic-reads") || names == "pram";
  rules.mw = all || has("monotonic-writes") || names == "pram";
  rules.wfr = all || has("writes-follow-reads");
  return rules;
}

// A choice of what each read returned: an index of a write, -1 for the initial
// value, -2 for writes.
using Sources = std::vector<int>;

// Calls `f` with every choice of sources; true as soon as `f` is.
bool AnySources(const TinyHistory& ops,
                const std::function<bool(const Sources&)>& f) {
  Sources sources(ops.size(), -2);
  std::function<bool(size_t)> choose = [&](size_t i) {
    if (i == ops.size()) return f(sources);
    if (!ops[i].is_read) return choose(i + 1);
    if (ops[i].value == 0) {
      sources[i] = -1;
      if (choose(i + 1)) return true;
    }
    for (size_t w = 0; w < ops.size(); ++w) {
      if (ops[w].is_read || ops[w].key != ops[i].key ||
          ops[w].value != ops[i].value || !MaySee(ops[i], ops[w])) {
        continue;
      }
      sources[i] = static_cast<int>(w);
      if (choose(i + 1)) return true;
    }
    return false;
  };
  return choose(0);
}

class GuaranteeOracle {
 public:
  GuaranteeOracle(const TinyHistory& ops, const Sources& sources, Rules rules,
                  TinyArbitration arbitration)
      : ops_(ops), sources_(sources), rules_(rules), arbitration_(arbitration) {
    for (size_t i = 0; i < ops.size(); ++i) {
      if (!ops[i].is_read) writes_.push_back(static_cast<int>(i));
    }
  }

  // Is there an arbitration for the reads of `session`?
  bool Allows(int session) const {
    std::vector<int> order = writes_;
    do {
      if (IsArbitration(order) && HasVisibility(session, order)) return true;
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
  }

 private:
  bool IsArbitration(const std::vector<int>& order) const {
    std::vector<size_t> place(ops_.size());
    for (size_t p = 0; p < order.size(); ++p) place[order[p]] = p;
    for (const int a : order) {
      for (const int b : order) {
        if (place[a] < place[b] || a == b) continue;
        // Here b comes before a.
        const TinyOp& x = ops_[a];
        const TinyOp& y = ops_[b];
        if (rules_.mw && SessionOrder(x, y)) return false;
        if (arbitration_ != TinyArbitration::kNone && x.key == y.key &&
            SessionOrder(x, y)) {
          return false;
        }
        if (arbitration_ == TinyArbitration::kRealTime && x.key == y.key &&
            RealTime(x, y)) {
          return false;
        }
        if (!rules_.wfr) continue;
        for (size_t r = 0; r < ops_.size(); ++r) {
          if (sources_[r] == a && SessionOrder(ops_[r], y)) return false;
        }
      }
    }
    return true;
  }

  // Chooses what the reads of the session see, one after the other.
  bool HasVisibility(int session, const std::vector<int>& order) const {
    std::vector<int> reads;
    for (size_t i = 0; i < ops_.size(); ++i) {
      if (ops_[i].is_read && ops_[i].session == session) {
        reads.push_back(static_cast<int>(i));
      }
    }
    std::sort(reads.begin(), reads.end(),
              [&](int a, int b) { return ops_[a].call < ops_[b].call; });
    std::vector<unsigned> seen(ops_.size(), 0);
    std::function<bool(size_t)> choose = [&](size_t n) {
      if (n == reads.size()) return true;
      for (unsigned set = 0; set < 1u << writes_.size(); ++set) {
        unsigned mask = 0;
        for (size_t w = 0; w < writes_.size(); ++w) {
          if ((set >> w & 1) != 0) mask |= 1u << writes_[w];
        }
        if (!Returns(reads[n], mask, order)) continue;
        if (!IsClosed(reads, n, mask, seen)) continue;
        seen[reads[n]] = mask;
        if (choose(n + 1)) return true;
      }
      return false;
    };
    return choose(0);
  }

  bool Returns(int read, unsigned mask, const std::vector<int>& order) const {
    int last = -1;
    for (const int w : order) {
      if ((mask >> w & 1) != 0 && ops_[w].key == ops_[read].key) last = w;
    }
    return last == sources_[read];
  }

  bool IsClosed(const std::vector<int>& reads, size_t n, unsigned mask,
                const std::vector<unsigned>& seen) const {
    const TinyOp& read = ops_[reads[n]];
    for (const int w : writes_) {
      const bool sees = (mask >> w & 1) != 0;
      if (rules_.ryw && !sees && SessionOrder(ops_[w], read)) return false;
      if (!sees) continue;
      for (size_t other = 0; other < ops_.size(); ++other) {
        if (!SessionOrder(ops_[other], ops_[w])) continue;
        if (rules_.mw && !ops_[other].is_read && (mask >> other & 1) == 0) {
          return false;
        }
        if (rules_.wfr && sources_[other] >= 0 &&
            (mask >> sources_[other] & 1) == 0) {
          return false;
        }
      }
    }
    if (!rules_.mr) return true;
    for (size_t m = 0; m < n; ++m) {
      if (SessionOrder(ops_[reads[m]], read) && (seen[reads[m]] & ~mask) != 0) {
        return false;
      }
    }
    return true;
  }

  const TinyHistory& ops_;
  const Sources& sources_;
  Rules rules_;
  TinyArbitration arbitration_;
  std::vector<int> writes_;
};

std::set<int> SessionsOf(const TinyHistory& ops) {
  std::set<int> sessions;
  for (const TinyOp& op : ops) sessions.insert(op.session);
  return sessions;
}

bool AllowsGuarantees(const TinyHistory& ops, std::string_view names,
                      TinyArbitration arbitration) {
  return AnySources(ops, [&](const Sources& sources) {
    const GuaranteeOracle oracle(ops, sources, ParseRules(names), arbitration);
    for (const int session : SessionsOf(ops)) {
      if (!oracle.Allows(session)) return false;
    }
    return true;
  });
}

// ---- Causal orders

// A strict partial order of n operations: bit a * n + b says a before b.
using Relation = uint64_t;

const std::vector<Relation>& PartialOrders(size_t n) {
  static std::vector<std::vector<Relation>> known(8);
  std::vector<Relation>& result = known[n];
  if (!result.empty()) return result;
  const auto bit = [n](size_t a, size_t b) {
    return Relation{1} << (a * n + b);
  };
  std::set<Relation> found = {0};
  std::vector<Relation> queue = {0};
  while (!queue.empty()) {
    const Relation order = queue.back();
    queue.pop_back();
    result.push_back(order);
    for (size_t a = 0; a < n; ++a) {
      for (size_t b = 0; b < n; ++b) {
        if (a == b || (order & (bit(a, b) | bit(b, a))) != 0) continue;
        Relation more = order;
        for (size_t x = 0; x < n; ++x) {
          for (size_t y = 0; y < n; ++y) {
            if ((x == a || (order & bit(x, a)) != 0) &&
                (y == b || (order & bit(b, y)) != 0)) {
              more |= bit(x, y);
            }
          }
        }
        if (found.insert(more).second) queue.push_back(more);
      }
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

enum class Causality : uint8_t { kPlain, kConvergence, kMemory };

class CausalOracle {
 public:
  CausalOracle(const TinyHistory& ops, Causality kind)
      : ops_(ops), kind_(kind) {}

  bool Allows() const {
    const size_t n = ops_.size();
    Relation must = 0;
    Relation may = 0;
    for (size_t a = 0; a < n; ++a) {
      for (size_t b = 0; b < n; ++b) {
        if (SessionOrder(ops_[a], ops_[b])) must |= Bit(a, b);
        if (ops_[a].call < EndOf(ops_[b])) may |= Bit(a, b);
      }
    }
    for (const Relation order : PartialOrders(n)) {
      if ((order & must) != must || (order & ~may) != 0) continue;
      if (kind_ == Causality::kConvergence ? Converges(order)
          : kind_ == Causality::kMemory    ? EachSessionExplains(order)
                                           : EachPastExplains(order)) {
        return true;
      }
    }
    return false;
  }

 private:
  Relation Bit(size_t a, size_t b) const {
    return Relation{1} << (a * ops_.size() + b);
  }

  // The operations before `op` and itself, with their numbers as values of
  // `key` untouched.
  std::vector<size_t> Past(Relation order, size_t op) const {
    std::vector<size_t> past;
    for (size_t a = 0; a < ops_.size(); ++a) {
      if (a == op || (order & Bit(a, op)) != 0) past.push_back(a);
    }
    return past;
  }

  // Is there an order of `members` that contains `order` and explains the reads
  // among them for which `shows` is true?
  bool Explains(Relation order, const std::vector<size_t>& members,
                const std::function<bool(size_t)>& shows) const {
    TinyHistory part;
    for (const size_t member : members) part.push_back(ops_[member]);
    const auto index = [&](const TinyOp& x) {
      return members[static_cast<size_t>(&x - part.data())];
    };
    const auto before = [&](const TinyOp& x, const TinyOp& y) {
      return (order & Bit(index(x), index(y))) != 0;
    };
    const auto shown = [&](const TinyOp& x) { return shows(index(x)); };
    return HasLinearOrder(part, before, shown, 1);
  }

  bool EachPastExplains(Relation order) const {
    for (size_t op = 0; op < ops_.size(); ++op) {
      if (!ops_[op].is_read) continue;
      if (!Explains(order, Past(order, op),
                    [op](size_t i) { return i == op; })) {
        return false;
      }
    }
    return true;
  }

  // One order for each session, of all that precedes any of its operations.
  bool EachSessionExplains(Relation order) const {
    for (const int session : SessionsOf(ops_)) {
      std::set<size_t> members;
      for (size_t op = 0; op < ops_.size(); ++op) {
        if (ops_[op].session != session) continue;
        for (const size_t before : Past(order, op)) members.insert(before);
      }
      if (!Explains(order, {members.begin(), members.end()},
                    [&](size_t i) { return ops_[i].session == session; })) {
        return false;
      }
    }
    return true;
  }

  // Is there one order of all operations that contains `order` and by which
  // the past of each explains it?
  bool Converges(Relation order) const {
    std::vector<size_t> all(ops_.size());
    std::iota(all.begin(), all.end(), size_t{0});
    do {
      bool fits = true;
      for (size_t p = 0; p < all.size() && fits; ++p) {
        for (size_t q = 0; q < p; ++q) {
          if ((order & Bit(all[p], all[q])) != 0) fits = false;
        }
      }
      for (size_t op = 0; op < ops_.size() && fits; ++op) {
        if (!ops_[op].is_read) continue;
        int value = 0;
        for (const size_t w : all) {
          if (!ops_[w].is_read && ops_[w].key == ops_[op].key &&
              (order & Bit(w, op)) != 0) {
            value = ops_[w].value;
          }
        }
        if (value != ops_[op].value) fits = false;
      }
      if (fits) return true;
    } while (std::next_permutation(all.begin(), all.end()));
    return false;
  }

  const TinyHistory& ops_;
  Causality kind_;
};

bool AllowsCausal(const TinyHistory& ops, Causality kind) {
  return AnyCompletion(ops, [&](const TinyHistory& chosen) {
    return CausalOracle(chosen, kind).Allows();
  });
}

bool AllowsLinear(const TinyHistory& ops, const Order& before, int k) {
  return AnyCompletion(ops, [&](const TinyHistory& chosen) {
    return HasLinearOrder(chosen, before, All, k);
  });
}

bool AllowsCoherence(const TinyHistory& ops) {
  std::set<int> keys;
  for (const TinyOp& op : ops) keys.insert(op.key);
  return std::all_of(keys.begin(), keys.end(), [&](int key) {
    TinyHistory part;
    for (const TinyOp& op : ops) {
      if (op.key == key) part.push_back(op);
    }
    return AllowsLinear(part, SessionOrder, 1);
  });
}

}  // namespace

bool OracleAllows(const TinyHistory& history, std::string_view model,
                  TinyArbitration arbitration) {
  const TinyHistory ops = WithoutSilent(history);
  if (model == "causal") return AllowsCausal(ops, Causality::kPlain);
  if (model == "causal-convergence") {
    return AllowsCausal(ops, Causality::kConvergence);
  }
  if (model == "causal-memory") return AllowsCausal(ops, Causality::kMemory);
  if (model == "coherence") return AllowsCoherence(ops);
  if (model == "sequential") return AllowsLinear(ops, SessionOrder, 1);
  if (model == "linearizable") return AllowsLinear(ops, RealTime, 1);
  if (model.substr(0, 2) == "k:") {
    // Staleness is local: each key is judged by itself.
    const int k = std::stoi(std::string(model.substr(2)));
    std::set<int> keys;
    for (const TinyOp& op : ops) keys.insert(op.key);
    return std::all_of(keys.begin(), keys.end(), [&](int key) {
      TinyHistory part;
      for (const TinyOp& op : ops) {
        if (op.key == key) part.push_back(op);
      }
      return AllowsLinear(part, RealTime, k);
    });
  }
  return AllowsGuarantees(ops, model, arbitration);
}

bool OracleAllowsGiven(const TinyHistory& history, std::string_view names,
                       std::string_view assumed, bool& skipped) {
  const TinyHistory ops = WithoutSilent(history);
  const std::string both =
      absl::StrCat(std::string(names), "+", std::string(assumed));
  skipped = false;
  bool any_skipped = true;
  const bool found = AnySources(ops, [&](const Sources& sources) {
    const GuaranteeOracle alone(ops, sources, ParseRules(assumed),
                                TinyArbitration::kSession);
    const GuaranteeOracle together(ops, sources, ParseRules(both),
                                   TinyArbitration::kSession);
    bool skips = false;
    for (const int session : SessionsOf(ops)) {
      if (together.Allows(session)) continue;
      if (alone.Allows(session)) return false;
      skips = true;
    }
    // A choice of sources that skips nobody is better than one that does.
    any_skipped = any_skipped && skips;
    return !skips;
  });
  if (found) return true;
  // No choice is valid outright; is there one in which nobody breaks them?
  skipped = AnySources(ops, [&](const Sources& sources) {
    const GuaranteeOracle alone(ops, sources, ParseRules(assumed),
                                TinyArbitration::kSession);
    const GuaranteeOracle together(ops, sources, ParseRules(both),
                                   TinyArbitration::kSession);
    for (const int session : SessionsOf(ops)) {
      if (!together.Allows(session) && alone.Allows(session)) return false;
    }
    return true;
  });
  return false;
}

bool OracleAllowsDelta(const TinyHistory& history, int delta) {
  TinyHistory ops = WithoutSilent(history);
  for (TinyOp& op : ops) {
    op.call *= 2;
    if (op.ret < kTinyNever) op.ret *= 2;
    if (op.is_read) op.call -= delta;
  }
  return AllowsLinear(ops, RealTime, 1);
}

history::History ToHistory(const TinyHistory& tiny) {
  struct Moment {
    int position;
    bool is_return;
    size_t op;
  };
  std::vector<Moment> moments;
  for (size_t i = 0; i < tiny.size(); ++i) {
    moments.push_back({tiny[i].call, false, i});
    if (tiny[i].ret < kTinyNever) moments.push_back({tiny[i].ret, true, i});
  }
  std::sort(
      moments.begin(), moments.end(),
      [](const Moment& a, const Moment& b) { return a.position < b.position; });
  history::HistoryBuilder builder("tiny");
  history::ValueTable& values = builder.values();
  uint32_t line = 0;
  for (const Moment& moment : moments) {
    const TinyOp& op = tiny[moment.op];
    const auto value = op.value == 0 ? history::kNil : values.Integer(op.value);
    history::Event event;
    event.position = {++line, 1};
    event.process = values.Integer(static_cast<int64_t>(moment.op));
    event.time = int64_t{moment.position} * 10;
    if (!moment.is_return) {
      event.type = history::EventType::kInvoke;
      event.function = values.Keyword(op.is_read ? "read" : "write");
      event.value = op.is_read ? history::kNil : value;
      event.key = values.String(op.key == 0 ? "x" : "y");
      event.session = values.Integer(op.session);
    } else {
      event.type = op.outcome == Outcome::kOk     ? history::EventType::kOk
                   : op.outcome == Outcome::kFail ? history::EventType::kFail
                                                  : history::EventType::kInfo;
      event.value = value;
    }
    builder.Add(event);
  }
  return std::move(builder).Build();
}

std::string ToString(const TinyHistory& tiny) {
  std::string out;
  for (const TinyOp& op : tiny) {
    absl::StrAppend(&out, "s", op.session, " ", op.is_read ? "r" : "w",
                    op.key == 0 ? "(x)" : "(y)", op.value, " [", op.call, ",",
                    op.ret, "] ",
                    op.outcome == Outcome::kOk     ? "ok"
                    : op.outcome == Outcome::kFail ? "fail"
                                                   : "info",
                    "\n");
  }
  return out;
}

}  // namespace minos::testing
