// From a broken promise to a failure that can be saved and explained.

#ifndef MINOS_CLI_FAILURE_H_
#define MINOS_CLI_FAILURE_H_

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "cli/campaign.h"
#include "cli/failure_file.h"
#include "cli/trial.h"
#include "generators/shrink.h"
#include "report/result.h"
#include "targets/target.h"

namespace minos::cli {

struct ShrinkOptions {
  bool is_wanted = true;
  size_t runs = 200'000;
  std::chrono::nanoseconds time = std::chrono::seconds(60);
};

// Makes what `finding` found smaller, as far as `shrink` allows, while the same
// consistency stays broken (and, where `promised` is true, stays promised).
// Fails if the finding cannot be run.
absl::StatusOr<Failure> MakeFailure(const targets::TargetInfo& target,
                                    const Finding& finding, bool promised,
                                    const ShrinkOptions& shrink,
                                    const checker::Limits& limits);

// A failure that was run again and judged by the consistency that it is about.
struct Replayed {
  Trial trial;
  // The history is the saved one, byte for byte.
  bool is_same = false;
};

absl::StatusOr<Replayed> Replay(const targets::TargetInfo& target,
                                const Failure& failure,
                                const checker::Limits& limits);

// For the reports; `trial` outlives it.
report::FileResult ResultOf(const Failure& failure, const Trial& trial,
                            const std::string& name);

}  // namespace minos::cli

#endif  // MINOS_CLI_FAILURE_H_
