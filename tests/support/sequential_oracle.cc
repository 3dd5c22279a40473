#include "tests/support/sequential_oracle.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "history/history_builder.h"
#include "tests/support/brute_force.h"

namespace minos::testing {

using checker::ArbitrationMode;
using history::Outcome;

namespace {

constexpr int kNever = 1 << 20;

// ---- Any data type, one object

bool IsRefused(const PlainOperation& op) {
  return op.outcome == PlainOutcome::kOk &&
         op.result == PlainValue::Bool(false);
}
bool IsRead(const PlainOperation& op) {
  return op.function == "read" || op.function == "contains";
}
// Whether the operation changes the object, and whether it looks at it.
bool Changes(const PlainOperation& op) {
  if (op.function == "add" && op.argument == PlainValue(0)) return false;
  return !IsRead(op) && !IsRefused(op);
}
bool Looks(const PlainOperation& op) {
  return IsRead(op) || IsRefused(op) || op.function == "cas";
}
bool HasReads(const std::string& type) {
  return type == "register" || type == "cas-register" || type == "counter" ||
         type == "set" || type == "g-set" || type == "list-append";
}
bool IsRegister(const std::string& type) {
  return type == "register" || type == "cas-register";
}

class PlainSearch {
 public:
  PlainSearch(const PlainHistory& history, const std::vector<int>& sessions)
      : history_(history),
        sessions_(sessions),
        placed_(history.operations.size(), false) {}

  bool Run() { return Extend({history_.initial}, -1); }

 private:
  const PlainOperation& Op(size_t i) const { return history_.operations[i]; }
  int EndOf(size_t i) const {
    return Op(i).outcome == PlainOutcome::kInfo ? kNever : Op(i).end;
  }

  bool IsNext(size_t i) const {
    if (placed_[i] || Op(i).outcome == PlainOutcome::kFail) return false;
    for (size_t j = 0; j < placed_.size(); ++j) {
      if (!placed_[j] && sessions_[j] == sessions_[i] &&
          Op(j).outcome == PlainOutcome::kOk && EndOf(j) < Op(i).call) {
        return false;
      }
    }
    return true;
  }

  // `newest` is when the latest of what is to be seen was called.
  bool Extend(const std::vector<PlainValue>& states, int newest) {
    bool is_done = true;
    for (size_t i = 0; i < placed_.size(); ++i) {
      if (!placed_[i] && Op(i).outcome == PlainOutcome::kOk) is_done = false;
    }
    if (is_done) return true;
    for (size_t i = 0; i < placed_.size(); ++i) {
      if (!IsNext(i)) continue;
      if (HasReads(history_.type) && Looks(Op(i)) && newest > EndOf(i)) {
        continue;
      }
      std::vector<PlainValue> next;
      for (const PlainValue& state : states) {
        for (PlainValue& after : Replay(history_.type, state, Op(i))) {
          next.push_back(std::move(after));
        }
      }
      if (next.empty()) continue;
      int seen = newest;
      if (Changes(Op(i))) {
        seen = IsRegister(history_.type) ? Op(i).call
                                         : std::max(newest, Op(i).call);
      }
      placed_[i] = true;
      if (Extend(next, seen)) return true;
      placed_[i] = false;
    }
    return false;
  }

  const PlainHistory& history_;
  const std::vector<int>& sessions_;
  std::vector<bool> placed_;
};

// ---- Registers

int EndOf(const TinyOp& op) {
  return op.outcome == Outcome::kInfo ? kNever : op.ret;
}
bool Counts(const TinyOp& op) {
  return op.outcome == Outcome::kOk ||
         (op.outcome == Outcome::kInfo && !op.is_read);
}

class Registers {
 public:
  Registers(const VersionedHistory& history, ArbitrationMode arbitration)
      : arbitration_(arbitration) {
    for (size_t i = 0; i < history.operations.size(); ++i) {
      if (!Counts(history.operations[i])) continue;
      ops_.push_back(history.operations[i]);
      versions_.push_back(history.versions[i]);
    }
  }

  size_t size() const { return ops_.size(); }
  const TinyOp& Op(size_t i) const { return ops_[i]; }

  bool InSession(size_t a, size_t b) const {
    return ops_[a].session == ops_[b].session && EndOf(ops_[a]) < ops_[b].call;
  }
  bool IsArbitrated(size_t a, size_t b) const {
    if (ops_[a].is_read || ops_[b].is_read || ops_[a].key != ops_[b].key) {
      return false;
    }
    if (arbitration_ == ArbitrationMode::kRealTime) {
      return EndOf(ops_[a]) < ops_[b].call;
    }
    return arbitration_ == ArbitrationMode::kVersions && versions_[a] != 0 &&
           versions_[b] != 0 && versions_[a] < versions_[b];
  }

  // Is there an order of `members` that contains `before` in which each read
  // returns the latest write of its key?
  bool HasOrder(const std::vector<size_t>& members,
                const std::function<bool(size_t, size_t)>& before) const {
    std::vector<size_t> left = members;
    std::vector<size_t> order;
    const std::function<bool()> extend = [&] {
      if (left.empty()) return true;
      for (size_t i = 0; i < left.size(); ++i) {
        const size_t op = left[i];
        const bool is_next =
            std::none_of(left.begin(), left.end(),
                         [&](size_t other) { return before(other, op); });
        if (!is_next || (ops_[op].is_read && !Explains(order, op))) continue;
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
        order.push_back(op);
        if (extend()) return true;
        order.pop_back();
        left.insert(left.begin() + static_cast<std::ptrdiff_t>(i), op);
      }
      return false;
    };
    return extend();
  }

