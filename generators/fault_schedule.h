// Which faults happen when.

#ifndef MINOS_GENERATORS_FAULT_SCHEDULE_H_
#define MINOS_GENERATORS_FAULT_SCHEDULE_H_

#include <vector>

#include "generators/recipe.h"
#include "targets/fault.h"
#include "targets/random.h"

namespace minos::generators {

struct FaultOptions {
  targets::FaultSet kinds;
  // Faults of one line of the schedule begin about so far apart.
  Nanoseconds interval = 200 * targets::kMillisecond;
  // How many lines run side by side: up to so many faults at once.
  int intensity = 2;
  int nodes = 3;
  // Faults begin before this.
  Nanoseconds horizon = 2 * targets::kSecond;
};

// The faults of one run, in the order of their beginnings. Two of one kind
// never overlap. Deterministic in its arguments.
std::vector<PlannedFault> PlanFaults(const FaultOptions& options,
                                     targets::Random random);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAULT_SCHEDULE_H_
