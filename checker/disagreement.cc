#include "checker/disagreement.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/value_text.h"

namespace minos::checker {

using history::ValueId;
using history::ValueKind;

namespace {

constexpr size_t kMaxViolations = 8;
constexpr size_t kTextLength = 40;

std::string Text(const SessionHistory& steps, ValueId value) {
  return history::ToShortText(steps.history->values(), value, kTextLength);
}

}  // namespace

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

bool ReturnedTheSame(const SessionHistory& steps, Step a, Step b) {
  return steps.values[a] == steps.values[b] ||
         (steps.observation == Observation::kSet &&
          SortedElements(steps, a) == SortedElements(steps, b));
}

std::string ReturnedText(const SessionHistory& steps, Step a, Step b) {
  return absl::StrCat("One returned ", Text(steps, steps.values[a]),
                      ", the other ", Text(steps, steps.values[b]));
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

}  // namespace minos::checker
