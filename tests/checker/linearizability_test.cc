#include "checker/linearizability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "checker/check.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "tests/support/history_dsl.h"

namespace minos::checker {
namespace {

using history::History;
using minos::testing::TestHistory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

CheckResult Check(const History& history, const std::string& model,
                  CheckOptions options = {}) {
  options.model = model;
  auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  if (!verdict.ok()) return {};
  return verdict->checks.front();
}

TEST(Linearizable, AnEmptyHistoryIsValid) {
  EXPECT_EQ(Check(TestHistory().Build(), "register").verdict, Verdict::kValid);
}

TEST(Linearizable, AReadOfTheLastWriteIsValid) {
  const History history = TestHistory().Write(0, "1").Read(1, "1").Build();
  EXPECT_EQ(Check(history, "register").verdict, Verdict::kValid);
}

TEST(Linearizable, AStaleReadIsAViolation) {
  const History history =
      TestHistory().Write(0, "1").Write(0, "2").Read(1, "1").Build();
  const CheckResult result = Check(history, "register");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_THAT(result.violations[0].core, ElementsAre(0, 1, 2));
  EXPECT_EQ(result.violations[0].culprit, 2u);
  EXPECT_EQ(result.violations[0].prefix_events, 6u);
}

TEST(Linearizable, AReadThatOverlapsTheWriteMayMissIt) {
  TestHistory history;
  history.Write(0, "1").Call(0, "write", "2");
  history.Read(1, "1").Read(1, "2").Return(0, "2");
  EXPECT_EQ(Check(history.Build(), "register").verdict, Verdict::kValid);
}

TEST(Linearizable, ReadsThatFollowEachOtherMustNotGoBack) {
  TestHistory history;
  history.Write(0, "1").Call(0, "write", "2");
  history.Read(1, "2").Read(1, "1").Return(0, "2");
  const CheckResult result = Check(history.Build(), "register");
  EXPECT_EQ(result.verdict, Verdict::kViolation);
}

TEST(Linearizable, AnInfoWriteMayTakeEffectLateOrNever) {
  EXPECT_EQ(Check(TestHistory()
                      .Write(0, "1")
                      .Call(2, "write", "2")
                      .Info(2)
                      .Read(1, "1")
                      .Read(1, "2")
                      .Build(),
                  "register")
                .verdict,
            Verdict::kValid);
}

TEST(Linearizable, AnInfoWriteTakesEffectOnceOnly) {
  const History history = TestHistory()
                              .Write(0, "1")
                              .Call(2, "write", "2")
                              .Info(2)
                              .Read(1, "2")
                              .Write(0, "3")
                              .Read(1, "2")
                              .Build();
  EXPECT_EQ(Check(history, "register").verdict, Verdict::kViolation);
}

TEST(Linearizable, EqualInfoWritesTakeEffectAsOftenAsTheyWereCalled) {
  TestHistory history;
  history.Call(2, "write", "2").Info(2).Call(3, "write", "2").Info(3);
  history.Read(1, "2").Write(0, "3").Read(1, "2");
  EXPECT_EQ(Check(history.Build(), "register").verdict, Verdict::kValid);
}

TEST(Linearizable, AnInfoWriteDoesNotTakeEffectBeforeItsCall) {
  const History history =
      TestHistory().Read(1, "2").Call(2, "write", "2").Info(2).Build();
  EXPECT_EQ(Check(history, "register").verdict, Verdict::kViolation);
}

TEST(Linearizable, AFailedWriteDidNotHappen) {
  const History history =
      TestHistory().Call(0, "write", "1").Fail(0).Read(1, "1").Build();
  EXPECT_EQ(Check(history, "register").verdict, Verdict::kViolation);
}

TEST(Linearizable, AValueThatNobodyWroteIsCertainAtItsReturn) {
  TestHistory history;
  history.Write(0, "1").Read(1, "7").Write(0, "2").Read(1, "1");
  const CheckResult result = Check(history.Build(), "register");
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].culprit, 1u);
  EXPECT_THAT(result.violations[0].core, ElementsAre(1));
}

TEST(Linearizable, TheViolationEndsTheSmallestViolatedPrefix) {
  TestHistory history;
  history.Write(0, "1").Write(0, "2").Read(1, "1");  // certain here
  history.Write(0, "3").Read(1, "7").Read(1, "1");
  const CheckResult result = Check(history.Build(), "register");
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].culprit, 2u);
}

TEST(Linearizable, KeysAreJudgedApart) {
  TestHistory history;
  history.Write(0, "1", "\"x\"").Write(0, "2", "\"y\"");
  history.Read(1, "1", "\"x\"").Read(1, "2", "\"y\"").Read(1, "3", "\"y\"");
  const CheckResult result = Check(history.Build(), "register");
  EXPECT_EQ(result.partitions, 2u);
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].core.back(), 4u);
}

