#include "checker/visibility.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/ambiguity.h"
#include "checker/consistency_registry.h"
#include "checker/missing_values.h"
#include "checker/reads_from.h"
#include "checker/sequential_consistency.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/session_history_builder.h"
#include "checker/staleness.h"
#include "checker/visibility_method.h"

namespace minos::checker {
namespace {

using history::History;

ModelOutcome WithRemovals(const std::string& consistency) {
  return UnknownOutcome(
      {UnknownReason::kUnsupported,
       "where elements are removed, a read of a set does not tell which "
       "updates it saw",
       absl::StrCat("check eventual, sequential or linearizable instead of ",
                    consistency, ", or record a run that only adds")});
}

// True if results that the data type heeds are no part of the steps: whether an
// element is there, or that a compare-and-set was refused.
bool SaysMoreThanSteps(const ModelInfo& model, const SessionHistory& steps) {
  const bool is_ignored = model.name == "g-set" || model.name == "counter" ||
                          model.name == "list-append";
  return steps.says_more && !is_ignored;
}

// What was valid as far as the steps go, where they leave something out.
ModelOutcome WithLeftOut(const std::string& consistency) {
  return UnknownOutcome(
      {UnknownReason::kUnsupported,
       "all but what some operations say of one value holds: whether an "
       "element is in a set, or that a compare-and-set was refused",
       absl::StrCat("check sequential or linearizable instead of ", consistency,
                    ", which heed that, or record whole reads")});
}

absl::StatusOr<ModelOutcome> JudgeSteps(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    const std::string& consistency, const VisibilityOptions& options,
    ReadsFrom& reads, CheckResult& result, Budget& budget) {
  absl::StatusOr<VisibilityMethod> method =
      MethodFor(consistency, options, budget);
  if (!method.ok()) return method.status();
  const absl::StatusOr<Observation> observation = ObservationOf(model);
  if (!observation.ok()) return observation.status();
  absl::StatusOr<SessionHistory> steps = BuildSessionHistory(
      history, *observation, partitioning, sessions, options.initial);
  if (!steps.ok()) return steps.status();
  if (consistency != "eventual") SilenceReads(model, *steps);
  ReadMissingKeys(model, *steps);
  reads = ResolveReads(*steps);
  result.algorithm = method->algorithm;
  result.operations = steps->size();
  result.memory_bytes = steps->MemoryBytes();
  if (*observation == Observation::kCounter && consistency != "eventual") {
    result.algorithm = "sums";
  }
  if (!steps->removals.empty() && consistency != "eventual") {
    return WithRemovals(consistency);
  }
  ModelOutcome outcome =
      *observation != Observation::kRegister && !method->needs_sources
          ? method->judge(*steps, options.explain)
          : JudgeAmbiguous(*steps, reads, method->is_monotonic,
                           options.arbitration != ArbitrationMode::kNone,
                           method->judge, options.explain, budget);
  const bool looks_at_all =
      consistency != "eventual" && consistency != "strong-eventual";
  if (outcome.verdict == Verdict::kValid && looks_at_all &&
      SaysMoreThanSteps(model, *steps)) {
    return WithLeftOut(consistency);
  }
  return outcome;
}

// Adds what judging gave to `result`.
void Assemble(ReadsFrom reads, ModelOutcome outcome, CheckResult& result) {
  result.verdict = outcome.verdict;
  result.violations = std::move(reads.findings);
  for (Violation& violation : outcome.violations) {
    result.violations.push_back(std::move(violation));
  }
  if (!result.violations.empty()) result.verdict = Verdict::kViolation;
  if (result.verdict == Verdict::kUnknown) {
    result.unknown = std::move(outcome.unknown);
  }
  if (reads.finding_count > kMaxFindings) {
    result.notes.push_back(absl::StrCat(
        "of ", reads.finding_count, " reads that nothing explains, the first ",
        kMaxFindings, " are shown"));
  }
  for (std::vector<std::string>* notes : {&reads.notes, &outcome.notes}) {
    result.notes.insert(result.notes.end(), notes->begin(), notes->end());
  }
  result.partitions = 1;
  result.memory_bytes += outcome.memory_bytes;
}

}  // namespace

absl::StatusOr<CheckResult> CheckVisibility(const History& history,
                                            const ModelInfo& model,
                                            const Partitioning& partitioning,
                                            const SessionChoice& sessions,
                                            const std::string& consistency,
                                            const VisibilityOptions& options,
                                            Budget& budget) {
  const auto start = std::chrono::steady_clock::now();
  if (RulesOf(consistency) == 0) {
    const absl::StatusOr<const ConsistencyInfo*> info =
        FindConsistency(consistency);
    if (!info.ok()) return info.status();
  }
  CheckResult result;
  result.consistency = consistency;
  result.model = std::string(model.name);
  ReadsFrom reads;
  absl::StatusOr<ModelOutcome> outcome = ModelOutcome{};
  const std::string bare = consistency.substr(0, consistency.find('='));
  if (bare == "sequential") {
    outcome = JudgeSequential(history, model, partitioning, sessions, options,
                              reads, result, budget);
  } else if (bare == "bounded-staleness") {
    const absl::StatusOr<StalenessBound> bound = ParseStalenessBound(
        std::string_view(consistency)
            .substr(std::min(consistency.size(), bare.size() + 1)));
    if (!bound.ok()) return bound.status();
    result.algorithm = "wgl";
    outcome = JudgeStaleness(history, model, partitioning, options.initial,
                             *bound, budget);
  } else {
    outcome = JudgeSteps(history, model, partitioning, sessions, consistency,
                         options, reads, result, budget);
  }
  if (!outcome.ok()) return outcome.status();
  Assemble(std::move(reads), *std::move(outcome), result);
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return result;
}

}  // namespace minos::checker
