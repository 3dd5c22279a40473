// The sums of the subsets of a few amounts.

#ifndef MINOS_CHECKER_HALF_SUMS_H_
#define MINOS_CHECKER_HALF_SUMS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "checker/set_layout.h"

namespace minos::checker {

// `sums` are those of all subsets of some amounts (of none: Amount()); of
// integers modulo 2^64. Appends those with `amount` besides, in their order.
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
  sums.assign(1, Amount());
  for (const Amount amount : amounts) AddToSubsetSums(amount, sums);
}

// What the amounts of a half of a layout come to, by its sets; integers modulo
// 2^64.
template <typename Amount>
class HalfSums {
 public:
  // `amounts` are those of the bits of `half`. O(2^singles + bits).
  void Reset(const SetLayout::Half& half,
             std::span<const std::type_identity_t<Amount>> amounts) {
    single_mask_ = (uint64_t{1} << half.singles) - 1;
    FillSubsetSums(amounts.first(half.singles), of_singles_);
    runs_.clear();
    of_runs_.clear();
    for (const SetLayout::Run& run : half.runs) {
      runs_.push_back(
          {run.Mask(), run.begin, static_cast<uint32_t>(of_runs_.size())});
      of_runs_.push_back(Amount());
      for (uint32_t i = 0; i < run.count; ++i) {
        of_runs_.push_back(of_runs_.back() + amounts[run.begin + i]);
      }
    }
  }

  // Of a set. O(1 + runs).
  Amount Of(uint64_t subset) const {
    Amount sum = of_singles_[subset & single_mask_];
    for (const Run& run : runs_) {
      const int count = std::countr_one((subset & run.mask) >> run.first_bit);
      sum = sum + of_runs_[run.begin + static_cast<uint32_t>(count)];
    }
    return sum;
  }
  // Of subsets of the singles, by their bits.
  const std::vector<Amount>& of_singles() const { return of_singles_; }

  size_t MemoryBytes() const {
    return (of_singles_.capacity() + of_runs_.capacity()) * sizeof(Amount) +
           runs_.capacity() * sizeof(Run);
  }

 private:
  struct Run {
    uint64_t mask;
    uint32_t first_bit;
    uint32_t begin;  // in of_runs_: by how many of them
  };

  uint64_t single_mask_ = 0;
  std::vector<Amount> of_singles_ = {Amount()};
  std::vector<Run> runs_;
  std::vector<Amount> of_runs_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_HALF_SUMS_H_
