// What a run has reached.

#include "targets/coverage.h"

#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace minos::targets {
namespace {

Coverage Of(const std::vector<std::pair<NodeId, std::string_view>>& events) {
  CoverageRecorder recorder(2);
  for (const auto& [node, name] : events) recorder.Handle(node, name);
  return recorder.coverage();
}

TEST(CoverageTest, AFeatureIsThreeEventsInARowAtOneNode) {
  const Coverage once = Of({{0, "vote"}, {0, "append"}, {0, "append"}});
  EXPECT_EQ(once.count(), 3u);
  // What the other node does in between does not matter, nor which node it is.
  EXPECT_EQ(Of({{1, "vote"}, {1, "append"}, {1, "append"}}), once);
  const Coverage both = Of({{0, "vote"},
                            {1, "vote"},
                            {0, "append"},
                            {1, "append"},
                            {0, "append"},
                            {1, "append"}});
  EXPECT_EQ(both, once);
  EXPECT_FALSE(Of({{0, "append"}, {0, "vote"}, {0, "append"}}) == once);
}

TEST(CoverageTest, MergingTellsWhetherThereIsSomethingNew) {
  Coverage all;
  EXPECT_TRUE(all.Merge(Of({{0, "get"}, {0, "put"}})));
  EXPECT_FALSE(all.Merge(Of({{0, "get"}, {0, "put"}})));
  EXPECT_FALSE(all.Merge(Of({{0, "get"}})));
  EXPECT_TRUE(all.Merge(Of({{0, "put"}, {0, "get"}})));
  EXPECT_EQ(all.count(), 4u);
}

}  // namespace
}  // namespace minos::targets
