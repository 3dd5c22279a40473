// What the luck of a world hangs on.
//
// Ordinarily on what was drawn before: the n-th message of a link has its own
// fate, and a node goes on drawing. That is plain chance, and cheap. But one
// operation more or less gives all that comes after other luck.
//
// Luck *by the time* hangs on the moment instead: a message sent, or a node
// that draws, at some nanosecond has the luck of that nanosecond. Take an
// operation out of such a run, and all that it did not cause happens as before.
// This is what makes a failing run small, piece by piece.

#ifndef MINOS_TARGETS_LUCK_H_
#define MINOS_TARGETS_LUCK_H_

#include <cstdint>

#include "targets/random.h"
#include "targets/request.h"

namespace minos::targets {

// On what was drawn before, or on the time.
enum class LuckBy : uint8_t { kCount, kTime };

// Numbers what draws on one stream: 0, 1, 2, …, or by the time.
class Occasions {
 public:
  // The label of the next one, at `now`.
  uint64_t Next(LuckBy by, Nanoseconds now) {
    if (by == LuckBy::kCount) return count_++;
    if (now != last_) count_ = 0;
    last_ = now;
    return CombineHash(static_cast<uint64_t>(now), count_++);
  }

 private:
  uint64_t count_ = 0;
  Nanoseconds last_ = -1;
};

// The luck of a node.
class Luck {
 public:
  Luck(Random random, LuckBy by) : by_(by), stream_(random), now_(random) {}

  // To draw from at `now`.
  Random& At(Nanoseconds now) {
    if (by_ == LuckBy::kTime && now != last_) {
      now_ = stream_.Split(static_cast<uint64_t>(now));
      last_ = now;
    }
    return now_;
  }

 private:
  LuckBy by_;
  Random stream_;
  Random now_;
  Nanoseconds last_ = -1;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_LUCK_H_
