#include <gtest/gtest.h>

#include <string>

#include "checker/deciders/deciders.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::kPresence;

// Sets of the elements 1 … `elements`, with so many letters to look at each.
DeciderAlphabet Set(const std::string& initial, int elements, int looks) {
  DeciderAlphabet alphabet{"set", initial, {}};
  for (int x = 1; x <= elements; ++x) {
    const std::string text = std::to_string(x);
    alphabet.letters.push_back({"add", text, {text, "true", "false"}});
    alphabet.letters.push_back({"remove", text, {text, "true", "false"}});
    for (int i = 0; i < looks; ++i) {
      alphabet.letters.push_back({"contains", text, {"true", "false"}});
    }
  }
  return alphabet;
}

DeciderAlphabet Multiset(const std::string& initial, int elements, int looks) {
  DeciderAlphabet alphabet{"multiset", initial, {}};
  for (int x = 1; x <= elements; ++x) {
    const std::string text = std::to_string(x);
    alphabet.letters.push_back({"add", text, {text}});
    alphabet.letters.push_back({"remove", text, {text, "true", "false"}});
    for (int i = 0; i < looks; ++i) {
      alphabet.letters.push_back({"count", text, {"0", "1", "2"}});
    }
  }
  return alphabet;
}

TEST(PresenceTest, OneElementEqualsBruteForceOnAllSmallHistories) {
  for (const char* initial : {"", "[1]"}) {
    ExpectEachAnswer(CompareOnAllHistories(kPresence, Set(initial, 1, 1),
                                           AllHistoriesSize(4)));
  }
}

TEST(PresenceTest, TwoElementsEqualBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(
      CompareOnAllHistories(kPresence, Set("#{2}", 2, 1), AllHistoriesSize(3)));
}

TEST(PresenceTest, AMultisetEqualsBruteForceOnAllSmallHistories) {
  for (const char* initial : {"", "[1]"}) {
    ExpectEachAnswer(CompareOnAllHistories(kPresence, Multiset(initial, 1, 1),
                                           AllHistoriesSize(4)));
  }
}

TEST(PresenceTest, AnAdditionToAMultisetSaysNothing) {
  DeciderAlphabet alphabet = Multiset("", 1, 1);
  alphabet.letters.push_back({"add", "1", {"false", "true"}});
  ExpectEachAnswer(
      CompareOnAllHistories(kPresence, alphabet, AllHistoriesSize(3)));
}

// Who adds or removes `false` may get that back as the element, or as the
// answer.
TEST(PresenceTest, BooleansEqualBruteForceOnAllSmallHistories) {
  for (const char* element : {"false", "true"}) {
    const DeciderAlphabet alphabet{"set",
                                   "",
                                   {{"add", element, {"false", "true"}},
                                    {"remove", element, {"false", "true"}},
                                    {"contains", element, {"false", "true"}}}};
    ExpectEachAnswer(
        CompareOnAllHistories(kPresence, alphabet, AllHistoriesSize(4)));
  }
}

TEST(PresenceTest, WithoutAnArgumentTheElementIsNil) {
  const DeciderAlphabet alphabet{"set",
                                 "",
                                 {{"add", "", {"nil"}},
                                  {"remove", "nil", {"false", "true"}},
                                  {"contains", "", {"false", "true"}}}};
  ExpectEachAnswer(
      CompareOnAllHistories(kPresence, alphabet, AllHistoriesSize(4)));
}

TEST(PresenceTest, ElementsThatAreThereTwiceAtTheStartAreSearched) {
  const Tally tally = CompareOnAllHistories(kPresence, Multiset("[1 1]", 1, 1),
                                            AllHistoriesSize(2));
  EXPECT_EQ(tally.valid + tally.violation, 0u) << tally.ToString();
}

TEST(PresenceTest, ReadsOfTheWholeAreSearched) {
  DeciderAlphabet alphabet = Set("", 1, 0);
  alphabet.letters.push_back({"read", "nil", {"[]", "[1]"}});
  ExpectEachAnswer(
      CompareOnAllHistories(kPresence, alphabet, AllHistoriesSize(3)));
}

TEST(PresenceTest, EqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(kPresence, Set("[3]", 3, 6), 14,
                                            RandomHistoryCount(10'000), 1));
  ExpectEachAnswer(CompareOnRandomHistories(kPresence, Multiset("", 2, 6), 14,
                                            RandomHistoryCount(10'000), 2));
}

}  // namespace
}  // namespace minos::testing
