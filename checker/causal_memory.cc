// Within one session hb is decided by one number for each step: its rank, the
// position of the first of the session's own steps that it is hb before. hb is
// transitive, so what is hb before a step of rank p has rank p or less; the set
// that the own read at position i sees is {w : rank(w) ≤ i}; and the rule
// "w hb r, so w before rf(r)" says
//
//   for each own read r of key k at position i that returned v, and each other
//   write w of k:   rank(w) ≤ i   implies   rank(w) ≤ rank(v).
//
// Ranks start as causality makes them and only fall, until the rule holds: the
// least hb. A fall spreads to what causally precedes the write: back along its
// chain, and to what the reads there had returned. One pass of the rule takes
// the steps in the order of their ranks and keeps, for each key, the latest
// write seen of each chain; passes are repeated until nothing falls (one pass
// in a history where nothing falls, rarely more than three). A pass costs
// O(n + own reads · chains), so all sessions together O(n · chains) a pass.
//
// It remains to find cycles. The demands w → v that the ranks make are, where
// nothing fell, also demands of causal convergence; so one order of all writes
// that meets those (there is one in most histories) answers for every session.
// A session with a demand that this order does not meet is sorted by itself.
//
// Where real time or versions order the writes of a key for everybody, that
// order is part of every hb, as causality is: a fall spreads along it too.
//
// A session of several chains has no positions. Its hb is saturated by walking
// back from each own read, again and again: slow, and rare.

#include "checker/causal_memory.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "checker/arbitration.h"
#include "checker/cycle_proof.h"
#include "checker/digraph.h"
#include "checker/order_graph.h"
#include "checker/saturation.h"
#include "checker/update_order.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();
constexpr RuleSet kCausalRules =
    kAllSessionRules | kInitialFirst | kSessionArbitration;

// `update` must come before `source`, since `read` sees it and returned that.
struct Demand {
  Step update;
  Step source;
  Step read;
};

// The writes that real time or versions put right before each write.
class WritesBefore {
 public:
  WritesBefore(const SessionHistory& steps, RuleSet arbitration) {
    if (!Has(arbitration, kRealTimeArbitration) &&
        !Has(arbitration, kVersionArbitration)) {
      return;
    }
    ForEachArbitrated(steps, arbitration,
                      [&](Step before, Step after, OrderReason) {
                        pairs_.emplace_back(after, before);
                      });
    std::sort(pairs_.begin(), pairs_.end());
    begin_.assign(steps.size() + size_t{1}, 0);
    for (const auto& [after, before] : pairs_) ++begin_[after + 1];
    for (size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  }

  // Pairs of `write` and one that comes before it.
  std::span<const std::pair<Step, Step>> Of(Step write) const {
    if (begin_.empty()) return {};
    return std::span(pairs_).subspan(begin_[write],
                                     begin_[write + 1] - begin_[write]);
  }
  bool empty() const { return pairs_.empty(); }

 private:
  std::vector<std::pair<Step, Step>> pairs_;
  std::vector<size_t> begin_;
};

// What a session's hb demands.
struct SessionDemands {
  std::vector<Demand> demands;
  // A read of the initial value that sees an update, and the update.
  Step blind_read = kNoStep;
  Step seen_update = kNoStep;
};

// The hb of a session that is one chain.
class RankedSession {
 public:
  RankedSession(const SessionHistory& steps, const WritesBefore& before,
                Budget& budget)
      : steps_(steps),
        before_(before),
        budget_(budget),
        latest_(steps.key_names.size()) {}

  SessionDemands Saturate(uint32_t chain) {
    chain_ = chain;
    begin_ = steps_.chain_begin[chain];
    end_ = steps_.chain_begin[chain + 1];
    StartRanks();
    SessionDemands result;
    do {
      fell_ = false;
      result = Pass();
    } while (fell_ && !budget_.Exhausted());
    return result;
  }

 private:
  void StartRanks() {
    rank_.assign(steps_.size(), kNever);
    for (Step own = begin_; own < end_; ++own) {
      const uint32_t position = own - begin_;
      rank_[own] = position;
      if (steps_.IsRead(own) && IsStep(steps_.sources[own])) {
        Lower(steps_.sources[own], position);
      }
      if (!steps_.IsRead(own)) LowerBefore(own, position);
    }
  }

  // What real time or versions put before the own write at `position`.
  void LowerBefore(Step own, uint32_t position) {
    for (const auto& [write, other] : before_.Of(own)) Lower(other, position);
  }

  // `step` is hb before the own step at `position`.
  void Lower(Step step, uint32_t position) {
    stack_.push_back(step);
    while (!stack_.empty()) {
      Step at = stack_.back();
      stack_.pop_back();
      const Step chain_begin = steps_.chain_begin[steps_.chains[at]];
      // An own step keeps its position; a write of ours before our earlier step
      // is a cycle, which its demand shows.
      if (steps_.chains[at] == chain_) continue;
      while (rank_[at] > position) {
        rank_[at] = position;
        if (steps_.IsRead(at) && IsStep(steps_.sources[at]) &&
            rank_[steps_.sources[at]] > position) {
          stack_.push_back(steps_.sources[at]);
        }
        for (const Crossing& crossing : steps_.CrossingsTo(at)) {
          stack_.push_back(crossing.from);
        }
        if (!before_.empty()) {
          for (const auto& [write, other] : before_.Of(at)) {
            if (rank_[other] > position) stack_.push_back(other);
          }
        }
        if (at == chain_begin) break;
        --at;
      }
    }
  }

