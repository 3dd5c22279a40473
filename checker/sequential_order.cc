// Every order of all operations contains the session order and puts each write
// before its reads. For a read r of w, and another write v of the same key, v
// is not between them:
//
//   if v comes before r, it comes before w;   if w comes before v, so does r.
//
// These two rules are applied until nothing more follows; a cycle is a
// violation. Of each chain only the last write before r and the first after w
// need be looked at, since the others follow. A compare-and-set is one place in
// the order, a read and a write.
//
// Where a value was written more than once, a read has several candidates. One
// drops out if it comes after the read, or if another write is known to stand
// between them; a read with none left is a contradiction, and of one left it is
// the source.
//
// Gibbons & Korach (SIAM J. Comput. 1997) show that the question stays
// NP-complete even with known sources. But once every read has a source w, and
// w and any other write of the key are ordered, every order that extends the
// closure explains all reads: r comes after w, and before every v that comes
// after w. So the search decides what is open, one source of a read or one pair
// of writes after the other, in the order of the calls, applies the rules, and
// goes back where they end in a cycle ("gradual consistency checking", Zennou
// et al., CAV 2019, does so with a solver). Of two writes that no read can have
// returned the order is left open.
//
// A compare-and-set of unknown outcome is a write, which can stand at the very
// end if nobody returned what it set; only if somebody did must it have found
// what it compared.

#include "checker/sequential_order.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/last_conflicts.h"
#include "checker/order_closure.h"
#include "checker/reads_from.h"
#include "checker/update_order.h"

namespace minos::checker {
namespace {

using history::OpIndex;
using history::ValueId;
using Node = OrderClosure::Node;

// How many rows of the closure the search may look at.
constexpr size_t kEffort = 400'000'000;
// What stands for the initial value among the candidates of a read.
constexpr Node kInitialNode = 0xFFFFFFFEu;
constexpr Node kNoNode = 0xFFFFFFFFu;
constexpr uint32_t kNoRead = 0xFFFFFFFFu;
constexpr size_t kNoCandidate = SIZE_MAX;

enum class EdgeKind : uint8_t {
  kSession,
  kSource,
  kInitial,
  kBefore,
  kAfter,
  kRealTime,
  kVersion,
};

// Why `from` comes before `to`.
struct Edge {
  Step from;
  Step to;
  EdgeKind kind;
  Step read;  // kBefore, kAfter: the read between whose source and which the
              // other write may not stand
};

// The writes of one key by one chain, in order.
struct WriteRun {
  uint32_t chain;
  std::vector<Node> writes;

  // The last one before `end`, the first one from `begin` on.
  Node LastBefore(Node end) const {
    const auto at = std::lower_bound(writes.begin(), writes.end(), end);
    return at == writes.begin() ? kNoNode : *(at - 1);
  }
  Node FirstFrom(Node begin) const {
    const auto at = std::lower_bound(writes.begin(), writes.end(), begin);
    return at == writes.end() ? kNoNode : *at;
  }
};

struct Read {
  Node node;
  Step step;
  uint32_t key;
  std::vector<Node> candidates;  // the latest call first
  std::vector<bool> excluded;    // by candidate
  Node source = kNoNode;
  // False for what a compare-and-set of unknown outcome compared, as long as no
  // read returned what it set: it need not have happened.
  bool is_active = true;
};

// What is decided: the source of a read, or which of two writes comes first.
struct OrderQuestion {
  uint32_t read = kNoRead;
  Node first = kNoNode;
  Node second = kNoNode;
  size_t candidate = kNoCandidate;  // which was tried
  friend bool operator==(const OrderQuestion&, const OrderQuestion&) = default;
};

// The places of the order: an operation each, whose steps are consecutive.
std::vector<Node> NumberNodes(const SessionHistory& steps) {
  std::vector<Node> node_of(steps.size());
  Node next = 0;
  for (Step step = 0; step < steps.size(); ++step) {
    const bool is_new =
        step == 0 || steps.operations[step] != steps.operations[step - 1];
    if (is_new) ++next;
    node_of[step] = next - 1;
  }
  return node_of;
}

std::vector<Node> ChainsOf(const SessionHistory& steps,
                           const std::vector<Node>& node_of) {
  std::vector<Node> begin;
  for (const Step step : steps.chain_begin) {
    begin.push_back(step == steps.size()
                        ? (node_of.empty() ? 0 : node_of.back() + 1)
                        : node_of[step]);
  }
  return begin;
}

class OrderSearch {
 public:
  OrderSearch(const SessionHistory& steps,
              const std::vector<AmbiguousRead>& ambiguous, RuleSet arbitration,
              bool explain, Budget& budget)
      : steps_(steps),
        arbitration_(arbitration),
        explain_(explain),
        budget_(budget),
        node_of_(NumberNodes(steps)),
        closure_(ChainsOf(steps, node_of_)),
        read_of_(closure_.size(), kNoRead),
        readers_(closure_.size()),
        may_be_read_(closure_.size(), false),
        runs_(steps.key_names.size()) {
    FindPlaces();
    FindReads(ambiguous);
    FindWrites();
  }

