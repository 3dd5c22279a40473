// The sets of a few things of which some are alike, against counting.

#include "checker/set_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::SetLayout;

// A layout, and of which group each bit is.
struct Laid {
  explicit Laid(const std::vector<uint32_t>& sizes)
      : layout(sizes, order), group_sizes(sizes) {
    for (const uint32_t group : order) {
      groups.insert(groups.end(), sizes[group], group);
    }
  }

  // How many of each group are in `bits`.
  std::vector<uint32_t> CountsOf(uint64_t bits) const {
    std::vector<uint32_t> counts(group_sizes.size(), 0);
    for (size_t i = 0; i < groups.size(); ++i) {
      if ((bits >> i & 1) != 0) ++counts[groups[i]];
    }
    return counts;
  }

  std::vector<uint32_t> order;
  SetLayout layout;
  std::vector<uint32_t> group_sizes;
  std::vector<uint32_t> groups;
};

std::vector<Laid> SomeLayouts() {
  std::vector<Laid> some;
  for (const std::vector<uint32_t>& sizes :
       std::vector<std::vector<uint32_t>>{{},
                                          {1},
                                          {3},
                                          {1, 1, 1, 1, 1},
                                          {2, 1, 3},
                                          {4, 1, 1, 2, 1},
                                          {1, 5, 1, 2}}) {
    some.emplace_back(sizes);
  }
  return some;
}

TEST(SetLayout, HasABitForEach) {
  for (const Laid& laid : SomeLayouts()) {
    EXPECT_TRUE(laid.layout.Fits());
    EXPECT_EQ(laid.layout.bits(), laid.groups.size());
    EXPECT_EQ(laid.CountsOf(laid.layout.all()), laid.group_sizes);
    for (const uint64_t run : laid.layout.run_masks()) {
      const auto first =
          laid.groups[static_cast<size_t>(std::countr_zero(run))];
      const auto counts = laid.CountsOf(run);
      EXPECT_GT(counts[first], 1);
      EXPECT_EQ(counts[first], laid.group_sizes[first]);
      EXPECT_EQ(counts[first], std::popcount(run));
    }
  }
}

TEST(SetLayout, TellsSetsByHowManyTheyHaveOfEachGroup) {
  for (const Laid& laid : SomeLayouts()) {
    std::set<uint64_t> sets;
    std::set<std::vector<uint32_t>> counts;
    for (uint64_t bits = 0; bits <= laid.layout.all(); ++bits) {
      const uint64_t set = laid.layout.SetOf(bits);
      EXPECT_EQ(laid.CountsOf(set), laid.CountsOf(bits));
      EXPECT_EQ(laid.layout.SetOf(set), set);
      sets.insert(set);
      counts.insert(laid.CountsOf(bits));
    }
    EXPECT_EQ(sets.size(), counts.size());
  }
}

TEST(SetLayout, JoinsSetsByTheirCounts) {
  for (const Laid& laid : SomeLayouts()) {
    std::set<uint64_t> sets;
    for (uint64_t bits = 0; bits <= laid.layout.all(); ++bits) {
      sets.insert(laid.layout.SetOf(bits));
    }
    for (const uint64_t set : sets) {
      const uint64_t left = laid.layout.Without(set);
      EXPECT_TRUE(sets.contains(left));
      EXPECT_EQ(laid.layout.Join(set, left), laid.layout.all());
      EXPECT_EQ(laid.layout.HasRuns(set),
                std::ranges::any_of(laid.layout.run_masks(), [&](uint64_t run) {
                  return (run & set) != 0;
                }));
      for (const uint64_t more : sets) {
        if ((more & ~left) != 0) continue;
        std::vector<uint32_t> sum = laid.CountsOf(set);
        const std::vector<uint32_t> added = laid.CountsOf(more);
        for (size_t i = 0; i < sum.size(); ++i) sum[i] += added[i];
        EXPECT_EQ(laid.CountsOf(laid.layout.Join(set, more)), sum);
        EXPECT_TRUE(sets.contains(laid.layout.Join(set, more)));
      }
    }
  }
}

TEST(SetLayout, PutsTheFirstHalfOfSinglesIntoTheLowHalf) {
  for (const uint32_t count : {0, 1, 7, 12, 26}) {
    const Laid laid(std::vector<uint32_t>(count, 1));
    EXPECT_EQ(laid.layout.low().singles, count / 2);
    EXPECT_EQ(laid.layout.high().singles, count - count / 2);
    std::vector<uint32_t> in_order(count);
    std::iota(in_order.begin(), in_order.end(), 0);
    EXPECT_EQ(laid.order, in_order);
    EXPECT_TRUE(laid.layout.Fits());
  }
}

TEST(SetLayout, FitsWhereTheSetsAreFewNotTheThings) {
  EXPECT_TRUE(Laid(std::vector<uint32_t>(26, 1)).layout.Fits());
  EXPECT_FALSE(Laid(std::vector<uint32_t>(27, 1)).layout.Fits());
  EXPECT_TRUE(Laid({10, 10, 10, 10, 10}).layout.Fits());
  EXPECT_TRUE(Laid({63}).layout.Fits());
  EXPECT_FALSE(Laid({64}).layout.Fits());
  EXPECT_FALSE(Laid({40, 24}).layout.Fits());
  EXPECT_EQ(Laid({63}).layout.all(), ~uint64_t{0} >> 1);
}

TEST(SetLayout, PartsTheSetsEvenly) {
  TestRandom random(7);
  for (int i = 0; i < 200; ++i) {
    std::vector<uint32_t> sizes;
    const size_t count = 4 + random.Below(8);
    for (size_t j = 0; j < count; ++j) {
      sizes.push_back(static_cast<uint32_t>(1 + random.Below(4)));
    }
    const Laid laid(sizes);
    double low = 1;
    double high = 1;
    for (size_t bit = 0; bit < laid.groups.size();) {
      const uint32_t size = sizes[laid.groups[bit]];
      (bit < laid.layout.low().bits ? low : high) *= size + 1.0;
      bit += size;
    }
    EXPECT_LE(low, high);
    EXPECT_LE(high, low * 25) << "one group more would be too many";
  }
}

}  // namespace
}  // namespace minos::testing
