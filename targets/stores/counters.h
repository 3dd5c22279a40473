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

  // Wraps around, since wrong merges soon make more than fits.
  int64_t Sum() const {
    uint64_t sum = 0;
    for (int64_t value : values) sum += static_cast<uint64_t>(value);
    return static_cast<int64_t>(sum);
  }
  void Merge(const Slots& other) {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = std::max(values[i], other.values[i]);
    }
  }
  // A wrong merge: what both have heard of counts twice.
  void MergeBySum(const Slots& other) {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<int64_t>(static_cast<uint64_t>(values[i]) +
                                       static_cast<uint64_t>(other.values[i]));
    }
  }
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_COUNTERS_H_
