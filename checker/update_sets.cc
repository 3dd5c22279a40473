#include "checker/update_sets.h"

#include <algorithm>

namespace minos::checker {

void UpdateSets::Reset(const SetLayout& layout,
                       std::span<const uint64_t> amounts,
                       std::span<const float> ratings) {
  layout_ = layout;
  sums_.Reset(layout, amounts);
  const uint32_t low_bits = layout.low().bits;
  low_mask_ = (uint64_t{1} << low_bits) - 1;
  std::vector<Rated> rated;
  rated.reserve(ratings.size());
  for (const float rating : ratings) rated.push_back({rating, 1});
  low_.Reset(layout.low(), std::span(rated).first(low_bits));
  high_.Reset(layout.high(), std::span(rated).subspan(low_bits));
  may_be_listed_ = sums_.CountLow(layout.all()) > kFewSets;
  lists_.clear();
  sets_.clear();
}

const UpdateSets::List& UpdateSets::ListOf(uint64_t sum) {
  const auto [place, is_new] = lists_.try_emplace(sum);
  List& list = place->second;
  if (!is_new) return list;
  list.begin = static_cast<uint32_t>(sets_.size());
  sums_.ForEach(layout_.all(), sum, [&](uint64_t set) {
    if (list.count == kMostListed) {
      list.is_whole = false;
      return false;
    }
    sets_.push_back({set, RatedOf(set)});
    ++list.count;
    return true;
  });
  return list;
}

UpdateSets::Containing UpdateSets::SetsWith(uint64_t taken,
                                            uint64_t unwanted) const {
  Containing containing;
  containing.taken = taken;
  containing.unwanted = unwanted & ~taken;
  containing.left = layout_.Without(taken) & ~unwanted;
  containing.sum = SumOf(taken);
  containing.rating = RatingOf(taken);
  containing.has_runs = layout_.HasRuns(taken);
  containing.are_listed =
      may_be_listed_ && sums_.CountLow(containing.left) > kFewSets;
  return containing;
}

bool UpdateSets::Has(const Containing& containing, uint64_t sum) {
  const auto has = [&] {
    return sums_.Has(containing.left, sum - containing.sum);
  };
  if (!containing.are_listed) return has();
  const List& list = ListOf(sum);
  if (!list.is_whole) return has();
  lookups_ += 1 + list.count / 8;
  return std::ranges::any_of(SetsOf(list), [&](const Set& each) {
    return IsAsked(containing, each.set);
  });
}

size_t UpdateSets::MemoryBytes() const {
  constexpr size_t kBytesOfList = 2 * (sizeof(List) + sizeof(uint64_t) + 1);
  return sums_.MemoryBytes() + low_.MemoryBytes() + high_.MemoryBytes() +
         sets_.capacity() * sizeof(Set) + lists_.size() * kBytesOfList;
}

}  // namespace minos::checker
