// The flags that say how a store is driven; those of `run` and of all that
// build on it.

#ifndef MINOS_CLI_RUN_OPTIONS_H_
#define MINOS_CLI_RUN_OPTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "generators/run.h"
#include "targets/target.h"

namespace CLI {
class App;
}

namespace minos::cli {

// As they were typed; -1 and "" where the default is the target's.
struct RunFlags {
  std::string target;
  uint64_t seed = 0;
  int64_t operations = 200;
  int clients = 5;
  int nodes = -1;
  std::string workload;
  std::string faults;
  std::string fault_interval = "200ms";
  int fault_intensity = 2;
  std::vector<std::string> parameters;  // NAME=VALUE
  std::vector<std::string> bugs;
  int key_count = -1;
  std::string key_distribution = "uniform";
  int read_percent = -1;
  bool repeated_values = false;
  std::string think_time = "40ms";
  int64_t rate = 0;
};

// Adds the flags, and TARGET.
void AddRunFlags(CLI::App& command, RunFlags& flags);
// Adds the flags alone.
void AddDriveFlags(CLI::App& command, RunFlags& flags);

// InvalidArgument, in words for the user, if a flag makes no sense. Whether the
// target knows the workload, parameters and bugs shows later.
absl::StatusOr<generators::RunOptions> RunOptionsOf(const RunFlags& flags);

// NotFound, with the nearest name, if there is no such target.
absl::StatusOr<const targets::TargetInfo*> TargetNamed(std::string_view name);

// Those called `names`, each once and in this order; "all" stands for all of
// them, and so do no names.
absl::StatusOr<std::vector<const targets::TargetInfo*>> TargetsNamed(
    const std::vector<std::string>& names);

}  // namespace minos::cli

#endif  // MINOS_CLI_RUN_OPTIONS_H_
