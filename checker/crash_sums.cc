#include "checker/crash_sums.h"

#include "history/hash.h"

namespace minos::checker {
namespace {

// At most half of the index is in use.
constexpr size_t kIndexMask = 2 * CrashSums::kMostSums - 1;
constexpr uint32_t kNone = 0xFFFFFFFFu;

}  // namespace

void CrashSums::Reset(std::span<const Amount> amounts) {
  sums_.clear();
  index_.assign(kIndexMask + 1, kNone);
  tries_ = 0;
  Add({0, 0, 0, 0, 0});
  for (const Amount& amount : amounts) Add(amount);
}

void CrashSums::Add(const Amount& amount) {
  const size_t count = sums_.size();
  for (size_t i = 0; i < count; ++i) {
    for (uint32_t times = 1; times <= amount.count; ++times) {
      if (sums_.size() >= kMostSums || tries_ >= kMostTries) return;
      Add({sums_[i].sum + times * amount.amount, sums_[i].used + times,
           static_cast<uint32_t>(i), amount.kind, times});
    }
  }
}

// Unless there is a smaller multiset with that sum.
void CrashSums::Add(const Sum& sum) {
  ++tries_;
  size_t slot = MixHash(sum.sum) & kIndexMask;
  while (index_[slot] != kNone && sums_[index_[slot]].sum != sum.sum) {
    slot = (slot + 1) & kIndexMask;
  }
  if (index_[slot] != kNone && sums_[index_[slot]].used <= sum.used) return;
  index_[slot] = static_cast<uint32_t>(sums_.size());
  sums_.push_back(sum);
}

std::vector<uint32_t> CrashSums::KindsOf(size_t i) const {
  std::vector<uint32_t> kinds;
  for (; sums_[i].used > 0; i = sums_[i].rest) {
    kinds.insert(kinds.end(), sums_[i].times, sums_[i].kind);
  }
  return kinds;
}

}  // namespace minos::checker