  // The updates in the order of their ranks.
  void SortByRank() {
    const uint32_t positions = end_ - begin_;
    bucket_.assign(size_t{positions} + 1, 0);
    for (Step step = 0; step < steps_.size(); ++step) {
      if (rank_[step] != kNever && !steps_.IsRead(step)) ++bucket_[rank_[step]];
    }
    uint32_t sum = 0;
    for (uint32_t& count : bucket_) sum += std::exchange(count, sum);
    sorted_.resize(sum);
    for (Step step = 0; step < steps_.size(); ++step) {
      if (rank_[step] != kNever && !steps_.IsRead(step)) {
        sorted_[bucket_[rank_[step]]++] = step;
      }
    }
  }

  void See(Step update) {
    std::vector<Step>& latest = latest_[steps_.keys[update]];
    if (latest.empty()) touched_.push_back(steps_.keys[update]);
    for (Step& other : latest) {
      if (steps_.chains[other] != steps_.chains[update]) continue;
      other = std::max(other, update);
      return;
    }
    latest.push_back(update);
  }

  SessionDemands Pass() {
    SessionDemands result;
    for (const uint32_t key : touched_) latest_[key].clear();
    touched_.clear();
    SortByRank();
    size_t next = 0;
    for (Step own = begin_; own < end_; ++own) {
      const uint32_t position = own - begin_;
      // What fell during this pass was sorted at its old place; the next pass
      // sees it where it belongs.
      while (next < sorted_.size() && rank_[sorted_[next]] <= position) {
        See(sorted_[next++]);
      }
      if (steps_.IsRead(own)) Judge(own, result);
      if (budget_.Exhausted()) break;
    }
    return result;
  }

  void Judge(Step read, SessionDemands& result) {
    const Step source = steps_.sources[read];
    const std::vector<Step>& latest = latest_[steps_.keys[read]];
    if (source == kInitialStep && !latest.empty() &&
        result.blind_read == kNoStep) {
      result.blind_read = read;
      result.seen_update = latest.front();
    }
    if (!IsStep(source)) return;
    for (const Step update : latest) {
      if (update == source) continue;
      result.demands.push_back({update, source, read});
      if (rank_[update] > rank_[source] && steps_.chains[update] != chain_) {
        Lower(update, rank_[source]);
        fell_ = true;
      }
    }
  }

  const SessionHistory& steps_;
  const WritesBefore& before_;
  Budget& budget_;
  uint32_t chain_ = 0;
  Step begin_ = 0;
  Step end_ = 0;
  bool fell_ = false;
  std::vector<uint32_t> rank_;  // by step
  std::vector<uint32_t> bucket_;
  std::vector<Step> sorted_;
  std::vector<Step> stack_;
  std::vector<std::vector<Step>> latest_;  // by key: of each chain the latest
  std::vector<uint32_t> touched_;
};

// The hb of a session that is several chains.
class WalkedSession {
 public:
  WalkedSession(const SessionHistory& steps, const WritesBefore& given,
                Budget& budget)
      : steps_(steps), given_(given), budget_(budget) {}

  SessionDemands Saturate(uint32_t session) {
    FindOwnReads(session);
    SessionDemands result;
    demanded_.clear();
    before_.clear();
    bool grew = true;
    while (grew && !budget_.Exhausted()) {
      grew = false;
      for (const Step read : reads_) {
        Walk(read);
        for (const Step update : seen_) {
          if (steps_.IsRead(update) ||
              steps_.keys[update] != steps_.keys[read]) {
            continue;
          }
          const Step source = steps_.sources[read];
          if (source == kInitialStep && result.blind_read == kNoStep) {
            result.blind_read = read;
            result.seen_update = update;
          }
          if (!IsStep(source) || update == source) continue;
          if (!demanded_.emplace(update, source).second) continue;
          before_[source].push_back(update);
          result.demands.push_back({update, source, read});
          grew = true;
        }
      }
    }
    return result;
  }

 private:
  void FindOwnReads(uint32_t session) {
    reads_.clear();
    for (Step step = 0; step < steps_.size(); ++step) {
      if (steps_.IsRead(step) && steps_.SessionOf(step) == session) {
        reads_.push_back(step);
      }
    }
  }

  // All that is hb before `start`.
  void Walk(Step start) {
    seen_.clear();
    marks_.clear();
    std::vector<Step> stack = {start};
    const auto push = [&](Step step) {
      if (marks_.insert(step).second) stack.push_back(step);
    };
    while (!stack.empty()) {
      const Step step = stack.back();
      stack.pop_back();
      if (step != start) seen_.push_back(step);
      if (step != steps_.chain_begin[steps_.chains[step]]) push(step - 1);
      if (steps_.IsRead(step) && IsStep(steps_.sources[step])) {
        push(steps_.sources[step]);
      }
      for (const Crossing& crossing : steps_.CrossingsTo(step)) {
        push(crossing.from);
      }
      for (const auto& [write, other] : given_.Of(step)) push(other);
      const auto demanded = before_.find(step);
      if (demanded == before_.end()) continue;
      for (const Step update : demanded->second) push(update);
    }
    std::sort(seen_.begin(), seen_.end());
  }

  const SessionHistory& steps_;
  const WritesBefore& given_;
  Budget& budget_;
  std::vector<Step> reads_;
  std::vector<Step> seen_;
  absl::flat_hash_set<Step> marks_;
  absl::flat_hash_set<std::pair<Step, Step>> demanded_;
  absl::flat_hash_map<Step, std::vector<Step>> before_;
};

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
