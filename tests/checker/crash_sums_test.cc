// Sums of multisets against all multisets.

#include "checker/crash_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

namespace minos::testing {
namespace {

using checker::CrashSums;

TEST(CrashSums, HasTheSmallestMultisetOfEachSum) {
  const std::vector<CrashSums::Amount> amounts = {
      {4, 1, 3}, {7, 5, 2}, {2, static_cast<uint64_t>(-2), 2}, {9, 3, 1}};
  std::map<uint64_t, size_t> smallest;
  for (uint32_t a = 0; a <= 3; ++a) {
    for (uint32_t b = 0; b <= 2; ++b) {
      for (uint32_t c = 0; c <= 2; ++c) {
        for (uint32_t d = 0; d <= 1; ++d) {
          const uint64_t sum = a + b * 5 - c * uint64_t{2} + d * 3;
          const size_t used = a + b + c + d;
          const auto [entry, is_new] = smallest.try_emplace(sum, used);
          entry->second = std::min(entry->second, used);
        }
      }
    }
  }
  CrashSums sums;
  sums.Reset(amounts);
  std::map<uint64_t, size_t> found;
  for (size_t i = 0; i < sums.size(); ++i) {
    std::map<uint32_t, uint32_t> times;
    for (const uint32_t kind : sums.KindsOf(i)) ++times[kind];
    uint64_t total = 0;
    for (const CrashSums::Amount& amount : amounts) {
      EXPECT_LE(times[amount.kind], amount.count);
      total += times[amount.kind] * amount.amount;
    }
    EXPECT_EQ(total, sums.SumOf(i));
    EXPECT_EQ(sums.KindsOf(i).size(), sums.UsedBy(i));
    const auto [entry, is_new] = found.try_emplace(total, sums.UsedBy(i));
    entry->second = std::min(entry->second, sums.UsedBy(i));
  }
  EXPECT_EQ(found, smallest);
}

// Many amounts of which few different sums can be made.
TEST(CrashSums, TellsTheTruthAlsoWhereThereAreTooManyToTryAll) {
  std::vector<CrashSums::Amount> amounts;
  for (uint32_t kind = 0; kind < 400; ++kind) {
    amounts.push_back({kind, kind % 7 - uint64_t{3}, 1 + kind % 3});
  }
  CrashSums sums;
  sums.Reset(amounts);
  EXPECT_GT(sums.size(), 100u);
  for (size_t i = 0; i < sums.size(); ++i) {
    std::map<uint32_t, uint32_t> times;
    for (const uint32_t kind : sums.KindsOf(i)) ++times[kind];
    uint64_t total = 0;
    for (const auto& [kind, count] : times) {
      EXPECT_LE(count, amounts[kind].count);
      total += count * amounts[kind].amount;
    }
    EXPECT_EQ(total, sums.SumOf(i));
  }
}

TEST(CrashSums, KeepsNoMoreThanItMay) {
  std::vector<CrashSums::Amount> amounts;
  for (uint32_t kind = 0; kind < 20; ++kind) {
    amounts.push_back({kind, uint64_t{1} << (2 * kind), 3});
  }
  CrashSums sums;
  sums.Reset(amounts);
  EXPECT_EQ(sums.size(), CrashSums::kMostSums);
}

}  // namespace
}  // namespace minos::testing
