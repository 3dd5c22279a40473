#include "tests/support/visibility_oracle.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

// Compares updates and values of elements.
struct EqualValue {
  bool operator()(const TinyOp& a, int b) const { return a.value == b; }
  bool operator()(int a, const TinyOp& b) const { return a == b.value; }
  bool operator()(const TinyOp& a, const TinyOp& b) const {
    return a.value == b.value;
  }
  bool operator()(int a, int b) const { return a == b; }
};

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

// ---- What a read returns

// True if `read` returns what the updates in `seen` make, in this order.
bool Fits(TinyType type, const TinyOp& read, const TinyHistory& seen) {
  std::vector<int> values;
  for (const TinyOp& update : seen) values.push_back(update.value);
  switch (type) {
    case TinyType::kRegister:
      return read.value == (values.empty() ? 0 : values.back());
    case TinyType::kCounter:
      return read.value == std::accumulate(values.begin(), values.end(), 0);
    case TinyType::kSet: {
      const std::set<int> elements(values.begin(), values.end());
      return std::vector<int>(elements.begin(), elements.end()) == read.shown;
    }
    case TinyType::kList:
      return values == read.shown;
  }
  return false;
}

// ---- Linear orders

using Order = std::function<bool(const TinyOp&, const TinyOp&)>;

