// Makes the recipe of a failure smaller, by running it again and again.
//
// What is taken out of a *run* is never asked for, so its history is true, as
// that of any run is; nothing must be argued about a recorded one. Delta
// debugging (Zeller & Hildebrandt, "Simplifying and isolating failure-inducing
// input", IEEE TSE 28(2), 2002) over the parts of the recipe: clients, faults,
// operations, nodes, keys, parameters, delays, values.
//
// Two things make it work on a distributed run:
//
// - First the operations are pinned to the moments at which they were issued.
//   A client issues its next operation some time after the last one *ended*,
//   so that taking one out would move all that follow.
// - Luck is part of the recipe. It is made to hang on the time instead of on
//   what happened before (targets/luck.h), so that all that a step does not
//   disturb goes on as it did. And where a smaller recipe passes, it is tried
//   with a few other seeds of the network before it is given up.
//
// Where no step leads on, it leaps: it tries small samples of what is left and
// of what was found, put together at random (generators/shrink_sample.h).
//
// The result is a local minimum: no single operation, client or fault can be
// taken out with any of the seeds tried, and none of many samples that are
// smaller fails, unless the limits came first.

#ifndef MINOS_GENERATORS_SHRINK_H_
#define MINOS_GENERATORS_SHRINK_H_

#include <cstddef>
#include <functional>

#include "generators/recipe.h"
#include "targets/target.h"

namespace minos::generators {

// When to stop though something smaller might fail, too.
struct ShrinkLimits {
  size_t tries = 100'000;  // runs at most
  // Looked at before each run; true ends the shrinking.
  std::function<bool()> should_stop;
};

// The smallest recipe that was found.
struct Shrunk {
  Recipe recipe;
  size_t tries = 0;
  bool is_minimal = false;  // no limit came first
};

// The smallest recipe found for which `fails` says true. Deterministic, but for
// `should_stop`. REQUIRES: fails(recipe), and `recipe` was made for `target`.
Shrunk Shrink(const targets::TargetInfo& target, const Recipe& recipe,
              const std::function<bool(const Recipe&)>& fails,
              const ShrinkLimits& limits);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_SHRINK_H_
