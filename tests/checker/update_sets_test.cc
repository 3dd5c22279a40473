// The sets of updates with a sum, against trying all of them.

#include "checker/update_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "checker/set_layout.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::SetLayout;
using checker::UpdateSets;

// Some updates, and the sets of them by trying all.
struct Updates {
  // Of each group so many updates of one amount; rated by bit.
  Updates(const std::vector<uint32_t>& group_sizes,
          const std::vector<uint64_t>& group_amounts, std::vector<float> rated)
      : layout(group_sizes, order), ratings(std::move(rated)) {
    for (const uint32_t group : order) {
      amounts.insert(amounts.end(), group_sizes[group], group_amounts[group]);
    }
    sets.Reset(layout, amounts, ratings);
  }

  uint64_t SumOf(uint64_t set) const {
    uint64_t sum = 0;
    for (; set != 0; set &= set - 1) {
      sum += amounts[static_cast<size_t>(std::countr_zero(set))];
    }
    return sum;
  }
  float RatingOf(uint64_t set) const {
    float rating = 0;
    for (; set != 0; set &= set - 1) {
      rating += ratings[static_cast<size_t>(std::countr_zero(set))];
    }
    return rating;
  }
  bool IsSet(uint64_t bits) const { return layout.SetOf(bits) == bits; }
  std::vector<uint64_t> Expected(uint64_t taken, uint64_t sum,
                                 uint64_t unwanted = 0) const {
    std::vector<uint64_t> expected;
    for (uint64_t set = 0; set <= layout.all(); ++set) {
      const bool is_one = IsSet(set) && (taken & ~set) == 0 &&
                          (set & ~taken & unwanted) == 0 && SumOf(set) == sum;
      if (is_one) expected.push_back(set);
    }
    return expected;
  }
  std::vector<uint64_t> Found(uint64_t taken, uint64_t sum, bool& are_all,
                              uint64_t unwanted = 0) {
    std::vector<uint64_t> found;
    are_all = sets.ForEach(sets.SetsWith(taken, unwanted), sum,
                           [&](uint64_t set, uint32_t count, float rating) {
                             found.push_back(set);
                             EXPECT_EQ(count, std::popcount(set));
                             EXPECT_EQ(sets.CountOf(set), count);
                             EXPECT_NEAR(rating, RatingOf(set), 1e-3);
                             EXPECT_EQ(sets.RatingOf(set), rating);
                           });
    std::ranges::sort(found);
    return found;
  }
  bool Has(uint64_t taken, uint64_t sum, uint64_t unwanted = 0) {
    return sets.Has(sets.SetsWith(taken, unwanted), sum);
  }

  std::vector<uint32_t> order;
  SetLayout layout;
  std::vector<uint64_t> amounts;
  std::vector<float> ratings;
  UpdateSets sets;
};

// Groups of at most `most` equal updates, so many updates in all.
Updates RandomUpdates(size_t count, size_t most, TestRandom& random) {
  std::vector<uint32_t> sizes;
  std::vector<uint64_t> amounts;
  std::vector<float> ratings;
  while (ratings.size() < count) {
    const size_t size =
        std::min(1 + random.Below(most), count - ratings.size());
    sizes.push_back(static_cast<uint32_t>(size));
    // Small amounts of both signs, modulo 2^64.
    amounts.push_back(random.Below(9) - 4);
    for (size_t i = 0; i < size; ++i) {
      ratings.push_back(static_cast<float>(random.Below(1000)) / 7);
    }
  }
  return Updates(sizes, amounts, std::move(ratings));
}

TEST(UpdateSets, FindsEachSetThatContainsWhatIsTakenOnce) {
  TestRandom random(1);
  for (const size_t most : {1, 2, 5, 12}) {
    for (const size_t count : {0, 1, 4, 9, 10, 12, 15}) {
      Updates updates = RandomUpdates(count, most, random);
      for (int i = 0; i < 40; ++i) {
        const uint64_t taken =
            updates.layout.SetOf(random.Below(uint64_t{1} << count) &
                                 random.Below(uint64_t{1} << count));
        const uint64_t sum = random.Below(21) - 10;
        bool are_all = false;
        const auto expected = updates.Expected(taken, sum);
        EXPECT_EQ(updates.Found(taken, sum, are_all), expected);
        EXPECT_TRUE(are_all);
        EXPECT_EQ(updates.Has(taken, sum), !expected.empty());
        EXPECT_EQ(updates.sets.SumOf(taken), updates.SumOf(taken));
      }
    }
  }
}