// Is there an order of all operations that contains `before` in which each read
// of `shown` returns what the updates of its key before it make, or these
// without the last one, and so on, without the k - 1 last ones at most?
bool HasLinearOrder(TinyType type, const TinyHistory& ops, const Order& before,
                    const std::function<bool(const TinyOp&)>& shown, int k) {
  std::vector<size_t> order;
  std::vector<bool> used(ops.size(), false);
  const auto fits = [&](const TinyOp& read) {
    TinyHistory seen;
    for (const size_t p : order) {
      // Adding nothing to a counter makes no new state.
      const bool changes = type != TinyType::kCounter || ops[p].value != 0;
      if (!ops[p].is_read && ops[p].key == read.key && changes) {
        seen.push_back(ops[p]);
      }
    }
    for (int left = k; left > 0; --left) {
      const bool may_see =
          type == TinyType::kRegister
              ? seen.empty() || MaySee(read, seen.back())
              : std::all_of(seen.begin(), seen.end(),
                            [&](const TinyOp& op) { return MaySee(read, op); });
      if (may_see && Fits(type, read, seen)) return true;
      if (seen.empty()) return false;
      seen.pop_back();
    }
    return false;
  };
  std::function<bool()> extend = [&] {
    if (order.size() == ops.size()) return true;
    for (size_t i = 0; i < ops.size(); ++i) {
      if (used[i]) continue;
      bool is_first = true;
      for (size_t j = 0; j < ops.size(); ++j) {
        if (!used[j] && j != i && before(ops[j], ops[i])) is_first = false;
      }
      if (!is_first) continue;
      if (ops[i].is_read && shown(ops[i]) && !fits(ops[i])) continue;
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
  const bool all = has("session");
  rules.ryw = all || has("read-your-writes") || has("pram");
  rules.mr = all || has("monotonic-reads") || has("pram");
  rules.mw = all || has("monotonic-writes") || has("pram");
  rules.wfr = all || has("writes-follow-reads");
  return rules;
}

// A choice of what each read showed: a bit for each update of its key. Of a
// register, one update at most.
using Sources = std::vector<unsigned>;

// Calls `f` with every choice of sources; true as soon as `f` is.
bool AnySources(TinyType type, const TinyHistory& ops,
                const std::function<bool(const Sources&)>& f) {
  Sources sources(ops.size(), 0);
  std::function<bool(size_t)> choose = [&](size_t i) {
    if (i == ops.size()) return f(sources);
    if (!ops[i].is_read) return choose(i + 1);
    std::vector<size_t> updates;
    for (size_t w = 0; w < ops.size(); ++w) {
      if (!ops[w].is_read && ops[w].key == ops[i].key &&
          MaySee(ops[i], ops[w])) {
        updates.push_back(w);
      }
    }
    for (unsigned chosen = 0; chosen < 1u << updates.size(); ++chosen) {
      sources[i] = 0;
      TinyHistory seen;
      for (size_t w = 0; w < updates.size(); ++w) {
        if ((chosen >> w & 1) == 0) continue;
        sources[i] |= 1u << updates[w];
        seen.push_back(ops[updates[w]]);
      }
      if (type == TinyType::kRegister && seen.size() > 1) continue;
      // The order in which a list shows them is chosen later.
      const bool fits =
          type == TinyType::kList
              ? std::is_permutation(seen.begin(), seen.end(),
                                    ops[i].shown.begin(), ops[i].shown.end(),
                                    EqualValue())
              : Fits(type, ops[i], seen);
      if (fits && choose(i + 1)) return true;
    }
    return false;
  };
  return choose(0);
}

class GuaranteeOracle {
 public:
  GuaranteeOracle(TinyType type, const TinyHistory& ops, const Sources& sources,
                  Rules rules, TinyArbitration arbitration)
      : type_(type),
        ops_(ops),
        sources_(sources),
        rules_(rules),
        arbitration_(arbitration) {
    for (size_t i = 0; i < ops.size(); ++i) {
      if (!ops[i].is_read) writes_.push_back(static_cast<int>(i));
    }
  }

  // Is there one arbitration for the reads of all `sessions`?
  bool AllowsTogether(const std::set<int>& sessions) const {
    std::vector<int> order = writes_;
    do {
      if (IsArbitration(order) &&
          std::all_of(sessions.begin(), sessions.end(), [&](int session) {
            return HasVisibility(session, order);
          })) {
        return true;
      }
    } while (std::next_permutation(order.begin(), order.end()));
    return false;
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
          if ((sources_[r] >> a & 1) != 0 && SessionOrder(ops_[r], y)) {
            return false;
          }
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
    unsigned of_key = 0;
    unsigned last = 0;
    TinyHistory seen;
    for (const int w : order) {
      if ((mask >> w & 1) == 0 || ops_[w].key != ops_[read].key) continue;
      last = 1u << w;
      of_key |= last;
      seen.push_back(ops_[w]);
    }
    if (type_ == TinyType::kRegister) return last == sources_[read];
    return of_key == sources_[read] && Fits(type_, ops_[read], seen);
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
        if (rules_.wfr && (sources_[other] & ~mask) != 0) return false;
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

  TinyType type_;
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

bool AllowsGuarantees(TinyType type, const TinyHistory& ops,
                      std::string_view names, TinyArbitration arbitration) {
  return AnySources(type, ops, [&](const Sources& sources) {
    const GuaranteeOracle oracle(type, ops, sources, ParseRules(names),
                                 arbitration);
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
  CausalOracle(TinyType type, const TinyHistory& ops, Causality kind)
      : type_(type), ops_(ops), kind_(kind) {}

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
      if (kind_ == Causality::kConvergence
              ? Converges(order)
              : EachPastExplains(order) && (kind_ != Causality::kMemory ||
                                            EachSessionExplains(order))) {
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
    return HasLinearOrder(type_, part, before, shown, 1);
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
        TinyHistory seen;
        for (const size_t w : all) {
          if (!ops_[w].is_read && ops_[w].key == ops_[op].key &&
              (order & Bit(w, op)) != 0) {
            seen.push_back(ops_[w]);
          }
        }
        fits = Fits(type_, ops_[op], seen);
      }
      if (fits) return true;
    } while (std::next_permutation(all.begin(), all.end()));
    return false;
  }

  TinyType type_;
  const TinyHistory& ops_;
  Causality kind_;
};

bool AllowsCausal(TinyType type, const TinyHistory& ops, Causality kind) {
  return AnyCompletion(ops, [&](const TinyHistory& chosen) {
    return CausalOracle(type, chosen, kind).Allows();
  });
}

bool AllowsLinear(TinyType type, const TinyHistory& ops, const Order& before,
                  int k) {
  return AnyCompletion(ops, [&](const TinyHistory& chosen) {
    return HasLinearOrder(type, chosen, before, All, k);
  });
}

bool AllowsCoherence(TinyType type, const TinyHistory& ops) {
  std::set<int> keys;
  for (const TinyOp& op : ops) keys.insert(op.key);
  return std::all_of(keys.begin(), keys.end(), [&](int key) {
    TinyHistory part;
    for (const TinyOp& op : ops) {
      if (op.key == key) part.push_back(op);
    }
    if (type == TinyType::kRegister) {
      return AllowsLinear(type, part, SessionOrder, 1);
    }
    return AnySources(type, part, [&](const Sources& sources) {
      return GuaranteeOracle(type, part, sources, ParseRules("session"),
                             TinyArbitration::kSession)
          .AllowsTogether(SessionsOf(part));
    });
  });
}

}  // namespace

bool OracleAllows(const TinyHistory& history, std::string_view model,
                  TinyArbitration arbitration, TinyType type) {
  const TinyHistory ops = WithoutSilent(history);
  if (model == "causal") return AllowsCausal(type, ops, Causality::kPlain);
  if (model == "causal-convergence") {
    return AllowsCausal(type, ops, Causality::kConvergence);
  }
  if (model == "causal-memory") {
    return AllowsCausal(type, ops, Causality::kMemory);
  }
  if (model == "coherence") return AllowsCoherence(type, ops);
  if (model == "sequential") return AllowsLinear(type, ops, SessionOrder, 1);
  if (model == "linearizable") return AllowsLinear(type, ops, RealTime, 1);
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
      return AllowsLinear(type, part, RealTime, k);
    });
  }
  return AllowsGuarantees(type, ops, model, arbitration);
}

