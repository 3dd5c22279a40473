// Where each element is put in once, what it takes for an order to be right is
// said of two elements at a time. Write p(a) for what put a in and q(a) for
// what took it out (never, if nothing did); p(a) comes before q(a), and
//
//   queue            p(a) < p(b)  exactly if  q(a) < q(b)
//   stack            never  p(a) < p(b) < q(a) < q(b)
//   priority queue   of a < b, never  p(a) < q(b) < q(a)
//   found nothing    never  p(a) < e < q(a),  e being what found nothing
//
// Necessary, plainly. Sufficient: take an order of all operations in which
// these hold for every pair, and look at q(b). Its element is there. In a queue
// one that was put in before it was taken before; in a stack none that was put
// in after it is left; in a priority queue no smaller one is; and what found
// nothing found nothing. So q(b) gives b, as it did.
//
// Each of these rules out one order of the four operations, so where some of
// its parts are known the rest follows. That is done until nothing more
// follows; a cycle is a violation. Then the search decides what is open, one
// pair after the other in the order of the calls (see last_conflicts.h). Once
// everything that the rules speak of is decided, every order that extends it is
// right.
//
// Operations of unknown outcome. Putting in what no ok operation took out can
// be left out, with the taking out of that element if there was one. Taking out
// may have taken any element that no ok operation took and that was certainly
// put in: for each such element it is a further question which of them took it,
// if any did.
//
// Deciding whether an element that was taken twice, or was never put in, needs
// no order.

#include "checker/sequential_queues.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "checker/deciders/function_index.h"
#include "checker/emptiness.h"
#include "checker/last_conflicts.h"
#include "checker/order_closure.h"
#include "checker/session_chains.h"
#include "history/operation_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;
using Node = OrderClosure::Node;

// How many rows of the closure and pairs of elements may be looked at.
constexpr size_t kEffort = 1'500'000'000;
// The pairs are looked at again and again.
constexpr size_t kMaxElements = 20'000;
constexpr Node kNoNode = 0xFFFFFFFFu;
constexpr uint32_t kNoElement = 0xFFFFFFFFu;

enum class Discipline : uint8_t { kQueue, kStack, kPriority, kNoOrder };

struct TypeNames {
  std::string_view model;
  std::string_view put;
  std::string_view take;
  Discipline discipline;
};

constexpr TypeNames kTypes[] = {
    {"fifo-queue", "enqueue", "dequeue", Discipline::kQueue},
    {"stack", "push", "pop", Discipline::kStack},
    {"priority-queue", "insert", "delete-min", Discipline::kPriority},
    {"unordered-queue", "enqueue", "dequeue", Discipline::kNoOrder},
};

struct Element {
  ValueId value = kNoValue;
  Node put = kNoNode;
  Node take = kNoNode;
  bool stays = false;  // nothing took it
  // Where neither is known: which operations of unknown outcome cannot have
  // taken it, the last entry being that none did.
  std::vector<bool> excluded = {};

  bool is_settled() const { return stays || take != kNoNode; }
};

// One key.
struct Object {
  std::vector<uint32_t> elements;
  std::vector<Node> misses;   // ok operations that found nothing
  std::vector<Node> crashes;  // operations of unknown outcome that take
};

struct ElementQuestion {
  Node first = kNoNode;  // which of two operations comes first
  Node second = kNoNode;
  uint32_t element = kNoElement;  // or what became of an element
  size_t candidate = SIZE_MAX;    // which was tried
  friend bool operator==(const ElementQuestion&,
                         const ElementQuestion&) = default;
};

class QueueOrder {
 public:
  using Question = ElementQuestion;

  QueueOrder(const History& history, Discipline discipline,
             SessionChains chains, Budget& budget)
      : history_(history),
        discipline_(discipline),
        operations_(std::move(chains.operations)),
        closure_(std::move(chains.chain_begin)),
        element_of_(closure_.size(), kNoElement),
        object_of_miss_(closure_.size(), kNoElement),
        is_marked_miss_(closure_.size(), false),
        budget_(budget) {
    for (const auto& [from, to] : chains.crossings) Add(from, to);
  }

