// The one source of randomness of a run.
//
// SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014): eight bytes of state, a few nanoseconds a draw,
// and it passes BigCrush. All arithmetic is on integers, so that every machine
// and every compiler draws the same; the distributions of <random> do not
// promise that.
//
// A generator is handed down by Split: the streams of the workload, of the
// faults and of each link of the network do not disturb each other, and taking
// one operation out of a run leaves the luck of the others as it was.

#ifndef MINOS_TARGETS_RANDOM_H_
#define MINOS_TARGETS_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "history/hash.h"

namespace minos::targets {

// A stream of random numbers.
class Random {
 public:
  explicit Random(uint64_t seed) : seed_(MixHash(seed)), state_(seed_) {}

  // The generator called `label`, independent of this one and of how much has
  // been drawn from it.
  Random Split(uint64_t label) const {
    return Random(CombineHash(seed_, label));
  }

  // 64 random bits.
  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    return MixHash(state_);
  }

  // Uniform in 0 … bound-1. REQUIRES: bound > 0.
  uint64_t Below(uint64_t bound);

  // Uniform in low … high, both included. REQUIRES: low <= high.
  int64_t Between(int64_t low, int64_t high) {
    return low +
           static_cast<int64_t>(Below(static_cast<uint64_t>(high - low) + 1));
  }

  // True `parts` times in a million.
  bool Chance(int64_t parts) {
    return parts > 0 && Below(1'000'000) < static_cast<uint64_t>(parts);
  }

  // Exponentially distributed with the given mean, rounded down; by von
  // Neumann's comparison of uniform draws (1951), which needs no logarithm.
  int64_t Exponential(int64_t mean);

  // Puts `items` in a random order (Fisher & Yates).
  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[Below(i)]);
    }
  }

 private:
  uint64_t seed_;
  uint64_t state_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_RANDOM_H_
