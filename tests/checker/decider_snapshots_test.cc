#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/decider.h"
#include "checker/deciders/deciders.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "tests/support/decider_oracle.h"
#include "tests/support/history_dsl.h"

namespace minos::testing {
namespace {

using checker::kSnapshots;
using ::testing::HasSubstr;

// All collections of the elements 1 … `elements`.
std::vector<std::string> Collections(int elements) {
  std::vector<std::string> texts;
  for (int bits = 0; bits < 1 << elements; ++bits) {
    std::string text = "[";
    for (int x = 1; x <= elements; ++x) {
      if ((bits >> (x - 1) & 1) == 0) continue;
      if (text.size() > 1) text += " ";
      text += std::to_string(x);
    }
    texts.push_back(text + "]");
  }
  return texts;
}

// Sets of the elements 1 … `elements` that are read as a whole by so many
// letters, and looked at by others.
DeciderAlphabet Sets(const std::string& model, const std::string& initial,
                     int elements, int reads, int looks) {
  DeciderAlphabet alphabet{model, initial, {}};
  for (int x = 1; x <= elements; ++x) {
    const std::string text = std::to_string(x);
    alphabet.letters.push_back({"add", text, {text}});
    alphabet.letters.push_back({"remove", text, {"true", "false", text}});
    for (int i = 0; i < looks; ++i) {
      alphabet.letters.push_back({"contains", text, {"true", "false"}});
    }
  }
  for (int i = 0; i < reads; ++i) {
    alphabet.letters.push_back({"read", "nil", Collections(elements)});
  }
  return alphabet;
}

TEST(SnapshotsTest, OneElementEqualsBruteForceOnAllSmallHistories) {
  for (const char* initial : {"", "[1]"}) {
    ExpectEachAnswer(CompareOnAllHistories(
        kSnapshots, Sets("set", initial, 1, 1, 1), AllHistoriesSize(3)));
  }
}

TEST(SnapshotsTest, TwoElementsEqualBruteForceOnAllSmallHistories) {
  for (const char* initial : {"", "#{2}"}) {
    const Tally tally = CompareOnAllHistories(
        kSnapshots, Sets("set", initial, 2, 1, 0), AllHistoriesSize(3));
    // The order that would show that the prefix before is no violation is not
    // always found.
    ExpectEachAnswer(tally, tally.violation / 1000);
  }
}

TEST(SnapshotsTest, SetsEqualTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(
      kSnapshots, Sets("set", "", 4, 5, 1), 14, RandomHistoryCount(10'000), 1));
  ExpectEachAnswer(CompareOnRandomHistories(kSnapshots,
                                            Sets("set", "[1 2 3]", 6, 8, 0), 14,
                                            RandomHistoryCount(10'000), 2));
}

TEST(SnapshotsTest, MultisetsEqualTheSearchOnRandomHistories) {
  DeciderAlphabet alphabet = Sets("multiset", "", 4, 5, 1);
  alphabet.letters.push_back({"count", "1", {"0", "1", "2"}});
  alphabet.letters.push_back({"read", "nil", {"[1 1]"}});
  ExpectEachAnswer(CompareOnRandomHistories(kSnapshots, alphabet, 14,
                                            RandomHistoryCount(10'000), 3));
}

// Why the decider finds that a set cannot have done what was recorded.
std::string ReasonOf(TestHistory& recorded) {
  const history::History history = recorded.Build();
  std::vector<history::OpIndex> operations(history.size());
  std::iota(operations.begin(), operations.end(), history::OpIndex{0});
  const auto calls =
      checker::ObserveCalls(history, checker::Keying::kNone, operations);
  const auto model = checker::FindModel("set");
  checker::Budget budget{checker::Limits()};
  return kSnapshots.decide({calls, **model, history.values()}, budget).reason;
}

TEST(SnapshotsTest, NamesTheElementThatAReadDoesNotShow) {
  EXPECT_THAT(ReasonOf(TestHistory()
                           .Ok(0, "add", "1", "1")
                           .Ok(0, "add", "2", "2")
                           .Ok(1, "read", "nil", "[1]")),
              HasSubstr("the element 2 was missed"));
}

TEST(SnapshotsTest, NamesTheElementThatNobodyAdded) {
  EXPECT_THAT(ReasonOf(TestHistory().Ok(0, "remove", "1", "true")),
              HasSubstr("the element 1 was found, but nothing"));
}

// Where many reads overlap, some of what is supposed about them is wrong, and
// has to be taken back.
TEST(SnapshotsTest, FindsAnOrderOfWhatAnAtomicSetDid) {
  DeciderAlphabet alphabet{"set", "[1 2]", {}};
  for (int x = 1; x <= 8; ++x) {
    const std::string text = std::to_string(x);
    if (x > 2) alphabet.letters.push_back({"add", text, {text}});
    alphabet.letters.push_back({"remove", text, {"true", "false"}});
    alphabet.letters.push_back({"contains", text, {"true", "false"}});
  }
  for (int i = 0; i < 40; ++i) {
    alphabet.letters.push_back({"read", "nil", Collections(8)});
  }
  const Tally tally = CompareOnAtomicRuns(kSnapshots, alphabet, 45,
                                          RandomHistoryCount(20'000), 4);
  EXPECT_LE(tally.not_applicable, tally.valid / 5000) << tally.ToString();
}

}  // namespace
}  // namespace minos::testing
