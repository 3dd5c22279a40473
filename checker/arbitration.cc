// One order for everybody is the strongest demand and the cheapest to test: one
// graph, one topological sort. So it is tried first, whatever the scope; most
// histories pass, and then every weaker scope holds too. Where it has a cycle,
// only the updates on cycles matter any more: a cycle of the order of one
// session is a cycle of that graph. Each session's demands, and those that bind
// all, are restricted to them and sorted again.
//
// For one order a read (the model CC) no graph is needed: all demands of a read
// lead into the one update that it returned, so a cycle is an update w2 that
// the read sees with rf(r) co w2, and clocks answer that: see causal_reads.h. A
// read of a list demands the order of its elements, so a cycle is an element
// that causally precedes one that stands before it, next to it or further off.

#include "checker/arbitration.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checker/causal_clocks.h"
#include "checker/causal_reads.h"
#include "checker/counter_sums.h"
#include "checker/cycle_proof.h"
#include "checker/digraph.h"
#include "checker/order_graph.h"
#include "checker/saturation.h"
#include "checker/update_order.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNone = Digraph::kNoComponent;
// Components larger than this are explained by the demands of the frontier,
// since all demands might be quadratically many.
constexpr size_t kLargeComponent = 4096;
constexpr size_t kEdgeBytes = sizeof(EdgeList::Edge) + sizeof(Vertex);

struct Unseen {
  Step read;
  Step update;
};

// Collects edges without their reasons; mapped, if vertices were renumbered.
class PlainSink : public OrderSink, public SaturationSink {
 public:
  PlainSink(Budget& budget, const std::vector<uint32_t>* number)
      : budget_(budget), number_(number) {}
  ~PlainSink() override { budget_.Release(charged_); }
  PlainSink(const PlainSink&) = delete;
  PlainSink& operator=(const PlainSink&) = delete;

  void Add(const OrderEdge& edge) override { Add(edge.from, edge.to); }
  void MustPrecede(Step update, Step source, Step) override {
    Add(update, source);
  }
  void MustNotSee(Step update, Step read) override {
    // One for each read is enough.
    if (unseen_.empty() || unseen_.back().read != read) {
      unseen_.push_back({read, update});
    }
  }
  bool GoOn(Step) override { return !budget_.Exhausted().has_value(); }

  void Add(Vertex from, Vertex to) {
    if (number_ != nullptr) {
      from = (*number_)[from];
      to = (*number_)[to];
      if (from == kNone || to == kNone) return;
    }
    if (edges_.size() % EdgeList::kBlock == 0) {
      const size_t bytes = EdgeList::kBlock * kEdgeBytes;
      if (!budget_.Charge(bytes)) return;
      charged_ += bytes;
    }
    edges_.Add(from, to);
  }

  EdgeList& edges() { return edges_; }
  std::vector<Unseen>& unseen() { return unseen_; }
  size_t charged() const { return charged_; }

 private:
  Budget& budget_;
  const std::vector<uint32_t>* number_;
  EdgeList edges_;
  std::vector<Unseen> unseen_;
  size_t charged_ = 0;
};

// Keeps the demands between relevant updates, with their reasons.
class LabelledSink : public SaturationSink {
 public:
  LabelledSink(OrderGraph& graph, const std::vector<bool>& relevant)
      : graph_(graph), relevant_(relevant) {}
  void MustPrecede(Step update, Step source, Step read) override {
    if (relevant_[update] && relevant_[source]) {
      graph_.Add({update, source, read, OrderReason::kSeen});
    }
  }
  void MustNotSee(Step, Step) override {}

 private:
  OrderGraph& graph_;
  const std::vector<bool>& relevant_;
};

class ArbitrationCheck {
 public:
  ArbitrationCheck(const SessionHistory& steps, RuleSet rules,
                   ArbitrationScope scope, bool explain, Budget& budget,
                   const std::vector<bool>* witnesses)
      : witnesses_(witnesses),
        steps_(steps),
        rules_(rules),
        scope_(scope),
        explain_(explain),
        budget_(budget),
        words_(scope != ArbitrationScope::kSession &&
                       Has(rules, kAllSessionRules)
                   ? ProofWords::kCausal
                   : ProofWords::kSession) {}

  ArbitrationOutcome Run() && {
    if (scope_ == ArbitrationScope::kSession) {
      outcome_.violated_sessions.assign(steps_.session_names.size(), false);
    }
    if (scope_ == ArbitrationScope::kRead) {
      CheckReads();
    } else {
      CheckOrders();
    }
    if (const auto reason = budget_.Exhausted()) {
      outcome_.unknown = outcome_.cut_short = reason;
      outcome_.verdict =
          outcome_.violations.empty() ? Verdict::kUnknown : Verdict::kViolation;
      if (outcome_.verdict != Verdict::kUnknown) outcome_.unknown.reset();
    }
    return std::move(outcome_);
  }

