// Schedules that make rare interleavings come up.
//
// Most bugs of replication need few things to happen in an unlikely order: a
// write is acknowledged, *then* its node crashes, *before* one message leaves.
// Three ideas make such orders likely:
//
// - Priorities (Burckhardt, Kothari, Musuvathi & Nagarakatte, "A randomized
//   scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010):
//   what is slow is slow for long. A few links get a low priority, so that
//   their messages arrive after what others did meanwhile, and at a few moments
//   the priorities change. A bug of depth d needs d - 1 such changes, and small
//   d are what is drawn most often. Delays drawn anew for each message make a
//   run of k late messages less likely by a factor for each.
// - Moments: a fault does its harm while an operation is under way or was just
//   acknowledged. Faults begin within a few message delays of an operation's
//   call, and operations have times of their own, so that it is known when.
// - Durations: what a store does about a fault, it does when a time-out of its
//   own has passed: a heartbeat, a period of gossip, a lease, a client that
//   tries again. Faults and delays last a little less, or a little more, than
//   one of those.
//
// And clients are brought together: few keys, short pauses.

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
// there. InvalidArgument where DrawRun would say so. Deterministic.
absl::StatusOr<Recipe> DrawDirected(const targets::TargetInfo& target,
                                    const SwarmOptions& options, uint64_t seed);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_DIRECTED_H_
