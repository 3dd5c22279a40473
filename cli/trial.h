// One recipe, run and judged: the step of which campaigns, shrinking, replay
// and the matrix are made.

#ifndef MINOS_CLI_TRIAL_H_
#define MINOS_CLI_TRIAL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/check.h"
#include "generators/recipe.h"
#include "generators/run.h"
#include "targets/target.h"

namespace minos::cli {

struct TrialOptions {
  // What is judged; what the store promises in this run if empty.
  std::vector<std::string> consistencies;
  bool explain = false;
  bool coverage = false;  // Run::coverage is wanted
  std::string history_name = "run";
  checker::Limits limits;
};

struct Trial {
  generators::Run run;
  checker::HistoryVerdict verdict;
  // What was judged: less than was to be, where a consistency is not defined
  // for the data type. If it is empty, the verdict is valid and says nothing.
  std::vector<std::string> judged;
};

// What is judged of a run of `recipe`: a function of the recipe alone.
// InvalidArgument if it does not fit the target.
absl::StatusOr<std::vector<std::string>> JudgedOf(
    const targets::TargetInfo& target, const generators::Recipe& recipe,
    const std::vector<std::string>& consistencies);

// Runs and judges `recipe`, which was made for `target`.
absl::StatusOr<Trial> Try(const targets::TargetInfo& target,
                          const generators::Recipe& recipe,
                          const TrialOptions& options);

// The first check that is violated; nullptr if none is.
const checker::CheckResult* FirstBroken(const checker::HistoryVerdict& verdict);

}  // namespace minos::cli

#endif  // MINOS_CLI_TRIAL_H_
