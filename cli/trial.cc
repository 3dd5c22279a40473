#include "cli/trial.h"

#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "checker/model_registry.h"
#include "cli/promises.h"
#include "generators/workload_registry.h"

namespace minos::cli {

absl::StatusOr<std::vector<std::string>> JudgedOf(
    const targets::TargetInfo& target, const generators::Recipe& recipe,
    const std::vector<std::string>& consistencies) {
  if (!consistencies.empty()) return consistencies;
  auto settings =
      generators::MakeSettings(target, recipe.parameters, recipe.bugs);
  if (!settings.ok()) return settings.status();
  return PromisesOf(target, *settings, generators::PlannedKinds(recipe)).judged;
}

namespace {

// Not every model is defined for every data type: judges by those that are.
void JudgeOneByOne(checker::CheckOptions& check, Trial& trial) {
  const std::vector<std::string> wanted = std::move(trial.judged);
  trial.judged.clear();
  for (const std::string& name : wanted) {
    check.consistencies = {name};
    auto verdict = checker::CheckHistory(trial.run.history, check);
    if (!verdict.ok()) continue;
    trial.judged.push_back(name);
    trial.verdict.verdict =
        checker::Combine(trial.verdict.verdict, verdict->verdict);
    std::move(verdict->checks.begin(), verdict->checks.end(),
              std::back_inserter(trial.verdict.checks));
  }
}

}  // namespace

absl::StatusOr<Trial> Try(const targets::TargetInfo& target,
                          const generators::Recipe& recipe,
                          const TrialOptions& options) {
  Trial trial;
  auto judged = JudgedOf(target, recipe, options.consistencies);
  if (!judged.ok()) return judged.status();
  trial.judged = *std::move(judged);
  generators::ExecuteOptions execute;
  execute.history_name = options.history_name;
  execute.coverage = options.coverage;
  auto run = generators::Execute(target, recipe, execute);
  if (!run.ok()) return run.status();
  trial.run = *std::move(run);
  checker::CheckOptions check;
  check.consistencies = trial.judged;
  check.model = std::string(generators::FindWorkload(recipe.workload)->model);
  if (!checker::FindModel(check.model).ok()) trial.judged.clear();
  if (trial.judged.empty()) return trial;
  check.explain = options.explain;
  check.limits = options.limits;
  auto verdict = checker::CheckHistory(trial.run.history, check);
  if (verdict.ok()) {
    trial.verdict = *std::move(verdict);
    return trial;
  }
  if (!absl::IsInvalidArgument(verdict.status())) return verdict.status();
  JudgeOneByOne(check, trial);
  return trial;
}

const checker::CheckResult* FirstBroken(
    const checker::HistoryVerdict& verdict) {
  for (const checker::CheckResult& check : verdict.checks) {
    if (check.verdict == checker::Verdict::kViolation) return &check;
  }
  return nullptr;
}

}  // namespace minos::cli