 private:
  void CheckOrders();
  void CheckReads();
  void CheckReadsByClocks(const CausalClocks& clocks);
  void CheckReadsBySaturation(const CausalClocks& clocks);
  void CheckSessions(const std::vector<uint32_t>& component);
  bool HasUpdateCycle();
  std::vector<uint32_t> ChainsOf(uint32_t session) const;
  void ReportUnseen(const std::vector<Unseen>& unseen);
  void ReportCycle(const std::vector<Step>& component,
                   const std::vector<uint32_t>& chains);
  void ReportRead(Step update, Step source, Step read);
  void AddViolation(Violation violation) {
    outcome_.verdict = Verdict::kViolation;
    if (outcome_.violations.size() < kMaxArbitrationViolations) {
      outcome_.violations.push_back(std::move(violation));
    }
  }
  bool IsFull() const {
    return outcome_.violations.size() >= kMaxArbitrationViolations;
  }
  std::vector<uint32_t> AllChains() const {
    std::vector<uint32_t> chains(steps_.chain_count());
    for (uint32_t c = 0; c < chains.size(); ++c) chains[c] = c;
    return chains;
  }
  void Note(size_t bytes) {
    outcome_.memory_bytes = std::max(outcome_.memory_bytes, bytes);
  }

  bool IsWitness(uint32_t session) const {
    return witnesses_ == nullptr || (*witnesses_)[session];
  }

  const std::vector<bool>* witnesses_;
  const SessionHistory& steps_;
  RuleSet rules_;
  ArbitrationScope scope_;
  bool explain_;
  Budget& budget_;
  ProofWords words_;
  ArbitrationOutcome outcome_;
};

// The steps of the smallest component, the first of several.
std::vector<Step> SmallestComponent(const std::vector<uint32_t>& component,
                                    Vertex steps) {
  std::vector<uint32_t> sizes;
  for (Vertex v = 0; v < steps; ++v) {
    if (component[v] == kNone) continue;
    if (component[v] >= sizes.size()) sizes.resize(component[v] + 1, 0);
    ++sizes[component[v]];
  }
  uint32_t best = kNone;
  for (uint32_t c = 0; c < sizes.size(); ++c) {
    if (sizes[c] != 0 && (best == kNone || sizes[c] < sizes[best])) best = c;
  }
  std::vector<Step> members;
  for (Vertex v = 0; v < steps && best != kNone; ++v) {
    if (component[v] == best) members.push_back(v);
  }
  return members;
}

void ArbitrationCheck::ReportUnseen(const std::vector<Unseen>& unseen) {
  for (const Unseen& found : unseen) {
    if (!IsWitness(steps_.SessionOf(found.read))) continue;
    if (scope_ == ArbitrationScope::kSession) {
      outcome_.violated_sessions[steps_.SessionOf(found.read)] = true;
    }
    outcome_.verdict = Verdict::kViolation;
    if (IsFull()) continue;
    Violation violation;
    if (explain_) {
      violation =
          UnseenViolation(steps_, rules_, words_, found.read, found.update);
    }
    AddViolation(std::move(violation));
  }
}

void ArbitrationCheck::ReportCycle(const std::vector<Step>& component,
                                   const std::vector<uint32_t>& chains) {
  outcome_.verdict = Verdict::kViolation;
  if (IsFull()) return;
  if (!explain_) return AddViolation({});
  std::vector<bool> relevant(steps_.size(), false);
  for (const Step step : component) relevant[step] = true;
  OrderGraph graph(steps_.size());
  const Vertex vertices =
      AddUpdateOrder(steps_, rules_, &relevant, true, graph);
  LabelledSink sink(graph, relevant);
  Saturation saturation(steps_, rules_,
                        component.size() > kLargeComponent
                            ? Saturation::Detail::kFrontier
                            : Saturation::Detail::kAll);
  if (component.size() <= kLargeComponent) saturation.SetRelevant(&relevant);
  for (const uint32_t chain : chains) saturation.Sweep(chain, sink);
  graph.Close(vertices);
  AddViolation(
      CycleViolation(steps_, rules_, words_, graph.ShortestCycle(component)));
}

void ArbitrationCheck::CheckOrders() {
  std::vector<uint32_t> component;
  {
    PlainSink sink(budget_, nullptr);
    const Vertex vertices =
        AddUpdateOrder(steps_, rules_, nullptr, false, sink);
    Saturation saturation(steps_, rules_, Saturation::Detail::kFrontier);
    for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
      saturation.Sweep(c, sink);
    }
    Note(sink.charged() + saturation.MemoryBytes());
    if (budget_.Exhausted()) return;
    ReportUnseen(sink.unseen());
    const Digraph graph(vertices, sink.edges());
    sink.edges().Clear();
    if (graph.TopologicalOrder().size() == vertices) return;
    component = graph.CyclicComponents();
  }
  if (scope_ == ArbitrationScope::kGlobal) {
    ReportCycle(SmallestComponent(component, steps_.size()), AllChains());
  } else {
    CheckSessions(component);
  }
}

