#include "history/nearest_name.h"

#include <array>

#include "gtest/gtest.h"

namespace minos::history {
namespace {

TEST(EditDistanceTest, CountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("check", "check"), 0u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("chek", "check"), 1u);
  EXPECT_EQ(EditDistance("checks", "check"), 1u);
  EXPECT_EQ(EditDistance("chick", "check"), 1u);
  EXPECT_EQ(EditDistance("chcek", "check"), 1u);  // neighbours swapped
}

TEST(NearestNameTest, TakesTheFirstOfTheNearest) {
  constexpr std::array<std::string_view, 3> kNames = {"run", "fuzz", "rum"};
  EXPECT_EQ(NearestName("ruf", kNames), "run");
  EXPECT_EQ(NearestName("fuz", kNames), "fuzz");
  EXPECT_EQ(NearestName("fuz", {}), "");
}

}  // namespace
}  // namespace minos::history
