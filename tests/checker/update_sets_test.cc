// The sets of updates with a sum, against trying all of them.

#include "checker/update_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::UpdateSets;

// Some updates, and the sets of them by trying all.
struct Updates {
  explicit Updates(std::vector<uint64_t> of, std::vector<float> rated)
      : amounts(std::move(of)), ratings(std::move(rated)) {
    sets.Reset(amounts, ratings);
  }

  uint64_t SumOf(uint32_t set) const {
    uint64_t sum = 0;
    for (; set != 0; set &= set - 1) {
      sum += amounts[static_cast<size_t>(std::countr_zero(set))];
    }
    return sum;
  }
  float RatingOf(uint32_t set) const {
    float rating = 0;
    for (; set != 0; set &= set - 1) {
      rating += ratings[static_cast<size_t>(std::countr_zero(set))];
    }
    return rating;
  }
  std::vector<uint32_t> Expected(uint32_t taken, uint64_t sum) const {
    std::vector<uint32_t> expected;
    for (uint32_t set = 0; set < uint32_t{1} << amounts.size(); ++set) {
      const bool is_one = (taken & ~set) == 0 && SumOf(set) == sum;
      if (is_one) expected.push_back(set);
    }
    return expected;
  }
  std::vector<uint32_t> Found(uint32_t taken, uint64_t sum, bool& are_all) {
    std::vector<uint32_t> found;
    are_all = sets.ForEach(taken, sum,
                           [&](uint32_t set, uint32_t count, float rating) {
                             found.push_back(set);
                             EXPECT_EQ(count, std::popcount(set));
                             EXPECT_NEAR(rating, RatingOf(set), 1e-3);
                             EXPECT_EQ(sets.RatingOf(set), rating);
                           });
    std::ranges::sort(found);
    return found;
  }

  std::vector<uint64_t> amounts;
  std::vector<float> ratings;
  UpdateSets sets;
};

Updates RandomUpdates(size_t count, TestRandom& random) {
  std::vector<uint64_t> amounts;
  std::vector<float> ratings;
  for (size_t i = 0; i < count; ++i) {
    // Small amounts of both signs, modulo 2^64.
    amounts.push_back(random.Below(9) - 4);
    ratings.push_back(static_cast<float>(random.Below(1000)) / 7);
  }
  return Updates(std::move(amounts), std::move(ratings));
}

TEST(UpdateSets, FindsEachSetThatContainsWhatIsTakenOnce) {
  TestRandom random(1);
  for (const size_t count : {0, 1, 4, 9, 10, 12}) {
    Updates updates = RandomUpdates(count, random);
    for (int i = 0; i < 60; ++i) {
      const auto taken =
          static_cast<uint32_t>(random.Below(uint64_t{1} << count) &
                                random.Below(uint64_t{1} << count));
      const uint64_t sum = random.Below(21) - 10;
      bool are_all = false;
      const auto expected = updates.Expected(taken, sum);
      EXPECT_EQ(updates.Found(taken, sum, are_all), expected);
      EXPECT_TRUE(are_all);
      EXPECT_EQ(updates.sets.Has(taken, sum), !expected.empty());
      EXPECT_EQ(updates.sets.SumOf(taken), updates.SumOf(taken));
    }
  }
}

TEST(UpdateSets, SaysThatThereMayBeMoreWhereTooManyHaveOneSum) {
  const std::vector<uint64_t> amounts(16, 1);
  const std::vector<float> ratings(16, 0);
  Updates updates(amounts, ratings);
  bool are_all = true;
  // C(16, 8) = 12,870.
  const auto found = updates.Found(0, 8, are_all);
  EXPECT_FALSE(are_all);
  EXPECT_GT(found.size(), 1000);
  // Those that contain what is taken are found where they are few.
  const uint32_t taken = 0xFE00;
  EXPECT_EQ(updates.Found(taken, 8, are_all), updates.Expected(taken, 8));
  EXPECT_TRUE(are_all);
  EXPECT_TRUE(updates.sets.Has(taken, 8));
  EXPECT_FALSE(updates.sets.Has(taken, 6));
}

}  // namespace
}  // namespace minos::testing