TEST(Linearizable, MoreThreadsGiveTheSameAnswer) {
  TestHistory builder;
  for (int i = 0; i < 20; ++i) {
    const std::string key = std::to_string(i);
    builder.Write(0, "1", key).Write(1, "2", key);
    builder.Read(2, i % 3 == 0 ? "1" : "2", key);
  }
  const History history = builder.Build();
  CheckOptions one;
  CheckOptions four;
  four.limits.threads = 4;
  const CheckResult a = Check(history, "register", one);
  const CheckResult b = Check(history, "register", four);
  ASSERT_EQ(a.violations.size(), b.violations.size());
  EXPECT_EQ(a.notes, b.notes);
  for (size_t i = 0; i < a.violations.size(); ++i) {
    EXPECT_EQ(a.violations[i].core, b.violations[i].core);
  }
}

TEST(Linearizable, ACoreLeavesOutWhatDoesNotMatter) {
  TestHistory builder;
  for (int i = 0; i < 50; ++i) {
    builder.Write(i % 3, std::to_string(i)).Read(3, std::to_string(i));
  }
  builder.Read(4, "7");
  const CheckResult result = Check(builder.Build(), "register");
  ASSERT_EQ(result.violations.size(), 1u);
  // The write of 7, one that overwrote it, and the read.
  EXPECT_EQ(result.violations[0].core.size(), 3u);
  EXPECT_EQ(result.violations[0].core.front(), 14u);
  EXPECT_EQ(result.violations[0].core.back(), 100u);
}

TEST(Linearizable, AnImpasseSaysWhyTheCulpritDoesNotFit) {
  const History history =
      TestHistory().Write(0, "1").Write(0, "2").Read(1, "1").Build();
  const CheckResult result = Check(history, "register");
  ASSERT_EQ(result.violations.size(), 1u);
  ASSERT_EQ(result.violations[0].impasses.size(), 1u);
  const Impasse& impasse = result.violations[0].impasses[0];
  EXPECT_EQ(impasse.state, "the value is 2");
  ASSERT_EQ(impasse.refusals.size(), 1u);
  EXPECT_THAT(impasse.refusals[0].reason, HasSubstr("1"));
}

TEST(Linearizable, ACertificateOrdersWhatTookEffect) {
  TestHistory builder;
  builder.Call(0, "write", "1").Call(2, "write", "9");
  builder.Read(1, "nil").Read(1, "9").Read(1, "1").Info(2).Return(0, "1");
  CheckOptions options;
  options.certificate = true;
  const CheckResult result = Check(builder.Build(), "register", options);
  EXPECT_THAT(result.linearization, ElementsAre(2, 1, 3, 0, 4));
}

TEST(Linearizable, ATimeLimitOfNothingIsUnknown) {
  TestHistory builder;
  builder.Call(0, "write", "1").Call(1, "write", "2").Read(2, "1");
  builder.Return(0).Return(1).Read(2, "2");
  CheckOptions options;
  options.limits.time = std::chrono::nanoseconds(0);
  const CheckResult result = Check(builder.Build(), "register", options);
  EXPECT_EQ(result.verdict, Verdict::kUnknown);
  ASSERT_TRUE(result.unknown.has_value());
  EXPECT_EQ(result.unknown->reason, UnknownReason::kTimeLimit);
}

TEST(Linearizable, AMemoryLimitBelowTheHistoryIsUnknown) {
  const History history = TestHistory().Write(0, "1").Build();
  CheckOptions options;
  options.limits.memory_bytes = 1;
  const CheckResult result = Check(history, "register", options);
  EXPECT_EQ(result.verdict, Verdict::kUnknown);
  ASSERT_TRUE(result.unknown.has_value());
  EXPECT_EQ(result.unknown->reason, UnknownReason::kMemoryLimit);
}

TEST(Linearizable, TheDataTypeIsToldFromTheFunctions) {
  const History history = TestHistory().Write(0, "1").Read(1, "1").Build();
  EXPECT_EQ(Check(history, "auto").model, "register");
}

TEST(Linearizable, AnUnknownDataTypeIsRefusedWithTheNearest) {
  CheckOptions options;
  options.model = "regster";
  const auto verdict = CheckHistory(TestHistory().Build(), options);
  ASSERT_FALSE(verdict.ok());
  EXPECT_THAT(std::string(verdict.status().message()), HasSubstr("register"));
}

}  // namespace
}  // namespace minos::checker
