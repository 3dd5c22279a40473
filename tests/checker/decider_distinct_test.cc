#include <gtest/gtest.h>

#include "checker/deciders/deciders.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::kDistinct;

DeciderAlphabet Ids(std::string initial, int largest, int copies) {
  DeciderAlphabet alphabet{"unique-ids", std::move(initial), {}};
  DeciderLetter generate{"generate", "nil", {}};
  for (int id = 1; id <= largest; ++id) {
    generate.results.push_back(std::to_string(id));
  }
  for (int i = 0; i < copies; ++i) alphabet.letters.push_back(generate);
  return alphabet;
}

void ExpectValidAndViolations(const Tally& tally) {
  EXPECT_GT(tally.valid, 0u);
  EXPECT_GT(tally.violation, 0u);
  EXPECT_EQ(tally.inexact, 0u);
  EXPECT_EQ(tally.not_applicable, 0u);
}

TEST(DistinctTest, EqualsBruteForceOnAllSmallHistories) {
  for (const char* initial : {"", "[2]", "[2 2]"}) {
    ExpectValidAndViolations(CompareOnAllHistories(
        kDistinct, Ids(initial, 3, 1), AllHistoriesSize(4)));
  }
}

TEST(DistinctTest, EqualsTheSearchOnRandomHistories) {
  ExpectValidAndViolations(CompareOnRandomHistories(
      kDistinct, Ids("", 20, 10), 14, RandomHistoryCount(10'000), 1));
}

}  // namespace
}  // namespace minos::testing
