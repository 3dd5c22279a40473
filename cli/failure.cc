#include "cli/failure.h"

#include <optional>
#include <utility>

#include "cli/interruption.h"
#include "generators/recipe.h"

namespace minos::cli {
namespace {

using generators::Recipe;

// Whether a run of a recipe breaks one consistency.
class Breaks {
 public:
  Breaks(const targets::TargetInfo& target, std::string consistency,
         bool promised, const checker::Limits& limits)
      : target_(target), promised_(promised) {
    options_.consistencies = {std::move(consistency)};
    options_.limits = limits;
  }

  bool operator()(const Recipe& recipe) const {
    if (promised_ && !IsPromised(recipe)) return false;
    const auto trial = Try(target_, recipe, options_);
    return trial.ok() && trial->verdict.verdict == checker::Verdict::kViolation;
  }

 private:
  bool IsPromised(const Recipe& recipe) const {
    const auto judged = JudgedOf(target_, recipe, {});
    if (!judged.ok()) return false;
    for (const std::string& name : *judged) {
      if (name == options_.consistencies.front()) return true;
    }
    return false;
  }

  const targets::TargetInfo& target_;
  bool promised_;
  TrialOptions options_;
};

absl::StatusOr<Trial> JudgeAndExplain(const targets::TargetInfo& target,
                                      const Failure& failure,
                                      const checker::Limits& limits) {
  TrialOptions options;
  options.consistencies = {failure.consistency};
  options.explain = true;
  options.history_name = failure.recipe.target;
  options.limits = limits;
  return Try(target, failure.recipe, options);
}

void Shrink(const targets::TargetInfo& target, bool promised,
            const ShrinkOptions& options, const checker::Limits& limits,
            Failure& failure) {
  const auto end = std::chrono::steady_clock::now() + options.time;
  generators::ShrinkLimits shrink;
  shrink.tries = options.runs;
  shrink.should_stop = [end] {
    return Interrupted() || std::chrono::steady_clock::now() >= end;
  };
  generators::Shrunk shrunk = generators::Shrink(
      target, failure.recipe,
      Breaks(target, failure.consistency, promised, limits), shrink);
  failure.recipe = std::move(shrunk.recipe);
  failure.shrinking = Failure::Shrinking{shrunk.tries, shrunk.is_minimal};
}

}  // namespace

absl::StatusOr<Failure> MakeFailure(const targets::TargetInfo& target,
                                    const Finding& finding, bool promised,
                                    const ShrinkOptions& shrink,
                                    const checker::Limits& limits) {
  Failure failure;
  failure.version = MINOS_VERSION;
  failure.consistency = finding.consistency;
  failure.kind = finding.kind;
  failure.is_promised = promised;
  failure.seed = finding.seed;
  failure.found = SizeOf(finding.recipe);
  failure.recipe = finding.recipe;
  if (shrink.is_wanted) Shrink(target, promised, shrink, limits, failure);
  const auto trial = JudgeAndExplain(target, failure, limits);
  if (!trial.ok()) return trial.status();
  if (const auto* broken = FirstBroken(trial->verdict);
      broken != nullptr && !broken->violations.empty()) {
    failure.kind = broken->violations.front().kind;
    failure.summary = broken->violations.front().summary;
  }
  failure.events = CountEvents(trial->run.history);
  failure.fingerprint = FingerprintOf(trial->run.history);
  return failure;
}

absl::StatusOr<Replayed> Replay(const targets::TargetInfo& target,
                                const Failure& failure,
                                const checker::Limits& limits) {
  auto trial = JudgeAndExplain(target, failure, limits);
  if (!trial.ok()) return trial.status();
  Replayed replayed;
  replayed.trial = *std::move(trial);
  replayed.is_same =
      FingerprintOf(replayed.trial.run.history) == failure.fingerprint;
  return replayed;
}

report::FileResult ResultOf(const Failure& failure, const Trial& trial,
                            const std::string& name) {
  report::FileResult result;
  result.file = name;
  result.history = &trial.run.history;
  result.input_format = "jsonl";
  result.verdict = &trial.verdict;
  result.finding = report::FindingOf(trial.verdict.verdict);
  result.run = report::RunFacts{failure.recipe.target, failure.seed, 1};
  return result;
}

}  // namespace minos::cli
