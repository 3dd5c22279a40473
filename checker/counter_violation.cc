#include "checker/counter_violation.h"

#include <algorithm>
#include <utility>

namespace minos::checker {

Violation CounterViolation(const SessionHistory& steps, std::string kind,
                           Step read, std::vector<Step> core,
                           std::string summary,
                           std::vector<std::string> sentences) {
  Violation violation;
  violation.kind = std::move(kind);
  violation.key = steps.key_names[steps.keys[read]];
  violation.summary = std::move(summary);
  violation.sentences = std::move(sentences);
  core.push_back(read);
  for (const Step step : core) {
    violation.core.push_back(steps.operations[step]);
  }
  std::sort(violation.core.begin(), violation.core.end());
  violation.core.erase(
      std::unique(violation.core.begin(), violation.core.end()),
      violation.core.end());
  violation.culprit = steps.operations[read];
  return violation;
}

}  // namespace minos::checker
