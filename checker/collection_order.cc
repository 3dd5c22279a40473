// A read of a register leaves open which of the other writes came before it; a
// read of a list or a set does not. What it shows came before it, in the order
// in which a list shows it, and what it does not show came after it. So every
// demand is an edge, and there is an order exactly if there is no cycle:
//
//   a before b     in session order, for all operations
//   u before r     if r shows u
//   u before v     if r shows u right before v (lists)
//   r before u     if u is of r's key and r does not show it
//   u before v     if real time or versions, where asked for, say so
//
// For one order for everybody what is said of reads holds for all of them:
// sequential consistency. For the order of one session the third and the fourth
// hold for its own reads only, while the first two are causality, which
// everybody keeps: causal memory. An order for everybody serves each session,
// so it is tried first.
//
// Of the updates of a chain that r does not show the first one is enough.

#include "checker/collection_order.h"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/arbitration.h"
#include "checker/digraph.h"
#include "checker/reads_from.h"
#include "checker/update_order.h"

namespace minos::checker {
namespace {

enum class Demand : uint8_t {
  kSession,
  kShown,
  kListOrder,
  kNotShown,
  kRealTime,
  kVersion,
};

struct Edge {
  Step from;
  Step to;
  Demand demand;
  Step read;
};

class CollectionOrder {
 public:
  CollectionOrder(const SessionHistory& steps, RuleSet arbitration,
                  bool explain, Budget& budget)
      : steps_(steps),
        arbitration_(arbitration),
        explain_(explain),
        budget_(budget),
        updates_(steps.key_names.size()),
        mark_(steps.size(), 0) {
    for (Step step = 0; step < steps.size(); ++step) {
      if (!steps.IsRead(step)) AddUpdate(step);
    }
  }

  ModelOutcome Run(Serializer serializer) && {
    if (HasOrder(kEverybody) || budget_.Exhausted()) return Finish();
    if (serializer == Serializer::kEverybody) {
      Report(kEverybody);
      return Finish();
    }
    for (uint32_t s = 0; s < steps_.session_names.size(); ++s) {
      if (budget_.Exhausted() ||
          outcome_.violations.size() >= kMaxArbitrationViolations) {
        break;
      }
      if (!HasOrder(s)) Report(s);
    }
    return Finish();
  }

 private:
  static constexpr uint32_t kEverybody = 0xFFFFFFFFu;

  // The updates that a chain makes of a key, in their order.
  using Updates = std::vector<Step>;

  void AddUpdate(Step step) {
    std::vector<Updates>& runs = updates_[steps_.keys[step]];
    if (runs.empty() ||
        steps_.chains[runs.back().back()] != steps_.chains[step]) {
      runs.emplace_back();
    }
    runs.back().push_back(step);
  }

  // Calls f(Edge) with all demands that bind `session`.
  template <typename F>
  void ForEachEdge(uint32_t session, F f) {
    for (Step step = 1; step < steps_.size(); ++step) {
      if (steps_.chains[step] == steps_.chains[step - 1]) {
        f(Edge{step - 1, step, Demand::kSession, kNoStep});
      }
    }
    for (const Crossing& crossing : steps_.crossings) {
      f(Edge{crossing.from, crossing.to, Demand::kSession, kNoStep});
    }
    ForEachArbitrated(
        steps_, arbitration_, [&](Step before, Step after, OrderReason reason) {
          f(Edge{before, after,
                 reason == OrderReason::kRealTime ? Demand::kRealTime
                                                  : Demand::kVersion,
                 kNoStep});
        });
    for (Step read = 0; read < steps_.size(); ++read) {
      if (!steps_.IsRead(read) || !IsStep(steps_.sources[read])) continue;
      const auto shown = steps_.Shown(read);
      for (const Step update : shown) {
        f(Edge{update, read, Demand::kShown, read});
      }
      if (session != kEverybody && steps_.SessionOf(read) != session) continue;
      for (size_t i = 1; IsList() && i < shown.size(); ++i) {
        f(Edge{shown[i - 1], shown[i], Demand::kListOrder, read});
      }
      ForEachFirstMissing(read, [&](Step update) {
        f(Edge{read, update, Demand::kNotShown, read});
      });
      if (budget_.Exhausted()) return;
    }
  }

  bool IsList() const { return steps_.observation == Observation::kList; }

  // Of each chain the first update that `read` does not show.
  template <typename F>
  void ForEachFirstMissing(Step read, F f) {
    ++stamp_;
    for (const Step update : steps_.Shown(read)) mark_[update] = stamp_;
    for (const Updates& run : updates_[steps_.keys[read]]) {
      for (const Step update : run) {
        if (mark_[update] == stamp_ || MayBeShown(steps_, read, update)) {
          continue;
        }
        f(update);
        break;
      }
    }
  }

  bool HasOrder(uint32_t session) {
    EdgeList edges;
    ForEachEdge(session,
                [&](const Edge& edge) { edges.Add(edge.from, edge.to); });
    const size_t bytes =
        edges.size() * (sizeof(EdgeList::Edge) + sizeof(Vertex));
    outcome_.memory_bytes = std::max(outcome_.memory_bytes, bytes);
    if (!budget_.Charge(bytes)) return false;
    const Digraph graph(steps_.size(), edges);
    const bool has_order = graph.TopologicalOrder().size() == steps_.size();
    if (!has_order) components_ = graph.CyclicComponents();
    budget_.Release(bytes);
    return has_order;
  }

