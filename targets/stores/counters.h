// The state of the replicated counters: what each replica has added.

#ifndef MINOS_TARGETS_STORES_COUNTERS_H_
#define MINOS_TARGETS_STORES_COUNTERS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "targets/request.h"
#include "targets/vector_clock.h"

namespace minos::targets {

// One slot a replica, which nobody else writes. Slots only grow, so the
// greater is the newer, and the merge takes it.
struct Slots {
  std::array<int64_t, VectorClock::kSize> values{};

  int64_t Sum() const {
    int64_t sum = 0;
    for (int64_t value : values) sum += value;
    return sum;
  }
  void Merge(const Slots& other) {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = std::max(values[i], other.values[i]);
    }
  }
  // A wrong merge: what both have heard of counts twice.
  void MergeBySum(const Slots& other) {
    for (size_t i = 0; i < values.size(); ++i) values[i] += other.values[i];
  }
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_COUNTERS_H_
