#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "checker/decider.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

// A stack of the elements 1 … `values`, with so many letters that pop.
DeciderAlphabet Stack(int values, int pops) {
  DeciderAlphabet alphabet{"stack", "", {}};
  DeciderLetter pop{"pop", "nil", {"nil"}};
  for (int value = 1; value <= values; ++value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back({"push", text, {text}});
    pop.results.push_back(text);
  }
  for (int i = 0; i < pops; ++i) alphabet.letters.push_back(pop);
  return alphabet;
}

TEST(NestingTest, StacksEqualBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("stack"), Stack(2, 1),
                                         AllHistoriesSize(4)));
}

TEST(NestingTest, StacksEqualTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("stack"), Stack(9, 9),
                                            14, RandomHistoryCount(20'000), 1));
}

TEST(NestingTest, StacksThatAreOftenEmptyEqualTheSearch) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("stack"), Stack(7, 14),
                                            14, RandomHistoryCount(20'000), 2));
}

TEST(NestingTest, ExplainsWhatAnAtomicStackDid) {
  const Tally tally = CompareOnAtomicRuns(*FindDecider("stack"), Stack(40, 40),
                                          40, RandomHistoryCount(20'000), 3);
  EXPECT_EQ(tally.not_applicable, 0u) << tally.ToString();
}

}  // namespace
}  // namespace minos::testing
