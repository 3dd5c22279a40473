// Comparing what two configurations at one event have linearized.

#ifndef MINOS_CHECKER_CONFIGURATION_MASKS_H_
#define MINOS_CHECKER_CONFIGURATION_MASKS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "checker/note_table.h"
#include "history/hash.h"

namespace minos::checker {

// What is open at an event, of two sorts that may differ between configurations
// of which one dominates the other. All masks have the same length.
struct OpenMasks {
  std::span<const uint64_t> reads;
  std::span<const uint64_t> blind;
};

// The masks of a configuration, beside those of its event.
struct ConfigurationMasks {
  std::span<const uint64_t> linearized;
  std::span<const uint64_t> spare;
  OpenMasks open;

  // The same for any two of which one dominates the other.
  uint64_t Hash(uint64_t hash) const {
    for (size_t i = 0; i < linearized.size(); ++i) {
      hash = CombineHash(hash, linearized[i] & ~open.reads[i] & ~open.blind[i]);
    }
    return hash;
  }
};

// Whether a configuration with the masks `a` owes no more and has no less left
// than one with the masks `b`, at the event of `open`. Of the reads, one that
// is linearized is better than one that is not. Of the blind updates, one that
// is spare is better than one that is linearized, for it can still be used, and
// than one that is neither, for it need not be. All else must be the same.
inline bool Dominates(const uint64_t* linearized_a, const uint64_t* spare_a,
                      const uint64_t* linearized_b, const uint64_t* spare_b,
                      const OpenMasks& open) {
  for (size_t i = 0; i < open.reads.size(); ++i) {
    const uint64_t differ = linearized_a[i] ^ linearized_b[i];
    const uint64_t worse =
        (differ & ~open.reads[i] & ~open.blind[i]) |
        (open.reads[i] & differ & linearized_b[i]) |
        (open.blind[i] & ~spare_a[i] & (differ | spare_b[i]));
    if (worse != 0) return false;
  }
  return true;
}

// The same for two configurations with something to be noticed: if that is so
// of the better one too, they must agree in all but the info operations used.
inline bool Dominates(NoteId note_a, const uint64_t* linearized_a,
                      const uint64_t* spare_a, NoteId note_b,
                      const uint64_t* linearized_b, const uint64_t* spare_b,
                      const OpenMasks& open) {
  if (note_a == kNoNote) {
    return Dominates(linearized_a, spare_a, linearized_b, spare_b, open);
  }
  const size_t words = open.reads.size();
  return note_a == note_b &&
         std::equal(linearized_a, linearized_a + words, linearized_b) &&
         std::equal(spare_a, spare_a + words, spare_b);
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONFIGURATION_MASKS_H_
