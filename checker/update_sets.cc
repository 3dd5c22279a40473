#include "checker/update_sets.h"

#include <algorithm>

namespace minos::checker {

void UpdateSets::Reset(std::span<const uint64_t> amounts,
                       std::span<const float> ratings) {
  sums_.Reset(amounts);
  all_ = (uint32_t{1} << amounts.size()) - 1;
  low_count_ = ratings.size() / 2;
  FillSubsetSums(ratings.first(low_count_), low_ratings_);
  FillSubsetSums(ratings.subspan(low_count_), high_ratings_);
  lists_.clear();
  sets_.clear();
}

const UpdateSets::List& UpdateSets::ListOf(uint64_t sum) {
  const auto [place, is_new] = lists_.try_emplace(sum);
  List& list = place->second;
  if (!is_new) return list;
  list.begin = static_cast<uint32_t>(sets_.size());
  sums_.ForEach(all_, sum, [&](uint32_t set) {
    if (list.count == kMostListed) {
      list.is_whole = false;
      return false;
    }
    sets_.push_back({set, CountOf(set), RatingOf(set)});
    ++list.count;
    return true;
  });
  return list;
}

float UpdateSets::RatingOf(uint32_t set) const {
  const uint32_t low = set & ((uint32_t{1} << low_count_) - 1);
  return low_ratings_[low] + high_ratings_[set >> low_count_];
}

bool UpdateSets::Has(uint32_t taken, uint64_t sum) {
  const auto has = [&] { return sums_.Has(all_ & ~taken, sum - SumOf(taken)); };
  if (!AreListed()) return has();
  const List& list = ListOf(sum);
  if (!list.is_whole) return has();
  lookups_ += 1 + list.count / 8;
  return std::ranges::any_of(
      SetsOf(list), [&](const Set& each) { return Contains(each.set, taken); });
}

size_t UpdateSets::MemoryBytes() const {
  constexpr size_t kBytesOfList = 2 * (sizeof(List) + sizeof(uint64_t) + 1);
  return sums_.MemoryBytes() + sets_.capacity() * sizeof(Set) +
         lists_.size() * kBytesOfList;
}

}  // namespace minos::checker
