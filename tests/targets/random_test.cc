#include "targets/random.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace minos::targets {
namespace {

TEST(RandomTest, TheSameSeedGivesTheSameDrawsOnEveryMachine) {
  Random random(42);
  const std::vector<uint64_t> draws = {random.Next(), random.Below(1000),
                                       random.Below(1'000'000'007)};
  EXPECT_EQ(draws[0], 0x989B3F130A063869u);
  EXPECT_EQ(draws[1], 164u);
  EXPECT_EQ(draws[2], 178668281u);
}

TEST(RandomTest, SplitDoesNotDependOnWhatWasDrawn) {
  Random a(7);
  Random b(7);
  a.Next();
  EXPECT_EQ(a.Split(3).Next(), b.Split(3).Next());
  EXPECT_NE(a.Split(3).Next(), a.Split(4).Next());
}

TEST(RandomTest, BelowIsUniform) {
  Random random(1);
  std::vector<int> count(7, 0);
  for (int i = 0; i < 70'000; ++i) ++count[random.Below(7)];
  for (int c : count) EXPECT_NEAR(c, 10'000, 500);
}

TEST(RandomTest, BelowOneIsZero) {
  Random random(1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(random.Below(1), 0u);
}

TEST(RandomTest, ExponentialHasItsMeanAndItsTail) {
  Random random(5);
  constexpr int kDraws = 200'000;
  int64_t sum = 0;
  int beyond_two_means = 0;
  for (int i = 0; i < kDraws; ++i) {
    const int64_t draw = random.Exponential(1'000'000);
    sum += draw;
    if (draw > 2'000'000) ++beyond_two_means;
  }
  EXPECT_NEAR(static_cast<double>(sum) / kDraws, 1e6, 1e4);
  EXPECT_NEAR(beyond_two_means / static_cast<double>(kDraws), 0.1353, 0.005);
}

TEST(RandomTest, ChanceIsInParts) {
  Random random(9);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.Chance(250'000) ? 1 : 0;
  EXPECT_NEAR(hits, 25'000, 600);
  EXPECT_FALSE(random.Chance(0));
  EXPECT_TRUE(random.Chance(1'000'000));
}

}  // namespace
}  // namespace minos::targets
