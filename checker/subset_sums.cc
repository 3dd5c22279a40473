#include "checker/subset_sums.h"

#include <bit>
#include <numeric>

namespace minos::checker {

void SubsetSums::Reset(std::span<const uint64_t> amounts) {
  low_count_ = static_cast<uint32_t>(amounts.size() / 2);
  low_mask_ = (uint32_t{1} << low_count_) - 1;
  FillSubsetSums(amounts.first(low_count_), low_sums_);
  FillSubsetSums(amounts.subspan(low_count_), high_sums_);
  // At most half full.
  const size_t buckets = high_sums_.size() * 2;
  shift_ = 64 - std::countr_zero(buckets);
  begins_.assign(buckets + 1, 0);
  for (const uint64_t sum : high_sums_) ++begins_[BucketOf(sum)];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  // From the ends of the buckets, which so become their beginnings.
  high_subsets_.resize(high_sums_.size());
  for (size_t i = high_sums_.size(); i-- > 0;) {
    high_subsets_[--begins_[BucketOf(high_sums_[i])]] = {
        high_sums_[i], static_cast<uint32_t>(i)};
  }
}

size_t SubsetSums::MemoryBytes() const {
  return (low_sums_.capacity() + high_sums_.capacity()) * sizeof(uint64_t) +
         high_subsets_.capacity() * sizeof(HighSubset) +
         begins_.capacity() * sizeof(uint32_t);
}

}  // namespace minos::checker
