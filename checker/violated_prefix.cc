// How much of a recording is a violation already.
//
// Whoever judges a whole history knows more than was recorded when something
// went wrong: what the operations that were open then returned later, and that
// some of them failed. A transaction that is still open may have read anything;
// one of which it is known that it will return 3 may not have happened yet, or
// it read 3. So a history can be past explaining at a return, and what was
// recorded up to it can be explained all the same. It becomes a violation when
// one of those operations completes.
//
// Where nothing is open but what returns the same in any case, or only looks,
// there is no difference. Else the core of the explanation mostly does without
// what was known later, and shows it. Else prefixes are judged, from the
// culprit's return on: what is a violation stays one as more is recorded.
//
// Cost. O(n) where there is no difference, and as much as the core is large
// where that shows it; else a decider or a search for each of O(log n)
// prefixes, which enters as many configurations as the search for the verdict
// did, times a factor: that one knew more, but had more to look at.

#include "checker/violated_prefix.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "checker/call_verdict.h"
#include "checker/decider.h"
#include "checker/sequential_model.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;
using history::Outcome;
using history::Position;

constexpr size_t kLeastConfigurations = 20'000;
constexpr size_t kConfigurationsShare = 4;
constexpr size_t kBytesAnOperation = sizeof(ObservedCall) + sizeof(Position);

class PrefixFinder {
 public:
  PrefixFinder(const ObjectHistory& object, size_t configurations,
               Budget& budget)
      : object_(object),
        history_(object.history),
        max_configurations_(std::max(kLeastConfigurations,
                                     configurations * kConfigurationsShare)),
        budget_(budget) {}

  absl::StatusOr<std::optional<Position>> Run(OpIndex culprit,
                                              const Violation& violation);

 private:
  absl::Status CollectFailed(Position last);
  absl::StatusOr<bool> MakesADifference(Position last);
  ObservedCall Recorded(OpIndex op, Position last) const;
  std::vector<ObservedCall> RecordedUpTo(Position last) const;
  std::vector<ObservedCall> CoreAsRecorded(const Violation& violation,
                                           Position last) const;
  std::vector<Position> CompletionsFrom(Position first) const;
  absl::StatusOr<Verdict> Judge(const std::vector<ObservedCall>& calls);
  absl::StatusOr<std::optional<Position>> GoOn(Position last);

  const ObjectHistory& object_;
  const history::History& history_;
  size_t max_configurations_;  // of each search
  Budget& budget_;
  std::vector<OpIndex> failed_;  // of this object, by their calls
};

// Those that failed after `last`.
absl::Status PrefixFinder::CollectFailed(Position last) {
  for (OpIndex op = 0; op < history_.size(); ++op) {
    if (history_.outcome(op) != Outcome::kFail || !history_.is_client(op) ||
        history_.completion(op) <= last) {
      continue;
    }
    const auto key = KeyOf(history_, object_.keying, op);
    if (!key.ok()) return key.status();
    if (*key == object_.partition.key) failed_.push_back(op);
  }
  return absl::OkStatus();
}

// An operation as far as it was recorded up to `last`.
ObservedCall PrefixFinder::Recorded(OpIndex op, Position last) const {
  const ObservedCall call{op, history_.call(op), history_.return_position(op),
                          CallOf(history_, object_.keying, op)};
  const bool is_open = call.end > last || history_.outcome(op) != Outcome::kOk;
  return is_open ? StillOpen(call) : call;
}

std::vector<ObservedCall> PrefixFinder::RecordedUpTo(Position last) const {
  std::vector<ObservedCall> calls;
  for (const OpIndex op : object_.partition.operations) {
    if (history_.call(op) > last || budget_.Exhausted()) break;
    calls.push_back(Recorded(op, last));
  }
  for (const OpIndex op : failed_) {
    if (history_.call(op) <= last && history_.completion(op) > last) {
      calls.push_back(Recorded(op, last));
    }
  }
  std::sort(calls.begin(), calls.end(),
            [](const auto& a, const auto& b) { return a.call < b.call; });
  return calls;
}

// The core as far as it was recorded up to `last`, with all that returned
// later: what the core leaves out for what it returned may have done something
// else.
std::vector<ObservedCall> PrefixFinder::CoreAsRecorded(
    const Violation& violation, Position last) const {
  std::vector<ObservedCall> core;
  for (const OpIndex op : object_.partition.operations) {
    if (history_.call(op) > last) break;
    const bool is_in_core =
        std::binary_search(violation.core.begin(), violation.core.end(), op);
    const bool returned_later = history_.return_position(op) != kNever &&
                                history_.return_position(op) > last;
    if (!is_in_core && !returned_later) continue;
    const bool is_relaxed = std::binary_search(violation.relaxed.begin(),
                                               violation.relaxed.end(), op);
    core.push_back(Recorded(op, is_relaxed ? history_.call(op) : last));
  }
  return core;
}

