#include "checker/convergence.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/reads_from.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNever;
using history::kNoValue;
using history::OpIndex;
using history::Outcome;
using history::Position;
using history::ValueId;
using history::ValueKind;

constexpr size_t kMaxViolations = 8;
constexpr size_t kMaxSums = 100'000;

ModelOutcome Unsupported(std::string progress, std::string advice) {
  ModelOutcome outcome;
  outcome.verdict = Verdict::kUnknown;
  outcome.unknown = Unknown{UnknownReason::kUnsupported, std::move(progress),
                            std::move(advice)};
  return outcome;
}

std::string Text(const SessionHistory& steps, ValueId value) {
  return history::ToShortText(steps.history->values(), value, 40);
}

Violation Disagreement(const SessionHistory& steps, std::string kind, Step a,
                       Step b, std::string summary, std::string sentence) {
  Violation violation;
  violation.kind = std::move(kind);
  violation.key = steps.key_names[steps.keys[a]];
  violation.summary = std::move(summary);
  violation.sentences = {std::move(sentence)};
  violation.core = {std::min(steps.operations[a], steps.operations[b]),
                    std::max(steps.operations[a], steps.operations[b])};
  if (violation.core[0] == violation.core[1]) violation.core.pop_back();
  violation.culprit = violation.core.back();
  return violation;
}

void AddViolation(ModelOutcome& outcome, Violation violation) {
  outcome.verdict = Verdict::kViolation;
  if (outcome.violations.size() < kMaxViolations) {
    outcome.violations.push_back(std::move(violation));
  }
}

bool IsFlagged(const History& history, OpIndex op) {
  return history.Extra(op, "final") == history::kTrue ||
         history.Extra(op, "final?") == history::kTrue;
}

// The last completion of a fault that ends trouble, if there is one.
std::optional<Position> QuietSince(const History& history) {
  std::optional<Position> quiet;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (history.is_client(op) || history.function(op) == kNoValue) continue;
    const history::ValueTable& values = history.values();
    if (values.kind(history.function(op)) != ValueKind::kString) continue;
    const std::string_view name = values.text(history.function(op));
    if (name != "heal" && name != "quiesce") continue;
    const Position end = history.completion(op) == kNever
                             ? history.call(op)
                             : history.completion(op);
    quiet = std::max(quiet.value_or(0), end);
  }
  return quiet;
}

// The final reads, as steps.
std::vector<Step> FinalReads(const SessionHistory& steps) {
  const History& history = *steps.history;
  std::vector<Step> flagged;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) && IsFlagged(history, steps.operations[step])) {
      flagged.push_back(step);
    }
  }
  if (!flagged.empty()) return flagged;
  const std::optional<Position> quiet = QuietSince(history);
  if (!quiet) return {};
  Position last = *quiet;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step)) continue;
    const Position end = history.completion(steps.operations[step]);
    last = std::max(last, end == kNever ? steps.call(step) : end);
  }
  for (const Removal& removal : steps.removals) {
    const Position end = history.completion(removal.operation);
    last =
        std::max(last, end == kNever ? history.call(removal.operation) : end);
  }
  std::vector<Step> reads;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) && steps.call(step) > last) reads.push_back(step);
  }
  return reads;
}

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
                       " is final and returned an "
                       "overwritten value"),
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

// True if two reads returned the same; a set may be written in any order.
bool ReturnedTheSame(const SessionHistory& steps, Step a, Step b) {
  if (steps.values[a] == steps.values[b]) return true;
  if (steps.observation != Observation::kSet) return false;
  std::vector<ValueId> elements[2];
  for (size_t i = 0; i < 2; ++i) {
    const ValueId value = steps.values[i == 0 ? a : b];
    const history::ValueTable& values = steps.history->values();
    if (values.kind(value) != ValueKind::kList &&
        values.kind(value) != ValueKind::kSet) {
      continue;  // nil is the empty set
    }
    elements[i].assign(values.elements(value).begin(),
                       values.elements(value).end());
    std::sort(elements[i].begin(), elements[i].end());
  }
  return elements[0] == elements[1];
}

