// The paths that a sweep follows.

#include "checker/trails.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace minos::checker {
namespace {

using Path = std::vector<uint32_t>;

TEST(Trails, ShareWhatTheyHaveInCommon) {
  Trails trails;
  const uint32_t one = trails.Extend(Trails::kNone, 7);
  const uint32_t left = trails.Extend(one, 8);
  const uint32_t right = trails.Extend(one, 9);
  EXPECT_EQ(trails.PathOf(Trails::kNone), Path());
  EXPECT_EQ(trails.PathOf(left), (Path{7, 8}));
  EXPECT_EQ(trails.PathOf(right), (Path{7, 9}));
  EXPECT_EQ(trails.size(), 4u);
}

TEST(Trails, KeepWhatIsStillHeldWhenSwept) {
  Trails trails;
  const uint32_t gone = trails.Extend(Trails::kNone, 1);
  const uint32_t one = trails.Extend(Trails::kNone, 7);
  trails.Extend(gone, 2);
  const uint32_t left = trails.Extend(one, 8);
  const uint32_t right = trails.Extend(one, 9);
  const uint32_t kept[] = {right, left, Trails::kNone};
  const std::vector<uint32_t> place = trails.Sweep(kept);
  EXPECT_EQ(trails.size(), 4u);
  EXPECT_EQ(trails.PathOf(place[left]), (Path{7, 8}));
  EXPECT_EQ(trails.PathOf(place[right]), (Path{7, 9}));
  EXPECT_EQ(trails.PathOf(place[one]), Path{7});
  EXPECT_EQ(place[Trails::kNone], Trails::kNone);
}

}  // namespace
}  // namespace minos::checker
