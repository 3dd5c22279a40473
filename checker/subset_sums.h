// Which of a few amounts have a given sum?
//
// Horowitz & Sahni, "Computing partitions with applications to the knapsack
// problem" (JACM 1974): the sums of the subsets of one half stand in a table,
// and for each subset of the other half the rest is looked up. The tables are
// made once for all questions about the same amounts.

#ifndef MINOS_CHECKER_SUBSET_SUMS_H_
#define MINOS_CHECKER_SUBSET_SUMS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace minos::checker {

// `sums` are those of all subsets of some amounts (of none: 0); of integers
// modulo 2^64. Appends those with `amount` besides, in their order.
template <typename Amount>
void AddToSubsetSums(Amount amount, std::vector<Amount>& sums) {
  const size_t count = sums.size();
  for (size_t i = 0; i < count; ++i) sums.push_back(sums[i] + amount);
}

// Makes `sums` those of all subsets of `amounts`: that of a subset, as bits, is
// at its place. O(2^k) for k amounts.
template <typename Amount>
void FillSubsetSums(std::span<const std::type_identity_t<Amount>> amounts,
                    std::vector<Amount>& sums) {
  sums.assign(1, 0);
  for (const Amount amount : amounts) AddToSubsetSums(amount, sums);
}

class SubsetSums {
 public:
  // More amounts than this would take too long.
  static constexpr size_t kMostAmounts = 26;

  // Forgets the amounts before. REQUIRES: at most kMostAmounts. O(2^(k/2)).
  void Reset(std::span<const uint64_t> amounts);

  // Calls `visit` with each subset, as bits, of the amounts in `available`
  // whose sum is `sum` (modulo 2^64), as long as it returns true. The order
  // depends on the arguments alone. O(2^k) where k of the first half of all
  // amounts are in `available`, and O(1) for each subset that is found or has
  // an equal sum.
  template <typename Visit>
  void ForEach(uint32_t available, uint64_t sum, Visit visit) {
    const uint32_t low = available & low_mask_;
    const uint32_t high = available >> low_count_;
    uint32_t subset = 0;
    do {
      ++lookups_;
      const uint64_t rest = sum - low_sums_[subset];
      const size_t bucket = BucketOf(rest);
      const uint32_t end = begins_[bucket + 1];
      for (uint32_t i = begins_[bucket]; i < end; ++i) {
        const HighSubset& found = high_subsets_[i];
        const bool fits = found.sum == rest && (found.subset & ~high) == 0;
        if (fits && !visit(subset | found.subset << low_count_)) return;
      }
      subset = (subset - low) & low;  // the next subset of `low`
    } while (subset != 0);
  }

  bool Has(uint32_t available, uint64_t sum) {
    bool has = false;
    ForEach(available, sum, [&has](uint32_t) {
      has = true;
      return false;
    });
    return has;
  }

  // The sum of a subset, given as bits. O(1).
  uint64_t SumOf(uint32_t subset) const {
    return low_sums_[subset & low_mask_] + high_sums_[subset >> low_count_];
  }

  // How many of the first half of all amounts are in `available`.
  int CountLow(uint32_t available) const {
    return std::popcount(available & low_mask_);
  }

  // How many sums were looked up since the beginning: what it has cost.
  size_t lookups() const { return lookups_; }
  size_t MemoryBytes() const;

 private:
  struct HighSubset {
    uint64_t sum;
    uint32_t subset;
  };

  size_t BucketOf(uint64_t sum) const {
    return static_cast<size_t>((sum * 0x9E3779B97F4A7C15u) >> shift_);
  }

  uint32_t low_count_ = 0;
  uint32_t low_mask_ = 0;
  int shift_ = 63;
  std::vector<uint64_t> low_sums_ = {0};  // by subset
  std::vector<uint64_t> high_sums_ = {0};
  // The subsets of the high half by bucket, ascending in each; and where the
  // buckets begin.
  std::vector<HighSubset> high_subsets_ = {{0, 0}};
  std::vector<uint32_t> begins_ = {0, 1, 1};
  size_t lookups_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SUBSET_SUMS_H_
