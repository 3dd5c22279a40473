// Mixing of integers for hash tables, equal on every machine.

#ifndef MINOS_HISTORY_HASH_H_
#define MINOS_HISTORY_HASH_H_

#include <cstdint>

namespace minos {

// The finalizer of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): a bijection
// whose every output bit depends on every input bit.
constexpr uint64_t MixHash(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// Joins one more word to a hash; the order matters.
constexpr uint64_t CombineHash(uint64_t hash, uint64_t word) {
  return MixHash(hash * 0x9E3779B97F4A7C15u + word + 1);
}

}  // namespace minos

#endif  // MINOS_HISTORY_HASH_H_
