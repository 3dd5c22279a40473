// Tiny histories by the thousand: all of a size, and random ones.

#ifndef MINOS_TESTS_SUPPORT_TINY_HISTORIES_H_
#define MINOS_TESTS_SUPPORT_TINY_HISTORIES_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "history/hash.h"
#include "tests/support/tiny_history.h"

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

// How the operations of an enumerated history lie in time, each called when
// those before it have been.
enum class TinyTiming : uint8_t {
  kOverlapping,  // each returns when its session calls the next one
  kOneAtATime,   // each returns when anybody calls the next one
};

// What is enumerated: histories of registers, of 2 keys and 3 sessions, each
// but for renaming of sessions, keys and values. Any write may be info or
// failed; reads return the initial value, one that anybody writes there, or one
// that nobody writes.
struct TinyEnumeration {
  int operations = 0;
  TinyTiming timing = TinyTiming::kOverlapping;
  // Whether writes write each other's values and the initial one too.
  bool repeated_values = false;
  size_t stride = 1;  // only every so many
};

// Visits every history of an enumeration. Returns how many there were.
size_t ForEachTinyHistory(const TinyEnumeration& of,
                          const std::function<void(const TinyHistory&)>& visit);

// Visits `runs` random generators with their numbers, all from one seed.
// Returns how many there were.
size_t ForEachRandom(uint64_t seed, size_t runs,
                     const std::function<void(TinyRandom&, size_t)>& visit);

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

// Has most ok writes record some version, in any order.
void RecordVersions(TinyRandom& random, TinyHistory& tiny);

// True if the environment has MINOS_LONG_TESTS: the tests by enumeration then
// visit everything that they speak of.
bool IsLongRun();

// A share of what ForEachTinyHistory and ForEachRandom visit, so that several
// processes can do it all: MINOS_ORACLE_SHARD=0/2 in one, 1/2 in the other.
struct TinyShard {
  size_t index = 0;
  size_t count = 1;
  bool Has(size_t number) const { return number % count == index; }
};
TinyShard ShardOfEnvironment();

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_TINY_HISTORIES_H_