  ModelOutcome Finish() {
    if (const auto reason = budget_.Exhausted();
        reason && outcome_.violations.empty()) {
      outcome_.verdict = Verdict::kUnknown;
      outcome_.unknown = Unknown{*reason, "", ""};
    }
    return std::move(outcome_);
  }

  void Report(uint32_t session) {
    if (budget_.Exhausted()) return;
    outcome_.verdict = Verdict::kViolation;
    Violation violation;
    violation.kind =
        session == kEverybody ? "not-sequential" : "serialization-cycle";
    violation.summary =
        session == kEverybody
            ? "no single order of all operations keeps every session's order "
              "and explains every read"
            : "no order of all updates and one session's reads keeps causality "
              "and explains these reads";
    if (explain_) Explain(session, violation);
    outcome_.violations.push_back(std::move(violation));
  }

  void Explain(uint32_t session, Violation& violation) {
    const std::vector<Edge> cycle = ShortestCycle(session);
    for (const Edge& edge : cycle) {
      violation.cycle.push_back({steps_.operations[edge.from],
                                 steps_.operations[edge.to],
                                 RuleName(edge.demand), Because(edge)});
      violation.sentences.push_back(violation.cycle.back().because);
      violation.core.push_back(steps_.operations[edge.from]);
      if (edge.read == kNoStep) continue;
      violation.core.push_back(steps_.operations[edge.read]);
      violation.key = steps_.key_names[steps_.keys[edge.read]];
    }
    std::sort(violation.core.begin(), violation.core.end());
    violation.core.erase(
        std::unique(violation.core.begin(), violation.core.end()),
        violation.core.end());
    if (!violation.core.empty()) violation.culprit = violation.core.back();
    violation.sentences.emplace_back(
        "These demands form a circle, so no order meets them all.");
  }

  // A shortest cycle through the first step that is on one.
  std::vector<Edge> ShortestCycle(uint32_t session) {
    std::vector<std::vector<Edge>> out(steps_.size());
    Step start = kNoStep;
    for (Step step = steps_.size(); step-- > 0;) {
      if (components_[step] != Digraph::kNoComponent) start = step;
    }
    if (start == kNoStep) return {};
    ForEachEdge(session, [&](const Edge& edge) {
      if (components_[edge.from] == components_[start] &&
          components_[edge.to] == components_[start]) {
        out[edge.from].push_back(edge);
      }
    });
    std::vector<Edge> by(steps_.size(),
                         Edge{kNoStep, kNoStep, Demand::kSession, kNoStep});
    std::deque<Step> queue = {start};
    while (!queue.empty() && by[start].from == kNoStep) {
      const Step step = queue.front();
      queue.pop_front();
      for (const Edge& edge : out[step]) {
        if (by[edge.to].from != kNoStep) continue;
        by[edge.to] = edge;
        queue.push_back(edge.to);
      }
    }
    std::vector<Edge> cycle;
    Step step = start;
    do {
      if (by[step].from == kNoStep) return {};
      cycle.push_back(by[step]);
      step = by[step].from;
    } while (step != start);
    std::reverse(cycle.begin(), cycle.end());
    return cycle;
  }

  static const char* RuleName(Demand demand) {
    switch (demand) {
      case Demand::kSession:
        return "session-order";
      case Demand::kShown:
        return "reads-from";
      case Demand::kListOrder:
        return "list-order";
      case Demand::kNotShown:
        return "not-shown";
      case Demand::kRealTime:
        return "real-time";
      case Demand::kVersion:
        return "version-order";
    }
    return "";
  }

  std::string Because(const Edge& edge) const {
    const std::string from = StepText(steps_, edge.from);
    const std::string to = StepText(steps_, edge.to);
    switch (edge.demand) {
      case Demand::kSession:
        return absl::StrCat("One session did ", from, " before ", to, ".");
      case Demand::kShown:
        return absl::StrCat("What ", from, " added is shown by ", to, ".");
      case Demand::kListOrder:
        return absl::StrCat("What ", from, " added stands before what ", to,
                            " added in ", StepText(steps_, edge.read), ".");
      case Demand::kNotShown:
        return absl::StrCat("What ", to, " added is not shown by ", from,
                            ", so it comes later.");
      case Demand::kRealTime:
        return absl::StrCat(from, " had returned before ", to, " was called.");
      case Demand::kVersion:
        return absl::StrCat("The recorded version of ", from,
                            " is lower than that of ", to, ".");
    }
    return "";
  }

  const SessionHistory& steps_;
  RuleSet arbitration_;
  bool explain_;
  Budget& budget_;
  std::vector<std::vector<Updates>> updates_;  // by key
  std::vector<uint32_t> mark_;                 // by step
  uint32_t stamp_ = 0;
  std::vector<uint32_t> components_;  // where HasOrder found a cycle
  ModelOutcome outcome_;
};

}  // namespace

ModelOutcome JudgeCollectionOrder(const SessionHistory& steps,
                                  Serializer serializer, RuleSet arbitration,
                                  bool explain, Budget& budget) {
  return CollectionOrder(steps, arbitration, explain, budget).Run(serializer);
}

}  // namespace minos::checker
