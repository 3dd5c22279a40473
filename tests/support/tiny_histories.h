// Tiny histories by the thousand: all of a size, and random ones.

#ifndef MINOS_TESTS_SUPPORT_TINY_HISTORIES_H_
#define MINOS_TESTS_SUPPORT_TINY_HISTORIES_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "history/hash.h"
#include "tests/support/visibility_oracle.h"

namespace minos::testing {

// The same numbers on every machine.
class TinyRandom {
 public:
  explicit TinyRandom(uint64_t seed) : state_(seed) {}
  // A number from 0 to n - 1.
  int Below(int n) {
    state_ += 0x9E3779B97F4A7C15u;
    return static_cast<int>(MixHash(state_) % static_cast<uint64_t>(n));
  }

 private:
  uint64_t state_;
};

// Visits every `stride`-th history of `n` operations, 2 keys and 3 sessions,
// each but for renaming of sessions and keys. Written values are unique; reads
// return the initial value, any value that anybody writes there, or one that
// nobody writes. At most two writes are info or failed. Sessions overlap as
// much as they can. Returns how many were visited.
size_t ForEachTinyHistory(int n, int stride,
                          const std::function<void(const TinyHistory&)>& visit);

// A random history of 1 to `max_size` operations. Sessions may have several
// operations open. If not `unique`, values repeat, the initial one too.
TinyHistory RandomTinyHistory(TinyRandom& random, int max_size, bool unique);

// The same, but each read returns what some write that was called before it
// wrote, or sometimes the initial value, and each session likes to read and to
// write in turn: most reads have a source, and a rule has something to bind.
TinyHistory PlausibleTinyHistory(TinyRandom& random, int max_size, bool unique);

// The same for counters, sets and lists: a read shows some of the updates of
// its key that were called before it, nearly always, in the order of their
// calls, mostly. Amounts are positive, or also negative; elements are unique,
// or repeat.
TinyHistory PlausibleTinyHistoryOf(TinyType type, TinyRandom& random,
                                   int max_size, bool simple);

// True if the environment has MINOS_LONG_TESTS: the tests by enumeration then
// visit everything that they speak of.
bool IsLongRun();

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_TINY_HISTORIES_H_