  // An object and what was done to it. Elements are put in once.
  void AddObject(std::vector<Element> elements, std::vector<Node> misses,
                 std::vector<Node> crashes) {
    const auto number = static_cast<uint32_t>(objects_.size());
    Object object;
    for (Element& element : elements) {
      const auto id = static_cast<uint32_t>(elements_.size());
      if (element.take == kNoNode) {
        element.stays = crashes.empty();
        element.excluded.assign(crashes.size() + 1, false);
      } else {
        element_of_[element.take] = id;
      }
      element_of_[element.put] = id;
      elements_.push_back(std::move(element));
      object.elements.push_back(id);
      object_of_.push_back(number);
    }
    std::sort(object.elements.begin(), object.elements.end(),
              [&](uint32_t a, uint32_t b) {
                return CallOf(elements_[a].put) < CallOf(elements_[b].put);
              });
    for (const Node miss : misses) object_of_miss_[miss] = number;
    object.misses = std::move(misses);
    object.crashes = std::move(crashes);
    by_call_.insert(by_call_.end(), object.elements.begin(),
                    object.elements.end());
    objects_.push_back(std::move(object));
  }

  // Draws what follows at the start; false on a contradiction.
  bool Begin() {
    is_marked_.assign(elements_.size(), false);
    used_.assign(closure_.size(), false);
    std::sort(by_call_.begin(), by_call_.end(), [&](uint32_t a, uint32_t b) {
      return CallOf(elements_[a].put) < CallOf(elements_[b].put);
    });
    for (uint32_t element = 0; element < elements_.size(); ++element) {
      const Element& e = elements_[element];
      if (e.take != kNoNode && !Add(e.put, e.take)) return false;
      MarkElement(element);
    }
    if (!holds_ || !Follow()) return false;
    closure_.KeepChanges();
    return true;
  }

  // ---- The theory: see last_conflicts.h

  bool IsOpen(const Question& question) const {
    if (question.element != kNoElement) {
      return !elements_[question.element].is_settled();
    }
    return !closure_.Precedes(question.first, question.second) &&
           !closure_.Precedes(question.second, question.first);
  }

  bool FindOpen(Question& question) {
    for (; cursor_ < by_call_.size(); ++cursor_) {
      if (FindOpenOf(by_call_[cursor_], question)) return true;
    }
    return false;
  }

  bool Try(Question& question) {
    if (question.element == kNoElement) {
      return Add(question.first, question.second);
    }
    Element& element = elements_[question.element];
    const std::vector<Node>& crashes = CrashesOf(question.element);
    for (size_t i = element.excluded.size(); i-- > 0;) {
      if (element.excluded[i] || (i < crashes.size() && used_[crashes[i]])) {
        continue;
      }
      question.candidate = i;
      return Settle(question.element,
                    i < crashes.size() ? crashes[i] : kNoNode);
    }
    return false;
  }

  bool Refute(const Question& question) {
    if (question.element == kNoElement) {
      return Add(question.second, question.first);
    }
    if (question.candidate == SIZE_MAX) return false;
    Exclude(question.element, question.candidate);
    MarkElement(question.element);
    return true;
  }

  struct Place {
    OrderClosure::Mark order;
    size_t settled;
    size_t excluded;
    size_t cursor;
  };
  Place Save() {
    if (const size_t kept = closure_.KeptBytes(); kept > charged_) {
      budget_.Charge(kept - charged_);
      charged_ = kept;
    }
    return {closure_.Now(), settled_.size(), excluded_.size(), cursor_};
  }
  void Restore(const Place& place) {
    for (const uint32_t element : marked_) is_marked_[element] = false;
    marked_.clear();
    for (const Node miss : marked_misses_) is_marked_miss_[miss] = false;
    marked_misses_.clear();
    closure_.BackTo(place.order);
    for (; settled_.size() > place.settled; settled_.pop_back()) {
      Element& element = elements_[settled_.back()];
      if (element.take != kNoNode) {
        used_[element.take] = false;
        element_of_[element.take] = kNoElement;
      }
      element.take = kNoNode;
      element.stays = false;
    }
    for (; excluded_.size() > place.excluded; excluded_.pop_back()) {
      const auto& [element, candidate] = excluded_.back();
      elements_[element].excluded[candidate] = false;
    }
    cursor_ = place.cursor;
  }

