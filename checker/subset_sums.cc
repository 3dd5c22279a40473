#include "checker/subset_sums.h"

#include <bit>

namespace minos::checker {

void SubsetSums::Reset(std::span<const uint64_t> amounts) {
  low_count_ = static_cast<uint32_t>(amounts.size() / 2);
  low_mask_ = (uint32_t{1} << low_count_) - 1;
  FillSubsetSums(amounts.first(low_count_), low_sums_);
  FillSubsetSums(amounts.subspan(low_count_), high_sums_);
  // At most half full.
  const size_t buckets = high_sums_.size() * 2;
  shift_ = 64 - std::countr_zero(buckets);
  buckets_.assign(buckets, kNone);
  next_.assign(high_sums_.size(), kNone);
  for (size_t i = high_sums_.size(); i-- > 0;) {
    uint32_t& bucket = buckets_[BucketOf(high_sums_[i])];
    next_[i] = bucket;
    bucket = static_cast<uint32_t>(i);
  }
}

size_t SubsetSums::MemoryBytes() const {
  return (low_sums_.capacity() + high_sums_.capacity()) * sizeof(uint64_t) +
         (buckets_.capacity() + next_.capacity()) * sizeof(uint32_t);
}

}  // namespace minos::checker
