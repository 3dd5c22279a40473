#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checker/decider.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

std::string Text(const std::vector<int>& elements) {
  std::string text = "[";
  for (const int element : elements) {
    if (text.size() > 1) text += " ";
    text += std::to_string(element);
  }
  return text + "]";
}

// Appends to `results` every list that begins with `list` and goes on with
// other elements up to `values`; in rising order only, if they are sets.
void AddLists(std::vector<int>& list, int values, bool are_sets,
              std::vector<std::string>& results) {
  results.push_back(Text(list));
  for (int value = 1; value <= values; ++value) {
    if (std::find(list.begin(), list.end(), value) != list.end()) continue;
    if (are_sets && !list.empty() && value < list.back()) continue;
    list.push_back(value);
    AddLists(list, values, are_sets, results);
    list.pop_back();
  }
}

DeciderAlphabet Growing(std::string model, std::string initial, int values,
                        int reads) {
  const bool is_list = model == "list-append";
  DeciderAlphabet alphabet{std::move(model), std::move(initial), {}};
  DeciderLetter read{"read", "nil", {}};
  std::vector<int> none;
  AddLists(none, values, !is_list, read.results);
  if (values == 2) {
    read.results.push_back("[1 1]");
    read.results.push_back(is_list ? "nil" : "[2 1]");
  }
  for (int value = 1; value <= values; ++value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back({is_list ? "append" : "add", text, {text}});
  }
  for (int i = 0; i < reads; ++i) alphabet.letters.push_back(read);
  return alphabet;
}

void ExpectNeverNotApplicable(const Tally& tally) {
  ::testing::Test::RecordProperty("tally", tally.ToString());
  EXPECT_GT(tally.valid, 0u);
  EXPECT_GT(tally.violation, 0u);
  EXPECT_EQ(tally.not_applicable, 0u);
}

TEST(GrowthTest, ListsEqualBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("list-append"),
                                         Growing("list-append", "", 2, 1),
                                         AllHistoriesSize(4)));
}

TEST(GrowthTest, ListsThatAreNotEmptyAtTheStart) {
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("list-append"),
                                         Growing("list-append", "[1]", 2, 1),
                                         AllHistoriesSize(3)));
}

TEST(GrowthTest, SetsEqualBruteForceOnAllSmallHistories) {
  ExpectNeverNotApplicable(CompareOnAllHistories(
      *FindDecider("g-set"), Growing("g-set", "", 2, 1), AllHistoriesSize(4)));
}

TEST(GrowthTest, SetsThatAreNotEmptyAtTheStart) {
  ExpectNeverNotApplicable(CompareOnAllHistories(*FindDecider("g-set"),
                                                 Growing("g-set", "[1]", 2, 1),
                                                 AllHistoriesSize(3)));
}

TEST(GrowthTest, SetsFromWhichMoreThanAdditionsCanBeToldAreSearched) {
  DeciderAlphabet alphabet = Growing("set", "", 2, 1);
  alphabet.letters.push_back({"add", "3", {"true", "3"}});
  alphabet.letters.push_back({"remove", "1", {"nil"}});
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("set"), alphabet,
                                         AllHistoriesSize(3)));
}

TEST(GrowthTest, ListsEqualTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("list-append"),
                                            Growing("list-append", "", 4, 3),
                                            14, RandomHistoryCount(30'000), 1));
}

TEST(GrowthTest, SetsEqualTheSearchOnRandomHistories) {
  ExpectNeverNotApplicable(CompareOnRandomHistories(
      *FindDecider("g-set"), Growing("g-set", "", 6, 4), 14,
      RandomHistoryCount(30'000), 2));
}

}  // namespace
}  // namespace minos::testing