  bool Follow() {
    while (!marked_.empty() || !marked_misses_.empty()) {
      if (budget_.Exhausted()) return false;
      if (!marked_misses_.empty()) {
        const Node miss = marked_misses_.back();
        marked_misses_.pop_back();
        is_marked_miss_[miss] = false;
        const Object& object = objects_[object_of_miss_[miss]];
        for (const uint32_t element : object.elements) {
          if (!EnforceMiss(element, miss)) return false;
        }
        continue;
      }
      const uint32_t element = marked_.back();
      marked_.pop_back();
      is_marked_[element] = false;
      if (!EnforceElement(element)) return false;
    }
    return true;
  }

  size_t effort() const { return closure_.effort() + pairs_; }

  void Release() { budget_.Release(std::exchange(charged_, 0)); }

 private:
  history::Position CallOf(Node node) const {
    return history_.call(operations_[node]);
  }
  const std::vector<Node>& CrashesOf(uint32_t element) const {
    return objects_[object_of_[element]].crashes;
  }

  void MarkElement(uint32_t element) {
    if (is_marked_.empty() || is_marked_[element]) return;
    is_marked_[element] = true;
    marked_.push_back(element);
  }
  void MarkNode(Node node) {
    if (element_of_[node] != kNoElement) MarkElement(element_of_[node]);
    if (object_of_miss_[node] == kNoElement || is_marked_miss_[node]) return;
    is_marked_miss_[node] = true;
    marked_misses_.push_back(node);
  }
  bool Add(Node from, Node to) {
    const auto mark = [&](Node node) { MarkNode(node); };
    const bool added = closure_.Add(from, to, mark, mark);
    holds_ = holds_ && (added || is_begun());
    return added;
  }
  bool is_begun() const { return !is_marked_.empty(); }

  bool Settle(uint32_t number, Node take) {
    Element& element = elements_[number];
    element.take = take;
    element.stays = take == kNoNode;
    settled_.push_back(number);
    MarkElement(number);
    if (take == kNoNode) return true;
    used_[take] = true;
    element_of_[take] = number;
    return Add(element.put, take);
  }
  void Exclude(uint32_t element, size_t candidate) {
    if (elements_[element].excluded[candidate]) return;
    elements_[element].excluded[candidate] = true;
    excluded_.emplace_back(element, candidate);
  }

  // ---- The rules

  bool EnforceElement(uint32_t number) {
    const Object& object = objects_[object_of_[number]];
    pairs_ += object.elements.size() / 4 + 1;
    if (discipline_ != Discipline::kNoOrder) {
      for (const uint32_t other : object.elements) {
        if (other == number) continue;
        if (!EnforcePair(number, other) || !EnforcePair(other, number)) {
          return false;
        }
      }
    }
    for (const Node miss : object.misses) {
      if (!EnforceMiss(number, miss)) return false;
    }
    return true;
  }

  // `a` must not be there at `moment`, being put in before.
  bool MustBeGone(uint32_t number, Node moment) {
    const Element& a = elements_[number];
    if (a.stays) return Add(moment, a.put);
    if (a.take == kNoNode) {
      if (closure_.Precedes(a.put, moment))
        Exclude(number, a.excluded.size() - 1);
      return true;
    }
    if (closure_.Precedes(a.put, moment) && !Add(a.take, moment)) return false;
    return !closure_.Precedes(moment, a.take) || Add(moment, a.put);
  }

  bool EnforceMiss(uint32_t number, Node miss) {
    return MustBeGone(number, miss);
  }

  // What follows for these two, `a` in the first place of the rule.
  bool EnforcePair(uint32_t x, uint32_t y) {
    const Element& a = elements_[x];
    const Element& b = elements_[y];
    if (b.take == kNoNode) return true;
    switch (discipline_) {
      case Discipline::kQueue:
        if (a.stays) return Add(b.put, a.put);
        if (a.take == kNoNode) {
          if (closure_.Precedes(a.put, b.put))
            Exclude(x, a.excluded.size() - 1);
          return true;
        }
        return (!closure_.Precedes(a.put, b.put) || Add(a.take, b.take)) &&
               (!closure_.Precedes(a.take, b.take) || Add(a.put, b.put));
      case Discipline::kStack:
        return EnforceStack(x, y);
      case Discipline::kPriority:
        return !IsSmaller(a, b) || MustBeGone(x, b.take);
      case Discipline::kNoOrder:
        break;
    }
    return true;
  }

