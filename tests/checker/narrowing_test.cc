// Narrower windows, on histories that are plain to see, and against searches
// that try everything.

#include "checker/narrowing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "checker/open_values.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/timeline.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::Narrowing;
using checker::OpenValues;
using checker::SearchProblem;
using checker::Timeline;
using checker::TimelineEvent;
using checker::Verdict;

constexpr size_t kHistories = 4000;
constexpr size_t kOperations = 8;
constexpr size_t kManyOperations = 24;
constexpr size_t kUnbounded = 1'000'000;

Verdict Judge(const SearchProblem& problem) {
  return checker::SearchBreadthFirst(problem, kUnbounded,
                                     std::numeric_limits<size_t>::max(), false)
      .verdict;
}

// Over how many events the operations are open, all together.
size_t TotalWidth(const Timeline& timeline) {
  size_t width = 0;
  for (const auto& operation : timeline.operations()) {
    width += operation.return_event - operation.call_event;
  }
  return width;
}

class NarrowingOf : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, NarrowingOf,
                         ::testing::ValuesIn(DataTypesOfPlaces()),
                         NamedByParameter());

TEST_P(NarrowingOf, DecidesAsBruteForceDoes) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(1);
  size_t narrower = 0;
  size_t valid = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kOperations, random);
    PosedSearch posed(plain);
    const SearchProblem problem = posed.ToEnd();
    const OpenValues values(problem);
    if (!values.is_applicable()) continue;
    const Narrowing narrowing(problem, values);
    const bool is_valid = IsLinearizable(plain);
    ASSERT_EQ(Judge(narrowing.problem()) == Verdict::kValid, is_valid)
        << ToText(plain);
    const Timeline& timeline = narrowing.problem().timeline;
    ASSERT_EQ(timeline.event_count(), problem.timeline.event_count());
    ASSERT_LE(TotalWidth(timeline), TotalWidth(problem.timeline));
    narrower += TotalWidth(timeline) < TotalWidth(problem.timeline) ? 1 : 0;
    valid += is_valid ? 1 : 0;
  }
  EXPECT_GT(narrower, kHistories / 200);
  EXPECT_GT(valid, kHistories / 20);
}

TEST_P(NarrowingOf, LosesNoOrder) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(2);
  size_t orders = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kManyOperations, random);
    PosedSearch posed(plain);
    const SearchProblem problem = posed.ToEnd();
    const OpenValues values(problem);
    if (!values.is_applicable()) continue;
    const auto found = checker::SearchDepthFirst(problem, kUnbounded, false);
    if (found.verdict != Verdict::kValid) continue;
    ++orders;
    const Narrowing narrowing(problem, values);
    const auto path = PathOf(*posed.timeline, found.linearization);
    ASSERT_TRUE(checker::IsLinearization(narrowing.problem(), path))
        << ToText(plain);
  }
  EXPECT_GT(orders, kHistories / 100);
}

// Where the sweep ends before the history does, what returns later need not
// have seen anything.
TEST_P(NarrowingOf, DecidesPrefixesAsASearchDoes) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(3);
  size_t valid = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kOperations, random);
    PosedSearch posed(plain);
    SearchProblem problem = posed.ToEnd();
    if (problem.end == 0) continue;
    problem.end = static_cast<uint32_t>(random.Below(problem.end)) + 1;
    const OpenValues values(problem);
    if (!values.is_applicable()) continue;
    const Narrowing narrowing(problem, values);
    const Verdict verdict = Judge(problem);
    ASSERT_EQ(Judge(narrowing.problem()), verdict) << ToText(plain);
    valid += verdict == Verdict::kValid ? 1 : 0;
  }
  EXPECT_GT(valid, kHistories / 20);
}

}  // namespace
}  // namespace minos::testing
