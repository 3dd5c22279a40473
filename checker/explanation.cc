// Reducing a violation to a small core.
//
// The idea. Removing an operation from a history does not keep its truth:
// without the write, the read of it is absurd. So operations are *relaxed*,
// which only ever allows more:
//
// - an operation that was called after the violation became certain is left
//   out, and one that was still open then has never returned, unless it is what
//   that said later that cannot be;
// - an operation that completed becomes one of which nobody knows whether it
//   took effect (its return moves to the end of time and its result is
//   forgotten), and if it then says nothing (a read, a write of a value that
//   no other operation could tell) it is gone.
//
// Every behaviour that explains the original also explains the relaxed history.
// So if the relaxed history is still a violation, it is a proof by itself. Of a
// collection, all operations on one value may be left out (value_projection.h).
//
// The search for a small one is delta debugging (Zeller & Hildebrandt, IEEE TSE
// 2002) in steps. First values are left out, where that may be. Then a guess:
// what happened last, and what mentions the value of the culprit; wider and
// wider until it is a violation. Then greedy relaxation in halves, quarters, …,
// single operations, until no single one can be relaxed any more: reads first,
// since a read that is gone leaves less to look at than a write that may or may
// not have happened.
//
// Cost. Each attempt is judged by the first decider of the data type
// (decider.h) that applies, else by a search over what is left. The sum of the
// operations and configurations of all attempts is bounded, see kMaxEffort.
//
// Limits. Every pass over the operations asks the budget, and ends with the
// status Cancelled once it is exhausted. What has been found to be a violation
// until then is the core, unless it is so large that nobody would look at it.

#include "checker/explanation.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "checker/call_verdict.h"
#include "checker/decider.h"
#include "checker/sequential_model.h"
#include "checker/value_projection.h"
#include "checker/wgl.h"
#include "history/operation_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNever;
using history::kNoValue;
using history::OpIndex;
using history::Position;
using history::ValueId;

// A few tenths of a second: the verdict is known, and the user waits for it.
constexpr size_t kMaxEffort = 300'000;
// More, for each operation up to the violation: else a long history would get
// no attempt at all.
constexpr size_t kMoreEffort = 3;
constexpr size_t kMaxConfigurationsAnAttempt = 5'000;
// Where a result is impossible, whatever the order, it mostly stays so as long
// as what makes it so is there, which is seen without a search; one is made
// only of what is left when no more operations than this return.
constexpr size_t kMostSearched = 100;
// That search would mostly find that there is nothing to be found.
constexpr size_t kMaxConfigurationsIfImpossible = 1'000;
// The search that shows where the core leads nowhere.
constexpr size_t kMaxConfigurationsAtLast = 20'000;
// What each attempt does for each operation, whoever judges it.
constexpr size_t kEffortAnOperation = 1;
// A core of more operations is not listed: writing it would take longer than
// finding the violation.
constexpr size_t kMostListed = 10'000;
constexpr size_t kFirstWindow = 8;
constexpr size_t kWindowGrowth = 8;

// An operation in a relaxed history.
struct Item {
  ObservedCall call;
  bool is_read_only = false;
  bool is_relaxed() const { return call.end == kNever; }
};

Item Relaxed(Item item) {
  item.call = StillOpen(item.call);
  return item;
}

// What an operation takes while an attempt is made to relax others.
constexpr size_t kBytesAnItem = 2 * sizeof(Item) + sizeof(ObservedCall);

std::vector<ObservedCall> CallsOf(const std::vector<Item>& items,
                                  Budget& budget) {
  std::vector<ObservedCall> calls;
  calls.reserve(items.size());
  for (const Item& item : items) {
    if (budget.Exhausted()) break;
    calls.push_back(item.call);
  }
  return calls;
}

class Reducer {
 public:
  Reducer(const History& history, const ModelInfo& model, ValueId initial,
          Keying keying, Budget& budget)
      : history_(history),
        model_(model),
        initial_(initial),
        keying_(keying),
        budget_(budget),
        projection_(model, history.values(), initial, budget) {}

