// Smaller recipes drawn at random, for where no single step leads on.
//
// Greedy shrinking ends in a local minimum: each operation and fault that is
// left is needed by the others as they are. But the bug may need far less. So a
// few operations and faults are drawn from what is left, or from the run as it
// was found; their times, nodes and strength are drawn anew, near to each
// other. That is a fuzzer of tiny runs which begins with the parts of a failing
// one. A tiny run takes a few microseconds, so that tens of thousands can be
// tried.

#ifndef MINOS_GENERATORS_SHRINK_SAMPLE_H_
#define MINOS_GENERATORS_SHRINK_SAMPLE_H_

#include <cstddef>

#include "generators/recipe.h"
#include "targets/random.h"
#include "targets/target.h"

namespace minos::generators {

// What a reader has to go through: a fault counts as three operations.
size_t CostOf(const Recipe& recipe);

// Some operations and faults of `best`, or of `origin`, at most as many of each
// as `best` has, changed at random. REQUIRES: `best` has an operation, was made
// from `origin`, and that for `target`. O(size of `origin`).
Recipe SampleRecipe(const targets::TargetInfo& target, const Recipe& origin,
                    const Recipe& best, targets::Random random);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_SHRINK_SAMPLE_H_
