// With known sources every order of all operations contains the session order
// and puts each write before its reads. For a read r of w, and another write v
// of the same key, v is not between them:
//
//   if v comes before r, it comes before w;   if w comes before v, so does r.
//
// These two rules are applied to the transitive closure (a bit matrix) until
// nothing more follows; a cycle is a violation. Gibbons & Korach (SIAM J.
// Comput. 1997) show that the question stays NP-complete; but once any two
// writes of one key are ordered, every order that extends the closure explains
// all reads: r comes after w and before every v that comes after w. So the
// search decides one open pair after the other, the earlier call first, applies
// the rules, and goes back where a cycle shows (as "gradual consistency
// checking", Zennou et al., CAV 2019, does with a solver).
//
// The matrix takes n²/8 bytes; adding an edge costs O(n²/64), and there are at
// most as many as it takes to order the writes of each key.

#include "checker/sequential_order.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checker/reads_from.h"

namespace minos::checker {
namespace {

using history::OpIndex;

// How many pairs the search may decide.
constexpr size_t kMaxDecisions = 200'000;

enum class EdgeKind : uint8_t { kSession, kSource, kInitial, kBefore, kAfter };

// Why `from` comes before `to`.
struct Edge {
  Step from;
  Step to;
  EdgeKind kind;
  Step read;  // kBefore, kAfter: the read between whose source and which the
              // other write may not stand
};

class Closure {
 public:
  explicit Closure(Step size)
      : words_((size + size_t{63}) / 64), bits_(size * words_, 0) {}

  bool Has(Step a, Step b) const {
    return (bits_[a * words_ + b / 64] >> (b % 64) & 1) != 0;
  }
  // a before b, and all that follows. False if b is before a already.
  bool Add(Step a, Step b) {
    if (a == b || Has(b, a)) return false;
    if (Has(a, b)) return true;
    const Step size = static_cast<Step>(bits_.size() / words_);
    const uint64_t* of_b = &bits_[b * words_];
    for (Step x = 0; x < size; ++x) {
      if ((x != a && !Has(x, a)) || Has(x, b)) continue;
      uint64_t* of_x = &bits_[x * words_];
      for (size_t i = 0; i < words_; ++i) of_x[i] |= of_b[i];
      of_x[b / 64] |= uint64_t{1} << (b % 64);
    }
    return true;
  }

 private:
  size_t words_;
  std::vector<uint64_t> bits_;  // row a: what comes after a
};

class OrderSearch {
 public:
  OrderSearch(const SessionHistory& steps, bool explain, Budget& budget)
      : steps_(steps),
        explain_(explain),
        budget_(budget),
        closure_(steps.size()),
        writes_(steps.key_names.size()),
        reads_(steps.key_names.size()) {}

  ModelOutcome Run() && {
    for (Step step = 0; step < steps_.size(); ++step) {
      (steps_.IsRead(step) ? reads_ : writes_)[steps_.keys[step]].push_back(
          step);
    }
    for (std::vector<Step>& writes : writes_) {
      std::sort(writes.begin(), writes.end(), [&](Step a, Step b) {
        return std::pair(steps_.call(a), a) < std::pair(steps_.call(b), b);
      });
    }
    if (!AddGiven() || !Follow()) {
      if (!budget_.Exhausted()) ReportCycle();
    } else if (!Search() && !budget_.Exhausted() && !gave_up_) {
      ReportExhaustion();
    }
    if (outcome_.verdict == Verdict::kValid) NoteLimits();
    return std::move(outcome_);
  }

 private:
  bool Add(const Edge& edge) {
    if (edge.from != edge.to && closure_.Has(edge.from, edge.to)) return true;
    if (explain_ && !searching_) edges_.push_back(edge);
    return closure_.Add(edge.from, edge.to);
  }

  bool AddGiven() {
    for (Step step = steps_.size(); step-- > 1;) {
      if (steps_.chains[step] == steps_.chains[step - 1] &&
          !Add({step - 1, step, EdgeKind::kSession, kNoStep})) {
        return false;
      }
    }
    for (const Crossing& crossing : steps_.crossings) {
      if (!Add({crossing.from, crossing.to, EdgeKind::kSession, kNoStep})) {
        return false;
      }
    }
    for (Step read = 0; read < steps_.size(); ++read) {
      if (!steps_.IsRead(read)) continue;
      const Step source = steps_.sources[read];
      if (IsStep(source)) {
        if (!Add({source, read, EdgeKind::kSource, read})) return false;
        continue;
      }
      const Step last = LastOf(read);
      for (const Step write : writes_[steps_.keys[read]]) {
        if (write == last) continue;
        if (!Add({last, write, EdgeKind::kInitial, read})) return false;
      }
    }
    return true;
  }