 private:
  bool Explains(const std::vector<size_t>& order, size_t op) const {
    const TinyOp& read = ops_[op];
    int value = 0;
    int called = -1;
    for (const size_t earlier : order) {
      const TinyOp& write = ops_[earlier];
      if (write.is_read || write.key != read.key) continue;
      value = write.value;
      called = write.call;
    }
    return value == read.value && called <= EndOf(read);
  }

  ArbitrationMode arbitration_;
  TinyHistory ops_;
  std::vector<int> versions_;
};

// so and rf, closed; false in `acyclic` if there is a cycle, or a read of what
// nobody could have written.
std::vector<std::vector<bool>> Causality(const Registers& ops,
                                         bool& explained) {
  const size_t n = ops.size();
  std::vector<std::vector<bool>> before(n, std::vector<bool>(n, false));
  explained = true;
  for (size_t a = 0; a < n; ++a) {
    bool has_source = !ops.Op(a).is_read || ops.Op(a).value == 0;
    for (size_t b = 0; b < n; ++b) {
      if (ops.InSession(a, b)) before[a][b] = true;
      const bool is_source = ops.Op(a).is_read && !ops.Op(b).is_read &&
                             ops.Op(b).key == ops.Op(a).key &&
                             ops.Op(b).value == ops.Op(a).value;
      if (!is_source) continue;
      before[b][a] = true;
      has_source = ops.Op(b).call < EndOf(ops.Op(a));
    }
    explained = explained && has_source;
  }
  for (size_t m = 0; m < n; ++m) {
    for (size_t a = 0; a < n; ++a) {
      for (size_t b = 0; b < n; ++b) {
        if (before[a][m] && before[m][b]) before[a][b] = true;
      }
    }
  }
  for (size_t a = 0; a < n; ++a) explained = explained && !before[a][a];
  return before;
}

}  // namespace

bool IsSequential(const PlainHistory& history,
                  const std::vector<int>& sessions) {
  const PlainHistory silenced = SilenceReads(history);
  return PlainSearch(silenced, sessions).Run();
}

bool IsSequentialArbitrated(const VersionedHistory& history,
                            ArbitrationMode arbitration) {
  const Registers ops(history, arbitration);
  std::vector<size_t> required;
  std::vector<size_t> optional;
  for (size_t i = 0; i < ops.size(); ++i) {
    (ops.Op(i).outcome == Outcome::kOk ? required : optional).push_back(i);
  }
  for (unsigned chosen = 0; chosen < 1u << optional.size(); ++chosen) {
    std::vector<size_t> members = required;
    for (size_t i = 0; i < optional.size(); ++i) {
      if ((chosen >> i & 1) != 0) members.push_back(optional[i]);
    }
    if (ops.HasOrder(members, [&](size_t a, size_t b) {
          return ops.InSession(a, b) || ops.IsArbitrated(a, b);
        })) {
      return true;
    }
  }
  return false;
}

bool IsCausalMemoryArbitrated(const VersionedHistory& history,
                              ArbitrationMode arbitration) {
  const Registers ops(history, arbitration);
  bool explained = false;
  const auto causality = Causality(ops, explained);
  if (!explained) return false;
  std::set<int> sessions;
  for (size_t i = 0; i < ops.size(); ++i) sessions.insert(ops.Op(i).session);
  return std::all_of(sessions.begin(), sessions.end(), [&](int session) {
    std::vector<size_t> members;
    for (size_t i = 0; i < ops.size(); ++i) {
      if (!ops.Op(i).is_read || ops.Op(i).session == session) {
        members.push_back(i);
      }
    }
    return ops.HasOrder(members, [&](size_t a, size_t b) {
      return causality[a][b] || ops.IsArbitrated(a, b);
    });
  });
}

history::History ToHistory(const VersionedHistory& history) {
  using history::Event;
  using history::EventType;
  history::HistoryBuilder builder("tiny");
  history::ValueTable& values = builder.values();
  std::vector<std::pair<int, std::pair<bool, size_t>>> moments;
  for (size_t i = 0; i < history.operations.size(); ++i) {
    const TinyOp& op = history.operations[i];
    moments.push_back({op.call, {false, i}});
    moments.push_back({op.ret, {true, i}});
  }
  std::sort(moments.begin(), moments.end());
  for (const auto& [moment, what] : moments) {
    const auto& [is_return, i] = what;
    const TinyOp& op = history.operations[i];
    Event event;
    event.process = values.Integer(static_cast<int64_t>(i));
    event.session = values.Integer(op.session);
    event.key = values.Integer(op.key);
    event.function = values.Keyword(op.is_read ? "read" : "write");
    const auto value = op.value == 0 ? history::kNil : values.Integer(op.value);
    if (!op.is_read || is_return) event.value = value;
    if (is_return) {
      event.type = op.outcome == Outcome::kOk     ? EventType::kOk
                   : op.outcome == Outcome::kInfo ? EventType::kInfo
                                                  : EventType::kFail;
      if (op.outcome == Outcome::kInfo && op.is_read) {
        event.value = history::kNil;
      }
      if (history.versions[i] != 0) {
        const history::ValueId entries[] = {
            values.Keyword("version"), values.Integer(history.versions[i])};
        event.extras = values.Map(entries);
      }
    }
    builder.Add(event);
  }
  return std::move(builder).Build();
}

}  // namespace minos::testing
