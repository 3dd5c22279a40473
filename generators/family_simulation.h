// Closed-loop clients of atomic objects, by discrete events.

#ifndef MINOS_GENERATORS_FAMILY_SIMULATION_H_
#define MINOS_GENERATORS_FAMILY_SIMULATION_H_

#include <cstdint>
#include <vector>

#include "generators/family_objects.h"
#include "generators/family_trace.h"
#include "targets/random.h"

namespace minos::generators {

struct SimulationOptions {
  int64_t operations = 0;
  int clients = 0;
  int64_t info_parts = 0;  // of a million operations, how many time out
  // Played in order, one after the other, once `script_start` operations have
  // been called.
  std::vector<Request> script;
  int64_t script_start = 0;
  targets::Random random{0};
};

// What `options.clients` clients see of `objects`. Each calls an operation; it
// takes effect at a random moment before it returns; the next one follows
// almost at once. O(operations · log clients).
Trace Simulate(const SimulationOptions& options, FamilyObjects& objects);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAMILY_SIMULATION_H_
