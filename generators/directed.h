// Schedules that make rare interleavings come up.
//
// Most bugs of replication need few things to happen in an unlikely order: a
// write is acknowledged, *then* its node crashes, *before* one message leaves.
// These ideas make such orders likely:
//
// - Episodes (episodes.h): a run is many short attempts, one after the other,
//   each with a pace, clients and faults that fit together. What is promised in
//   the run decides what they look like.
// - Ambushes (ambushes.h): the faults of an episode strike one node, often the
//   one that answered last, in the middle of updates, several at once. Some lie
//   in wait for a rare event of the run.
// - Priorities (Burckhardt, Kothari, Musuvathi & Nagarakatte, "A randomized
//   scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010):
//   what is slow is slow for long. A few links get a low priority, so that
//   their messages arrive after what others did meanwhile, and at a few moments
//   the priorities change. A bug of depth d needs d - 1 such changes, and small
//   d are what is drawn most often. Delays drawn anew for each message make a
//   run of k late messages less likely by a factor for each.
// - Durations: what a store does about a fault, it does when a time-out of its
//   own has passed: a heartbeat, a period of gossip, a lease, a client that
//   tries again. Faults and delays last a little less, or a little more, than
//   one of those, and clocks jump about so far.
// - Promises: a run has the faults under which one of the promises is kept, the
//   more often the more others are kept then, too; one run in ten leaves out
//   some of these faults.

#ifndef MINOS_GENERATORS_DIRECTED_H_
#define MINOS_GENERATORS_DIRECTED_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "generators/recipe.h"
#include "generators/run.h"
#include "generators/swarm.h"
#include "targets/target.h"

namespace minos::generators {

// The directed run that `seed` stands for: the one of DrawRun, directed. What
// is fixed stays fixed, and no kind of fault happens that could not happen
// there. Faults may be aimed or lie in wait (see PlannedFault). InvalidArgument
// where DrawRun would say so. Deterministic.
absl::StatusOr<Recipe> DrawDirected(const targets::TargetInfo& target,
                                    const SwarmOptions& options, uint64_t seed);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_DIRECTED_H_