// Judges each session by its own order, within the components in which one
// order for all is not possible.
void ArbitrationCheck::CheckSessions(const std::vector<uint32_t>& component) {
  std::vector<uint32_t> number(component.size(), kNone);
  std::vector<Vertex> original;
  for (Vertex v = 0; v < component.size(); ++v) {
    if (component[v] == kNone) continue;
    number[v] = static_cast<uint32_t>(original.size());
    original.push_back(v);
  }
  const auto size = static_cast<Vertex>(original.size());
  const auto judge = [&](PlainSink& sink, const std::vector<uint32_t>& chains) {
    const Digraph graph(size, sink.edges());
    if (graph.TopologicalOrder().size() == size) return false;
    const std::vector<uint32_t> found = graph.CyclicComponents();
    std::vector<uint32_t> by_step(steps_.size(), kNone);
    for (Vertex v = 0; v < size; ++v) {
      if (original[v] < steps_.size()) by_step[original[v]] = found[v];
    }
    ReportCycle(SmallestComponent(by_step, steps_.size()), chains);
    return true;
  };
  PlainSink common(budget_, &number);
  AddUpdateOrder(steps_, rules_, nullptr, false, common);
  if (judge(common, {})) {
    outcome_.violated_sessions.assign(outcome_.violated_sessions.size(), true);
    return;
  }
  Saturation saturation(steps_, rules_, Saturation::Detail::kFrontier);
  for (uint32_t s = 0; s < steps_.session_names.size(); ++s) {
    if (!IsWitness(s)) continue;
    PlainSink sink(budget_, &number);
    for (const uint32_t chain : ChainsOf(s)) saturation.Sweep(chain, sink);
    if (budget_.Exhausted()) return;
    if (sink.edges().size() == 0) continue;
    common.edges().ForEach(
        [&](Vertex from, Vertex to) { sink.edges().Add(from, to); });
    if (judge(sink, ChainsOf(s))) outcome_.violated_sessions[s] = true;
  }
}

std::vector<uint32_t> ArbitrationCheck::ChainsOf(uint32_t session) const {
  std::vector<uint32_t> chains;
  for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
    if (steps_.chain_session[c] == session) chains.push_back(c);
  }
  return chains;
}

// Reports a cycle of what binds everybody, if there is one.
bool ArbitrationCheck::HasUpdateCycle() {
  PlainSink sink(budget_, nullptr);
  const Vertex vertices = AddUpdateOrder(steps_, rules_, nullptr, false, sink);
  const Digraph graph(vertices, sink.edges());
  if (graph.TopologicalOrder().size() == vertices) return false;
  ReportCycle(SmallestComponent(graph.CyclicComponents(), steps_.size()), {});
  return true;
}

void ArbitrationCheck::CheckReads() {
  const size_t bytes = CausalClocks::BytesFor(steps_);
  if (!budget_.Charge(bytes)) return;
  const std::optional<CausalClocks> clocks = CausalClocks::Compute(steps_);
  Note(bytes);
  if (clocks && steps_.observation == Observation::kRegister &&
      Has(rules_, kAllSessionRules)) {
    CheckReadsByClocks(*clocks);
  } else if (clocks) {
    CheckReadsBySaturation(*clocks);
  } else {
    HasUpdateCycle();
  }
  budget_.Release(bytes);
}

class ClockSink : public SaturationSink {
 public:
  struct Overwritten {
    Step update;
    Step source;
    Step read;
  };

  ClockSink(const SessionHistory& steps, const CausalClocks& clocks,
            Budget& budget)
      : steps_(steps), clocks_(clocks), budget_(budget) {}
  void MustPrecede(Step update, Step source, Step read) override {
    // ListOrders looks at the whole list.
    if (steps_.observation == Observation::kList) return;
    if (!clocks_.Precedes(source, steps_.chains[source], update)) return;
    if (overwritten.empty() || overwritten.back().read != read) {
      overwritten.push_back({update, source, read});
    }
  }
  void MustNotSee(Step update, Step read) override {
    if (unseen.empty() || unseen.back().read != read) {
      unseen.push_back({read, update});
    }
  }
  bool GoOn(Step) override { return !budget_.Exhausted().has_value(); }

  std::vector<Overwritten> overwritten;
  std::vector<Unseen> unseen;

 private:
  const SessionHistory& steps_;
  const CausalClocks& clocks_;
  Budget& budget_;
};

