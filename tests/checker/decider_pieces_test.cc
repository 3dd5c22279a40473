#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "checker/check.h"
#include "checker/decider.h"
#include "tests/support/decider_oracle.h"
#include "tests/support/history_dsl.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

// Appends to `results` `text` and everything that appends of different texts of
// `pieces` make of it.
void AddTexts(const std::string& text, const std::vector<std::string>& pieces,
              size_t length, std::vector<std::string>& results) {
  if (!text.empty()) results.push_back(Quoted(text));
  if (length == 0) return;
  for (const std::string& piece : pieces) {
    if (text.find(piece) != std::string::npos) continue;
    AddTexts(text + piece, pieces, length - 1, results);
  }
}

// A key to which `puts` are put and `appends` appended.
DeciderAlphabet Key(const std::vector<std::string>& puts,
                    const std::vector<std::string>& appends, size_t length,
                    std::string initial) {
  DeciderAlphabet alphabet{"kv", std::move(initial), {}};
  DeciderLetter get{"get", "nil", {"nil"}};
  AddTexts("", appends, length, get.results);
  for (const std::string& text : puts) {
    alphabet.letters.push_back({"put", Quoted(text), {Quoted(text)}});
    AddTexts(text, appends, length, get.results);
  }
  for (const std::string& text : appends) {
    alphabet.letters.push_back({"append", Quoted(text), {Quoted(text)}});
  }
  alphabet.letters.push_back(get);
  return alphabet;
}

TEST(PiecesTest, KeysEqualBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(
      *FindDecider("kv"), Key({"a"}, {"x", "y"}, 2, ""), AllHistoriesSize(4)));
}

TEST(PiecesTest, KeysThatAreThereAtTheStart) {
  ExpectEachAnswer(CompareOnAllHistories(
      *FindDecider("kv"), Key({"a"}, {"x"}, 1, "\"x\""), AllHistoriesSize(4)));
}

// "xx" can be put together in two ways.
TEST(PiecesTest, StringsThatDoNotTellTheirStoryAreSearched) {
  DeciderAlphabet alphabet = Key({"x", "xx"}, {"x"}, 1, "");
  alphabet.letters.push_back({"delete", "nil", {"nil"}});
  ExpectEachAnswer(
      CompareOnAllHistories(*FindDecider("kv"), alphabet, AllHistoriesSize(3)));
}

// Values of all kinds, and no appends.
TEST(PiecesTest, KeysWithCompareAndSet) {
  DeciderAlphabet alphabet{"kv", "", {}};
  alphabet.letters.push_back({"put", "1", {"1"}});
  alphabet.letters.push_back({"delete", "nil", {"nil"}});
  alphabet.letters.push_back({"cas", "[1 \"b\"]", {"true", "false"}});
  alphabet.letters.push_back({"cas", "[\"\" 1]", {"true"}});
  alphabet.letters.push_back({"cas", "[nil \"\"]", {"true"}});
  alphabet.letters.push_back({"get", "nil", {"nil", "\"\"", "1", "\"b\""}});
  ExpectEachAnswer(
      CompareOnAllHistories(*FindDecider("kv"), alphabet, AllHistoriesSize(3)));
}

TEST(PiecesTest, KeysEqualTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(
      *FindDecider("kv"),
      Key({"a", "b", "c", "d"}, {"w", "x", "y", "z"}, 2, ""), 14,
      RandomHistoryCount(20'000), 1));
}

TEST(PiecesTest, KeysThatOnlyGrowEqualTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(
      *FindDecider("kv"), Key({"a"}, {"u", "v", "w", "x", "y"}, 4, ""), 14,
      RandomHistoryCount(20'000), 2));
}

// Texts of which one begins with another, and one that ends with another.
TEST(PiecesTest, TextsThatOverlapEqualTheSearchOnRandomHistories) {
  DeciderAlphabet alphabet = Key({"a", "ab"}, {"b", "c", "bc"}, 2, "");
  alphabet.letters.push_back({"delete", "nil", {"nil"}});
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("kv"), alphabet, 10,
                                            RandomHistoryCount(20'000), 3));
}

}  // namespace
}  // namespace minos::testing