bool OracleAllowsGiven(const TinyHistory& history, std::string_view names,
                       std::string_view assumed, bool& skipped, TinyType type) {
  const TinyHistory ops = WithoutSilent(history);
  const std::string both =
      absl::StrCat(std::string(names), "+", std::string(assumed));
  skipped = false;
  if (type == TinyType::kCounter || type == TinyType::kSet) {
    std::set<int> witnesses;
    for (const int session : SessionsOf(ops)) {
      const bool keeps = AnySources(type, ops, [&](const Sources& sources) {
        return GuaranteeOracle(type, ops, sources, ParseRules(assumed),
                               TinyArbitration::kSession)
            .Allows(session);
      });
      if (keeps) witnesses.insert(session);
    }
    const bool holds = AnySources(type, ops, [&](const Sources& sources) {
      const GuaranteeOracle together(type, ops, sources, ParseRules(both),
                                     TinyArbitration::kSession);
      return std::all_of(witnesses.begin(), witnesses.end(),
                         [&](int session) { return together.Allows(session); });
    });
    skipped = holds && witnesses.size() < SessionsOf(ops).size();
    return holds && !skipped;
  }
  bool any_skipped = true;
  const bool found = AnySources(type, ops, [&](const Sources& sources) {
    const GuaranteeOracle alone(type, ops, sources, ParseRules(assumed),
                                TinyArbitration::kSession);
    const GuaranteeOracle together(type, ops, sources, ParseRules(both),
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
  skipped = AnySources(type, ops, [&](const Sources& sources) {
    const GuaranteeOracle alone(type, ops, sources, ParseRules(assumed),
                                TinyArbitration::kSession);
    const GuaranteeOracle together(type, ops, sources, ParseRules(both),
                                   TinyArbitration::kSession);
    for (const int session : SessionsOf(ops)) {
      if (!together.Allows(session) && alone.Allows(session)) return false;
    }
    return true;
  });
  return false;
}

bool OracleAllowsDelta(const TinyHistory& history, int delta, TinyType type) {
  TinyHistory ops = WithoutSilent(history);
  for (TinyOp& op : ops) {
    op.call *= 2;
    if (op.ret < kTinyNever) op.ret *= 2;
    if (op.is_read) op.call -= delta;
  }
  return AllowsLinear(type, ops, RealTime, 1);
}

namespace {

std::string_view FunctionOf(TinyType type, const TinyOp& op) {
  if (op.is_read) return "read";
  switch (type) {
    case TinyType::kRegister:
      return "write";
    case TinyType::kCounter:
    case TinyType::kSet:
      return "add";
    case TinyType::kList:
      return "append";
  }
  return "";
}

history::ValueId ValueOf(TinyType type, const TinyOp& op,
                         history::ValueTable& values) {
  const bool is_collection = type == TinyType::kSet || type == TinyType::kList;
  if (op.is_read && is_collection) {
    std::vector<history::ValueId> elements;
    for (const int element : op.shown) {
      elements.push_back(values.Integer(element));
    }
    return type == TinyType::kSet ? values.Set(elements)
                                  : values.List(elements);
  }
  if (type == TinyType::kRegister && op.value == 0) return history::kNil;
  return values.Integer(op.value);
}

}  // namespace

history::History ToHistory(const TinyHistory& tiny, TinyType type) {
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
    const history::ValueId value = ValueOf(type, op, values);
    history::Event event;
    event.position = {++line, 1};
    event.process = values.Integer(static_cast<int64_t>(moment.op));
    event.time = int64_t{moment.position} * 10;
    if (!moment.is_return) {
      event.type = history::EventType::kInvoke;
      event.function = values.Keyword(FunctionOf(type, op));
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
                    op.key == 0 ? "(x)" : "(y)", op.value,
                    op.shown.empty()
                        ? std::string()
                        : absl::StrCat("{", absl::StrJoin(op.shown, ","), "}"),
                    " [", op.call, ",", op.ret, "] ",
                    op.outcome == Outcome::kOk     ? "ok"
                    : op.outcome == Outcome::kFail ? "fail"
                                                   : "info",
                    "\n");
  }
  return out;
}

}  // namespace minos::testing
