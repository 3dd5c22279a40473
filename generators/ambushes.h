// What goes wrong in the episodes of a run (see episodes.h).
//
// The faults of an episode strike the same node, its *victim*, so that they add
// up: it crashes and comes back as the only bridge between two halves; some of
// the others hear it late, and then it is gone. Half of the victims are whoever
// answered a client last, which finds a leader wherever there is one. Besides
// the faults of its plot an episode has those of further ones, since bugs of a
// greater depth need several things to go wrong at once; only one in three of a
// scramble's has not, since there are also bugs that show when little does.
//
// Moments that are drawn drift away from what they were to strike, as soon as
// anything takes longer than was thought. So these have a fault, or a few, too,
// that *lies in wait* (rare_events.h): it strikes a node shortly after
// that node has handled something that seldom happens, as the vote of an
// election, or the handing over of a key, does.
//
// A kind of fault that is not allowed is left out of every plot.

#ifndef MINOS_GENERATORS_AMBUSHES_H_
#define MINOS_GENERATORS_AMBUSHES_H_

#include <vector>

#include "generators/episodes.h"
#include "generators/recipe.h"
#include "targets/fault.h"
#include "targets/random.h"

namespace minos::generators {

struct AmbushOptions {
  targets::FaultSet kinds;  // no others happen
  int nodes = 3;
  std::vector<Nanoseconds> timeouts;  // as for the episodes
  bool probes = false;                // likewise
};

// The plots that these kinds of faults allow, the more often the more there is
// to find by them; never empty.
std::vector<Plot> PlotsFor(const AmbushOptions& options);

// The faults of one episode. Deterministic in its arguments.
std::vector<PlannedFault> LayAmbush(const AmbushOptions& options,
                                    const Episode& episode,
                                    targets::Random random);

// Links of a low priority: slow from some moment of the run to another, in one
// direction. In half of the runs of probes, and most others. Deterministic in
// its arguments.
std::vector<PlannedFault> SlowLinks(const AmbushOptions& options,
                                    const std::vector<Episode>& episodes,
                                    targets::Random random);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_AMBUSHES_H_
