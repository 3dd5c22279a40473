// What a campaign tries next.
//
// A campaign is divided into groups of runs. Each group is explored by one of
// these, on its own and in order: what a run of the group taught may guide the
// next ones of the same group, and no others. So it does not matter on which
// thread, machine or shard a group is explored, nor what happens beside it.

#ifndef MINOS_GENERATORS_EXPLORER_H_
#define MINOS_GENERATORS_EXPLORER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "generators/recipe.h"
#include "generators/run.h"
#include "generators/swarm.h"
#include "targets/target.h"

namespace minos::generators {

// So many runs are a group.
inline constexpr size_t kRunsPerGroup = 20;

class Explorer {
 public:
  // The group that begins with the seed `seed`. `target` and `options` outlive
  // the explorer.
  Explorer(const targets::TargetInfo& target, const SwarmOptions& options,
           uint64_t seed);

  // The next run. InvalidArgument where DrawRun would say so.
  absl::StatusOr<Recipe> Next();

 private:
  const targets::TargetInfo& target_;
  const SwarmOptions& options_;
  uint64_t seed_;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_EXPLORER_H_