// Looks for elements of lists that causally precede one that stands before
// them. Going along a list, what precedes any of its elements so far is a
// clock. The lists of a key mostly begin alike, so the clock of the last one is
// gone on with where the next one begins with it: O(length), and for each
// further element O(chains).
class ListOrders {
 public:
  ListOrders(const SessionHistory& steps, const CausalClocks& clocks)
      : steps_(steps), clocks_(clocks), known_(steps.key_names.size()) {}

  // The first such element of `read` as `source`, and as `update` the first one
  // that it precedes.
  std::optional<ClockSink::Overwritten> Find(Step read) {
    const std::span<const Step> shown = steps_.Shown(read);
    Known& known = known_[steps_.keys[read]];
    const bool goes_on =
        known.shown.size() <= shown.size() &&
        std::equal(known.shown.begin(), known.shown.end(), shown.begin());
    if (!goes_on || known.clock.empty()) {
      known.clock.assign(steps_.chain_count(), 0);
      known.shown = {};
    }
    for (size_t i = known.shown.size(); i < shown.size(); ++i) {
      const Step element = shown[i];
      const uint32_t chain = steps_.chains[element];
      if (known.clock[chain] > element) {
        known = {};
        return Contradiction(shown, i, read);
      }
      const std::span<const Step> clock = clocks_.ClockOf(element);
      for (size_t c = 0; c < clock.size(); ++c) {
        known.clock[c] = std::max(known.clock[c], clock[c]);
      }
    }
    known.shown = shown;
    return std::nullopt;
  }

 private:
  struct Known {
    std::span<const Step> shown;
    std::vector<Step> clock;
  };

  ClockSink::Overwritten Contradiction(std::span<const Step> shown, size_t at,
                                       Step read) const {
    size_t first = 0;
    while (
        !clocks_.Precedes(shown[at], steps_.chains[shown[at]], shown[first])) {
      ++first;
    }
    return {shown[first], shown[at], read};
  }

  const SessionHistory& steps_;
  const CausalClocks& clocks_;
  std::vector<Known> known_;  // by key: the last list and what precedes it
};

void ArbitrationCheck::CheckReadsBySaturation(const CausalClocks& clocks) {
  ClockSink sink(steps_, clocks, budget_);
  Saturation saturation(steps_, rules_, Saturation::Detail::kLatest);
  for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
    saturation.Sweep(c, sink);
  }
  if (steps_.observation == Observation::kList) {
    ListOrders orders(steps_, clocks);
    for (Step read = 0; read < steps_.size() && !budget_.Exhausted(); ++read) {
      if (!steps_.IsRead(read) || !IsStep(steps_.sources[read])) continue;
      if (const auto found = orders.Find(read)) {
        sink.overwritten.push_back(*found);
      }
    }
  }
  ReportUnseen(sink.unseen);
  for (const ClockSink::Overwritten& found : sink.overwritten) {
    outcome_.verdict = Verdict::kViolation;
    if (IsFull()) return;
    ReportRead(found.update, found.source, found.read);
  }
}

void ArbitrationCheck::CheckReadsByClocks(const CausalClocks& clocks) {
  CausalReads reads(steps_, clocks, Has(rules_, kInitialFirst));
  for (uint32_t c = 0; c < steps_.chain_count(); ++c) {
    reads.Sweep(c, budget_);
    if (budget_.Exhausted()) break;
  }
  Note(clocks.MemoryBytes() + reads.MemoryBytes());
  for (const CausalReads::Found& found : reads.found()) {
    if (found.source == kInitialStep) {
      ReportUnseen({{found.read, found.update}});
      continue;
    }
    outcome_.verdict = Verdict::kViolation;
    if (IsFull()) return;
    ReportRead(found.update, found.source, found.read);
  }
}

// `read` returned `source`, which `update`, which it sees, had overwritten.
void ArbitrationCheck::ReportRead(Step update, Step source, Step read) {
  if (!explain_) return AddViolation({});
  OrderGraph graph(steps_.size());
  graph.Close(AddUpdateOrder(steps_, rules_, nullptr, true, graph));
  size_t effort = steps_.size() * size_t{16};
  std::vector<OrderEdge> cycle =
      graph.ShortestPath(source, update, steps_.size() + size_t{1}, effort);
  cycle.push_back({update, source, read, OrderReason::kSeen});
  AddViolation(CycleViolation(steps_, rules_, words_, cycle));
}

}  // namespace

ArbitrationOutcome CheckArbitration(const SessionHistory& steps, RuleSet rules,
                                    ArbitrationScope scope, bool explain,
                                    Budget& budget,
                                    const std::vector<bool>* witnesses) {
  if (steps.observation == Observation::kCounter) {
    return CheckCounterSums(steps, rules, explain, budget, witnesses);
  }
  return ArbitrationCheck(steps, rules, scope, explain, budget, witnesses)
      .Run();
}

}  // namespace minos::checker
