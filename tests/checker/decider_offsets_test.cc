#include <gtest/gtest.h>

#include <string>

#include "checker/deciders/deciders.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::kOffsets;

DeciderLetter Append(const std::string& value, int largest_offset) {
  DeciderLetter append{"append", value, {}};
  for (int offset = 0; offset <= largest_offset; ++offset) {
    append.results.push_back(std::to_string(offset));
  }
  return append;
}

DeciderLetter ReadAt(const std::string& offset, int values) {
  DeciderLetter read{"read", offset, {"nil"}};
  for (int value = 1; value <= values; ++value) {
    read.results.push_back(std::to_string(value));
  }
  return read;
}

DeciderLetter ReadAll(std::vector<std::string> results) {
  return {"read", "nil", std::move(results)};
}

TEST(OffsetsTest, AppendsThatTellEqualBruteForceOnAllSmallHistories) {
  for (const char* initial : {"", "[7]"}) {
    const DeciderAlphabet alphabet{
        "log", initial, {Append("1", 2), Append("2", 2), ReadAt("1", 2)}};
    ExpectEachAnswer(
        CompareOnAllHistories(kOffsets, alphabet, AllHistoriesSize(4) - 1));
  }
}

TEST(OffsetsTest, AppendsThatDoNotTellEqualBruteForceOnAllSmallHistories) {
  const DeciderAlphabet alphabet{"log",
                                 "",
                                 {{"append", "1", {"nil"}},
                                  {"append", "2", {"nil", "1"}},
                                  ReadAll({"[]", "[1]", "[2 1]"}),
                                  ReadAt("1", 1)}};
  ExpectEachAnswer(
      CompareOnAllHistories(kOffsets, alphabet, AllHistoriesSize(4) - 1));
}

TEST(OffsetsTest, EqualsTheSearchOnRandomHistories) {
  DeciderAlphabet alphabet{"log", "", {}};
  for (int value = 1; value <= 8; ++value) {
    alphabet.letters.push_back(Append(std::to_string(value), 7));
  }
  for (int offset = 0; offset < 6; ++offset) {
    alphabet.letters.push_back(ReadAt(std::to_string(offset), 8));
  }
  ExpectEachAnswer(CompareOnRandomHistories(kOffsets, alphabet, 14,
                                            RandomHistoryCount(10'000), 1));
}

TEST(OffsetsTest, HolesEqualTheSearchOnRandomHistories) {
  DeciderAlphabet alphabet{"log", "", {}};
  for (int value = 1; value <= 8; ++value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back(value % 2 == 0
                                   ? Append(text, 7)
                                   : DeciderLetter{"append", text, {"nil"}});
  }
  for (int offset = 0; offset < 3; ++offset) {
    DeciderLetter read = ReadAt(std::to_string(offset), 8);
    read.results.erase(read.results.begin());
    alphabet.letters.push_back(read);
  }
  alphabet.letters.push_back(
      ReadAll({"[]", "[1]", "[2]", "[3]", "[1 2]", "[2 1]", "[3 4]", "[4 3]"}));
  ExpectEachAnswer(CompareOnRandomHistories(kOffsets, alphabet, 14,
                                            RandomHistoryCount(10'000), 2));
}

}  // namespace
}  // namespace minos::testing
