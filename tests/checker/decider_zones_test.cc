#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "checker/check.h"
#include "checker/decider.h"
#include "tests/support/decider_oracle.h"
#include "tests/support/history_dsl.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

// A register with the values 1 … `values`.
DeciderAlphabet Register(int values, std::string initial) {
  DeciderAlphabet alphabet{"register", std::move(initial), {}};
  DeciderLetter read{"read", "nil", {"nil"}};
  for (int value = 1; value <= values; ++value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back({"write", text, {text}});
    read.results.push_back(text);
  }
  alphabet.letters.push_back(read);
  return alphabet;
}

DeciderAlphabet CasRegister(int values, std::string initial) {
  DeciderAlphabet alphabet = Register(values, std::move(initial));
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

// A cas-register in which chains are likely: most values have one producer.
DeciderAlphabet Chains() {
  DeciderAlphabet alphabet{"cas-register", "", {}};
  DeciderLetter read{"read", "nil", {"nil"}};
  for (int value = 1; value <= 12; ++value) {
    const std::string text = std::to_string(value);
    read.results.push_back(text);
    if (value % 4 == 1) {
      alphabet.letters.push_back({"write", text, {text}});
    } else {
      const std::string pair =
          "[" + std::to_string(value - 1) + " " + text + "]";
      alphabet.letters.push_back({"cas", pair, {pair}});
    }
  }
  alphabet.letters.push_back({"cas", "[nil 20]", {"true"}});
  alphabet.letters.push_back({"cas", "[5 5]", {"true"}});
  alphabet.letters.push_back({"cas", "[5 9]", {"true"}});
  alphabet.letters.push_back({"cas", "[5 21]", {"true", "false"}});
  alphabet.letters.push_back(read);
  alphabet.letters.push_back(read);
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
                                            RandomHistoryCount(20'000), 1));
}

TEST(ZonesTest, CasRegisterEqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("cas-register"),
                                            CasRegister(7, "1"), 14,
                                            RandomHistoryCount(20'000), 2));
}

TEST(ZonesTest, ChainsOfCasEqualTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("cas-register"),
                                            Chains(), 14,
                                            RandomHistoryCount(20'000), 3));
}

// The result of checking `history` as `model` by `algorithm`.
absl::StatusOr<checker::CheckResult> Check(const history::History& history,
                                           const std::string& model,
                                           const std::string& algorithm) {
  checker::CheckOptions options;
  options.model = model;
  options.algorithm = algorithm;
  options.certificate = true;
  const auto verdict = checker::CheckHistory(history, options);
  if (!verdict.ok()) return verdict.status();
  return verdict->checks.front();
}

TEST(ZonesTest, AutoDecidesWhereReadsTellTheirWrites) {
  TestHistory history;
  history.Write(0, "1").Call(1, "write", "2").Read(0, "2").Info(1);
  const auto result = Check(history.Build(), "register", "auto");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->verdict, checker::Verdict::kValid);
  EXPECT_EQ(result->algorithm, "zones");
  EXPECT_THAT(result->linearization, ::testing::ElementsAre(0, 1, 2));
}

TEST(ZonesTest, WglNeverDecides) {
  const auto result =
      Check(TestHistory().Write(0, "1").Build(), "register", "wgl");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->algorithm, "wgl");
}

TEST(ZonesTest, AutoSearchesWhereAValueIsWrittenTwice) {
  const auto history =
      TestHistory().Write(0, "1").Write(0, "1").Read(0, "1").Build();
  const auto result = Check(history, "register", "auto");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->algorithm, "wgl");
}

TEST(ZonesTest, AutoDecidesWhereAValueIsWrittenAgainAfterItsLastRead) {
  const auto history =
      TestHistory().Write(0, "1").Read(0, "1").Write(0, "1").Build();
  const auto result = Check(history, "register", "auto");
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->algorithm, "zones");
}

TEST(ZonesTest, ForcedWhereItDoesNotApplyIsAnError) {
  const auto history =
      TestHistory().Write(0, "1").Write(0, "1").Read(0, "1").Build();
  EXPECT_THAT(
      std::string(Check(history, "register", "zones").status().message()),
      ::testing::AllOf(::testing::HasSubstr("`zones` does not apply"),
                       ::testing::HasSubstr("value 1"),
                       ::testing::HasSubstr("--algorithm auto")));
}

TEST(ZonesTest, ForcedForAnotherDataTypeIsAnError) {
  EXPECT_THAT(
      std::string(
          Check(TestHistory().Build(), "mutex", "zones").status().message()),
      ::testing::HasSubstr("`zones` does not decide a mutex"));
}

TEST(ZonesTest, AnUnknownAlgorithmIsAnErrorWithTheNearestName) {
  EXPECT_THAT(
      std::string(
          Check(TestHistory().Build(), "register", "zonse").status().message()),
      ::testing::HasSubstr("is `zones` meant?"));
}

TEST(ZonesTest, AViolationSaysWhy) {
  const auto history =
      TestHistory().Write(0, "1").Write(0, "2").Read(1, "1").Build();
  const auto result = Check(history, "register", "auto");
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->violations.size(), 1u);
  EXPECT_THAT(result->violations[0].core, ::testing::ElementsAre(0, 1, 2));
  EXPECT_THAT(result->violations[0].sentences[0],
              ::testing::HasSubstr("was produced only once"));
}

TEST(ZonesTest, NoMoreMemoryThanTheBudgetAllows) {
  TestHistory test;
  for (int i = 0; i < 1000; ++i) test.Write(0, std::to_string(i));
  const history::History history = test.Build();
  checker::CheckOptions options;
  options.model = "register";
  options.limits.memory_bytes = history.MemoryBytes() + 10'000;
  const auto verdict = checker::CheckHistory(history, options);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_EQ(verdict->verdict, checker::Verdict::kUnknown);
  EXPECT_EQ(verdict->checks.front().unknown->reason,
            checker::UnknownReason::kMemoryLimit);
}

}  // namespace
}  // namespace minos::testing
