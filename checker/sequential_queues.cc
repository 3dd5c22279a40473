// Where each element is put in once, what it takes for an order to be right is
// said of two elements at a time (see element_order.cc). What follows from
// these rules is drawn until nothing more follows; a cycle is a violation. Then
// the search decides what is open (see last_conflicts.h).
//
// Operations of unknown outcome. Putting in what no ok operation took out can
// be left out, with the taking out of that element if there was one.
//
// Deciding whether an element was taken twice, or was never put in, needs no
// order.

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
#include "checker/element_order.h"
#include "checker/emptiness.h"
#include "checker/last_conflicts.h"
#include "checker/order_closure.h"
#include "checker/session_chains.h"
#include "history/operation_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;
using Node = ElementOrder::Node;
using Element = ElementOrder::Element;
using Discipline = ElementOrder::Discipline;

// How many rows of the closure and pairs of elements may be looked at.
constexpr size_t kEffort = 1'500'000'000;
// The pairs are looked at again and again.
constexpr size_t kMaxElements = 20'000;

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
         is_taken ? node_of.at(found->second.front()) : ElementOrder::kNoNode});
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
                 Reader& reader, ElementOrder& order,
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
SearchEnd Search(ElementOrder& order, Budget& budget) {
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
  ElementOrder order(history, names->discipline, std::move(chains), budget);
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
