#include <gtest/gtest.h>

#include <string>

#include "checker/deciders/deciders.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::kPriority;

// A priority queue of the elements 1 … `values`.
DeciderAlphabet PriorityQueue(int values, int deletions) {
  DeciderAlphabet alphabet{"priority-queue", "", {}};
  DeciderLetter deletion{"delete-min", "nil", {"nil"}};
  // Not in the order of their sizes.
  for (int value = values; value >= 1; --value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back({"insert", text, {text}});
    deletion.results.push_back(text);
  }
  for (int i = 0; i < deletions; ++i) alphabet.letters.push_back(deletion);
  return alphabet;
}

TEST(PriorityTest, EqualsBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(kPriority, PriorityQueue(2, 1),
                                         AllHistoriesSize(4)));
}

TEST(PriorityTest, EqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(kPriority, PriorityQueue(9, 8), 14,
                                            RandomHistoryCount(20'000), 1));
}

TEST(PriorityTest, AQueueThatIsOftenEmptyEqualsTheSearch) {
  ExpectEachAnswer(CompareOnRandomHistories(kPriority, PriorityQueue(7, 14), 14,
                                            RandomHistoryCount(20'000), 2));
}

}  // namespace
}  // namespace minos::testing
