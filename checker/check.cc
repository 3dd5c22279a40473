#include "checker/check.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/consistency_registry.h"
#include "checker/linearizability.h"
#include "checker/model_inference.h"
#include "checker/model_registry.h"

namespace minos::checker {
namespace {

using history::History;

absl::StatusOr<const ModelInfo*> ChooseModel(const History& history,
                                             const CheckOptions& options,
                                             HistoryVerdict& verdict) {
  if (options.model != "auto") return FindModel(options.model);
  absl::StatusOr<std::string_view> inferred = InferModel(history);
  if (!inferred.ok()) return inferred.status();
  verdict.notes.push_back(absl::StrCat("model ", std::string(*inferred),
                                       ", told from the functions"));
  return FindModel(*inferred);
}

absl::StatusOr<CheckResult> CheckSequentialType(const History& history,
                                                const CheckOptions& options,
                                                Budget& budget,
                                                HistoryVerdict& verdict) {
  absl::StatusOr<const ModelInfo*> model =
      ChooseModel(history, options, verdict);
  if (!model.ok()) return model.status();
  absl::StatusOr<Partitioning> partitioning =
      SplitByKey(history, **model, options.keys);
  if (!partitioning.ok()) return partitioning.status();
  if (!partitioning->note.empty()) verdict.notes.push_back(partitioning->note);
  LinearizabilityOptions linearizability;
  linearizability.algorithm = options.algorithm;
  linearizability.initial = options.initial;
  linearizability.jobs = options.jobs;
  linearizability.explain = options.explain;
  linearizability.certificate = options.certificate;
  return CheckLinearizable(history, **model, *partitioning, linearizability,
                           budget);
}

}  // namespace

absl::StatusOr<HistoryVerdict> CheckHistory(const History& history,
                                            const CheckOptions& options) {
  HistoryVerdict verdict;
  Budget budget(options.limits, history.MemoryBytes());
  for (const std::string& consistency : options.consistencies) {
    const auto known = FindConsistency(consistency);
    if (!known.ok()) return known.status();
    absl::StatusOr<CheckResult> result =
        CheckSequentialType(history, options, budget, verdict);
    if (!result.ok()) return result.status();
    verdict.verdict = Combine(verdict.verdict, result->verdict);
    verdict.checks.push_back(*std::move(result));
  }
  return verdict;
}

}  // namespace minos::checker
