// Which of a few amounts have a given sum?
//
// Horowitz & Sahni, "Computing partitions with applications to the knapsack
// problem" (JACM 1974): the sums of the subsets of one half stand in a table,
// and for each subset of the other half the rest is looked up. The tables are
// made once for all questions about the same amounts. Of equal amounts only so
// many are chosen, not which (SetLayout).

#ifndef MINOS_CHECKER_SUBSET_SUMS_H_
#define MINOS_CHECKER_SUBSET_SUMS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/half_sums.h"
#include "checker/set_layout.h"

namespace minos::checker {

class SubsetSums {
 public:
  // Forgets the amounts before. Those of a run are equal. REQUIRES: it fits,
  // and there is an amount for each bit. O(the sets of both halves).
  void Reset(const SetLayout& layout, std::span<const uint64_t> amounts);

  // Calls `visit` with each set, as bits, of the amounts in `available` whose
  // sum is `sum` (modulo 2^64), as long as it returns true. The order depends
  // on the arguments alone. REQUIRES: `available` is a set, too. O(2^k + r) and
  // O(1) for each set that is found or has an equal sum, where the low half has
  // `r` sets of runs, and of its sets 2^k are in `available`.
  template <typename Visit>
  void ForEach(uint64_t available, uint64_t sum, Visit visit) {
    const uint64_t low = available & low_mask_;
    const uint64_t high = available >> low_bits_;
    const uint64_t singles = low & single_mask_;
    for (const Subset& runs : low_runs_) {
      if ((runs.subset & ~low) != 0) continue;
      const uint64_t without_runs = sum - runs.sum;
      uint64_t subset = 0;
      do {
        ++lookups_;
        const uint64_t rest = without_runs - low_.of_singles()[subset];
        const size_t bucket = BucketOf(rest);
        const uint32_t end = begins_[bucket + 1];
        for (uint32_t i = begins_[bucket]; i < end; ++i) {
          const Subset& found = high_subsets_[i];
          const bool fits = found.sum == rest && (found.subset & ~high) == 0;
          if (fits &&
              !visit(subset | runs.subset | found.subset << low_bits_)) {
            return;
          }
        }
        subset = (subset - singles) & singles;  // the next subset of these
      } while (subset != 0);
    }
  }

  bool Has(uint64_t available, uint64_t sum) {
    bool has = false;
    ForEach(available, sum, [&has](uint64_t) {
      has = true;
      return false;
    });
    return has;
  }

  // The sum of a set, given as bits. O(1 + runs).
  uint64_t SumOf(uint64_t set) const {
    return low_.Of(set & low_mask_) + high_.Of(set >> low_bits_);
  }

  // How many sets of the low half are in `available`. O(1 + runs).
  size_t CountLow(uint64_t available) const;

  // How many sums were looked up since the beginning: what it has cost.
  size_t lookups() const { return lookups_; }
  size_t MemoryBytes() const;

 private:
  struct Subset {
    uint64_t sum;
    uint64_t subset;
  };

  static std::vector<Subset> SetsOfRuns(const SetLayout::Half& half,
                                        std::span<const uint64_t> amounts);
  void FillBuckets(const std::vector<Subset>& runs);
  size_t BucketOf(uint64_t sum) const {
    return static_cast<size_t>((sum * 0x9E3779B97F4A7C15u) >> shift_);
  }

  uint32_t low_bits_ = 0;
  uint64_t low_mask_ = 0;
  uint64_t single_mask_ = 0;
  int shift_ = 63;
  HalfSums<uint64_t> low_;
  HalfSums<uint64_t> high_;
  std::vector<uint64_t> run_masks_;  // of the low half
  std::vector<Subset> low_runs_ = {{0, 0}};
  // The subsets of the high half by bucket, ascending in each; and where the
  // buckets begin.
  std::vector<Subset> high_subsets_ = {{0, 0}};
  std::vector<uint32_t> begins_ = {0, 1, 1};
  size_t lookups_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SUBSET_SUMS_H_
