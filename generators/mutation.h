// A run a little different from one that reached something new.
//
// Mutated are the moments: when faults begin, how long they last, whom they
// strike, when operations are issued; and the luck of the network. Faults of
// two runs are crossed over: those up to some moment are of one, the rest of
// the other. The operations stay what they are, and no kind of fault happens
// that did not happen in the first run, so that what is promised in it still
// is.

#ifndef MINOS_GENERATORS_MUTATION_H_
#define MINOS_GENERATORS_MUTATION_H_

#include "generators/recipe.h"
#include "targets/random.h"

namespace minos::generators {

// A mutation of `recipe`, with some faults of `other`, which is a recipe for
// the same target. Deterministic in its arguments.
Recipe Mutate(const Recipe& recipe, const Recipe& other,
              targets::Random random);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_MUTATION_H_
