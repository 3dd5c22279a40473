#include "checker/crash_usage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "history/hash.h"

namespace minos::checker {
namespace {

TEST(CrashUsage, EqualMultisetsHaveEqualIdsHoweverTheyWereMade) {
  CrashUsage usages(5);
  const UsageId ab = usages.Add(usages.Add(0, 1), 4);
  const UsageId ba = usages.Add(usages.Add(0, 4), 1);
  EXPECT_EQ(ab, ba);
  EXPECT_NE(ab, usages.Add(ab, 1));
}

TEST(CrashUsage, CountsWhatWasAdded) {
  CrashUsage usages(3);
  const UsageId usage = usages.Add(usages.Add(usages.Add(0, 2), 0), 2);
  EXPECT_EQ(usages.Count(usage, 0), 1u);
  EXPECT_EQ(usages.Count(usage, 1), 0u);
  EXPECT_EQ(usages.Count(usage, 2), 2u);
}

TEST(CrashUsage, ASingleKindIsACount) {
  CrashUsage usages(1);
  const UsageId two = usages.Add(usages.Add(0, 0), 0);
  EXPECT_EQ(usages.Count(two, 0), 2u);
  EXPECT_TRUE(usages.Includes(two, usages.Add(0, 0)));
  EXPECT_FALSE(usages.Includes(usages.Add(0, 0), two));
}

// Against std::map, over a random walk through multisets.
TEST(CrashUsage, IncludesAndMeetsAsMultisetsDo) {
  constexpr uint32_t kKinds = 7;
  CrashUsage usages(kKinds);
  std::vector<UsageId> ids = {0};
  std::vector<std::map<uint32_t, uint32_t>> multisets = {{}};
  for (uint64_t i = 0; i < 300; ++i) {
    const size_t from = MixHash(i) % ids.size();
    const auto kind = static_cast<uint32_t>(MixHash(i + 1000) % kKinds);
    ids.push_back(usages.Add(ids[from], kind));
    multisets.push_back(multisets[from]);
    ++multisets.back()[kind];
  }
  for (size_t a = 0; a < ids.size(); ++a) {
    for (size_t b = 0; b < ids.size(); ++b) {
      const bool expected = std::all_of(
          multisets[b].begin(), multisets[b].end(), [&](const auto& entry) {
            const auto found = multisets[a].find(entry.first);
            return found != multisets[a].end() && found->second >= entry.second;
          });
      ASSERT_EQ(usages.Includes(ids[a], ids[b]), expected);
      ASSERT_EQ(ids[a] == ids[b], multisets[a] == multisets[b]);
      const UsageId meet = usages.Meet(ids[a], ids[b]);
      for (uint32_t kind = 0; kind < kKinds; ++kind) {
        ASSERT_EQ(
            usages.Count(meet, kind),
            std::min(usages.Count(ids[a], kind), usages.Count(ids[b], kind)));
      }
    }
  }
}

}  // namespace
}  // namespace minos::checker