// Whether it is known of an operation that is open at `last` what it does, and
// that is more than is recorded.
absl::StatusOr<bool> PrefixFinder::MakesADifference(Position last) {
  const auto model = object_.model.make(history_.values(), object_.initial);
  if (!model.ok()) return model.status();
  const auto is_update = [&](ActionId action) {
    return !(*model)->IsReadOnly(action);
  };
  for (const OpIndex op : object_.partition.operations) {
    if (history_.call(op) > last) break;
    if (history_.return_position(op) == kNever ||
        history_.return_position(op) <= last) {
      continue;
    }
    const auto open = (*model)->Intern(Recorded(op, last).content);
    if (!open.ok()) return open.status();
    const auto known = (*model)->Intern(CallOf(history_, object_.keying, op));
    if (!known.ok()) return known.status();
    if (*open != *known && (is_update(*open) || is_update(*known))) return true;
  }
  return std::any_of(failed_.begin(), failed_.end(),
                     [&](OpIndex op) { return history_.call(op) <= last; });
}

// The completions that may be the last of the prefix, sorted.
std::vector<Position> PrefixFinder::CompletionsFrom(Position first) const {
  std::vector<Position> completions;
  for (const OpIndex op : object_.partition.operations) {
    const Position completion = history_.return_position(op);
    if (completion != kNever && completion >= first) {
      completions.push_back(completion);
    }
  }
  for (const OpIndex op : failed_) {
    completions.push_back(history_.completion(op));
  }
  std::sort(completions.begin(), completions.end());
  return completions;
}

absl::StatusOr<Verdict> PrefixFinder::Judge(
    const std::vector<ObservedCall>& calls) {
  if (budget_.Exhausted()) return Verdict::kUnknown;
  auto verdict =
      JudgeCalls({calls, object_.model, history_.values(), object_.initial},
                 max_configurations_, budget_);
  if (absl::IsCancelled(verdict.status())) return Verdict::kUnknown;
  return verdict;
}

// Goes on from `last` to the first completion that makes it a violation.
absl::StatusOr<std::optional<Position>> PrefixFinder::GoOn(Position last) {
  const size_t operations =
      object_.partition.operations.size() + failed_.size();
  const Allowance allowance(budget_, operations * kBytesAnOperation);
  if (!allowance.is_granted()) return std::optional<Position>();
  const std::vector<Position> completions = CompletionsFrom(last);
  // The prefix up to the first `good` is none, that up to the first `bad` is
  // one: all of the history is.
  size_t good = 0;
  size_t bad = completions.size();
  for (size_t step = 1; good + 1 <= bad - 1;) {
    const size_t probe = std::min(good + step, good + (bad - good + 1) / 2);
    if (budget_.Exhausted()) return std::optional<Position>();
    const auto verdict = Judge(RecordedUpTo(completions[probe - 1]));
    if (!verdict.ok()) return verdict.status();
    if (*verdict == Verdict::kUnknown) return std::optional<Position>();
    if (*verdict == Verdict::kViolation) {
      bad = probe;
    } else {
      good = probe;
      step *= 2;
    }
  }
  return std::optional<Position>(completions[bad - 1]);
}

absl::StatusOr<std::optional<Position>> PrefixFinder::Run(
    OpIndex culprit, const Violation& violation) {
  const Position last = history_.return_position(culprit);
  if (budget_.Exhausted()) return std::optional<Position>();
  if (absl::Status status = CollectFailed(last); !status.ok()) return status;
  const auto makes_a_difference = MakesADifference(last);
  if (!makes_a_difference.ok()) return makes_a_difference.status();
  if (!*makes_a_difference) return std::optional<Position>(last);
  const bool may_be_failed =
      std::any_of(failed_.begin(), failed_.end(),
                  [&](OpIndex op) { return history_.call(op) <= last; });
  // What failed later could have given meaning to what the core leaves out.
  if (violation.core.size() > 1 && !may_be_failed) {
    const auto verdict = Judge(CoreAsRecorded(violation, last));
    if (!verdict.ok()) return verdict.status();
    if (*verdict == Verdict::kViolation) return std::optional<Position>(last);
  }
  return GoOn(last);
}

}  // namespace

absl::StatusOr<std::optional<Position>> FindViolatedPrefix(
    const ObjectHistory& object, OpIndex culprit, const Violation& violation,
    size_t configurations, Budget& budget) {
  return PrefixFinder(object, configurations, budget).Run(culprit, violation);
}

}  // namespace minos::checker
