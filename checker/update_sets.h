// Which sets of the open updates have a given sum, and contain given ones?
//
// Many configurations of one event ask this for the same few sums. So the sets
// of a sum are found once (SubsetSums) and kept as a list, and for each
// configuration those are left out that do not contain what it has linearized.
// Of equal updates, sets differ only in how many they have (SetLayout).

#ifndef MINOS_CHECKER_UPDATE_SETS_H_
#define MINOS_CHECKER_UPDATE_SETS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/half_sums.h"
#include "checker/set_layout.h"
#include "checker/subset_sums.h"

namespace minos::checker {

// A set of updates is as its layout says: of equal ones, as many as it has.
class UpdateSets {
 public:
  // Of updates that add `amounts` and are rated `ratings`, by bit of `layout`;
  // what a set is rated is the sum of those of its bits. REQUIRES: it fits.
  // O(the sets of its halves).
  void Reset(const SetLayout& layout, std::span<const uint64_t> amounts,
             std::span<const float> ratings);

  // What the updates of `set` add, modulo 2^64, and what it is rated.
  uint64_t SumOf(uint64_t set) const { return sums_.SumOf(set); }
  float RatingOf(uint64_t set) const { return RatedOf(set).rating; }
  // How many updates `set` has.
  uint32_t CountOf(uint64_t set) const { return RatedOf(set).count; }

  // The sets that contain `taken`, and of `unwanted` nothing more.
  struct Containing {
    uint64_t taken = 0;
    uint64_t unwanted = 0;  // without `taken`
    uint64_t left = 0;      // what can be added, as a set
    uint64_t sum = 0;       // of `taken`
    float rating = 0;       // of `taken`
    bool has_runs = false;  // whether `taken` has something of a run
    bool are_listed = false;
  };
  // REQUIRES: `unwanted` has all or nothing of each run. O(1 + runs).
  Containing SetsWith(uint64_t taken, uint64_t unwanted = 0) const;

  // Calls `visit` with each of these sets that has the sum `sum`, how many
  // updates it has, and its rating. False if there may be more:
  // of very many, the first are found. The order depends on the arguments
  // alone. The first time that a sum is asked for, O(the sets of a half) and
  // O(1) for each set that has it; then the latter.
  template <typename Visit>
  bool ForEach(const Containing& containing, uint64_t sum, Visit visit);

  // Whether there is one. Complexity as above.
  bool Has(const Containing& containing, uint64_t sum);

  // How many sums and sets were looked at since the beginning: what it cost.
  size_t lookups() const { return lookups_ + sums_.lookups(); }
  size_t MemoryBytes() const;

 private:
  // Of so few sets of the low half, finding the sets again costs less than a
  // list.
  static constexpr size_t kFewSets = 128;
  // Of more sets with one sum, only the first so many are found.
  static constexpr size_t kMostListed = 4096;

  struct Rated {
    float rating = 0;
    uint32_t count = 0;
    friend Rated operator+(const Rated& a, const Rated& b) {
      return {a.rating + b.rating, a.count + b.count};
    }
  };
  struct Set {
    uint64_t set;
    Rated rated;
  };
  struct List {
    uint32_t begin = 0;  // in sets_
    uint32_t count = 0;
    bool is_whole = true;
  };

  Rated RatedOf(uint64_t set) const {
    return low_.Of(set & low_mask_) + high_.Of(set >> layout_.low().bits);
  }
  static bool IsAsked(const Containing& containing, uint64_t set) {
    return ((containing.taken & ~set) | (containing.unwanted & set)) == 0;
  }
  const List& ListOf(uint64_t sum);
  std::span<const Set> SetsOf(const List& list) const {
    return std::span(sets_).subspan(list.begin, list.count);
  }

  SetLayout layout_;
  bool may_be_listed_ = false;
  SubsetSums sums_;
  uint64_t low_mask_ = 0;
  HalfSums<Rated> low_;
  HalfSums<Rated> high_;
  absl::flat_hash_map<uint64_t, List> lists_;
  std::vector<Set> sets_;
  size_t lookups_ = 0;
};

template <typename Visit>
bool UpdateSets::ForEach(const Containing& containing, uint64_t sum,
                         Visit visit) {
  if (containing.are_listed) {
    const List& list = ListOf(sum);
    if (list.is_whole) {
      lookups_ += 1 + list.count / 8;
      for (const Set& each : SetsOf(list)) {
        if (!IsAsked(containing, each.set)) continue;
        visit(each.set, each.rated.count, each.rated.rating);
      }
      return true;
    }
  }
  size_t found = 0;
  sums_.ForEach(containing.left, sum - containing.sum, [&](uint64_t rest) {
    const uint64_t set = containing.has_runs
                             ? layout_.Join(containing.taken, rest)
                             : containing.taken | rest;
    const Rated rated = RatedOf(set);
    visit(set, rated.count, rated.rating);
    return ++found < kMostListed;
  });
  return found < kMostListed;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_UPDATE_SETS_H_
