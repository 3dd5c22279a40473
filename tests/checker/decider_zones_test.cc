#include <gtest/gtest.h>

#include "checker/decider.h"
#include "tests/support/decider_oracle.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

// A register with the values 1 … `values`.
Alphabet Register(int values, std::string initial) {
  Alphabet alphabet{"register", std::move(initial), {}};
  Letter read{"read", "nil", {"nil"}};
  for (int value = 1; value <= values; ++value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back({"write", text, {text}});
    read.results.push_back(text);
  }
  alphabet.letters.push_back(read);
  return alphabet;
}

Alphabet CasRegister(int values, std::string initial) {
  Alphabet alphabet = Register(values, std::move(initial));
  alphabet.model = "cas-register";
  for (int from = 0; from <= values; ++from) {
    for (int to = 1; to <= values; ++to) {
      const std::string pair = "[" +
                               (from == 0 ? "nil" : std::to_string(from)) +
                               " " + std::to_string(to) + "]";
      alphabet.letters.push_back({"cas", pair, {pair}});
    }
  }
  return alphabet;
}

TEST(ZonesTest, RegisterEqualsBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("register"),
                                         Register(2, ""), AllHistoriesSize(4)));
}

TEST(ZonesTest, RegisterWithAnInitialValueThatIsWrittenAgain) {
  ExpectEachAnswer(CompareOnAllHistories(
      *FindDecider("register"), Register(2, "1"), AllHistoriesSize(4)));
}

TEST(ZonesTest, CasRegisterEqualsBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(
      *FindDecider("cas-register"), CasRegister(2, ""), AllHistoriesSize(3)));
}

TEST(ZonesTest, RegisterEqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("register"),
                                            Register(9, ""), 14,
                                            RandomHistoryCount(50'000), 1));
}

TEST(ZonesTest, CasRegisterEqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("cas-register"),
                                            CasRegister(7, "1"), 14,
                                            RandomHistoryCount(50'000), 2));
}

}  // namespace
}  // namespace minos::testing
