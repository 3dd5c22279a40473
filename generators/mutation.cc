#include "generators/mutation.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "targets/fault.h"

namespace minos::generators {
namespace {

using targets::kMillisecond;
using targets::Random;

Nanoseconds Shifted(Nanoseconds time, Nanoseconds most, Random& random) {
  return std::max<Nanoseconds>(0, time + random.Between(-most, most));
}

void MutateFault(int nodes, PlannedFault& fault, Random& random) {
  switch (random.Below(3)) {
    case 0:
      fault.start = Shifted(fault.start, 30 * kMillisecond, random);
      return;
    case 1:
      // From half as long to twice as long.
      fault.duration = fault.duration * random.Between(4, 16) / 8;
      return;
    default: {
      const auto turn =
          static_cast<NodeId>(random.Below(static_cast<uint64_t>(nodes)));
      for (NodeId& node : fault.nodes) node = (node + turn) % nodes;
    }
  }
}

// The faults of `recipe` up to some moment, and those of `other` after it.
void CrossOver(const Recipe& other, Random& random, Recipe& recipe) {
  const bool fits = other.nodes == recipe.nodes &&
                    PlannedKinds(other).IsSubsetOf(PlannedKinds(recipe));
  if (!fits || recipe.faults.empty()) return;
  const Nanoseconds moment =
      recipe.faults[random.Below(recipe.faults.size())].start;
  std::erase_if(recipe.faults, [moment](const PlannedFault& fault) {
    return fault.start > moment;
  });
  for (const PlannedFault& fault : other.faults) {
    if (fault.start > moment) recipe.faults.push_back(fault);
  }
}

// All a client does comes earlier or later.
void ShiftClients(Random& random, Recipe& recipe) {
  for (ClientPlan& client : recipe.clients) {
    const Nanoseconds shift =
        random.Between(-10 * kMillisecond, 10 * kMillisecond);
    for (PlannedOperation& planned : client.operations) {
      planned.not_before = std::max<Nanoseconds>(0, planned.not_before + shift);
    }
  }
}

}  // namespace

Recipe Mutate(const Recipe& recipe, const Recipe& other, Random random) {
  Recipe mutant = recipe;
  if (random.Chance(500'000)) mutant.seed = random.Next();
  if (random.Chance(300'000)) CrossOver(other, random, mutant);
  if (random.Chance(300'000)) ShiftClients(random, mutant);
  for (PlannedFault& fault : mutant.faults) {
    if (random.Chance(200'000)) MutateFault(mutant.nodes, fault, random);
  }
  std::stable_sort(mutant.faults.begin(), mutant.faults.end(),
                   [](const PlannedFault& a, const PlannedFault& b) {
                     return a.start < b.start;
                   });
  return mutant;
}

}  // namespace minos::generators
