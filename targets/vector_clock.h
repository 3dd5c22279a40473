// Vector clocks (Fidge 1988; Mattern 1989): how many updates of each node are
// known.

#ifndef MINOS_TARGETS_VECTOR_CLOCK_H_
#define MINOS_TARGETS_VECTOR_CLOCK_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/request.h"

namespace minos::targets {

class VectorClock {
 public:
  // As many nodes as a store with vector clocks may have.
  static constexpr int kSize = 9;

  uint32_t operator[](NodeId node) const { return counts_[node]; }
  void Set(NodeId node, uint32_t count) { counts_[node] = count; }

  // True if all that `other` knows is known here too.
  bool Covers(const VectorClock& other) const {
    for (size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] < other.counts_[i]) return false;
    }
    return true;
  }
  void Merge(const VectorClock& other) {
    for (size_t i = 0; i < counts_.size(); ++i) {
      counts_[i] = std::max(counts_[i], other.counts_[i]);
    }
  }
  // Grows along every chain of causes: if this covers another clock and is not
  // equal to it, its sum is greater.
  uint64_t Sum() const {
    uint64_t sum = 0;
    for (uint32_t count : counts_) sum += count;
    return sum;
  }
  bool operator==(const VectorClock&) const = default;

  // As the token of a session, and back; an empty token is the empty clock.
  std::vector<int64_t> ToToken() const {
    return std::vector<int64_t>(counts_.begin(), counts_.end());
  }
  static VectorClock FromToken(const std::vector<int64_t>& token) {
    VectorClock clock;
    for (size_t i = 0; i < token.size() && i < clock.counts_.size(); ++i) {
      clock.counts_[i] = static_cast<uint32_t>(token[i]);
    }
    return clock;
  }

 private:
  std::array<uint32_t, kSize> counts_{};
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_VECTOR_CLOCK_H_