TEST(UpdateSets, TakesNothingOfAnUnwantedGroup) {
  TestRandom random(2);
  for (const size_t most : {1, 4, 12}) {
    for (const size_t count : {4, 12, 15}) {
      Updates updates = RandomUpdates(count, most, random);
      std::vector<uint64_t> groups = updates.layout.run_masks();
      for (size_t bit = 0; bit < count; ++bit) {
        const uint64_t mask = uint64_t{1} << bit;
        const bool is_single = std::ranges::none_of(
            groups, [&](uint64_t run) { return (run & mask) != 0; });
        if (is_single) groups.push_back(mask);
      }
      for (int i = 0; i < 40; ++i) {
        const uint64_t unwanted = groups[random.Below(groups.size())];
        const uint64_t taken =
            updates.layout.SetOf(random.Below(uint64_t{1} << count) &
                                 random.Below(uint64_t{1} << count));
        const uint64_t sum = random.Below(21) - 10;
        bool are_all = false;
        const auto expected = updates.Expected(taken, sum, unwanted);
        EXPECT_EQ(updates.Found(taken, sum, are_all, unwanted), expected);
        EXPECT_EQ(updates.Has(taken, sum, unwanted), !expected.empty());
      }
    }
  }
}

// The sets that have so many of each are the ways to pay with coins.
TEST(UpdateSets, FindsTheSetsOfVeryManyUpdatesOfWhichMostAreEqual) {
  const std::vector<uint32_t> sizes(5, 10);
  Updates updates(sizes, {1, 2, 3, 4, 5}, std::vector<float>(50, 0));
  ASSERT_TRUE(updates.layout.Fits());
  for (const uint64_t sum : {0, 1, 7, 20, 149, 150, 151}) {
    size_t ways = 0;
    for (uint64_t counts = 0; counts < 11 * 11 * 11 * 11; ++counts) {
      uint64_t rest = counts;
      uint64_t paid = 0;
      for (const uint64_t coin : {2, 3, 4, 5}) {
        paid += rest % 11 * coin;
        rest /= 11;
      }
      ways += paid <= sum && sum <= paid + 10 ? 1 : 0;
    }
    bool are_all = false;
    size_t found = 0;
    are_all = updates.sets.ForEach(updates.sets.SetsWith(0), sum,
                                   [&](uint64_t set, uint32_t, float) {
                                     EXPECT_EQ(updates.SumOf(set), sum);
                                     EXPECT_TRUE(updates.IsSet(set));
                                     ++found;
                                   });
    EXPECT_TRUE(are_all);
    EXPECT_EQ(found, ways) << sum;
    EXPECT_EQ(updates.Has(0, sum), ways > 0);
  }
}

TEST(UpdateSets, SaysThatThereMayBeMoreWhereTooManyHaveOneSum) {
  const std::vector<float> ratings(16, 0);
  Updates updates(std::vector<uint32_t>(16, 1), std::vector<uint64_t>(16, 1),
                  ratings);
  bool are_all = true;
  // C(16, 8) = 12,870.
  const auto found = updates.Found(0, 8, are_all);
  EXPECT_FALSE(are_all);
  EXPECT_GT(found.size(), 1000);
  // Those that contain what is taken are found where they are few.
  const uint64_t taken = 0xFE00;
  EXPECT_EQ(updates.Found(taken, 8, are_all), updates.Expected(taken, 8));
  EXPECT_TRUE(are_all);
  EXPECT_TRUE(updates.Has(taken, 8));
  EXPECT_FALSE(updates.Has(taken, 6));
}

}  // namespace
}  // namespace minos::testing
