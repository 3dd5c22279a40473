// What a campaign tries next.
//
// A campaign is divided into groups of runs. Each group is explored by one of
// these, on its own and in order: what a run of the group taught may guide the
// next ones of the same group, and no others. So it does not matter on which
// thread, machine or shard a group is explored, nor what happens beside it.
//
// The first runs of a campaign are short, and the next ones longer and longer:
// most bugs need few operations, and a short run shows them in less time. What
// needs many is found by the long runs that follow.
//
// A run that reached what no run of its group had reached (targets/coverage.h)
// is kept in the group's *corpus*. One directed run in ten, once there is a
// corpus, is not drawn but is a mutation of one of those; see mutation.h.

#ifndef MINOS_GENERATORS_EXPLORER_H_
#define MINOS_GENERATORS_EXPLORER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "generators/recipe.h"
#include "generators/run.h"
#include "generators/swarm.h"
#include "targets/coverage.h"
#include "targets/target.h"

namespace minos::generators {

// So many runs are a group.
inline constexpr size_t kRunsPerGroup = 20;

// How many operations run `number` of a campaign, from 0 on, has if no flag
// says so: from 40 on ever more, up to 200.
int64_t OperationsOfRun(size_t number);

// Explores one group of runs.
class Explorer {
 public:
  // The group that begins with run `first` of a campaign, which has the seed
  // `seed`. `target` and `options` outlive the explorer.
  Explorer(const targets::TargetInfo& target, const SwarmOptions& options,
           uint64_t seed, size_t first);

  // Whether Learn makes a difference to what is tried.
  bool learns() const { return options_.schedule == Schedule::kDirected; }

  // The next run. InvalidArgument where DrawRun would say so.
  absl::StatusOr<Recipe> Next();

  // What the run of `recipe`, the last one that was tried, has reached. True if
  // it was kept.
  bool Learn(const Recipe& recipe, const targets::Coverage& coverage);

 private:
  absl::StatusOr<Recipe> Draw(uint64_t seed, size_t number) const;

  const targets::TargetInfo& target_;
  const SwarmOptions& options_;
  uint64_t seed_;
  size_t number_;
  targets::Coverage reached_;
  std::vector<Recipe> corpus_;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_EXPLORER_H_
