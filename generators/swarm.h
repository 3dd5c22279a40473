// Draws whole runs: not only what clients do and which faults happen, but also
// the workload, the size of the cluster, the kinds of faults that may occur and
// the parameters of the store.
//
// Swarm testing (Groce, Zhang, Eide, Chen & Regehr, ISSTA 2012): a campaign in
// which each run leaves out some of what could happen finds more than one in
// which every run has a little of everything, since features hide each other. A
// crash drops what a duplicate would have disturbed; a long think time heals
// what a partition broke.

#ifndef MINOS_GENERATORS_SWARM_H_
#define MINOS_GENERATORS_SWARM_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "generators/recipe.h"
#include "generators/run.h"
#include "targets/target.h"

namespace minos::generators {

// How the runs of a campaign are drawn.
enum class Schedule : uint8_t {
  kPlain,     // as MakeRecipe does: only the seed differs
  kSwarm,     // as DrawRun does
  kDirected,  // as DrawDirected does
};

// "plain", "swarm", "directed".
std::string_view ToString(Schedule schedule);
// nullopt if no schedule is called so.
std::optional<Schedule> ScheduleFromName(std::string_view name);

// What of a run is fixed, and what is drawn.
struct SwarmOptions {
  Schedule schedule = Schedule::kDirected;
  // What is fixed has its value from here. Its `seed` is ignored; the workload,
  // nodes, faults, keys and reads are drawn where they are absent, and so are
  // the parameters that it does not name.
  RunOptions base;
  // Which of the numbers that are never absent are drawn.
  bool draws_operations = true;
  bool draws_clients = true;
  bool draws_key_shape = true;
  bool draws_think_time = true;
  bool draws_fault_interval = true;
  bool draws_fault_intensity = true;
};

// The run that `seed` stands for. InvalidArgument where MakeRecipe would say so
// of what is fixed. Deterministic.
absl::StatusOr<RunOptions> DrawRun(const targets::TargetInfo& target,
                                   const SwarmOptions& options, uint64_t seed);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_SWARM_H_
