// The guided search, and the replay of what it finds, against brute force.

#include "checker/guided_search.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checker/configuration.h"
#include "checker/guided_turns.h"
#include "checker/narrowing.h"
#include "checker/open_values.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/speculation.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::SearchProblem;
using checker::Verdict;

constexpr size_t kHistories = 3000;
constexpr size_t kOperations = 8;
constexpr size_t kUnbounded = 1'000'000;
constexpr size_t kVariants = 4;

// What a run of `variant` finds; some take the windows as they are, the others
// narrow them.
checker::SearchResult RunVariant(const SearchProblem& problem,
                                 uint32_t variant) {
  const checker::OpenValues values(problem);
  checker::Turn turn;
  if (!values.is_applicable() || variant % 2 == 0) {
    return checker::Confirm(
        problem, checker::SearchGuided(problem, kUnbounded, variant, turn));
  }
  const checker::Narrowing narrowing(problem, values);
  return checker::Confirm(
      problem,
      checker::SearchGuided(narrowing.problem(), kUnbounded, variant, turn));
}

class Guided : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, Guided, ::testing::ValuesIn(DataTypesOfPlaces()),
                         NamedByParameter());

TEST_P(Guided, FindsNearlyAllOrdersAndNoOther) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(1);
  size_t valid = 0;
  size_t found = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kOperations, random);
    PosedSearch posed(plain);
    const auto variant = static_cast<uint32_t>(i / 2 % kVariants);
    const auto result = RunVariant(posed.ToEnd(), variant);
    const bool is_valid = IsLinearizable(plain);
    const bool is_applicable =
        posed.footprints->has_places() && posed.footprints->says_all();
    valid += is_valid && is_applicable ? 1 : 0;
    if (result.verdict != Verdict::kValid) {
      ASSERT_EQ(result.verdict, Verdict::kUnknown);
      continue;
    }
    ++found;
    ASSERT_TRUE(is_valid) << ToText(plain);
    ASSERT_TRUE(IsWitness(SilenceReads(plain), result.linearization))
        << ToText(plain);
  }
  EXPECT_GT(valid, kHistories / 10);
  EXPECT_LT(valid, kHistories);
  EXPECT_GE(found * 100, valid * 99);
}

TEST_P(Guided, IsBelievedOnlyWhatBruteForceAccepts) {
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(2);
  size_t accepted = 0;
  size_t rejected = 0;
  for (size_t i = 0; i < kHistories; ++i) {
    const PlainHistory plain =
        RandomHistory(alphabets[i % 2], kOperations, random);
    PosedSearch posed(plain);
    const SearchProblem problem = posed.ToEnd();
    const auto result =
        checker::GuidedTurns(problem).Take(kUnbounded, kUnbounded);
    if (result.linearization.size() < 2) continue;
    const std::vector<uint32_t> path =
        PathOf(*posed.timeline, result.linearization);
    ASSERT_TRUE(checker::IsLinearization(problem, path)) << ToText(plain);
    std::vector<std::vector<uint32_t>> mutants;
    for (size_t at = 0; at < path.size(); ++at) {
      for (size_t other = 0; other < at; ++other) {
        std::vector<uint32_t> swapped = path;
        std::swap(swapped[at], swapped[other]);
        mutants.push_back(swapped);
      }
      std::vector<uint32_t> shorter = path;
      shorter.erase(shorter.begin() + static_cast<ptrdiff_t>(at));
      mutants.push_back(shorter);
    }
    for (const std::vector<uint32_t>& mutant : mutants) {
      const bool expected = IsWitness(SilenceReads(plain),
                                      PathOperations(*posed.timeline, mutant));
      (expected ? accepted : rejected) += 1;
      ASSERT_EQ(checker::IsLinearization(problem, mutant), expected)
          << ToText(plain);
    }
    std::vector<uint32_t> doubled = path;
    doubled.push_back(path.front());
    const bool has_more = (path.front() & checker::kCrashBit) != 0;
    EXPECT_TRUE(has_more || !checker::IsLinearization(problem, doubled));
  }
  EXPECT_GT(accepted, kHistories / 50);
  EXPECT_GT(rejected, kHistories / 3);
}

}  // namespace
}  // namespace minos::testing