  // What had been called when `culprit` returned. What returned later is taken
  // as open for ever, or, `with_later_results`, with the result that it had.
  absl::StatusOr<std::vector<Item>> Prefix(const Partition& partition,
                                           OpIndex culprit,
                                           bool with_later_results) const;
  // The smaller one of these that is a violation.
  absl::StatusOr<std::vector<Item>> ViolatedPrefix(const Partition& partition,
                                                   OpIndex culprit);
  // Makes `items`, which are a violation, a small one. If it fails, they are
  // what was found to be a violation last.
  absl::Status Reduce(std::vector<Item>& items, OpIndex culprit);
  // What the decider of the data type says of `items`; nothing if there is none
  // or it does not apply.
  std::optional<Decision> Decide(const std::vector<Item>& items);
  absl::StatusOr<PosedCalls> Pose(const std::vector<Item>& items) const;

 private:
  DeciderInput InputOf(std::span<const ObservedCall> calls) const {
    return {calls, model_, history_.values(), initial_};
  }
  bool OutOfEffort() const { return effort_ >= max_effort_; }
  // Whether the budget is exhausted.
  absl::Status IsCancelled() const {
    return budget_.Exhausted() ? absl::CancelledError() : absl::OkStatus();
  }
  absl::StatusOr<bool> IsViolated(std::vector<Item>& items);
  absl::StatusOr<bool> Search(const std::vector<Item>& items);
  absl::Status DropWhatSaysNothing(std::vector<Item>& items) const;
  std::vector<Item> Guess(const std::vector<Item>& items, OpIndex culprit,
                          size_t window) const;
  enum class Scope : uint8_t { kReads, kAll };
  absl::Status Narrow(std::vector<Item>& items, OpIndex culprit, Scope scope);
  absl::StatusOr<bool> RelaxChunks(std::vector<Item>& items, OpIndex culprit,
                                   Scope scope, size_t chunk);
  absl::Status MarkReads(std::vector<Item>& items) const;
  std::vector<Item> Without(std::span<const ValueId> dropped,
                            const std::vector<Item>& items);
  std::vector<Call> ContentsOf(const std::vector<Item>& items) const;
  std::vector<ValueId> Droppable(const std::vector<Item>& items,
                                 OpIndex culprit, size_t spared);
  absl::Status DropValues(std::vector<Item>& items, OpIndex culprit);
  absl::StatusOr<bool> DropChunks(std::vector<Item>& items, OpIndex culprit,
                                  size_t chunk);

  const History& history_;
  const ModelInfo& model_;
  ValueId initial_;
  Keying keying_;
  Budget& budget_;
  bool is_impossible_ = false;  // an attempt that holds has such a result
  ValueProjection projection_;
  size_t effort_ = 0;
  size_t max_effort_ = kMaxEffort;
};

absl::StatusOr<std::vector<Item>> Reducer::Prefix(
    const Partition& partition, OpIndex culprit,
    bool with_later_results) const {
  const Position last = history_.return_position(culprit);
  std::vector<Item> items;
  items.reserve(partition.operations.size());
  for (const OpIndex op : partition.operations) {
    if (budget_.Exhausted()) return absl::CancelledError();
    if (history_.call(op) > last) break;
    const Item item{{op, history_.call(op), history_.return_position(op),
                     CallOf(history_, keying_, op)}};
    const bool is_open = item.call.end > last && !with_later_results;
    items.push_back(is_open ? Relaxed(item) : item);
  }
  return items;
}

absl::StatusOr<std::vector<Item>> Reducer::ViolatedPrefix(
    const Partition& partition, OpIndex culprit) {
  absl::StatusOr<std::vector<Item>> items = Prefix(partition, culprit, false);
  if (!items.ok()) return items;
  max_effort_ += items->size() * kMoreEffort;
  const absl::StatusOr<bool> is_violated = IsViolated(*items);
  if (!is_violated.ok()) return is_violated.status();
  if (*is_violated) return items;
  return Prefix(partition, culprit, true);
}

