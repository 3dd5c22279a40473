// What becomes of two configurations that differ in what they have used.

#include "checker/frontier.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/configuration.h"
#include "checker/configuration_masks.h"
#include "checker/crash_usage.h"

namespace minos::testing {
namespace {

using checker::Configuration;
using checker::CrashUsage;
using checker::Frontier;
using checker::UsageId;

constexpr uint32_t kRead = 0;   // slots
constexpr uint32_t kWrite = 1;  // a blind update
constexpr uint32_t kState = 7;

struct Event {
  std::vector<uint64_t> reads = {uint64_t{1} << kRead};
  std::vector<uint64_t> blind = {uint64_t{1} << kWrite};
  checker::OpenMasks masks() const { return {reads, blind}; }
};

Configuration MakeConfiguration(UsageId usage, bool has_read, bool is_spare) {
  Configuration configuration(1);
  configuration.state = kState;
  configuration.usage = usage;
  configuration.used = usage == 0 ? 0 : 1;
  if (has_read) configuration.linearized.Insert(kRead);
  if (is_spare) configuration.spare.Insert(kWrite);
  return configuration;
}

// The only configuration that is left; nothing if there are several.
std::optional<Configuration> OnlyOne(const Frontier& frontier) {
  std::optional<Configuration> only;
  for (size_t i = 0; i < frontier.size(); ++i) {
    if (!frontier.IsLive(i)) continue;
    if (only) return std::nullopt;
    only.emplace(1);
    frontier.Load(i, *only);
  }
  return only;
}

TEST(Frontier, TellsBeforehandHowMuchItMayGrow) {
  Frontier frontier(1, /*is_narrow=*/false);
  CrashUsage usages(1);
  const Event event;
  size_t grown = 0;
  for (uint32_t state = 0; state < 5000; ++state) {
    Configuration configuration = MakeConfiguration(0, false, false);
    configuration.state = state;
    const size_t before = frontier.MemoryBytes();
    const size_t told = frontier.BytesToGrow();
    frontier.Insert(configuration, 0, size_t{1} << 20, event.masks(), usages);
    const size_t growth = frontier.MemoryBytes() - before;
    if (state == 0) continue;  // the beginning is little
    ASSERT_LE(growth, told) << "of " << frontier.size();
    if (growth > 0) ++grown;
  }
  EXPECT_GT(grown, 5U);
  EXPECT_LT(grown, 50U);
}

class Widening : public ::testing::TestWithParam<bool> {
 protected:
  // Inserts both, the better one first or last.
  void Insert(const Configuration& better, const Configuration& worse,
              size_t width) {
    const bool is_better_first = GetParam();
    frontier_.Insert(is_better_first ? better : worse, 1, width, event_.masks(),
                     usages_);
    frontier_.Insert(is_better_first ? worse : better, 2, width, event_.masks(),
                     usages_);
  }

  Event event_;
  CrashUsage usages_{2};
  Frontier frontier_{1, /*is_narrow=*/false};
};

INSTANTIATE_TEST_SUITE_P(, Widening, ::testing::Bool(), [](const auto& info) {
  return info.param ? "TheBetterFirst" : "TheBetterLast";
});

// It dominates both: it has read, and used what both have, which is nothing.
TEST_P(Widening, LeavesTheReadsOfTheBetterOne) {
  Insert(MakeConfiguration(usages_.Add(0, 0), true, false),
         MakeConfiguration(usages_.Add(0, 1), false, false), 0);
  const auto merged = OnlyOne(frontier_);
  ASSERT_TRUE(merged.has_value());
  EXPECT_TRUE(merged->linearized.Contains(kRead));
  EXPECT_EQ(merged->usage, UsageId{0});
  EXPECT_TRUE(frontier_.is_widened());
}

TEST_P(Widening, LeavesWhatIsSpareInTheBetterOne) {
  Insert(MakeConfiguration(usages_.Add(0, 0), false, true),
         MakeConfiguration(usages_.Add(0, 1), false, false), 0);
  const auto merged = OnlyOne(frontier_);
  ASSERT_TRUE(merged.has_value());
  EXPECT_TRUE(merged->spare.Contains(kWrite));
  EXPECT_EQ(merged->usage, UsageId{0});
}

TEST_P(Widening, IsNotDoneWhereThereIsRoom) {
  Insert(MakeConfiguration(usages_.Add(0, 0), true, false),
         MakeConfiguration(usages_.Add(0, 1), false, false), 5);
  EXPECT_FALSE(OnlyOne(frontier_).has_value());
  EXPECT_FALSE(frontier_.is_widened());
}

// Each has something that the other has not.
TEST_P(Widening, IsNotDoneWhereNeitherIsBetter) {
  Insert(MakeConfiguration(usages_.Add(0, 0), true, false),
         MakeConfiguration(usages_.Add(0, 1), false, true), 0);
  EXPECT_FALSE(OnlyOne(frontier_).has_value());
}

}  // namespace
}  // namespace minos::testing
