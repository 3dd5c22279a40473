#include "checker/set_layout.h"

namespace minos::checker {

SetLayout::SetLayout(std::span<const uint32_t> group_sizes,
                     std::vector<uint32_t>& order) {
  double all_sets = 1;
  for (const uint32_t size : group_sizes) all_sets *= size + 1.0;
  std::vector<uint32_t> low;
  std::vector<uint32_t> high;
  double low_sets = 1;
  for (uint32_t group = 0; group < group_sizes.size(); ++group) {
    const double with = low_sets * (group_sizes[group] + 1.0);
    const bool is_low = with * with <= all_sets;
    if (is_low) low_sets = with;
    (is_low ? low : high).push_back(group);
  }
  Fill(low_, group_sizes, low, order);
  Fill(high_, group_sizes, high, order);
  constexpr auto kMostSets = static_cast<double>(kMostSetsOfHalf);
  fits_ = bits() <= kMostBits && low_sets <= kMostSets &&
          all_sets / low_sets <= kMostSets;
  if (!fits_) return;
  for (const Run& run : low_.runs) run_masks_.push_back(run.Mask());
  for (const Run& run : high_.runs) {
    run_masks_.push_back(run.Mask() << low_.bits);
  }
  all_ = (uint64_t{1} << bits()) - 1;
}

void SetLayout::Fill(Half& half, std::span<const uint32_t> group_sizes,
                     std::span<const uint32_t> groups,
                     std::vector<uint32_t>& order) {
  for (const uint32_t group : groups) {
    if (group_sizes[group] != 1) continue;
    order.push_back(group);
    ++half.singles;
  }
  half.bits = half.singles;
  for (const uint32_t group : groups) {
    if (group_sizes[group] == 1) continue;
    order.push_back(group);
    half.runs.push_back({half.bits, group_sizes[group]});
    half.bits += group_sizes[group];
  }
}

}  // namespace minos::checker