  ModelOutcome Run() && {
    if (!AddGiven() || !Follow()) {
      if (budget_.Exhausted()) {
        NoteLimits();
      } else {
        ReportContradiction();
      }
      return std::move(outcome_);
    }
    searching_ = true;
    closure_.KeepChanges();
    switch (SearchAnswers(*this, kEffort, budget_)) {
      case SearchEnd::kFound:
        break;
      case SearchEnd::kNone:
        ReportExhaustion();
        break;
      case SearchEnd::kGaveUp:
        NoteLimits();
        break;
    }
    budget_.Release(charged_);
    return std::move(outcome_);
  }

  using Question = OrderQuestion;

  // ---- The search (see last_conflicts.h)

  bool IsOpen(const Question& question) const {
    if (question.read != kNoRead) {
      const Read& read = reads_[question.read];
      return read.is_active && read.source == kNoNode;
    }
    return !closure_.Precedes(question.first, question.second) &&
           !closure_.Precedes(question.second, question.first);
  }

  bool FindOpen(Question& question) {
    while (read_cursor_ < by_call_.size() &&
           !IsOpen({.read = by_call_[read_cursor_]})) {
      ++read_cursor_;
    }
    const bool has_read = read_cursor_ < by_call_.size();
    for (; write_cursor_ < write_order_.size(); ++write_cursor_) {
      const Node write = write_order_[write_cursor_];
      if (has_read &&
          CallOf(reads_[by_call_[read_cursor_]].node) < CallOf(write)) {
        break;
      }
      const Node other = OpenNeighbour(write);
      if (other == kNoNode) continue;
      question = {.first = other, .second = write};
      return true;
    }
    if (has_read) question = {.read = by_call_[read_cursor_]};
    return has_read;
  }

  // The write of the key, called before `write`, that is called last of those
  // whose order with it is open and matters.
  Node OpenNeighbour(Node write) const {
    Node best = kNoNode;
    for (const WriteRun& run : runs_[KeyOf(write)]) {
      const Node end = closure_.BeginAfter(write, run.chain);
      auto at = std::lower_bound(run.writes.begin(), run.writes.end(),
                                 closure_.EndBefore(write, run.chain));
      for (; at != run.writes.end() && *at < end; ++at) {
        if (*at == write || CallOf(*at) > CallOf(write)) break;
        if (!may_be_read_[*at] && !may_be_read_[write]) continue;
        if (best == kNoNode || CallOf(*at) > CallOf(best)) best = *at;
      }
    }
    return best;
  }

  // The earlier call first; of the candidates, the latest call.
  bool Try(Question& question) {
    if (question.read == kNoRead) {
      return Add(question.first, question.second, EdgeKind::kBefore, kNoStep);
    }
    const Read& read = reads_[question.read];
    FindLatest(read);
    for (size_t i = 0; i < read.candidates.size(); ++i) {
      if (read.excluded[i] || !IsPossible(read, read.candidates[i])) continue;
      question.candidate = i;
      MarkRead(question.read);
      return SetSource(question.read, read.candidates[i]);
    }
    return false;
  }

  bool Refute(const Question& question) {
    if (question.read == kNoRead) {
      return Add(question.second, question.first, EdgeKind::kBefore, kNoStep);
    }
    if (question.candidate == kNoCandidate) return false;
    reads_[question.read].excluded[question.candidate] = true;
    excluded_.emplace_back(question.read, question.candidate);
    MarkRead(question.read);
    return true;
  }

  struct Place {
    OrderClosure::Mark order;
    size_t settled;
    size_t excluded;
    size_t activated;
    size_t read_cursor;
    size_t write_cursor;
  };

  Place Save() {
    if (const size_t kept = closure_.KeptBytes(); kept > charged_) {
      budget_.Charge(kept - charged_);
      charged_ = kept;
    }
    return {closure_.Now(),    settled_.size(), excluded_.size(),
            activated_.size(), read_cursor_,    write_cursor_};
  }

