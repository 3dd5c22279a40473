// Driving a store once: from options to a recipe, from a recipe to a history.

#ifndef MINOS_GENERATORS_RUN_H_
#define MINOS_GENERATORS_RUN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "generators/recipe.h"
#include "generators/workload.h"
#include "history/history.h"
#include "targets/coverage.h"
#include "targets/fault.h"
#include "targets/settings.h"
#include "targets/target.h"
#include "targets/trace.h"
#include "targets/world.h"

namespace minos::generators {

// What a user may choose; all else is drawn from the seed.
struct RunOptions {
  uint64_t seed = 0;
  std::optional<int> nodes;  // the default of the target if absent
  std::string workload;      // likewise if empty
  std::optional<targets::FaultSet> faults;  // all that it bears if absent
  Nanoseconds fault_interval = 200 * targets::kMillisecond;
  int fault_intensity = 2;
  // name and value, as --set gives them.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> bugs;
  targets::NetworkConditions network;
  // `nodes` in it is ignored.
  WorkloadOptions load;
};

// The settings of a target. InvalidArgument if there is no such parameter or
// bug, or a value is out of its bounds.
absl::StatusOr<targets::Settings> MakeSettings(
    const targets::TargetInfo& target,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    const std::vector<std::string>& bugs);

// The faults under which the target keeps at least one promise.
targets::FaultSet BornFaults(const targets::TargetInfo& target,
                             const targets::Settings& settings);

// The faults of `options`, or else all those under which the target keeps at
// least one promise. InvalidArgument as from MakeSettings.
absl::StatusOr<targets::FaultSet> AllowedFaults(
    const targets::TargetInfo& target, const RunOptions& options);

// Draws everything. InvalidArgument, in words for the user, if the target has
// no such workload, parameter or bug, or a number is out of bounds.
absl::StatusOr<Recipe> MakeRecipe(const targets::TargetInfo& target,
                                  const RunOptions& options);

// What came of a recipe.
struct Run {
  history::History history;
  targets::WorldCounters counters;
  // When the last operation but the final reads had ended.
  Nanoseconds load_end = 0;
  Nanoseconds end = 0;
  // From when to when at least one fault was active.
  std::vector<std::pair<Nanoseconds, Nanoseconds>> fault_times;
  // By client: when each of its operations was issued.
  std::vector<std::vector<Nanoseconds>> issued_at;
  // The faults of the recipe, each with the nodes that it struck and the moment
  // at which it began: none of them is aimed or lies in wait, and what waited
  // in vain is left out.
  std::vector<PlannedFault> faults;
  targets::Coverage coverage;  // empty unless it was asked for
  targets::Trace trace;        // empty unless it was asked for
};

// What else of a run is kept, and what its history is called.
struct ExecuteOptions {
  bool trace = false;
  bool coverage = false;
  std::string history_name = "run";
};

// Runs the recipe on `target`, which must be the one it was made for.
// InvalidArgument if it does not fit the target. Deterministic.
absl::StatusOr<Run> Execute(const targets::TargetInfo& target,
                            const Recipe& recipe,
                            const ExecuteOptions& options);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_RUN_H_
