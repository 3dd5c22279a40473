// Each session has its own happens-before (hb): the least order that holds
// causality and, with "w hb r, so w before what r returned", what its own reads
// force. Of a session that is one chain it is found by ranks
// (ranked_session.cc), of any other by walking (walked_session.h).
//
// It remains to find cycles. The demands w → v that the ranks make are, where
// nothing fell, also demands of causal convergence; so one order of all writes
// that meets those (there is one in most histories) answers for every session.
// A session with a demand that this order does not meet is sorted by itself.

#include "checker/causal_memory.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "checker/arbitration.h"
#include "checker/cycle_proof.h"
#include "checker/digraph.h"
#include "checker/order_graph.h"
#include "checker/ranked_session.h"
#include "checker/saturation.h"
#include "checker/session_demands.h"
#include "checker/update_order.h"
#include "checker/walked_session.h"

namespace minos::checker {
namespace {

constexpr RuleSet kCausalRules =
    kAllSessionRules | kInitialFirst | kSessionArbitration;

class EdgeSink : public OrderSink, public SaturationSink {
 public:
  void Add(const OrderEdge& edge) override { edges.Add(edge.from, edge.to); }
  void MustPrecede(Step update, Step source, Step) override {
    edges.Add(update, source);
  }
  void MustNotSee(Step, Step) override {}
  EdgeList edges;
};

class CausalMemoryCheck {
 public:
  CausalMemoryCheck(const SessionHistory& steps, RuleSet arbitration,
                    bool explain, Budget& budget)
      : steps_(steps),
        rules_(kCausalRules | arbitration),
        explain_(explain),
        budget_(budget) {}

  ModelOutcome Run() && {
    // The most that is held at once: the edges, the graph, the ranks.
    const size_t bytes = steps_.size() * size_t{40} +
                         CountDemands() * (sizeof(EdgeList::Edge) + 4);
    if (budget_.Charge(bytes)) {
      FindOrder();
      CheckSessions();
      budget_.Release(bytes);
    }
    outcome_.memory_bytes = bytes;
    if (const auto reason = budget_.Exhausted();
        reason && outcome_.verdict == Verdict::kValid) {
      outcome_.verdict = Verdict::kUnknown;
      outcome_.unknown = Unknown{*reason, "", ""};
    }
    return std::move(outcome_);
  }

 private:
  class Counter : public SaturationSink {
   public:
    void MustPrecede(Step, Step, Step) override { ++count; }
    void MustNotSee(Step, Step) override {}
    size_t count = 0;
  };

  size_t CountDemands() const {
    Counter counter;
    Saturation saturation(steps_, kCausalRules, Saturation::Detail::kFrontier);
    for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
      saturation.Sweep(c, counter);
    }
    return counter.count;
  }

  // One order of all updates that meets the demands of causal convergence; no
  // place_ if there is none.
  void FindOrder() {
    EdgeSink sink;
    const Vertex vertices =
        AddUpdateOrder(steps_, rules_, nullptr, false, sink);
    Saturation saturation(steps_, kCausalRules, Saturation::Detail::kFrontier);
    for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
      saturation.Sweep(c, sink);
    }
    const Digraph graph(vertices, sink.edges);
    sink.edges.Clear();
    const std::vector<Vertex> order = graph.TopologicalOrder();
    if (order.size() != vertices) return;
    place_.resize(vertices);
    for (Vertex i = 0; i < vertices; ++i) place_[order[i]] = i;
  }

  void CheckSessions() {
    std::vector<std::vector<uint32_t>> chains(steps_.session_names.size());
    for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
      chains[steps_.chain_session[c]].push_back(c);
    }
    const WritesBefore before(steps_, rules_);
    RankedSession ranked(steps_, before, budget_);
    WalkedSession walked(steps_, before, budget_);
    for (uint32_t session = 0; session < chains.size(); ++session) {
      if (budget_.Exhausted() ||
          outcome_.violations.size() >= kMaxArbitrationViolations) {
        return;
      }
      if (chains[session].empty()) continue;
      CheckDemands(chains[session].size() == 1
                       ? ranked.Saturate(chains[session].front())
                       : walked.Saturate(session));
    }
  }

  void CheckDemands(const SessionDemands& found) {
    if (budget_.Exhausted()) return;
    if (found.blind_read != kNoStep) {
      AddViolation(explain_ ? BlindViolation(found) : Violation{});
      return;
    }
    const bool is_met =
        !place_.empty() &&
        std::all_of(found.demands.begin(), found.demands.end(),
                    [&](const Demand& demand) {
                      return place_[demand.update] < place_[demand.source];
                    });
    if (is_met) return;
    EdgeSink sink;
    const Vertex vertices =
        AddUpdateOrder(steps_, rules_, nullptr, false, sink);
    for (const Demand& demand : found.demands) {
      sink.edges.Add(demand.update, demand.source);
    }
    const Digraph graph(vertices, sink.edges);
    if (graph.TopologicalOrder().size() == vertices) return;
    AddViolation(explain_ ? ExplainCycle(graph, found) : Violation{});
  }

  void AddViolation(Violation violation) {
    outcome_.verdict = Verdict::kViolation;
    outcome_.violations.push_back(std::move(violation));
  }

  Violation ExplainCycle(const Digraph& graph, const SessionDemands& found) {
    const std::vector<uint32_t> component = graph.CyclicComponents();
    std::vector<bool> relevant(steps_.size(), false);
    std::vector<Step> members;
    for (Step step = 0; step < steps_.size(); ++step) {
      if (component[step] == Digraph::kNoComponent) continue;
      relevant[step] = true;
      members.push_back(step);
    }
    OrderGraph order(steps_.size());
    const Vertex vertices =
        AddUpdateOrder(steps_, rules_, &relevant, true, order);
    for (const Demand& demand : found.demands) {
      if (!relevant[demand.update] || !relevant[demand.source]) continue;
      order.Add(
          {demand.update, demand.source, demand.read, OrderReason::kSeen});
    }
    order.Close(vertices);
    Violation violation = CycleViolation(steps_, rules_, ProofWords::kCausal,
                                         order.ShortestCycle(members));
    violation.kind = "serialization-cycle";
    return violation;
  }

  Violation BlindViolation(const SessionDemands& found) {
    Violation violation =
        UnseenViolation(steps_, kCausalRules, ProofWords::kCausal,
                        found.blind_read, found.seen_update);
    // Seen not by causality alone but by the order that the reads force.
    if (violation.cycle.front().rule.empty()) {
      violation.cycle.front().rule = "serialization";
    }
    return violation;
  }

  const SessionHistory& steps_;
  RuleSet rules_;
  bool explain_;
  Budget& budget_;
  std::vector<uint32_t> place_;  // by vertex
  ModelOutcome outcome_;
};

}  // namespace

ModelOutcome JudgeCausalMemory(const SessionHistory& steps, RuleSet arbitration,
                               bool explain, Budget& budget) {
  return CausalMemoryCheck(steps, arbitration, explain, budget).Run();
}

}  // namespace minos::checker