void JudgeFinalCollection(const SessionHistory& steps, Step read,
                          ModelOutcome& outcome) {
  const ValueId value = steps.values[read];
  const history::ValueTable& values = steps.history->values();
  std::vector<ValueId> elements;
  if (values.kind(value) == ValueKind::kList ||
      values.kind(value) == ValueKind::kSet) {
    elements.assign(values.elements(value).begin(),
                    values.elements(value).end());
  }
  std::sort(elements.begin(), elements.end());
  const bool is_list = steps.observation == Observation::kList;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) || steps.keys[step] != steps.keys[read] ||
        steps.history->outcome(steps.operations[step]) != Outcome::kOk) {
      continue;
    }
    const auto found =
        std::lower_bound(elements.begin(), elements.end(), steps.values[step]);
    if (found != elements.end() && *found == steps.values[step]) {
      // A list shows each append of a value.
      if (is_list) elements.erase(found);
      continue;
    }
    if (MayBeRemoved(steps, step)) continue;
    AddViolation(outcome,
                 Disagreement(steps, "update-lost", step, read,
                              absl::StrCat(StepText(steps, read),
                                           " is final and lacks an update"),
                              absl::StrCat(StepText(steps, step),
                                           " had succeeded, and the final read "
                                           "does not show it.")));
    return;
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
  int64_t certain = InitialSum(steps);
  std::vector<int64_t> optional;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) || steps.keys[step] != steps.keys[read]) continue;
    const Outcome ended = steps.history->outcome(steps.operations[step]);
    if (ended == Outcome::kOk) {
      certain += steps.amounts[step];
    } else if (steps.amounts[step] != 0) {
      optional.push_back(steps.amounts[step]);
    }
  }
  const int64_t missing = steps.amounts[read] - certain;
  const std::optional<bool> fits = IsSumOfSome(optional, missing);
  if (!fits) {
    if (outcome.verdict == Verdict::kViolation) return;
    outcome = Unsupported(
        absl::StrCat(optional.size(),
                     " additions may have happened or not, with too many sums "
                     "to compare"),
        "find out which of the info operations took effect");
    outcome.unknown->reason = UnknownReason::kAmbiguousValues;
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
    return Unsupported(
        "the history has no final reads",
        "flag them with `final: true`, or record a fault operation `heal` or "
        "`quiesce` after which, and after the last update, each key is read");
  }
  ModelOutcome outcome;
  std::map<uint32_t, Step> first;
  for (const Step read : reads) {
    const Step other = first.try_emplace(steps.keys[read], read).first->second;
    if (!ReturnedTheSame(steps, other, read)) {
      AddViolation(
          outcome,
          Disagreement(
              steps, "divergence", other, read,
              absl::StrCat(StepText(steps, other), " and ",
                           StepText(steps, read),
                           " are final and do not agree"),
              absl::StrCat("One returned ", Text(steps, steps.values[other]),
                           ", the other ", Text(steps, steps.values[read]),
                           ", after all updates had ended.")));
    }
    JudgeFinal(steps, read, outcome);
  }
  outcome.notes.push_back(
      absl::StrCat(reads.size(), " final reads of ", first.size(), " keys"));
  return outcome;
}

ModelOutcome JudgeStrongEventual(const SessionHistory& steps) {
  const History& history = *steps.history;
  const history::ValueTable& values = history.values();
  // What a read has seen, as something to compare: its key and a version, or
  // the elements in the order of their ids.
  std::map<std::pair<uint32_t, std::vector<ValueId>>, Step> first;
  size_t told = 0;
  ModelOutcome outcome;
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step)) continue;
    const ValueId value = steps.values[step];
    std::vector<ValueId> seen;
    const ValueId version = history.Extra(steps.operations[step], "version");
    if (version != kNoValue) {
      seen = {version};
    } else if (steps.observation == Observation::kRegister ||
               steps.observation == Observation::kCounter) {
      continue;
    } else if (values.kind(value) == ValueKind::kList ||
               values.kind(value) == ValueKind::kSet) {
      seen.assign(values.elements(value).begin(), values.elements(value).end());
      std::sort(seen.begin(), seen.end());
    }
    ++told;
    const Step other =
        first.try_emplace({steps.keys[step], seen}, step).first->second;
    // The same elements read as a list and as a set are the same.
    if (steps.values[other] == value ||
        steps.observation == Observation::kSet) {
      continue;
    }
    AddViolation(
        outcome,
        Disagreement(
            steps, "same-updates-differ", other, step,
            absl::StrCat(StepText(steps, other), " and ", StepText(steps, step),
                         " saw the same updates and differ"),
            absl::StrCat("One returned ", Text(steps, steps.values[other]),
                         ", the other ", Text(steps, value), ".")));
  }
  if (told == 0 && steps.observation != Observation::kCounter) {
    return Unsupported(
        "no read of this history tells which updates it saw",
        "record a `version` with each read, or use sets or lists");
  }
  return outcome;
}

}  // namespace minos::checker