  void Restore(const Place& place) {
    for (const uint32_t read : marked_) is_marked_[read] = false;
    marked_.clear();
    closure_.BackTo(place.order);
    for (; settled_.size() > place.settled; settled_.pop_back()) {
      Read& read = reads_[settled_.back()];
      if (read.source != kInitialNode) readers_[read.source].pop_back();
      read.source = kNoNode;
    }
    for (; excluded_.size() > place.excluded; excluded_.pop_back()) {
      const auto& [read, candidate] = excluded_.back();
      reads_[read].excluded[candidate] = false;
    }
    for (; activated_.size() > place.activated; activated_.pop_back()) {
      reads_[activated_.back()].is_active = false;
    }
    read_cursor_ = place.read_cursor;
    write_cursor_ = place.write_cursor;
  }

  size_t effort() const { return closure_.effort(); }

  // Applies the rules until nothing more follows; false on a contradiction.
  bool Follow() {
    while (!marked_.empty()) {
      const uint32_t read = marked_.back();
      marked_.pop_back();
      is_marked_[read] = false;
      if (budget_.Exhausted()) return false;
      if (!Narrow(read) || !Enforce(read)) return false;
    }
    return true;
  }

 private:
  void FindPlaces() {
    step_of_.assign(closure_.size(), kNoStep);
    write_of_.assign(closure_.size(), kNoStep);
    for (Step step = steps_.size(); step-- > 0;) {
      step_of_[node_of_[step]] = step;
      if (!steps_.IsRead(step)) write_of_[node_of_[step]] = step;
    }
  }

  void FindReads(const std::vector<AmbiguousRead>& ambiguous) {
    for (Step step = 0; step < steps_.size(); ++step) {
      if (!steps_.IsRead(step)) continue;
      const Step source = steps_.sources[step];
      if (IsStep(source)) {
        AddRead(step, {node_of_[source]});
      } else if (source == kInitialStep) {
        AddRead(step, {kInitialNode});
      }
    }
    for (const AmbiguousRead& read : ambiguous) {
      std::vector<Step> candidates = read.candidates;
      const auto rank = [&](Step candidate) {
        return IsStep(candidate) ? int64_t{steps_.call(candidate)} : -1;
      };
      std::stable_sort(candidates.begin(), candidates.end(),
                       [&](Step a, Step b) { return rank(a) > rank(b); });
      std::vector<Node> nodes;
      for (const Step candidate : candidates) {
        nodes.push_back(IsStep(candidate) ? node_of_[candidate] : kInitialNode);
      }
      AddRead(read.read, std::move(nodes));
    }
    FindDoubtfulReads();
    for (uint32_t read = 0; read < reads_.size(); ++read) {
      by_call_.push_back(read);
    }
    std::sort(by_call_.begin(), by_call_.end(), [&](uint32_t a, uint32_t b) {
      return CallOf(reads_[a].node) < CallOf(reads_[b].node);
    });
  }

  // What compare-and-sets of unknown outcome compared.
  void FindDoubtfulReads() {
    std::map<std::pair<uint32_t, ValueId>, std::vector<Node>> writers;
    for (const auto& [step, compared] : steps_.compared) {
      writers[{steps_.keys[step], compared}];
    }
    for (Step step = 0; step < steps_.size() && !writers.empty(); ++step) {
      if (steps_.IsRead(step)) continue;
      const auto found = writers.find({steps_.keys[step], steps_.values[step]});
      if (found != writers.end()) found->second.push_back(node_of_[step]);
    }
    for (const auto& [step, compared] : steps_.compared) {
      std::vector<Node> candidates = writers[{steps_.keys[step], compared}];
      std::erase(candidates, node_of_[step]);
      if (compared == steps_.initial) candidates.push_back(kInitialNode);
      AddRead(step, std::move(candidates));
      reads_.back().is_active = false;
    }
  }

  void AddRead(Step step, std::vector<Node> candidates) {
    const auto read = static_cast<uint32_t>(reads_.size());
    read_of_[node_of_[step]] = read;
    for (const Node candidate : candidates) {
      if (candidate != kInitialNode) may_be_read_[candidate] = true;
    }
    std::vector<bool> excluded(candidates.size(), false);
    reads_.push_back({node_of_[step], step, steps_.keys[step],
                      std::move(candidates), std::move(excluded)});
    MarkRead(read);
  }

  void FindWrites() {
    for (Node node = 0; node < closure_.size(); ++node) {
      if (write_of_[node] == kNoStep) continue;
      write_order_.push_back(node);
      std::vector<WriteRun>& runs = runs_[KeyOf(node)];
      if (runs.empty() || runs.back().chain != closure_.ChainOf(node)) {
        runs.push_back({closure_.ChainOf(node), {}});
      }
      runs.back().writes.push_back(node);
    }
    std::sort(write_order_.begin(), write_order_.end(),
              [&](Node a, Node b) { return CallOf(a) < CallOf(b); });
  }

