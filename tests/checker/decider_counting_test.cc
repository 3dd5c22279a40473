#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "checker/decider.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

// A counter whose sums are 0 … `largest` times `amount`.
DeciderAlphabet Counter(int largest, int amount, int additions, int reads) {
  DeciderAlphabet alphabet{"counter", "", {}};
  DeciderLetter read{"read", "nil", {}};
  for (int count = 0; count <= largest; ++count) {
    read.results.push_back(std::to_string(count * amount));
  }
  const std::string text = std::to_string(amount);
  for (int i = 0; i < additions; ++i) {
    alphabet.letters.push_back({"add", text, {text}});
  }
  for (int i = 0; i < reads; ++i) alphabet.letters.push_back(read);
  return alphabet;
}

void ExpectValidAndViolations(const Tally& tally) {
  ::testing::Test::RecordProperty("tally", tally.ToString());
  EXPECT_GT(tally.valid, 0u);
  EXPECT_GT(tally.violation, 0u);
  EXPECT_EQ(tally.not_applicable, 0u);
}

TEST(CountingTest, EqualsBruteForceOnAllSmallHistories) {
  ExpectValidAndViolations(CompareOnAllHistories(
      *FindDecider("counter"), Counter(3, 1, 1, 1), AllHistoriesSize(4)));
}

TEST(CountingTest, AdditionsThatReturnTheSumEqualBruteForce) {
  DeciderAlphabet alphabet = Counter(2, 1, 1, 1);
  alphabet.letters.push_back({"add-and-get", "1", {"0", "1", "2", "3"}});
  ExpectValidAndViolations(CompareOnAllHistories(
      *FindDecider("counter"), alphabet, AllHistoriesSize(4)));
}

TEST(CountingTest, OtherAmountsAndStartsEqualBruteForce) {
  DeciderAlphabet alphabet{"counter", "5", {}};
  alphabet.letters.push_back({"decrement", "3", {"nil"}});
  alphabet.letters.push_back({"read", "nil", {"5", "2", "-1", "8", "0"}});
  alphabet.letters.push_back({"decrement-and-get", "3", {"2", "-1", "5"}});
  ExpectValidAndViolations(CompareOnAllHistories(
      *FindDecider("counter"), alphabet, AllHistoriesSize(4)));
}

TEST(CountingTest, AmountsThatDifferAreSearched) {
  DeciderAlphabet alphabet = Counter(2, 1, 1, 1);
  alphabet.letters.push_back({"add", "2", {"2"}});
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("counter"), alphabet,
                                         AllHistoriesSize(3)));
}

TEST(CountingTest, EqualsTheSearchOnRandomHistories) {
  DeciderAlphabet alphabet = Counter(9, 2, 4, 3);
  DeciderLetter get{"increment-and-get", "2", {}};
  for (int sum = 2; sum <= 18; sum += 2) {
    get.results.push_back(std::to_string(sum));
  }
  alphabet.letters.push_back(get);
  ExpectValidAndViolations(CompareOnRandomHistories(
      *FindDecider("counter"), alphabet, 14, RandomHistoryCount(20'000), 1));
}

TEST(CountingTest, AHugeAmountIsSearched) {
  DeciderAlphabet alphabet{"counter", "", {}};
  alphabet.letters.push_back({"add", "9223372036854775807", {"nil"}});
  alphabet.letters.push_back(
      {"read", "nil", {"0", "9223372036854775807", "-2"}});
  const Tally tally =
      CompareOnAllHistories(*FindDecider("counter"), alphabet, 3);
  EXPECT_GT(tally.not_applicable, 0u);
}

}  // namespace
}  // namespace minos::testing
