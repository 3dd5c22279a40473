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
  const std::vector<uint32_t> ones(ratings.size(), 1);
  FillSubsetSums(std::span(ones).first(low_count_), low_counts_);
  FillSubsetSums(std::span(ones).subspan(low_count_), high_counts_);
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

bool UpdateSets::Has(uint32_t taken, uint64_t sum) {
  const auto has = [&] { return sums_.Has(all_ & ~taken, sum - SumOf(taken)); };
  if (!AreListed(taken)) return has();
  const List& list = ListOf(sum);
  if (!list.is_whole) return has();
  lookups_ += 1 + list.count / 8;
  return std::ranges::any_of(
      SetsOf(list), [&](const Set& each) { return Contains(each.set, taken); });
}

size_t UpdateSets::MemoryBytes() const {
  constexpr size_t kBytesOfList = 2 * (sizeof(List) + sizeof(uint64_t) + 1);
  const size_t subsets = low_ratings_.capacity() + high_ratings_.capacity();
  return sums_.MemoryBytes() + subsets * (sizeof(float) + sizeof(uint32_t)) +
         sets_.capacity() * sizeof(Set) + lists_.size() * kBytesOfList;
}

}  // namespace minos::checker