absl::StatusOr<PosedCalls> Reducer::Pose(const std::vector<Item>& items) const {
  return PoseCalls(InputOf(CallsOf(items, budget_)), budget_);
}

// Whether `items` are certainly a violation. If so, those that say nothing are
// taken out of it. `items` mean nothing if it fails.
absl::StatusOr<bool> Reducer::IsViolated(std::vector<Item>& items) {
  if (absl::Status status = IsCancelled(); !status.ok()) return status;
  const std::optional<Decision> decision = Decide(items);
  absl::StatusOr<bool> is_violated =
      decision
          ? absl::StatusOr<bool>(decision->kind == Decision::Kind::kViolation)
          : Search(items);
  if (!is_violated.ok() || !*is_violated) return is_violated;
  if (absl::Status status = DropWhatSaysNothing(items); !status.ok()) {
    return status;
  }
  return true;
}

std::optional<Decision> Reducer::Decide(const std::vector<Item>& items) {
  FirstDecision first = DecideCalls(InputOf(CallsOf(items, budget_)), budget_);
  effort_ += first.asked * items.size() * kEffortAnOperation;
  return std::move(first.decision);
}

absl::StatusOr<bool> Reducer::Search(const std::vector<Item>& items) {
  const auto returned = static_cast<size_t>(
      std::count_if(items.begin(), items.end(),
                    [](const Item& item) { return !item.is_relaxed(); }));
  size_t most = kMaxConfigurationsAnAttempt;
  if (is_impossible_) most = kMaxConfigurationsIfImpossible;
  if (is_impossible_ && returned > kMostSearched) most = 1;
  const absl::StatusOr<SearchResult> result =
      SearchCalls(InputOf(CallsOf(items, budget_)), most, budget_);
  if (!result.ok()) return result.status();
  effort_ += items.size() + result->configurations;
  const bool is_violation = result->verdict == Verdict::kViolation;
  is_impossible_ =
      is_impossible_ || (is_violation && result->configurations == 0);
  return is_violation;
}

absl::Status Reducer::DropWhatSaysNothing(std::vector<Item>& items) const {
  absl::StatusOr<PosedCalls> instance = Pose(items);
  if (!instance.ok()) return instance.status();
  size_t kept = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    if (budget_.Exhausted()) return absl::CancelledError();
    const ActionId action = instance->intervals[i].action;
    const bool says_nothing =
        items[i].is_relaxed() && (instance->model->IsReadOnly(action) ||
                                  instance->model->IsUnobservable(action));
    if (!says_nothing) items[kept++] = items[i];
  }
  items.resize(kept);
  return absl::OkStatus();
}

// `items` with all relaxed but the last `window` and those that mention a value
// of the culprit.
std::vector<Item> Reducer::Guess(const std::vector<Item>& items,
                                 OpIndex culprit, size_t window) const {
  const Call content = CallOf(history_, keying_, culprit);
  const auto mentions = [&](ValueId value) {
    return value != kNoValue && value != history::kNil &&
           (value == content.argument || value == content.result);
  };
  std::vector<Item> guess = items;
  for (size_t i = 0; i + window < guess.size(); ++i) {
    if (budget_.Exhausted()) break;
    Item& item = guess[i];
    if (item.call.operation == culprit ||
        mentions(item.call.content.argument) ||
        mentions(item.call.content.result)) {
      continue;
    }
    item = Relaxed(item);
  }
  return guess;
}

absl::Status Reducer::MarkReads(std::vector<Item>& items) const {
  absl::StatusOr<PosedCalls> instance = Pose(items);
  if (!instance.ok()) return instance.status();
  for (size_t i = 0; i < items.size(); ++i) {
    if (budget_.Exhausted()) return absl::CancelledError();
    items[i].is_read_only =
        instance->model->IsReadOnly(instance->intervals[i].action);
  }
  return absl::OkStatus();
}