  // Never p(b) < p(a) < q(b) < q(a).
  bool EnforceStack(uint32_t x, uint32_t y) {
    const Element& a = elements_[x];
    const Element& b = elements_[y];
    const bool above = closure_.Precedes(b.put, a.put);
    const bool inside = closure_.Precedes(a.put, b.take);
    if (a.take == kNoNode && !a.stays) {
      if (above && inside) Exclude(x, a.excluded.size() - 1);
      return true;
    }
    const bool left = a.stays || closure_.Precedes(b.take, a.take);
    if (above && inside) return !a.stays && Add(a.take, b.take);
    if (above && left) return Add(b.take, a.put);
    if (inside && left) return Add(a.put, b.put);
    return true;
  }

  bool IsSmaller(const Element& a, const Element& b) const {
    const history::ValueTable& values = history_.values();
    return values.integer(a.value) < values.integer(b.value);
  }

  // ---- What is open

  bool FindOpenOf(uint32_t number, Question& question) const {
    const Element& element = elements_[number];
    if (!element.is_settled()) {
      question = {.element = number};
      return true;
    }
    const Object& object = objects_[object_of_[number]];
    for (const uint32_t other : object.elements) {
      if (other == number) break;
      if (discipline_ == Discipline::kNoOrder) break;
      if (FindOpenPair(elements_[other], element, question) ||
          FindOpenPair(element, elements_[other], question)) {
        return true;
      }
    }
    return std::any_of(
        object.misses.begin(), object.misses.end(),
        [&](Node miss) { return AskGone(element, miss, question); });
  }

  bool Ask(Node a, Node b, Question& question) const {
    if (closure_.Precedes(a, b) || closure_.Precedes(b, a)) return false;
    question = CallOf(a) < CallOf(b) ? Question{.first = a, .second = b}
                                     : Question{.first = b, .second = a};
    return true;
  }

  // Whether `a` was gone at `moment` or not there yet.
  bool AskGone(const Element& a, Node moment, Question& question) const {
    if (a.stays) return false;  // not there yet
    return !closure_.Precedes(moment, a.put) && Ask(a.take, moment, question);
  }

  bool FindOpenPair(const Element& a, const Element& b,
                    Question& question) const {
    if (!a.is_settled() || b.take == kNoNode) return false;
    switch (discipline_) {
      case Discipline::kQueue:
        return Ask(a.put, b.put, question);
      case Discipline::kStack:
        // Either a was put in first, or b was taken before, or a was.
        if (closure_.Precedes(a.put, b.put) ||
            closure_.Precedes(b.take, a.put) ||
            (!a.stays && closure_.Precedes(a.take, b.take))) {
          return false;
        }
        return Ask(a.put, b.put, question) || Ask(b.take, a.put, question);
      case Discipline::kPriority:
        return IsSmaller(a, b) && AskGone(a, b.take, question);
      case Discipline::kNoOrder:
        break;
    }
    return false;
  }

  const History& history_;
  Discipline discipline_;
  std::vector<OpIndex> operations_;  // by node
  OrderClosure closure_;
  std::vector<uint32_t> element_of_;      // by node: what it puts in or takes
  std::vector<uint32_t> object_of_miss_;  // by node
  std::vector<bool> is_marked_miss_;
  Budget& budget_;
  std::vector<Element> elements_;
  std::vector<uint32_t> object_of_;  // by element
  std::vector<Object> objects_;
  std::vector<uint32_t> by_call_;  // the elements
  std::vector<bool> used_;         // by node: it took an element
  std::vector<uint32_t> marked_;
  std::vector<bool> is_marked_;
  std::vector<Node> marked_misses_;
  std::vector<uint32_t> settled_;
  std::vector<std::pair<uint32_t, size_t>> excluded_;
  size_t cursor_ = 0;
  size_t pairs_ = 0;
  size_t charged_ = 0;  // for what is kept to go back
  bool holds_ = true;
};

// Reads the objects of a history.
class Reader {
 public:
  Reader(const History& history, const ModelInfo& model,
         const Partitioning& partitioning, const TypeNames& names)
      : history_(history),
        partitioning_(partitioning),
        names_(names),
        functions_(history.values(), model) {}

