#include "checker/crash_sums.h"

namespace minos::checker {

void CrashSums::Reset(std::span<const Amount> amounts) {
  sums_.clear();
  index_.clear();
  sums_.push_back({0, 0, 0, 0, 0});
  index_.emplace(0, 0);
  for (const Amount& amount : amounts) Add(amount);
}

void CrashSums::Add(const Amount& amount) {
  const size_t count = sums_.size();
  for (size_t i = 0; i < count; ++i) {
    for (uint32_t times = 1; times <= amount.count; ++times) {
      if (sums_.size() >= kMostSums) return;
      const Sum next = {sums_[i].sum + times * amount.amount,
                        sums_[i].used + times, static_cast<uint32_t>(i),
                        amount.kind, times};
      const auto [known, is_new] =
          index_.try_emplace(next.sum, static_cast<uint32_t>(sums_.size()));
      if (!is_new && sums_[known->second].used <= next.used) continue;
      known->second = static_cast<uint32_t>(sums_.size());
      sums_.push_back(next);
    }
  }
}

std::vector<uint32_t> CrashSums::KindsOf(size_t i) const {
  std::vector<uint32_t> kinds;
  for (; sums_[i].used > 0; i = sums_[i].rest) {
    kinds.insert(kinds.end(), sums_[i].times, sums_[i].kind);
  }
  return kinds;
}

}  // namespace minos::checker
