#include "checker/convergence.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/counter_pairs.h"
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
  return UnknownOutcome(
      {UnknownReason::kUnsupported, std::move(progress), std::move(advice)});
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

// The elements of what `read` returned, in the order of their ids.
std::vector<ValueId> SortedElements(const SessionHistory& steps, Step read) {
  const ValueId value = steps.values[read];
  const history::ValueTable& values = steps.history->values();
  std::vector<ValueId> elements;
  if (values.kind(value) == ValueKind::kList ||
      values.kind(value) == ValueKind::kSet) {
    elements.assign(values.elements(value).begin(),
                    values.elements(value).end());
    std::sort(elements.begin(), elements.end());
  }
  return elements;  // nil has none
}

// True if two reads returned the same; a set may be written in any order.
bool ReturnedTheSame(const SessionHistory& steps, Step a, Step b) {
  return steps.values[a] == steps.values[b] ||
         (steps.observation == Observation::kSet &&
          SortedElements(steps, a) == SortedElements(steps, b));
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

namespace {

// The version recorded with a read, or that of the pair that a counter
// returned; kNoValue if there is none.
ValueId RecordedVersion(const SessionHistory& steps, Step step) {
  const History& history = *steps.history;
  const OpIndex op = steps.operations[step];
  const ValueId version = history.Extra(op, "version");
  if (version != kNoValue || steps.observation != Observation::kCounter) {
    return version;
  }
  const ValueId result = CallOf(history, steps.keying, op).result;
  if (!IsIntegerPair(history.values(), result)) return kNoValue;
  // A pair with the argument in front has the sum that was read behind.
  const auto parts = history.values().elements(result);
  return parts[0] == steps.values[step] ? parts[1] : kNoValue;
}

Violation SameUpdatesDiffer(const SessionHistory& steps, Step a, Step b) {
  return Disagreement(
      steps, "same-updates-differ", a, b,
      absl::StrCat(StepText(steps, a), " and ", StepText(steps, b),
                   " saw the same updates and differ"),
      absl::StrCat("One returned ", Text(steps, steps.values[a]),
                   ", the other ", Text(steps, steps.values[b]), "."));
}

// The lists of a key with the same elements, in any order. Were each element
// appended once, such lists show the same updates and have to be equal. An
// element that was appended more often leaves a choice, and different lists
// need different ones. What a read may choose from are the appends that were
// called before it returned; so of equal lists the first to return has the
// fewest choices, and every other read has all of these. Then there are
// choices enough if, the fewest first, the i-th list has i of them (Hall).
class ListsOfSameElements {
 public:
  explicit ListsOfSameElements(const SessionHistory& steps) : steps_(steps) {}

  void Add(Step read) {
    std::vector<Step>& lists =
        lists_[{steps_.keys[read], SortedElements(steps_, read)}];
    for (Step& first : lists) {
      if (steps_.values[first] != steps_.values[read]) continue;
      if (steps_.end(read) < steps_.end(first)) first = read;
      return;
    }
    lists.push_back(read);
  }

  void Judge(ModelOutcome& outcome) {
    for (const auto& [what, lists] : lists_) {
      if (lists.size() < 2) continue;
      const size_t initial = SizeOf(steps_.initial);
      std::vector<std::pair<size_t, Step>> choices;
      for (const Step read : lists) {
        choices.emplace_back(Choices(read, initial, lists.size()), read);
      }
      std::sort(choices.begin(), choices.end());
      size_t taken = 0;
      for (const auto& [count, read] : choices) {
        if (count > taken) {
          ++taken;
        } else {
          AddViolation(outcome, SameUpdatesDiffer(
                                    steps_, std::min(choices[0].second, read),
                                    std::max(choices[0].second, read)));
        }
      }
    }
  }

 private:
  size_t SizeOf(ValueId value) const {
    const history::ValueTable& values = steps_.history->values();
    const bool is_list =
        value != kNoValue && values.kind(value) == ValueKind::kList;
    return is_list ? values.elements(value).size() : 0;
  }

  // How many sets of appends `read` may show, but at most `most`. It starts
  // with `initial` elements that nobody appended.
  size_t Choices(Step read, size_t initial, size_t most) {
    const ValueId value = steps_.values[read];
    if (SizeOf(value) <= initial) return 1;
    const auto elements = steps_.history->values().elements(value);
    std::map<ValueId, size_t> shown;
    for (const ValueId element : elements.subspan(initial)) ++shown[element];
    size_t choices = 1;
    for (const auto& [element, times] : shown) {
      const size_t appends = AppendsBefore(read, element);
      size_t ways = 1;
      for (size_t i = 1; i <= times && times < appends && ways < most; ++i) {
        ways = ways * (appends - times + i) / i;
      }
      choices = std::min(most, choices * std::min(most, ways));
    }
    return choices;
  }

  size_t AppendsBefore(Step read, ValueId element) {
    if (calls_.empty()) FindCalls();
    const std::vector<Position>& calls = calls_[{steps_.keys[read], element}];
    return static_cast<size_t>(std::partition_point(calls.begin(), calls.end(),
                                                    [&](Position call) {
                                                      return call <
                                                             steps_.end(read);
                                                    }) -
                               calls.begin());
  }

  void FindCalls() {
    for (Step step = 0; step < steps_.size(); ++step) {
      if (steps_.IsRead(step)) continue;
      calls_[{steps_.keys[step], steps_.values[step]}].push_back(
          steps_.call(step));
    }
    for (auto& [what, calls] : calls_) std::sort(calls.begin(), calls.end());
  }

  const SessionHistory& steps_;
  // By key and elements: a read for each different list, the first to return.
  std::map<std::pair<uint32_t, std::vector<ValueId>>, std::vector<Step>> lists_;
  // By key and element: when it was appended.
  std::map<std::pair<uint32_t, ValueId>, std::vector<Position>> calls_;
};

}  // namespace

ModelOutcome JudgeStrongEventual(const SessionHistory& steps) {
  ModelOutcome outcome;
  bool is_told = steps.observation == Observation::kCounter;
  std::map<std::pair<uint32_t, ValueId>, Step> of_version;
  ListsOfSameElements lists(steps);
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step)) continue;
    const ValueId version = RecordedVersion(steps, step);
    if (version != kNoValue) {
      is_told = true;
      const Step other =
          of_version.try_emplace({steps.keys[step], version}, step)
              .first->second;
      if (!ReturnedTheSame(steps, other, step)) {
        AddViolation(outcome, SameUpdatesDiffer(steps, other, step));
      }
    } else if (steps.observation == Observation::kList) {
      is_told = true;
      lists.Add(step);
    } else if (steps.observation == Observation::kSet) {
      is_told = true;  // equal sets are the same
    }
  }
  lists.Judge(outcome);
  if (!is_told) {
    return Unsupported(
        "no read of this history tells which updates it saw",
        "record a `version` with each read, or use sets or lists");
  }
  return outcome;
}

}  // namespace minos::checker