  history::Position CallOf(Node node) const {
    return steps_.call(step_of_[node]);
  }
  uint32_t KeyOf(Node node) const { return steps_.keys[step_of_[node]]; }

  // ---- The rules

  void MarkRead(uint32_t read) {
    if (read >= is_marked_.size()) is_marked_.resize(read + 1, false);
    if (is_marked_[read]) return;
    is_marked_[read] = true;
    marked_.push_back(read);
  }

  bool Add(Node from, Node to, EdgeKind kind, Step read) {
    if (from != to && closure_.Precedes(from, to)) return true;
    if (explain_ && !searching_) {
      edges_.push_back({StepIn(from), StepIn(to), kind, read});
    }
    return closure_.Add(
        from, to,
        [&](Node node) {
          if (read_of_[node] != kNoRead) MarkRead(read_of_[node]);
        },
        [&](Node node) {
          if (read_of_[node] != kNoRead) MarkRead(read_of_[node]);
          for (const uint32_t reader : readers_[node]) MarkRead(reader);
        });
  }
  Step StepIn(Node node) const { return step_of_[node]; }

  bool AddGiven() {
    for (Step step = steps_.size(); explain_ && step-- > 1;) {
      const Step from = StepIn(node_of_[step - 1]);
      const Step to = StepIn(node_of_[step]);
      if (steps_.chains[from] == steps_.chains[to] && from != to) {
        edges_.push_back({from, to, EdgeKind::kSession, kNoStep});
      }
    }
    for (const Crossing& crossing : steps_.crossings) {
      if (!Add(node_of_[crossing.from], node_of_[crossing.to],
               EdgeKind::kSession, kNoStep)) {
        return false;
      }
    }
    bool holds = true;
    ForEachArbitrated(
        steps_, arbitration_, [&](Step before, Step after, OrderReason reason) {
          holds = holds &&
                  Add(node_of_[before], node_of_[after],
                      reason == OrderReason::kRealTime ? EdgeKind::kRealTime
                                                       : EdgeKind::kVersion,
                      kNoStep);
        });
    return holds;
  }

  // Drops candidates that cannot be; false if there is none left.
  bool Narrow(uint32_t number) {
    const Read& read = reads_[number];
    if (!read.is_active || read.source != kNoNode) return true;
    if (read.candidates.size() > 1) FindLatest(read);
    Node only = kNoNode;
    for (size_t i = 0; i < read.candidates.size(); ++i) {
      if (read.excluded[i]) continue;
      const Node candidate = read.candidates[i];
      if (read.candidates.size() > 1 && !IsPossible(read, candidate)) continue;
      if (only != kNoNode) return true;
      only = candidate;
    }
    if (only == kNoNode && !searching_) baffled_ = read.step;
    return only != kNoNode && SetSource(number, only);
  }

  // Of each chain the last write of the key before `read`.
  void FindLatest(const Read& read) {
    latest_.clear();
    for (const WriteRun& run : runs_[read.key]) {
      Node last = run.LastBefore(closure_.EndBefore(read.node, run.chain));
      if (last == read.node) last = run.LastBefore(read.node);
      if (last != kNoNode) latest_.push_back(last);
    }
  }
  bool IsPossible(const Read& read, Node candidate) const {
    if (candidate == kInitialNode) return latest_.empty();
    return candidate != read.node && !closure_.Precedes(read.node, candidate) &&
           std::none_of(latest_.begin(), latest_.end(), [&](Node latest) {
             return closure_.Precedes(candidate, latest);
           });
  }

  bool SetSource(uint32_t number, Node source) {
    Read& read = reads_[number];
    read.source = source;
    settled_.push_back(number);
    if (source == kInitialNode) return true;
    readers_[source].push_back(number);
    Activate(source);
    return Add(source, read.node, EdgeKind::kSource, read.step);
  }

  void Activate(Node node) {
    const uint32_t number = read_of_[node];
    if (number == kNoRead || reads_[number].is_active) return;
    reads_[number].is_active = true;
    activated_.push_back(number);
    MarkRead(number);
    // The cursor may have passed it.
    read_cursor_ = 0;
  }

  bool Enforce(uint32_t number) {
    const Read& read = reads_[number];
    if (read.source == kNoNode) return true;
    for (const WriteRun& run : runs_[read.key]) {
      if (!EnforceBefore(read, run) || !EnforceAfter(read, run)) return false;
    }
    return true;
  }

