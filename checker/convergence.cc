#include "checker/convergence.h"

#include <algorithm>
#include <map>
#include <optional>
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
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) || steps.keys[step] != steps.keys[read] ||
        steps.history->outcome(steps.operations[step]) != Outcome::kOk ||
        std::binary_search(elements.begin(), elements.end(),
                           steps.values[step])) {
      continue;
    }
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

}  // namespace

ModelOutcome JudgeEventual(const SessionHistory& steps) {
  if (steps.observation == Observation::kCounter) {
    return Unsupported("convergence of counters is not judged here",
                       "check the final reads as a linearizable counter");
  }
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
    if (steps.values[other] != steps.values[read]) {
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
    if (steps.observation == Observation::kRegister) {
      JudgeFinalRegister(steps, read, outcome);
    } else {
      JudgeFinalCollection(steps, read, outcome);
    }
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
  if (told == 0) {
    return Unsupported(
        "no read of this history tells which updates it saw",
        "record a `version` with each read, or use sets or lists");
  }
  return outcome;
}

}  // namespace minos::checker
