// Whether some calls have a linearization, whoever can tell: a decider, or else
// a bounded search. For those who judge many variants of a history, as when
// they look for a small part of it that is a violation.

#ifndef MINOS_CHECKER_CALL_VERDICT_H_
#define MINOS_CHECKER_CALL_VERDICT_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/decider.h"
#include "checker/sequential_model.h"
#include "checker/verdict.h"
#include "checker/wgl.h"

namespace minos::checker {

// The call as it was while it was open: nobody knows whether it took effect.
ObservedCall StillOpen(ObservedCall call);

// What the first decider of the data type that applies says, and how many were
// asked; no decision if none applies, or the budget is exhausted.
struct FirstDecision {
  std::optional<Decision> decision;
  size_t asked = 0;
};
FirstDecision DecideCalls(const DeciderInput& input, Budget& budget);

// A fresh model, settled, and the calls as its intervals.
struct PosedCalls {
  std::unique_ptr<SequentialModel> model;
  std::vector<Interval> intervals;
};
// InvalidArgument if a call is not one of the data type; Cancelled once
// `budget` is exhausted. O(n).
absl::StatusOr<PosedCalls> PoseCalls(const DeciderInput& input, Budget& budget);

// What a search says that enters about `max_configurations`: the verdict, not
// where a violation became certain. Errors as of PoseCalls.
absl::StatusOr<SearchResult> SearchCalls(const DeciderInput& input,
                                         size_t max_configurations,
                                         Budget& budget);

// What a decider says, or else such a search.
absl::StatusOr<Verdict> JudgeCalls(const DeciderInput& input,
                                   size_t max_configurations, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CALL_VERDICT_H_
