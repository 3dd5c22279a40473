#include <gtest/gtest.h>

#include <string>

#include "checker/deciders/deciders.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::kPermits;

DeciderAlphabet Mutex(const std::string& initial) {
  return {"mutex",
          initial,
          {{"acquire", "nil", {"nil"}}, {"release", "nil", {"nil"}}}};
}

// A semaphore with `copies` of an acquire and a release of each amount.
DeciderAlphabet Semaphore(const std::string& permits,
                          const std::vector<std::string>& amounts, int copies) {
  DeciderAlphabet alphabet{"semaphore", permits, {}};
  for (int i = 0; i < copies; ++i) {
    for (const std::string& amount : amounts) {
      alphabet.letters.push_back({"acquire", amount, {"nil"}});
      alphabet.letters.push_back({"release", amount, {"nil"}});
    }
  }
  return alphabet;
}

void ExpectValidAndViolations(const Tally& tally) {
  ::testing::Test::RecordProperty("tally", tally.ToString());
  EXPECT_GT(tally.valid, 0u);
  EXPECT_GT(tally.violation, 0u);
  EXPECT_EQ(tally.inexact, 0u);
  EXPECT_EQ(tally.not_applicable, 0u);
}

TEST(PermitsTest, AMutexEqualsBruteForceOnAllSmallHistories) {
  for (const char* initial : {"false", "true"}) {
    ExpectValidAndViolations(
        CompareOnAllHistories(kPermits, Mutex(initial), AllHistoriesSize(4)));
  }
}

TEST(PermitsTest, ASemaphoreEqualsBruteForceOnAllSmallHistories) {
  ExpectValidAndViolations(CompareOnAllHistories(
      kPermits, Semaphore("2", {"nil"}, 1), AllHistoriesSize(4)));
}

TEST(PermitsTest, SeveralPermitsAtOnceEqualBruteForce) {
  ExpectValidAndViolations(CompareOnAllHistories(
      kPermits, Semaphore("5", {"2"}, 1), AllHistoriesSize(4)));
}

TEST(PermitsTest, NoPermitsAndTooManyEqualBruteForce) {
  ExpectValidAndViolations(CompareOnAllHistories(
      kPermits, Semaphore("1", {"0", "1", "3"}, 1), AllHistoriesSize(3)));
}

TEST(PermitsTest, AmountsThatDifferAreSearched) {
  ExpectEachAnswer(CompareOnAllHistories(
      kPermits, Semaphore("2", {"1", "2"}, 1), AllHistoriesSize(3)));
}

TEST(PermitsTest, EqualsTheSearchOnRandomHistories) {
  for (const char* permits : {"1", "3"}) {
    ExpectValidAndViolations(
        CompareOnRandomHistories(kPermits, Semaphore(permits, {"1"}, 8), 14,
                                 RandomHistoryCount(10'000), 1));
  }
}

}  // namespace
}  // namespace minos::testing
