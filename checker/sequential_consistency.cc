#include "checker/sequential_consistency.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "checker/ambiguity.h"
#include "checker/collection_order.h"
#include "checker/linearizability.h"
#include "checker/missing_values.h"
#include "checker/sequential_order.h"
#include "checker/sequential_queues.h"
#include "checker/sequential_search.h"
#include "checker/session_history.h"
#include "checker/session_history_builder.h"
#include "checker/visibility_rules.h"

namespace minos::checker {
namespace {

using history::History;

// How many configurations the search for a linearization may enter for each
// operation, and at most, before the search for a sequential order takes over.
constexpr size_t kLinearConfigurations = 1000;
constexpr size_t kMaxLinearConfigurations = 1'000'000;

// True if the history is linearizable, which was found without much effort:
// then it is sequentially consistent. Not asked where versions order updates,
// since a linearization need not follow them.
absl::StatusOr<bool> IsPlainlyLinearizable(const History& history,
                                           const ModelInfo& model,
                                           const Partitioning& partitioning,
                                           const VisibilityOptions& options,
                                           Budget& budget) {
  if (options.arbitration == ArbitrationMode::kVersions) return false;
  LinearizabilityOptions linearizability;
  linearizability.initial = options.initial;
  linearizability.explain = false;
  linearizability.max_configurations = std::min(
      kMaxLinearConfigurations, kLinearConfigurations * (history.size() + 1));
  const absl::StatusOr<CheckResult> result =
      CheckLinearizable(history, model, partitioning, linearizability, budget);
  if (!result.ok()) return result.status();
  return result->verdict == Verdict::kValid;
}

// What the order of the steps says of sequential consistency: nullopt if that
// is nothing. Of registers it is causal convergence first, which is implied and
// has shorter proofs.
std::optional<ModelOutcome> JudgeSequentialByOrder(
    SessionHistory& steps, const ReadsFrom& reads,
    const VisibilityOptions& options, Budget& budget) {
  const RuleSet rules = ArbitrationRules(options.arbitration);
  ModelOutcome outcome;
  switch (steps.observation) {
    case Observation::kRegister:
      // Unresolved reads demand nothing, so a violation stands.
      outcome = JudgeCausalConvergence(steps, rules | kSessionArbitration,
                                       options.explain, budget);
      if (outcome.verdict != Verdict::kValid) return outcome;
      outcome = JudgeSequentialOrder(steps, reads.ambiguous, rules,
                                     options.explain, budget);
      if (outcome.verdict == Verdict::kValid && steps.says_more) {
        return std::nullopt;
      }
      break;
    case Observation::kList:
    case Observation::kSet:
      outcome = JudgeAmbiguous(
          steps, reads, true, true,
          [&](const SessionHistory& chosen, bool explain) {
            return JudgeCollectionOrder(chosen, Serializer::kEverybody, rules,
                                        explain, budget);
          },
          options.explain, budget);
      if (outcome.verdict == Verdict::kValid && steps.says_more) {
        return std::nullopt;
      }
      break;
    case Observation::kCounter:
      outcome = JudgeCausal(steps, rules | kSessionArbitration, options.explain,
                            budget);
      // It is weaker, so nothing else follows; which sums were seen need not be
      // settled for the search.
      if (outcome.verdict != Verdict::kViolation) return std::nullopt;
      break;
  }
  return outcome;
}

}  // namespace

absl::StatusOr<ModelOutcome> JudgeSequential(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    const VisibilityOptions& options, ReadsFrom& reads, CheckResult& result,
    Budget& budget) {
  const absl::StatusOr<Observation> observation = ObservationOf(model);
  absl::StatusOr<SessionHistory> steps = absl::UnimplementedError("");
  if (observation.ok()) {
    steps = BuildSessionHistory(history, *observation, partitioning, sessions,
                                options.initial);
  }
  // A data type may have functions that are neither reads nor updates.
  if (steps.ok()) {
    SilenceReads(model, *steps);
    ReadMissingKeys(model, *steps);
    reads = ResolveReads(*steps);
    result.operations = steps->size();
    if (!reads.findings.empty()) return ModelOutcome{};
  }
  const absl::StatusOr<bool> is_linearizable =
      IsPlainlyLinearizable(history, model, partitioning, options, budget);
  if (!is_linearizable.ok()) return is_linearizable.status();
  if (*is_linearizable) {
    result.algorithm = "linearization";
    return ModelOutcome{};
  }
  result.algorithm = "forced-order";
  if (!observation.ok()) {
    std::optional<ModelOutcome> outcome = JudgeSequentialQueues(
        history, model, partitioning, sessions, options.initial, budget);
    if (outcome) return *std::move(outcome);
  } else if (steps.ok() && steps->removals.empty()) {
    std::optional<ModelOutcome> outcome =
        JudgeSequentialByOrder(*steps, reads, options, budget);
    if (outcome) return *std::move(outcome);
  }
  result.algorithm = "interleaving-search";
  return SearchSequentialOrder(history, model, partitioning, sessions,
                               options.initial,
                               ArbitrationRules(options.arbitration), budget);
}

}  // namespace minos::checker
