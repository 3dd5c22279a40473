#include "checker/retreat.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace minos::testing {
namespace {

using checker::Marks;
using checker::Retreat;

using Points = std::vector<int>;

TEST(Marks, GoBackToWhatStoodThere) {
  Marks<int> marks({});
  for (uint32_t i = 1; i <= 10; ++i) {
    marks.Leave(i * 10, Points(i, static_cast<int>(i)));
  }
  Points points;
  EXPECT_EQ(marks.GoBack(1, points), 100u);
  EXPECT_EQ(points, Points(10, 10));
  EXPECT_EQ(marks.GoBack(3, points), 70u);
  EXPECT_EQ(points, Points(7, 7));
  EXPECT_EQ(marks.point_count(), 1u + 2 + 3 + 4 + 5 + 6);
  EXPECT_EQ(marks.GoBack(100, points), 10u);
  EXPECT_EQ(points, Points(1, 1));
  EXPECT_TRUE(marks.is_empty());
  EXPECT_EQ(marks.point_count(), 0u);
}

TEST(Marks, AreThinnedOutFarBack) {
  Marks<int> marks({.marks = 4, .events_between_old = 20});
  for (uint32_t i = 1; i <= 14; ++i) {
    marks.Leave(i * 2, {static_cast<int>(i)});
  }
  // Those at 22 … 28, and of those before them the ones at 2.
  EXPECT_EQ(marks.point_count(), 5u);
  Points points;
  EXPECT_EQ(marks.GoBack(4, points), 22u);
  EXPECT_EQ(marks.GoBack(1, points), 2u);
  EXPECT_EQ(points, Points({1}));
  EXPECT_TRUE(marks.is_empty());
}

TEST(Marks, HoldNoMorePointsThanTheyMay) {
  Marks<int> marks({.points = 10});
  for (uint32_t i = 1; i <= 9; ++i) marks.Leave(i, Points(3, 0));
  EXPECT_EQ(marks.point_count(), 9u);
  // The last one stays whatever it holds.
  marks.Leave(10, Points(20, 0));
  EXPECT_EQ(marks.point_count(), 20u);
  int visited = 0;
  marks.ForEachPoint([&](int&) { ++visited; });
  EXPECT_EQ(visited, 20);
}

TEST(Retreat, MakesMoreAttemptsInEachCycle) {
  Retreat retreat({.attempts = 2, .cycles = 3, .more_attempts = 1});
  std::vector<std::pair<uint32_t, uint32_t>> made;
  while (retreat.TryAgain(50)) {
    made.emplace_back(retreat.cycle(), retreat.attempt());
  }
  const std::vector<std::pair<uint32_t, uint32_t>> expected = {
      {0, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 1}, {2, 2}, {2, 3}};
  EXPECT_EQ(made, expected);
}

TEST(Retreat, BeginsAnewWhereItGotFurther) {
  Retreat retreat({.attempts = 3, .cycles = 2, .more_attempts = 0});
  EXPECT_TRUE(retreat.TryAgain(50));
  EXPECT_TRUE(retreat.TryAgain(40));
  EXPECT_EQ(retreat.attempt(), 1u);
  EXPECT_FALSE(retreat.IsOvercome(50));
  EXPECT_TRUE(retreat.IsOvercome(51));
  EXPECT_TRUE(retreat.TryAgain(51));
  EXPECT_EQ(retreat.attempt(), 0u);
}

}  // namespace
}  // namespace minos::testing
