#include "targets/random.h"

#include <bit>

namespace minos::targets {

uint64_t Random::Below(uint64_t bound) {
  // As many bits as the bound needs, drawn again until they are below it: fewer
  // than two draws on average, and exactly uniform.
  const int shift = std::countl_zero((bound - 1) | 1);
  while (true) {
    const uint64_t draw = Next() >> shift;
    if (draw < bound) return draw;
  }
}

int64_t Random::Exponential(int64_t mean) {
  // A falling run of uniform draws of odd length accepts its first draw as the
  // fractional part; each rejected run adds one to the whole part.
  for (int64_t whole = 0;; ++whole) {
    const uint32_t first = static_cast<uint32_t>(Next() >> 32);
    uint32_t last = first;
    bool odd = true;
    while (true) {
      const uint32_t draw = static_cast<uint32_t>(Next() >> 32);
      if (draw >= last) break;
      last = draw;
      odd = !odd;
    }
    if (!odd) continue;
    // mean * first / 2^32 without overflow for means below 2^52.
    const uint64_t fraction =
        (static_cast<uint64_t>(mean) * (first >> 21)) >> 11;
    return whole * mean + static_cast<int64_t>(fraction);
  }
}

}  // namespace minos::targets
