#include "checker/call_verdict.h"

#include <utility>

#include "absl/status/status.h"

namespace minos::checker {

ObservedCall StillOpen(ObservedCall call) {
  call.end = history::kNever;
  call.content.result = history::kNoValue;
  call.content.is_ok = false;
  return call;
}

FirstDecision DecideCalls(const DeciderInput& input, Budget& budget) {
  FirstDecision first;
  for (const DeciderInfo& decider : AllDeciders()) {
    if (budget.Exhausted()) break;
    if (!Decides(decider, input.model.name)) continue;
    Decision decision = decider.decide(input, budget);
    ++first.asked;
    if (decision.kind == Decision::Kind::kNotApplicable) continue;
    first.decision = std::move(decision);
    break;
  }
  return first;
}

absl::StatusOr<PosedCalls> PoseCalls(const DeciderInput& input,
                                     Budget& budget) {
  absl::StatusOr<std::unique_ptr<SequentialModel>> model =
      input.model.make(input.values, input.initial);
  if (!model.ok()) return model.status();
  PosedCalls posed{*std::move(model), {}};
  posed.intervals.reserve(input.calls.size());
  for (const ObservedCall& call : input.calls) {
    if (budget.Exhausted()) return absl::CancelledError();
    const absl::StatusOr<ActionId> action = posed.model->Intern(call.content);
    if (!action.ok()) return action.status();
    posed.intervals.push_back({call.operation, call.call, call.end, *action});
  }
  posed.model->Settle();
  return posed;
}

absl::StatusOr<SearchResult> SearchCalls(const DeciderInput& input,
                                         size_t max_configurations,
                                         Budget& budget) {
  const Allowance allowance(budget, input.calls.size() * sizeof(Interval));
  if (!allowance.is_granted()) {
    SearchResult refused;
    refused.verdict = Verdict::kUnknown;
    refused.unknown = UnknownReason::kMemoryLimit;
    return refused;
  }
  const absl::StatusOr<PosedCalls> posed = PoseCalls(input, budget);
  if (!posed.ok()) return posed.status();
  SearchOptions options;
  options.max_configurations = max_configurations;
  options.want_linearization = false;
  options.want_culprit = false;
  return SearchLinearization(posed->intervals, *posed->model, budget, options);
}

absl::StatusOr<Verdict> JudgeCalls(const DeciderInput& input,
                                   size_t max_configurations, Budget& budget) {
  const FirstDecision first = DecideCalls(input, budget);
  if (first.decision) {
    switch (first.decision->kind) {
      case Decision::Kind::kNotApplicable:
        break;
      case Decision::Kind::kValid:
        return Verdict::kValid;
      case Decision::Kind::kViolation:
        return Verdict::kViolation;
      case Decision::Kind::kUnknown:
        return Verdict::kUnknown;
    }
  }
  const auto result = SearchCalls(input, max_configurations, budget);
  if (!result.ok()) return result.status();
  return result->verdict;
}

}  // namespace minos::checker
