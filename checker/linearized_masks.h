// Comparing what two configurations at one event have linearized.

#ifndef MINOS_CHECKER_LINEARIZED_MASKS_H_
#define MINOS_CHECKER_LINEARIZED_MASKS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "history/hash.h"

namespace minos::checker {

// A mask of linearized operations, beside the mask of the reads among them that
// are open. All masks have the same length.
struct LinearizedMask {
  std::span<const uint64_t> linearized;
  std::span<const uint64_t> reads;

  // Of the updates only.
  uint64_t Hash(uint64_t hash) const {
    for (size_t i = 0; i < linearized.size(); ++i) {
      hash = CombineHash(hash, linearized[i] & ~reads[i]);
    }
    return hash;
  }
  bool HasUpdatesOf(const uint64_t* other) const {
    for (size_t i = 0; i < linearized.size(); ++i) {
      if (((linearized[i] ^ other[i]) & ~reads[i]) != 0) return false;
    }
    return true;
  }
  bool IsWithin(const uint64_t* other) const {
    for (size_t i = 0; i < linearized.size(); ++i) {
      if ((linearized[i] & ~other[i]) != 0) return false;
    }
    return true;
  }
  bool Includes(const uint64_t* other) const {
    for (size_t i = 0; i < linearized.size(); ++i) {
      if ((other[i] & ~linearized[i]) != 0) return false;
    }
    return true;
  }
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_LINEARIZED_MASKS_H_
