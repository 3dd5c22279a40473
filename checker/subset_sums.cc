#include "checker/subset_sums.h"

#include <bit>
#include <numeric>

namespace minos::checker {

void SubsetSums::Reset(const SetLayout& layout,
                       std::span<const uint64_t> amounts) {
  const SetLayout::Half& low = layout.low();
  low_bits_ = low.bits;
  low_mask_ = (uint64_t{1} << low_bits_) - 1;
  single_mask_ = (uint64_t{1} << low.singles) - 1;
  const auto of_low = amounts.first(low_bits_);
  const auto of_high = amounts.subspan(low_bits_);
  low_.Reset(low, of_low);
  high_.Reset(layout.high(), of_high);
  low_runs_ = SetsOfRuns(low, of_low);
  run_masks_.clear();
  for (const SetLayout::Run& run : low.runs) run_masks_.push_back(run.Mask());
  FillBuckets(SetsOfRuns(layout.high(), of_high));
}

// Those that have nothing else.
std::vector<SubsetSums::Subset> SubsetSums::SetsOfRuns(
    const SetLayout::Half& half, std::span<const uint64_t> amounts) {
  std::vector<Subset> sets = {{0, 0}};
  for (const SetLayout::Run& run : half.runs) {
    const size_t without = sets.size();
    for (uint32_t bit = run.begin; bit < run.begin + run.count; ++bit) {
      // Those with the bits of the run before this one.
      const size_t before = sets.size() - without;
      for (size_t i = before; i < before + without; ++i) {
        sets.push_back(
            {sets[i].sum + amounts[bit], sets[i].subset | uint64_t{1} << bit});
      }
    }
  }
  return sets;
}

// Of the high half, whose sets of runs are `runs`.
void SubsetSums::FillBuckets(const std::vector<Subset>& runs) {
  const std::vector<uint64_t>& singles = high_.of_singles();
  const size_t count = runs.size() * singles.size();
  // At most half full.
  const size_t buckets = std::bit_ceil(count) * 2;
  shift_ = 64 - std::countr_zero(buckets);
  begins_.assign(buckets + 1, 0);
  for (const Subset& run : runs) {
    for (const uint64_t sum : singles) ++begins_[BucketOf(run.sum + sum)];
  }
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  // From the ends of the buckets, which so become their beginnings.
  high_subsets_.resize(count);
  for (size_t run = runs.size(); run-- > 0;) {
    for (size_t i = singles.size(); i-- > 0;) {
      const uint64_t sum = runs[run].sum + singles[i];
      high_subsets_[--begins_[BucketOf(sum)]] = {sum, runs[run].subset | i};
    }
  }
}

size_t SubsetSums::CountLow(uint64_t available) const {
  const uint64_t low = available & low_mask_;
  size_t count = size_t{1} << std::popcount(low & single_mask_);
  for (const uint64_t mask : run_masks_) {
    count *= static_cast<size_t>(std::popcount(low & mask)) + 1;
  }
  return count;
}

size_t SubsetSums::MemoryBytes() const {
  return low_.MemoryBytes() + high_.MemoryBytes() +
         (low_runs_.capacity() + high_subsets_.capacity()) * sizeof(Subset) +
         run_masks_.capacity() * sizeof(uint64_t) +
         begins_.capacity() * sizeof(uint32_t);
}

}  // namespace minos::checker