absl::Status Reducer::Reduce(std::vector<Item>& items, OpIndex culprit) {
  absl::Status status = DropValues(items, culprit);
  if (status.ok()) status = MarkReads(items);
  for (size_t window = kFirstWindow;
       status.ok() && window < items.size() && !OutOfEffort();
       window *= kWindowGrowth) {
    std::vector<Item> guess = Guess(items, culprit, window);
    absl::StatusOr<bool> is_violated = IsViolated(guess);
    if (!is_violated.ok()) return is_violated.status();
    if (!*is_violated) continue;
    items = std::move(guess);
    break;
  }
  if (status.ok()) status = Narrow(items, culprit, Scope::kReads);
  // What no read shows any more can be left out.
  if (status.ok()) status = DropValues(items, culprit);
  if (status.ok()) status = Narrow(items, culprit, Scope::kAll);
  return status;
}

std::vector<Call> Reducer::ContentsOf(const std::vector<Item>& items) const {
  std::vector<Call> contents;
  contents.reserve(items.size());
  for (const Item& item : items) {
    if (budget_.Exhausted()) break;
    contents.push_back(item.call.content);
  }
  return contents;
}

// `items` without the operations on these values.
std::vector<Item> Reducer::Without(std::span<const ValueId> dropped,
                                   const std::vector<Item>& items) {
  const std::vector<bool> stay = projection_.StayWithout(
      {dropped.begin(), dropped.end()}, ContentsOf(items));
  std::vector<Item> kept;
  for (size_t i = 0; i < stay.size() && !budget_.Exhausted(); ++i) {
    if (stay[i]) kept.push_back(items[i]);
  }
  return kept;
}

// The values that can be left out, but for those of the culprit and of the last
// `spared` operations.
std::vector<ValueId> Reducer::Droppable(const std::vector<Item>& items,
                                        OpIndex culprit, size_t spared) {
  absl::flat_hash_set<ValueId> kept;
  for (size_t i = 0; i < items.size() && !budget_.Exhausted(); ++i) {
    if (items[i].call.operation == culprit || i + spared >= items.size()) {
      kept.insert(projection_.ValueOf(items[i].call.content));
    }
  }
  std::vector<ValueId> values = projection_.Droppable(ContentsOf(items));
  std::erase_if(values, [&](ValueId value) { return kept.contains(value); });
  return values;
}

absl::Status Reducer::DropValues(std::vector<Item>& items, OpIndex culprit) {
  if (!projection_.Applies()) return absl::OkStatus();
  for (size_t window = kFirstWindow; window < items.size() && !OutOfEffort();
       window *= kWindowGrowth) {
    const auto values = Droppable(items, culprit, window);
    std::vector<Item> attempt = Without(values, items);
    absl::StatusOr<bool> is_violated = IsViolated(attempt);
    if (!is_violated.ok()) return is_violated.status();
    if (!*is_violated) continue;
    items = std::move(attempt);
    break;
  }
  size_t chunk = std::max<size_t>(1, items.size() / 2);
  while (!OutOfEffort()) {
    if (absl::Status status = IsCancelled(); !status.ok()) return status;
    absl::StatusOr<bool> has_dropped = DropChunks(items, culprit, chunk);
    if (!has_dropped.ok()) return has_dropped.status();
    if (chunk == 1 && !*has_dropped) break;
    chunk = std::max<size_t>(1, std::min(chunk, items.size()) / 2);
  }
  return absl::OkStatus();
}

