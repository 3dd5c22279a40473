// Which sets of the open updates have a given sum, and contain given ones?
//
// Many configurations of one event ask this for the same few sums. So the sets
// of a sum are found once (SubsetSums) and kept as a list, and for each
// configuration those are left out that do not contain what it has linearized.

#ifndef MINOS_CHECKER_UPDATE_SETS_H_
#define MINOS_CHECKER_UPDATE_SETS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/subset_sums.h"

namespace minos::checker {

// A set of updates is a bit for each.
class UpdateSets {
 public:
  static constexpr size_t kMostUpdates = SubsetSums::kMostAmounts;

  // Of updates that add `amounts`; what a set of them is rated is the sum of
  // their `ratings`. REQUIRES: as many of both, at most kMostUpdates.
  // O(2^(k/2)) for k of them.
  void Reset(std::span<const uint64_t> amounts, std::span<const float> ratings);

  // What the updates of `set` add, modulo 2^64, and what it is rated.
  uint64_t SumOf(uint32_t set) const { return sums_.SumOf(set); }
  float RatingOf(uint32_t set) const {
    return low_ratings_[LowOf(set)] + high_ratings_[set >> low_count_];
  }

  // How many updates `set` has.
  uint32_t CountOf(uint32_t set) const {
    return low_counts_[LowOf(set)] + high_counts_[set >> low_count_];
  }

  // Calls `visit` with each set that contains `taken` and has the sum `sum`,
  // and its rating. False if there may be more: of very many, the first are
  // found. The order depends on the arguments alone. The first time that a sum
  // is asked for O(2^(k/2)) and O(1) for each set that has it; then the latter.
  template <typename Visit>
  bool ForEach(uint32_t taken, uint64_t sum, Visit visit);

  // Whether there is one. Complexity as above.
  bool Has(uint32_t taken, uint64_t sum);

  // How many sums and sets were looked at since the beginning: what it cost.
  size_t lookups() const { return lookups_ + sums_.lookups(); }
  size_t MemoryBytes() const;

 private:
  // Of so few updates, finding the sets again costs less than a list.
  static constexpr int kFewUpdates = 7;
  // Of more sets with one sum, only the first so many are found.
  static constexpr size_t kMostListed = 4096;

  struct Set {
    uint32_t set;
    uint32_t count;
    float rating;
  };
  struct List {
    uint32_t begin = 0;  // in sets_
    uint32_t count = 0;
    bool is_whole = true;
  };

  uint32_t LowOf(uint32_t set) const {
    return set & ((uint32_t{1} << low_count_) - 1);
  }
  static bool Contains(uint32_t set, uint32_t part) {
    return (part & ~set) == 0;
  }
  const List& ListOf(uint64_t sum);
  std::span<const Set> SetsOf(const List& list) const {
    return std::span(sets_).subspan(list.begin, list.count);
  }
  bool AreListed(uint32_t taken) const {
    return sums_.CountLow(all_ & ~taken) > kFewUpdates;
  }

  SubsetSums sums_;
  uint32_t all_ = 0;
  // By subset of the lower half of the updates, and of the upper half.
  std::vector<float> low_ratings_;
  std::vector<float> high_ratings_;
  std::vector<uint32_t> low_counts_;
  std::vector<uint32_t> high_counts_;
  size_t low_count_ = 0;
  absl::flat_hash_map<uint64_t, List> lists_;
  std::vector<Set> sets_;
  size_t lookups_ = 0;
};

template <typename Visit>
bool UpdateSets::ForEach(uint32_t taken, uint64_t sum, Visit visit) {
  if (AreListed(taken)) {
    const List& list = ListOf(sum);
    if (list.is_whole) {
      lookups_ += 1 + list.count / 8;
      for (const Set& each : SetsOf(list)) {
        if (Contains(each.set, taken)) visit(each.set, each.count, each.rating);
      }
      return true;
    }
  }
  size_t found = 0;
  sums_.ForEach(all_ & ~taken, sum - SumOf(taken), [&](uint32_t rest) {
    const uint32_t set = taken | rest;
    visit(set, CountOf(set), RatingOf(set));
    return ++found < kMostListed;
  });
  return found < kMostListed;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_UPDATE_SETS_H_
