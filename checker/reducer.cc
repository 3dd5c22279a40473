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

#include "checker/reducer.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"

namespace minos::checker {

using history::History;
using history::kNoValue;
using history::OpIndex;
using history::Position;
using history::ValueId;

namespace {

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
// What each attempt does for each operation, whoever judges it.
constexpr size_t kEffortAnOperation = 1;
constexpr size_t kFirstWindow = 8;
constexpr size_t kWindowGrowth = 8;

RelaxedCall Relaxed(RelaxedCall item) {
  item.call = StillOpen(item.call);
  return item;
}

std::vector<ObservedCall> CallsOf(const std::vector<RelaxedCall>& items,
                                  Budget& budget) {
  std::vector<ObservedCall> calls;
  calls.reserve(items.size());
  for (const RelaxedCall& item : items) {
    if (budget.Exhausted()) break;
    calls.push_back(item.call);
  }
  return calls;
}

}  // namespace

Reducer::Reducer(const History& history, const ModelInfo& model,
                 ValueId initial, Keying keying, Budget& budget)
    : history_(history),
      model_(model),
      initial_(initial),
      keying_(keying),
      budget_(budget),
      projection_(model, history.values(), initial, budget),
      max_effort_(kMaxEffort) {}

absl::StatusOr<std::vector<RelaxedCall>> Reducer::Prefix(
    const Partition& partition, OpIndex culprit,
    bool with_later_results) const {
  const Position last = history_.return_position(culprit);
  std::vector<RelaxedCall> items;
  items.reserve(partition.operations.size());
  for (const OpIndex op : partition.operations) {
    if (budget_.Exhausted()) return absl::CancelledError();
    if (history_.call(op) > last) break;
    const RelaxedCall item{{op, history_.call(op), history_.return_position(op),
                            CallOf(history_, keying_, op)}};
    const bool is_open = item.call.end > last && !with_later_results;
    items.push_back(is_open ? Relaxed(item) : item);
  }
  return items;
}

absl::StatusOr<std::vector<RelaxedCall>> Reducer::ViolatedPrefix(
    const Partition& partition, OpIndex culprit) {
  absl::StatusOr<std::vector<RelaxedCall>> items =
      Prefix(partition, culprit, false);
  if (!items.ok()) return items;
  max_effort_ += items->size() * kMoreEffort;
  const absl::StatusOr<bool> is_violated = IsViolated(*items);
  if (!is_violated.ok()) return is_violated.status();
  if (*is_violated) return items;
  return Prefix(partition, culprit, true);
}

absl::StatusOr<PosedCalls> Reducer::Pose(
    const std::vector<RelaxedCall>& items) const {
  return PoseCalls(InputOf(CallsOf(items, budget_)), budget_);
}

// Whether `items` are certainly a violation. If so, those that say nothing are
// taken out of it. `items` mean nothing if it fails.
absl::StatusOr<bool> Reducer::IsViolated(std::vector<RelaxedCall>& items) {
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

std::optional<Decision> Reducer::Decide(const std::vector<RelaxedCall>& items) {
  FirstDecision first = DecideCalls(InputOf(CallsOf(items, budget_)), budget_);
  effort_ += first.asked * items.size() * kEffortAnOperation;
  return std::move(first.decision);
}

absl::StatusOr<bool> Reducer::Search(const std::vector<RelaxedCall>& items) {
  const auto returned = static_cast<size_t>(std::count_if(
      items.begin(), items.end(),
      [](const RelaxedCall& item) { return !item.is_relaxed(); }));
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

absl::Status Reducer::DropWhatSaysNothing(
    std::vector<RelaxedCall>& items) const {
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
std::vector<RelaxedCall> Reducer::Guess(const std::vector<RelaxedCall>& items,
                                        OpIndex culprit, size_t window) const {
  const Call content = CallOf(history_, keying_, culprit);
  const auto mentions = [&](ValueId value) {
    return value != kNoValue && value != history::kNil &&
           (value == content.argument || value == content.result);
  };
  std::vector<RelaxedCall> guess = items;
  for (size_t i = 0; i + window < guess.size(); ++i) {
    if (budget_.Exhausted()) break;
    RelaxedCall& item = guess[i];
    if (item.call.operation == culprit ||
        mentions(item.call.content.argument) ||
        mentions(item.call.content.result)) {
      continue;
    }
    item = Relaxed(item);
  }
  return guess;
}

absl::Status Reducer::MarkReads(std::vector<RelaxedCall>& items) const {
  absl::StatusOr<PosedCalls> instance = Pose(items);
  if (!instance.ok()) return instance.status();
  for (size_t i = 0; i < items.size(); ++i) {
    if (budget_.Exhausted()) return absl::CancelledError();
    items[i].is_read_only =
        instance->model->IsReadOnly(instance->intervals[i].action);
  }
  return absl::OkStatus();
}

absl::Status Reducer::Reduce(std::vector<RelaxedCall>& items, OpIndex culprit) {
  absl::Status status = DropValues(items, culprit);
  if (status.ok()) status = MarkReads(items);
  for (size_t window = kFirstWindow;
       status.ok() && window < items.size() && !OutOfEffort();
       window *= kWindowGrowth) {
    std::vector<RelaxedCall> guess = Guess(items, culprit, window);
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

std::vector<Call> Reducer::ContentsOf(
    const std::vector<RelaxedCall>& items) const {
  std::vector<Call> contents;
  contents.reserve(items.size());
  for (const RelaxedCall& item : items) {
    if (budget_.Exhausted()) break;
    contents.push_back(item.call.content);
  }
  return contents;
}

// `items` without the operations on these values.
std::vector<RelaxedCall> Reducer::Without(
    std::span<const ValueId> dropped, const std::vector<RelaxedCall>& items) {
  const std::vector<bool> stay = projection_.StayWithout(
      {dropped.begin(), dropped.end()}, ContentsOf(items));
  std::vector<RelaxedCall> kept;
  for (size_t i = 0; i < stay.size() && !budget_.Exhausted(); ++i) {
    if (stay[i]) kept.push_back(items[i]);
  }
  return kept;
}

// The values that can be left out, but for those of the culprit and of the last
// `spared` operations.
std::vector<ValueId> Reducer::Droppable(const std::vector<RelaxedCall>& items,
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

absl::Status Reducer::DropValues(std::vector<RelaxedCall>& items,
                                 OpIndex culprit) {
  if (!projection_.Applies()) return absl::OkStatus();
  for (size_t window = kFirstWindow; window < items.size() && !OutOfEffort();
       window *= kWindowGrowth) {
    const auto values = Droppable(items, culprit, window);
    std::vector<RelaxedCall> attempt = Without(values, items);
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
absl::StatusOr<bool> Reducer::DropChunks(std::vector<RelaxedCall>& items,
                                         OpIndex culprit, size_t chunk) {
  bool has_dropped = false;
  const std::vector<ValueId> values = Droppable(items, culprit, 0);
  for (size_t first = 0; first < values.size() && !OutOfEffort();
       first += chunk) {
    if (absl::Status status = IsCancelled(); !status.ok()) return status;
    const size_t size = std::min(chunk, values.size() - first);
    std::vector<RelaxedCall> attempt =
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
absl::Status Reducer::Narrow(std::vector<RelaxedCall>& items, OpIndex culprit,
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
absl::StatusOr<bool> Reducer::RelaxChunks(std::vector<RelaxedCall>& items,
                                          OpIndex culprit, Scope scope,
                                          size_t chunk) {
  const auto may_relax = [&](const RelaxedCall& item) {
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
      std::vector<RelaxedCall> attempt = items;
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

}  // namespace minos::checker