  // False if the precondition does not hold. `violation` is set where no order
  // is needed to see one.
  bool Read(const Partition& partition,
            const absl::flat_hash_map<OpIndex, Node>& node_of,
            std::optional<Violation>& violation);

  std::vector<Element> elements;
  std::vector<Node> misses;
  std::vector<Node> crashes;

 private:
  struct Put {
    OpIndex operation;
    ValueId value;
    bool is_ok;
  };
  // What was put in and what was taken out, in the order of the calls.
  struct Exchange {
    std::vector<Put> puts;
    std::vector<std::pair<ValueId, OpIndex>> takes;
    absl::flat_hash_map<ValueId, std::vector<OpIndex>> puts_of;
    absl::flat_hash_map<ValueId, std::vector<OpIndex>> takes_of;
  };

  // False if an operation is not one of those.
  bool Sort(const Partition& partition,
            const absl::flat_hash_map<OpIndex, Node>& node_of,
            Exchange& exchange);
  std::optional<Violation> FindWrong(const Partition& partition,
                                     const Exchange& exchange) const;
  Violation Wrong(std::string kind, const Partition& partition, OpIndex take,
                  std::vector<OpIndex> core, std::string_view how) const;

  const History& history_;
  const Partitioning& partitioning_;
  const TypeNames& names_;
  FunctionIndex functions_;
};

Violation Reader::Wrong(std::string kind, const Partition& partition,
                        OpIndex take, std::vector<OpIndex> core,
                        std::string_view how) const {
  Violation violation;
  violation.kind = std::move(kind);
  violation.key = partition.key;
  violation.culprit = take;
  violation.summary =
      absl::StrCat("`", history::OperationText(history_, take), "` (",
                   history::OperationPlace(history_, take), ") took out what ",
                   std::string(how));
  violation.sentences.push_back(violation.summary + ", in whatever order.");
  core.push_back(take);
  std::sort(core.begin(), core.end());
  violation.core = std::move(core);
  return violation;
}

bool Reader::Sort(const Partition& partition,
                  const absl::flat_hash_map<OpIndex, Node>& node_of,
                  Exchange& exchange) {
  const history::ValueTable& values = history_.values();
  for (const OpIndex op : partition.operations) {
    const Call call = CallOf(history_, partitioning_.keying, op);
    const std::string_view function = functions_.MainNameOf(call.function);
    if (function == names_.put) {
      if (MeansEmpty(values, call.argument)) return false;
      if (names_.discipline == Discipline::kPriority &&
          values.kind(call.argument) != ValueKind::kInteger) {
        return false;
      }
      exchange.puts.push_back({op, call.argument, call.is_ok});
      exchange.puts_of[call.argument].push_back(op);
    } else if (function != names_.take) {
      return false;
    } else if (!call.is_ok) {
      crashes.push_back(node_of.at(op));
    } else if (MeansEmpty(values, call.result)) {
      misses.push_back(node_of.at(op));
    } else {
      exchange.takes.emplace_back(call.result, op);
      exchange.takes_of[call.result].push_back(op);
    }
  }
  return true;
}

std::optional<Violation> Reader::FindWrong(const Partition& partition,
                                           const Exchange& exchange) const {
  for (const auto& [value, take] : exchange.takes) {
    const auto found = exchange.puts_of.find(value);
    if (found == exchange.puts_of.end()) {
      return Wrong("thin-air-read", partition, take, {}, "nobody had put in");
    }
    const std::vector<OpIndex>& all = exchange.takes_of.at(value);
    if (all.size() > found->second.size() && all.back() == take) {
      std::vector<OpIndex> core(all.begin(), all.end() - 1);
      core.insert(core.end(), found->second.begin(), found->second.end());
      return Wrong("taken-too-often", partition, take, std::move(core),
                   "was taken more often than it was put in");
    }
  }
  return std::nullopt;
}

bool Reader::Read(const Partition& partition,
                  const absl::flat_hash_map<OpIndex, Node>& node_of,
                  std::optional<Violation>& violation) {
  elements.clear();
  misses.clear();
  crashes.clear();
  Exchange exchange;
  if (!Sort(partition, node_of, exchange)) return false;
  violation = FindWrong(partition, exchange);
  if (violation) return true;
  for (const Put& put : exchange.puts) {
    const auto found = exchange.takes_of.find(put.value);
    const bool is_taken = found != exchange.takes_of.end();
    if (is_taken && exchange.puts_of.at(put.value).size() > 1) return false;
    if (!is_taken && !put.is_ok) continue;
    elements.push_back(
        {put.value, node_of.at(put.operation),
         is_taken ? node_of.at(found->second.front()) : kNoNode});
  }
  return true;
}