// Tries to leave out each run of `chunk` values.
absl::StatusOr<bool> Reducer::DropChunks(std::vector<Item>& items,
                                         OpIndex culprit, size_t chunk) {
  bool has_dropped = false;
  const std::vector<ValueId> values = Droppable(items, culprit, 0);
  for (size_t first = 0; first < values.size() && !OutOfEffort();
       first += chunk) {
    if (absl::Status status = IsCancelled(); !status.ok()) return status;
    const size_t size = std::min(chunk, values.size() - first);
    std::vector<Item> attempt =
        Without(std::span(values).subspan(first, size), items);
    absl::StatusOr<bool> is_violated = IsViolated(attempt);
    if (!is_violated.ok()) return is_violated.status();
    if (!*is_violated) continue;
    items = std::move(attempt);
    has_dropped = true;
  }
  return has_dropped;
}

// Relaxes smaller and smaller runs of items until no single one can be.
absl::Status Reducer::Narrow(std::vector<Item>& items, OpIndex culprit,
                             Scope scope) {
  size_t chunk = std::max<size_t>(1, items.size() / 2);
  while (!OutOfEffort()) {
    if (absl::Status status = IsCancelled(); !status.ok()) return status;
    absl::StatusOr<bool> has_relaxed =
        RelaxChunks(items, culprit, scope, chunk);
    if (!has_relaxed.ok()) return has_relaxed.status();
    if (chunk == 1 && !*has_relaxed) break;
    chunk = std::max<size_t>(1, std::min(chunk, items.size()) / 2);
  }
  return absl::OkStatus();
}

// Tries to relax each run of `chunk` items. The earliest goes first: of two
// explanations the one nearer to the culprit is easier to follow.
absl::StatusOr<bool> Reducer::RelaxChunks(std::vector<Item>& items,
                                          OpIndex culprit, Scope scope,
                                          size_t chunk) {
  const auto may_relax = [&](const Item& item) {
    return !item.is_relaxed() && item.call.operation != culprit &&
           (scope != Scope::kReads || item.is_read_only);
  };
  bool has_relaxed = false;
  for (size_t first = 0; first < items.size() && !OutOfEffort();) {
    if (absl::Status status = IsCancelled(); !status.ok()) return status;
    const size_t last = std::min(first + chunk, items.size());
    const auto begin = items.begin() + static_cast<ptrdiff_t>(first);
    const auto end = items.begin() + static_cast<ptrdiff_t>(last);
    // A copy of very many items is not made for nothing.
    if (std::any_of(begin, end, may_relax)) {
      std::vector<Item> attempt = items;
      for (size_t i = first; i < last; ++i) {
        if (may_relax(attempt[i])) attempt[i] = Relaxed(attempt[i]);
      }
      absl::StatusOr<bool> is_violated = IsViolated(attempt);
      if (!is_violated.ok()) return is_violated.status();
      if (*is_violated) {
        // What was taken out moves the rest to the front.
        const size_t removed = items.size() - attempt.size();
        items = std::move(attempt);
        has_relaxed = true;
        first = removed >= last ? 0 : last - removed;
        continue;
      }
    }
    first = last;
  }
  return has_relaxed;
}

std::string Place(const History& history, OpIndex op) {
  return absl::StrCat("`", history::OperationText(history, op), "` (",
                      history::OperationPlace(history, op), ")");
}

Impasse MakeImpasse(const SearchResult::DeadEnd& dead_end,
                    const PosedCalls& instance) {
  const SequentialModel& model = *instance.model;
  Impasse impasse{model.DescribeState(dead_end.state), dead_end.path, {}};
  for (const OpIndex op : dead_end.pending) {
    const auto interval = std::find_if(
        instance.intervals.begin(), instance.intervals.end(),
        [=](const Interval& each) { return each.operation == op; });
    std::vector<StateId> successors;
    instance.model->Step(dead_end.state, interval->action, successors);
    if (!successors.empty()) continue;  // it fits, but leads to another impasse
    impasse.refusals.push_back(
        {op, model.DescribeRefusal(dead_end.state, interval->action)});
  }
  return impasse;
}

