// Histories to compare algorithms on: all small ones, and random ones.

#ifndef MINOS_TESTS_SUPPORT_RANDOM_HISTORY_H_
#define MINOS_TESTS_SUPPORT_RANDOM_HISTORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tests/support/plain_history.h"

namespace minos::testing {

// A call that a history may have, and the results that it may have got.
struct PlainCall {
  std::string function;
  PlainValue argument;
  std::vector<PlainValue> results;
};

// What the histories of one data type are made of.
struct PlainAlphabet {
  std::string type;
  PlainValue initial;
  std::vector<PlainCall> calls;
};

// A few calls over two values, for `register`, `cas-register`, `fifo-queue`,
// `stack` and `set`.
PlainAlphabet SmallAlphabet(const std::string& type);
// More calls over more values, for every data type, with every function. The
// object is in its default state at the start, or in another.
PlainAlphabet LargeAlphabet(const std::string& type, bool has_default_start);
// Both of these, the one that starts in the default state first.
std::array<PlainAlphabet, 2> LargeAlphabets(const std::string& type);

// Calls `visit` with every history of exactly `operations` operations from the
// alphabet, each of them with one of the given outcomes: every interleaving of
// calls and returns (which process issues an operation does not matter). A
// failed operation has no result. The `shard`-th of `shards` parts of them all.
void ForEachHistory(const PlainAlphabet& alphabet, size_t operations,
                    std::span<const PlainOutcome> outcomes, size_t shard,
                    size_t shards,
                    const std::function<void(const PlainHistory&)>& visit);

// A generator of numbers that gives the same on every machine (SplitMix64).
class TestRandom {
 public:
  explicit TestRandom(uint64_t seed) : state_(seed) {}
  // 0 … bound-1. REQUIRES: bound > 0.
  size_t Below(size_t bound) { return Next() % bound; }
  bool Percent(size_t percent) { return Below(100) < percent; }

 private:
  uint64_t Next();
  uint64_t state_;
};

// A history of at most `max_operations` operations. Two thirds come from a run
// of an object of the type, in which each operation takes effect between its
// call and its return or ends in info or fail; half of these are then spoiled
// in one place. The others are random throughout.
PlainHistory RandomHistory(const PlainAlphabet& alphabet, size_t max_operations,
                           TestRandom& random);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_RANDOM_HISTORY_H_