  // The read, or the write of the same compare-and-set: nothing comes between
  // these.
  Step LastOf(Step read) const {
    const Step next = read + 1;
    return next < steps_.size() &&
                   steps_.operations[next] == steps_.operations[read]
               ? next
               : read;
  }

  // Applies the two rules until nothing more follows; false on a cycle.
  bool Follow() {
    bool grew = true;
    while (grew) {
      grew = false;
      for (size_t key = 0; key < reads_.size(); ++key) {
        for (const Step read : reads_[key]) {
          if (budget_.Exhausted()) return false;
          const Step source = steps_.sources[read];
          if (!IsStep(source)) continue;
          const Step last = LastOf(read);
          for (const Step write : writes_[key]) {
            if (write == source || write == last) continue;
            if (closure_.Has(write, read) && !closure_.Has(write, source)) {
              if (!Add({write, source, EdgeKind::kBefore, read})) return false;
              grew = true;
            }
            if (closure_.Has(source, write) && !closure_.Has(last, write)) {
              if (!Add({last, write, EdgeKind::kAfter, read})) return false;
              grew = true;
            }
          }
        }
      }
    }
    return true;
  }

  struct Pair {
    Step first;
    Step second;
  };

  // An open pair of neighbours by their calls; false if there is none.
  bool FindOpenPair(Pair& pair) const {
    for (const std::vector<Step>& writes : writes_) {
      for (size_t i = 1; i < writes.size(); ++i) {
        for (size_t j = i; j-- > 0;) {
          if (!closure_.Has(writes[j], writes[i]) &&
              !closure_.Has(writes[i], writes[j])) {
            pair = {writes[j], writes[i]};
            return true;
          }
        }
      }
    }
    return false;
  }

  // Depth first; the matrices of the way here are kept to go back to.
  bool Search() {
    searching_ = true;
    struct Choice {
      Pair pair;
      Closure before;
    };
    std::vector<Choice> choices;
    const size_t bytes = size_t{steps_.size()} * (steps_.size() / 8 + 8);
    size_t charged = 0;
    bool consistent = true;
    bool found = false;
    for (size_t decisions = 0; !budget_.Exhausted(); ++decisions) {
      Pair pair;
      if (consistent && !FindOpenPair(pair)) {
        found = true;
        break;
      }
      if (decisions == kMaxDecisions) {
        gave_up_ = true;
        break;
      }
      if (consistent) {
        if (!budget_.Charge(bytes)) break;
        charged += bytes;
        choices.push_back({pair, closure_});
        consistent = closure_.Add(pair.first, pair.second) && Follow();
        continue;
      }
      if (choices.empty()) break;
      Choice last = std::move(choices.back());
      choices.pop_back();
      budget_.Release(bytes);
      charged -= bytes;
      closure_ = std::move(last.before);
      consistent = closure_.Add(last.pair.second, last.pair.first) && Follow();
    }
    budget_.Release(charged);
    return found;
  }

  void NoteLimits() {
    const auto reason = budget_.Exhausted();
    if (!reason && !gave_up_) return;
    outcome_.verdict = Verdict::kUnknown;
    outcome_.unknown = Unknown{
        reason.value_or(UnknownReason::kTimeLimit),
        "the causal models hold and what follows from them has no cycle; which "
        "order the remaining pairs of writes take was not settled",
        "judge a shorter history, or fewer sessions"};
  }

  void ReportExhaustion() {
    outcome_.verdict = Verdict::kViolation;
    Violation violation;
    violation.kind = "not-sequential";
    violation.summary =
        "no single order of all operations keeps every session's order and "
        "explains every read";
    violation.sentences.push_back(
        "Each order that the writes of one key could take, one pair after the "
        "other, ends in a circle.");
    outcome_.violations.push_back(std::move(violation));
  }

