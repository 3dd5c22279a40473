#include "checker/eventual.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/disagreement.h"
#include "checker/final_reads.h"
#include "checker/reads_from.h"

namespace minos::checker {

using history::Outcome;
using history::ValueId;

namespace {

constexpr size_t kMaxSums = 100'000;

// The later update of the same key by which the session of `update` overwrote
// it; kNoStep if there is none.
Step OverwrittenBy(const SessionHistory& steps, Step update) {
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step) && steps.keys[step] == steps.keys[update] &&
        steps.history->outcome(steps.operations[step]) == Outcome::kOk &&
        steps.SessionPrecedes(update, step)) {
      return step;
    }
  }
  return kNoStep;
}

void JudgeFinalRegister(const SessionHistory& steps, Step read,
                        ModelOutcome& outcome) {
  const Step source = steps.sources[read];
  if (source == kInitialStep) {
    for (Step step = 0; step < steps.size(); ++step) {
      if (steps.IsRead(step) || steps.keys[step] != steps.keys[read] ||
          steps.history->outcome(steps.operations[step]) != Outcome::kOk) {
        continue;
      }
      return AddViolation(
          outcome,
          Disagreement(steps, "update-lost", step, read,
                       absl::StrCat(StepText(steps, read),
                                    " is final and returned the initial value"),
                       absl::StrCat("But ", StepText(steps, step),
                                    " had succeeded, so the key cannot "
                                    "converge to its initial value.")));
    }
    return;
  }
  if (!IsStep(source)) return;
  const Step later = OverwrittenBy(steps, source);
  if (later == kNoStep) return;
  AddViolation(
      outcome,
      Disagreement(
          steps, "overwritten-value", later, read,
          absl::StrCat(StepText(steps, read),
                       " is final and returned an overwritten value"),
          absl::StrCat("The session of ", StepText(steps, source),
                       " overwrote it with ", StepText(steps, later), ".")));
}

// True if some removal may have taken out what `update` added.
bool MayBeRemoved(const SessionHistory& steps, Step update) {
  return std::any_of(steps.removals.begin(), steps.removals.end(),
                     [&](const Removal& removal) {
                       return removal.key == steps.keys[update] &&
                              removal.element == steps.values[update];
                     });
}

Violation Lost(const SessionHistory& steps, Step update, Step read) {
  return Disagreement(
      steps, "update-lost", update, read,
      absl::StrCat(StepText(steps, read), " is final and lacks an update"),
      absl::StrCat(StepText(steps, update),
                   " succeeded, and the final read does not show it."));
}

void JudgeFinalCollection(const SessionHistory& steps, Step read,
                          ModelOutcome& outcome) {
  std::vector<ValueId> elements = SortedElements(steps, read);
  const bool is_list = steps.observation == Observation::kList;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) || steps.keys[step] != steps.keys[read] ||
        steps.history->outcome(steps.operations[step]) != Outcome::kOk) {
      continue;
    }
    if (is_list && steps.call(step) > steps.end(read)) {
      return AddViolation(outcome, Lost(steps, step, read));
    }
    const auto found =
        std::lower_bound(elements.begin(), elements.end(), steps.values[step]);
    if (found != elements.end() && *found == steps.values[step]) {
      // A list shows each append of a value.
      if (is_list) elements.erase(found);
      continue;
    }
    if (MayBeRemoved(steps, step)) continue;
    return AddViolation(outcome, Lost(steps, step, read));
  }
}

// Is `target` the sum of some of `amounts`? nullopt if there are too many sums
// to tell.
std::optional<bool> IsSumOfSome(const std::vector<int64_t>& amounts,
                                int64_t target) {
  std::set<int64_t> sums = {0};
  for (const int64_t amount : amounts) {
    std::set<int64_t> more = sums;
    for (const int64_t sum : sums) more.insert(sum + amount);
    sums = std::move(more);
    if (sums.size() > kMaxSums) return std::nullopt;
  }
  return sums.contains(target);
}

// A final read of a counter: every ok update counts, and some of the info ones.
void JudgeFinalCounter(const SessionHistory& steps, Step read,
                       ModelOutcome& outcome) {
  Step later = kNoStep;  // an update that it cannot count
  int64_t certain = InitialSum(steps);
  std::vector<int64_t> optional;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) || steps.keys[step] != steps.keys[read]) continue;
    const bool comes_later = steps.call(step) > steps.end(read);
    const Outcome ended = steps.history->outcome(steps.operations[step]);
    if (ended == Outcome::kOk) {
      certain += steps.amounts[step];
      if (comes_later && steps.amounts[step] != 0) later = step;
    } else if (steps.amounts[step] != 0 && !comes_later) {
      optional.push_back(steps.amounts[step]);
    }
  }
  if (later != kNoStep) return AddViolation(outcome, Lost(steps, later, read));
  const int64_t missing = steps.amounts[read] - certain;
  const std::optional<bool> fits = IsSumOfSome(optional, missing);
  if (!fits) {
    if (outcome.verdict == Verdict::kViolation) return;
    outcome = UnknownOutcome(
        {UnknownReason::kAmbiguousValues,
         absl::StrCat(optional.size(),
                      " additions may have happened or not, with too many sums "
                      "to compare"),
         "find out which of the info operations took effect"});
    return;
  }
  if (*fits) return;
  Violation violation = Disagreement(
      steps, "wrong-total", read, read,
      absl::StrCat(StepText(steps, read),
                   " is final and returned a sum that the updates do not make"),
      absl::StrCat("The updates that succeeded make ", certain,
                   optional.empty() ? std::string()
                                    : absl::StrCat(", and ", optional.size(),
                                                   " more may have happened"),
                   ", but it returned ", steps.amounts[read], "."));
  AddViolation(outcome, std::move(violation));
}

void JudgeFinal(const SessionHistory& steps, Step read, ModelOutcome& outcome) {
  switch (steps.observation) {
    case Observation::kRegister:
      return JudgeFinalRegister(steps, read, outcome);
    case Observation::kCounter:
      return JudgeFinalCounter(steps, read, outcome);
    case Observation::kList:
    case Observation::kSet:
      return JudgeFinalCollection(steps, read, outcome);
  }
}

}  // namespace

ModelOutcome JudgeEventual(const SessionHistory& steps) {
  const std::vector<Step> reads = FinalReads(steps);
  if (reads.empty()) {
    return UnknownOutcome(
        {UnknownReason::kUnsupported, "the history has no final reads",
         "flag them with `final: true`, or record a fault operation `heal` or "
         "`quiesce` after which, and after the last update, each key is "
         "read"});
  }
  ModelOutcome outcome;
  std::map<uint32_t, Step> first;
  for (const Step read : reads) {
    const Step other = first.try_emplace(steps.keys[read], read).first->second;
    if (!ReturnedTheSame(steps, other, read)) {
      AddViolation(
          outcome,
          Disagreement(steps, "divergence", other, read,
                       absl::StrCat(StepText(steps, other), " and ",
                                    StepText(steps, read),
                                    " are final and do not agree"),
                       absl::StrCat(ReturnedText(steps, other, read),
                                    ", after all updates had ended.")));
    }
    JudgeFinal(steps, read, outcome);
  }
  outcome.notes.push_back(
      absl::StrCat(reads.size(), " final reads of ", first.size(), " keys"));
  return outcome;
}

}  // namespace minos::checker