ModelOutcome NoOrder() {
  ModelOutcome outcome;
  outcome.verdict = Verdict::kViolation;
  Violation violation;
  violation.kind = "not-sequential";
  violation.summary =
      "no single order of all operations keeps every session's order and "
      "explains what was taken out";
  violation.sentences.push_back(
      "Whatever order the elements are put in and taken out in, some session "
      "did what contradicts it.");
  outcome.violations.push_back(std::move(violation));
  return outcome;
}

// nullptr if `model` is none of these.
const TypeNames* NamesOf(const ModelInfo& model) {
  const auto* const names = std::find_if(
      std::begin(kTypes), std::end(kTypes),
      [&](const TypeNames& type) { return type.model == model.name; });
  return names == std::end(kTypes) ? nullptr : names;
}

// The operations of all objects, in the order of their calls.
std::vector<OpIndex> AllOperations(const History& history,
                                   const Partitioning& partitioning) {
  std::vector<OpIndex> operations;
  for (const Partition& partition : partitioning.partitions) {
    operations.insert(operations.end(), partition.operations.begin(),
                      partition.operations.end());
  }
  std::sort(operations.begin(), operations.end(), [&](OpIndex a, OpIndex b) {
    return history.call(a) < history.call(b);
  });
  return operations;
}

// Reads all objects into `order`, up to the first that is wrong in whatever
// order. False if the precondition does not hold.
bool ReadObjects(const Partitioning& partitioning,
                 const absl::flat_hash_map<OpIndex, Node>& node_of,
                 Reader& reader, QueueOrder& order,
                 std::optional<Violation>& violation) {
  bool applies = true;
  for (const Partition& partition : partitioning.partitions) {
    applies = reader.Read(partition, node_of, violation) && applies;
    if (violation) break;
    order.AddObject(std::move(reader.elements), std::move(reader.misses),
                    std::move(reader.crashes));
  }
  return applies;
}

// kGaveUp also where a limit ends it.
SearchEnd Search(QueueOrder& order, Budget& budget) {
  SearchEnd end = SearchEnd::kNone;
  if (order.Begin()) end = SearchAnswers(order, kEffort, budget);
  order.Release();
  return budget.Exhausted() ? SearchEnd::kGaveUp : end;
}

}  // namespace

std::optional<ModelOutcome> JudgeSequentialQueues(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    ValueId initial, Budget& budget) {
  const TypeNames* const names = NamesOf(model);
  if (names == nullptr || !IsEmptyAtStart(history.values(), initial)) {
    return std::nullopt;
  }
  const std::vector<OpIndex> operations = AllOperations(history, partitioning);
  if (operations.size() > kMaxElements) return std::nullopt;
  SessionChains chains = BuildSessionChains(history, operations, sessions);
  absl::flat_hash_map<OpIndex, Node> node_of;
  for (Node node = 0; node < chains.operations.size(); ++node) {
    node_of[chains.operations[node]] = node;
  }
  const size_t bytes = OrderClosure::BytesFor(chains.operations.size(),
                                              chains.chain_begin.size() - 1);
  if (!budget.Charge(bytes)) return std::nullopt;
  QueueOrder order(history, names->discipline, std::move(chains), budget);
  Reader reader(history, model, partitioning, *names);
  std::optional<Violation> violation;
  const bool applies =
      ReadObjects(partitioning, node_of, reader, order, violation);
  ModelOutcome outcome;
  outcome.memory_bytes = bytes;
  std::optional<ModelOutcome> result;
  if (violation) {
    outcome.verdict = Verdict::kViolation;
    outcome.violations.push_back(*std::move(violation));
    result = std::move(outcome);
  } else if (applies) {
    const SearchEnd end = Search(order, budget);
    if (end == SearchEnd::kFound) result = std::move(outcome);
    if (end == SearchEnd::kNone) result = NoOrder();
  }
  budget.Release(bytes);
  return result;
}

}  // namespace minos::checker