  std::string Because(const Edge& edge) const {
    const std::string from = StepText(steps_, edge.from);
    const std::string to = StepText(steps_, edge.to);
    switch (edge.kind) {
      case EdgeKind::kSession:
        return absl::StrCat("One session did ", from, " before ", to, ".");
      case EdgeKind::kSource:
        return absl::StrCat("What ", to, " returned was written by ", from,
                            ".");
      case EdgeKind::kInitial:
        return absl::StrCat(
            "At ", from, " nothing had been written yet, so it comes before ",
            to, ".");
      case EdgeKind::kBefore:
        return absl::StrCat("In every order ", from, " comes before ",
                            StepText(steps_, edge.read), ", which returned ",
                            to, "; so it comes before that write.");
      case EdgeKind::kAfter:
        return absl::StrCat("In every order ", to,
                            " comes after the write that ", from,
                            " returned, so it comes after that read.");
    }
    return "";
  }

  static const char* RuleName(EdgeKind kind) {
    switch (kind) {
      case EdgeKind::kSession:
        return "session-order";
      case EdgeKind::kSource:
        return "reads-from";
      case EdgeKind::kInitial:
        return "initial-value";
      case EdgeKind::kBefore:
        return "overwritten";
      case EdgeKind::kAfter:
        return "not-yet-overwritten";
    }
    return "";
  }

  // A shortest cycle through the last edge, which closed one.
  void ReportCycle() {
    outcome_.verdict = Verdict::kViolation;
    Violation violation;
    violation.kind = "not-sequential";
    if (explain_ && !edges_.empty()) {
      for (const Edge& edge : CycleThroughLast()) {
        violation.cycle.push_back({steps_.operations[edge.from],
                                   steps_.operations[edge.to],
                                   RuleName(edge.kind), Because(edge)});
        violation.sentences.push_back(violation.cycle.back().because);
        violation.core.push_back(steps_.operations[edge.from]);
        if (edge.read != kNoStep) {
          violation.core.push_back(steps_.operations[edge.read]);
        }
      }
      std::sort(violation.core.begin(), violation.core.end());
      violation.core.erase(
          std::unique(violation.core.begin(), violation.core.end()),
          violation.core.end());
      violation.sentences.push_back(
          "These demands form a circle, so no single order meets them all.");
    }
    violation.summary =
        "no single order of all operations keeps every session's order and "
        "explains every read";
    outcome_.violations.push_back(std::move(violation));
  }

  std::vector<Edge> CycleThroughLast() const {
    const Edge last = edges_.back();
    std::vector<std::vector<uint32_t>> out(steps_.size());
    for (uint32_t i = 0; i < edges_.size(); ++i) {
      out[edges_[i].from].push_back(i);
    }
    constexpr uint32_t kNone = 0xFFFFFFFFu;
    std::vector<uint32_t> by(steps_.size(), kNone);
    std::deque<Step> queue = {last.to};
    while (!queue.empty() && by[last.from] == kNone && last.from != last.to) {
      const Step step = queue.front();
      queue.pop_front();
      for (const uint32_t i : out[step]) {
        if (by[edges_[i].to] != kNone || edges_[i].to == last.to) continue;
        by[edges_[i].to] = i;
        queue.push_back(edges_[i].to);
      }
    }
    std::vector<Edge> cycle = {last};
    for (Step step = last.from; step != last.to && by[step] != kNone;
         step = edges_[by[step]].from) {
      cycle.push_back(edges_[by[step]]);
    }
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

  const SessionHistory& steps_;
  bool explain_;
  Budget& budget_;
  Closure closure_;
  std::vector<std::vector<Step>> writes_;  // by key, in the order of the calls
  std::vector<std::vector<Step>> reads_;   // by key
  std::vector<Edge> edges_;                // what was added before the search
  bool searching_ = false;
  bool gave_up_ = false;
  ModelOutcome outcome_;
};

}  // namespace

ModelOutcome JudgeSequentialOrder(const SessionHistory& steps, bool explain,
                                  Budget& budget) {
  const size_t bytes = size_t{steps.size()} * (steps.size() / 8 + 8);
  if (!budget.Charge(bytes)) {
    ModelOutcome outcome;
    outcome.verdict = Verdict::kUnknown;
    outcome.unknown =
        Unknown{UnknownReason::kMemoryLimit, "the causal models hold",
                "judge a shorter history"};
    return outcome;
  }
  ModelOutcome outcome = OrderSearch(steps, explain, budget).Run();
  outcome.memory_bytes = bytes;
  budget.Release(bytes);
  return outcome;
}

}  // namespace minos::checker