// `reason` is what the decider said of the core, `search` what the search did.
std::vector<std::string> Sentences(const History& history,
                                   const Violation& violation,
                                   std::string reason,
                                   const SearchResult& search) {
  const OpIndex culprit = *violation.culprit;
  std::vector<std::string> sentences;
  if (!reason.empty()) {
    reason.front() = absl::ascii_toupper(reason.front());
    sentences.push_back(reason + ".");
  }
  if (search.culprit_is_impossible) {
    sentences.push_back(
        absl::StrCat("Nothing that was called before ", Place(history, culprit),
                     " returned could have led to its result, in any order."));
    return sentences;
  }
  if (search.verdict == Verdict::kViolation && !search.is_culprit_exact) {
    sentences.push_back(
        absl::StrCat("No choice of the operations that may have come before ",
                     Place(history, culprit), " gives its result."));
  } else if (search.verdict == Verdict::kViolation) {
    sentences.push_back(absl::StrCat(
        "Every order of these ", violation.core.size(),
        " operations that keeps real time was tried; none gets past the return "
        "of ",
        Place(history, culprit), "."));
  }
  return sentences;
}

// What is known of the violation by itself.
Violation Unreduced(const Partition& partition, OpIndex culprit) {
  Violation violation;
  violation.kind = "not-linearizable";
  violation.key = partition.key;
  violation.culprit = culprit;
  return violation;
}

std::string Summary(const History& history, OpIndex culprit) {
  return absl::StrCat(Place(history, culprit),
                      " fits no order of the operations");
}

// Where there is no core to be shown.
std::string SentenceWithoutCore(const History& history, OpIndex culprit) {
  return absl::StrCat(
      "No small part was found that is a violation by itself: "
      "all that happened until ",
      Place(history, culprit), " returned is one.");
}

// Adds the core, and where a search that goes through its orders is stuck.
absl::Status AddCore(const History& history, const std::vector<Item>& core,
                     Reducer& reducer, Budget& budget, Violation& violation) {
  for (const Item& item : core) {
    violation.core.push_back(item.call.operation);
    if (item.is_relaxed()) violation.relaxed.push_back(item.call.operation);
  }
  const std::optional<Decision> decision = reducer.Decide(core);
  absl::StatusOr<PosedCalls> instance = reducer.Pose(core);
  if (!instance.ok()) return instance.status();
  SearchOptions options;
  options.note_dead_ends = true;
  options.strategy = SearchOptions::Strategy::kDepthFirst;
  options.max_configurations = kMaxConfigurationsAtLast;
  const SearchResult result = SearchLinearization(
      instance->intervals, *instance->model, budget, options);
  // The core may become a violation earlier than the whole.
  if (result.verdict == Verdict::kViolation) violation.culprit = result.culprit;
  for (const SearchResult::DeadEnd& dead_end : result.dead_ends) {
    violation.impasses.push_back(MakeImpasse(dead_end, *instance));
  }
  violation.sentences =
      Sentences(history, violation, decision ? decision->reason : "", result);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Violation> ExplainNotLinearizable(const History& history,
                                                 const ModelInfo& model,
                                                 ValueId initial, Keying keying,
                                                 const Partition& partition,
                                                 OpIndex culprit,
                                                 Budget& budget) {
  Violation violation = Unreduced(partition, culprit);
  const Allowance allowance(budget, partition.operations.size() * kBytesAnItem);
  Reducer reducer(history, model, initial, keying, budget);
  absl::StatusOr<std::vector<Item>> core =
      reducer.ViolatedPrefix(partition, culprit);
  absl::Status status =
      core.ok() ? reducer.Reduce(*core, culprit) : core.status();
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  if (core.ok() && core->size() <= kMostListed) {
    status = AddCore(history, *core, reducer, budget, violation);
    if (!status.ok() && !absl::IsCancelled(status)) return status;
  } else {
    violation.sentences.push_back(SentenceWithoutCore(history, culprit));
  }
  violation.summary = Summary(history, *violation.culprit);
  return violation;
}

}  // namespace minos::checker
