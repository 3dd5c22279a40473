#include "checker/subset_sums.h"

#include <algorithm>
#include <bit>

namespace minos::checker {

void AddToSubsetSums(uint64_t amount, std::vector<uint64_t>& sums) {
  const size_t count = sums.size();
  for (size_t i = 0; i < count; ++i) sums.push_back(sums[i] + amount);
}

namespace {

// The sum of each subset of `amounts`.
void FillSums(std::span<const uint64_t> amounts, std::vector<uint64_t>& sums) {
  sums.assign(1, 0);
  for (const uint64_t amount : amounts) AddToSubsetSums(amount, sums);
}

// How many amounts a filter is made for, and bits for each sum.
constexpr int kMostInFocus = 12;
constexpr int kLogBitsPerSum = 4;

}  // namespace

void SubsetSums::Focus(uint32_t available) {
  const int count = std::popcount(available);
  if (count > kMostInFocus) {
    filter_.assign(1, ~uint64_t{0});
    filter_shift_ = 58;
    return;
  }
  const int log_bits = std::max(count + kLogBitsPerSum, 6);
  filter_shift_ = 64 - log_bits;
  filter_.assign(size_t{1} << (log_bits - 6), 0);
  focus_.clear();
  for (uint32_t rest = available; rest != 0; rest &= rest - 1) {
    const auto bit = static_cast<uint32_t>(std::countr_zero(rest));
    focus_.push_back(bit < low_count_
                         ? low_sums_[size_t{1} << bit]
                         : high_sums_[size_t{1} << (bit - low_count_)]);
  }
  FillSums(focus_, focus_sums_);
  for (const uint64_t sum : focus_sums_) {
    const size_t bit = FilterBit(sum);
    filter_[bit / 64] |= uint64_t{1} << (bit % 64);
  }
  lookups_ += focus_sums_.size();
}

void SubsetSums::Reset(std::span<const uint64_t> amounts) {
  low_count_ = static_cast<uint32_t>(amounts.size() / 2);
  low_mask_ = (uint32_t{1} << low_count_) - 1;
  FillSums(amounts.first(low_count_), low_sums_);
  FillSums(amounts.subspan(low_count_), high_sums_);
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

}  // namespace minos::checker