  bool EnforceBefore(const Read& read, const WriteRun& run) {
    Node last = run.LastBefore(closure_.EndBefore(read.node, run.chain));
    if (last == read.node) last = run.LastBefore(read.node);
    if (last == kNoNode || last == read.source) return true;
    if (read.source == kInitialNode) {
      return Add(read.node, last, EdgeKind::kInitial, read.step);
    }
    return Add(last, read.source, EdgeKind::kBefore, read.step);
  }

  bool EnforceAfter(const Read& read, const WriteRun& run) {
    const bool is_initial = read.source == kInitialNode;
    const auto next = [&](Node node) {
      const Node first = run.FirstFrom(node);
      return first == read.node ? run.FirstFrom(first + 1) : first;
    };
    Node first =
        next(is_initial ? 0 : closure_.BeginAfter(read.source, run.chain));
    if (first == read.source && first != kNoNode) first = next(first + 1);
    if (first == kNoNode) return true;
    return Add(read.node, first,
               is_initial ? EdgeKind::kInitial : EdgeKind::kAfter, read.step);
  }

  void NoteLimits() {
    outcome_.verdict = Verdict::kUnknown;
    outcome_.unknown = Unknown{
        budget_.Exhausted().value_or(UnknownReason::kTimeLimit),
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
      case EdgeKind::kRealTime:
        return absl::StrCat("By --arbitration realtime ", from,
                            ", which had returned before ", to,
                            " was called, comes before it.");
      case EdgeKind::kVersion:
        return absl::StrCat("The recorded version of ", from,
                            " is lower than that of ", to, ".");
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
      case EdgeKind::kRealTime:
        return "real-time";
      case EdgeKind::kVersion:
        return "version-order";
    }
    return "";
  }

  // A shortest cycle through the last edge, which closed one; or the read that
  // has no source left.
  void ReportContradiction() {
    outcome_.verdict = Verdict::kViolation;
    Violation violation;
    violation.kind = "not-sequential";
    if (baffled_ != kNoStep) {
      violation.core.push_back(steps_.operations[baffled_]);
      violation.culprit = steps_.operations[baffled_];
      violation.sentences.push_back(absl::StrCat(
          "Whatever wrote what ", StepText(steps_, baffled_),
          " returned, in every order it comes after that read, or is "
          "overwritten before it."));
    } else if (explain_ && !edges_.empty()) {
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
  RuleSet arbitration_;
  bool explain_;
  Budget& budget_;
  std::vector<Node> node_of_;  // by step
  OrderClosure closure_;
  // By node: its first step, its write, its read and the reads that returned
  // it, and whether any may.
  std::vector<Step> step_of_;
  std::vector<Step> write_of_;
  std::vector<uint32_t> read_of_;
  std::vector<std::vector<uint32_t>> readers_;
  std::vector<bool> may_be_read_;
  std::vector<std::vector<WriteRun>> runs_;  // by key
  std::vector<Read> reads_;
  std::vector<uint32_t> by_call_;  // the reads
  std::vector<Node> write_order_;  // the writes in the order of their calls
  std::vector<uint32_t> marked_;   // the reads to look at
  std::vector<bool> is_marked_;
  std::vector<Node> latest_;
  std::vector<uint32_t> settled_;  // reads in the order in which they got
                                   // their source
  std::vector<std::pair<uint32_t, size_t>> excluded_;
  std::vector<uint32_t> activated_;
  // Before them nothing is open.
  size_t read_cursor_ = 0;
  size_t write_cursor_ = 0;
  std::vector<Edge> edges_;  // what was added before the search
  Step baffled_ = kNoStep;   // a read without a source, found before it
  bool searching_ = false;
  size_t charged_ = 0;  // for what is kept to go back
  ModelOutcome outcome_;
};

}  // namespace

ModelOutcome JudgeSequentialOrder(const SessionHistory& steps,
                                  const std::vector<AmbiguousRead>& ambiguous,
                                  RuleSet arbitration, bool explain,
                                  Budget& budget) {
  const size_t bytes =
      OrderClosure::BytesFor(steps.size(), steps.chain_count()) +
      steps.size() * size_t{64};
  if (!budget.Charge(bytes)) {
    return UnknownOutcome({UnknownReason::kMemoryLimit,
                           "the causal models hold",
                           "judge a shorter history"});
  }
  ModelOutcome outcome =
      OrderSearch(steps, ambiguous, arbitration, explain, budget).Run();
  outcome.memory_bytes = bytes;
  budget.Release(bytes);
  return outcome;
}

}  // namespace minos::checker
