// Counters under the models of visibility: named histories. The definitions on
// tiny ones are in collection_oracle_test.cc.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "tests/support/history_dsl.h"
#include "tests/support/tiny_history.h"

namespace minos::checker {
namespace {

using history::History;
using testing::TestHistory;

CheckResult Check(const History& history, const std::string& consistency,
                  CheckOptions options = {}) {
  options.model = "counter";
  options.consistencies = {consistency};
  const auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front();
}

// ---- Eventual

TEST(EventualCounterTest, FinalReadsCountEveryAddition) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Ok(1, "add", "3", "3").Ok(2, "decrement", "1", "1");
  h.Fault("heal");
  h.Read(0, "4").Read(1, "4");
  EXPECT_EQ(Check(h.Build(), "eventual").verdict, Verdict::kValid);
}

TEST(EventualCounterTest, ALostAdditionIsAViolation) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Ok(1, "add", "3", "3").Fault("heal");
  h.Read(0, "3").Read(1, "3");
  const CheckResult result = Check(h.Build(), "eventual");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().kind, "wrong-total");
}

TEST(EventualCounterTest, AnInfoAdditionMayCountOrNot) {
  for (const char* sum : {"2", "5"}) {
    TestHistory h;
    h.Ok(0, "add", "2", "2").Call(1, "add", "3").Info(1);
    h.Fault("heal").Read(0, sum).Read(2, sum);
    EXPECT_EQ(Check(h.Build(), "eventual").verdict, Verdict::kValid) << sum;
  }
  TestHistory h;
  h.Ok(0, "add", "2", "2").Call(1, "add", "3").Info(1);
  h.Fault("heal").Read(0, "4").Read(2, "4");
  EXPECT_EQ(Check(h.Build(), "eventual").verdict, Verdict::kViolation);
}

TEST(EventualCounterTest, AFailedAdditionNeverCounts) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Call(1, "add", "3").Fail(1);
  h.Fault("heal").Read(0, "5").Read(2, "5");
  EXPECT_EQ(Check(h.Build(), "eventual").verdict, Verdict::kViolation);
}

TEST(EventualCounterTest, FinalReadsThatDisagreeAreAViolation) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Call(1, "add", "3").Info(1);
  h.Fault("heal").Read(0, "2").Read(2, "5");
  EXPECT_EQ(Check(h.Build(), "eventual").violations.front().kind, "divergence");
}

// ---- Increments only: at least the own total, and never falling

TEST(CounterSessionTest, ReadingLessThanTheOwnTotalBreaksReadYourWrites) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Ok(0, "increment", "nil", "nil").Read(0, "2");
  const CheckResult result = Check(h.Build(), "read-your-writes");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().kind, "own-updates-not-seen");
  EXPECT_EQ(result.violations.front().core.size(), 3u);
}

TEST(CounterSessionTest, OthersMakeUpForNothingOfOnesOwn) {
  TestHistory h;
  h.Ok(1, "add", "5", "5").Ok(0, "add", "3", "3").Read(0, "5");
  EXPECT_EQ(Check(h.Build(), "read-your-writes").verdict, Verdict::kViolation);
}

TEST(CounterSessionTest, FallingBreaksMonotonicReads) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Read(1, "2").Read(1, "0");
  const CheckResult result = Check(h.Build(), "monotonic-reads");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().kind, "update-forgotten");
}

TEST(CounterSessionTest, GrowingByWhatNobodyAddsBreaksMonotonicReads) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Ok(1, "add", "3", "3");
  h.Read(2, "2").Read(2, "3");
  EXPECT_EQ(Check(h.Build(), "monotonic-reads").verdict, Verdict::kViolation);
}

// ---- Eventual, what the final reads cannot have counted

TEST(EventualCounterTest, ASumThatNobodyMakesIsThinAirAlsoBeforeTheEnd) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Read(1, "3").Fault("heal").Read(1, "2");
  const CheckResult result = Check(h.Build(), "eventual");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().kind, "thin-air-read");
  TestHistory subset;
  subset.Ok(0, "add", "2", "2").Ok(0, "add", "3", "3").Read(1, "3");
  subset.Fault("heal").Read(1, "5");
  EXPECT_EQ(Check(subset.Build(), "eventual").verdict, Verdict::kValid);
}

TEST(EventualCounterTest, AFinalReadCannotCountWhatIsCalledLater) {
  const testing::TinyHistory tiny = {
      {.value = 2, .outcome = history::Outcome::kInfo, .call = 0, .ret = 1},
      {.session = 1,
       .is_read = true,
       .value = 2,
       .call = 2,
       .ret = 3,
       .is_final = true},
      {.session = 2, .value = 2, .call = 4, .ret = 5},
  };
  const CheckResult result =
      Check(ToHistory(tiny, testing::TinyType::kCounter), "eventual");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().kind, "update-lost");
}

// ---- Orders of additions

// One counted the 1, the other the 2, and neither comes first.
TEST(CounterMemoryTest, OverlappingReadsOfASessionShareAnOrder) {
  const auto verdict = [](int second_sum) {
    const testing::TinyHistory tiny = {
        {.session = 1, .value = 1, .call = 0, .ret = 1},
        {.session = 2, .value = 2, .call = 2, .ret = 3},
        {.session = 0, .is_read = true, .value = 1, .call = 4, .ret = 7},
        {.session = 0,
         .is_read = true,
         .value = second_sum,
         .call = 5,
         .ret = 6},
    };
    const History history = ToHistory(tiny, testing::TinyType::kCounter);
    EXPECT_EQ(Check(history, "causal").verdict, Verdict::kValid);
    return Check(history, "causal-memory").verdict;
  };
  EXPECT_EQ(verdict(3), Verdict::kValid);
  EXPECT_EQ(verdict(2), Verdict::kViolation);
}

TEST(CounterMemoryTest, TooManyChoicesAreUnknownWithAdvice) {
  testing::TinyHistory tiny;
  int position = 0;
  for (int i = 0; i < 40; ++i) {
    tiny.push_back({.session = 1 + i % 3,
                    .value = (1 << 20) + i,
                    .call = position,
                    .ret = position + 1});
    position += 2;
  }
  int sum = 0;
  for (int i = 0; i < 20; ++i) sum += tiny[static_cast<size_t>(i)].value;
  tiny.push_back(
      {.is_read = true, .value = sum, .call = position, .ret = position + 3});
  tiny.push_back({.is_read = true,
                  .value = sum + 1,
                  .call = position + 1,
                  .ret = position + 2});
  const CheckResult result =
      Check(ToHistory(tiny, testing::TinyType::kCounter), "causal-memory");
  ASSERT_EQ(result.verdict, Verdict::kUnknown);
  EXPECT_EQ(result.unknown->reason, UnknownReason::kAmbiguousValues);
  EXPECT_FALSE(result.unknown->advice.empty());
}

TEST(CounterOrderTest, ToAddNothingIsNoReadOfTheFuture) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Ok(0, "add", "0", "0");
  h.Ok(1, "add", "1", "1").Read(1, "1");
  EXPECT_EQ(Check(h.Build(), "sequential").verdict, Verdict::kValid);
}

// The sum 3 is that of an addition which was called only afterwards.
TEST(CounterOrderTest, AnAdditionThatReturnsItsSumReadsNoFuture) {
  TestHistory h;
  h.Ok(0, "add-and-get", "1", "[1 3]").Ok(1, "add", "2", "2");
  EXPECT_EQ(Check(h.Build(), "sequential").verdict, Verdict::kViolation);
}

// ---- Up and down: intervals

TEST(CounterSessionTest, FallingIsFineWhereSomebodyTookAway) {
  TestHistory h;
  h.Ok(0, "add", "5", "5").Ok(1, "decrement", "2", "2");
  h.Read(2, "5").Read(2, "3");
  EXPECT_EQ(Check(h.Build(), "monotonic-reads").verdict, Verdict::kValid);
  TestHistory further;
  further.Ok(0, "add", "5", "5").Ok(1, "decrement", "2", "2");
  further.Read(2, "5").Read(2, "2");
  EXPECT_EQ(Check(further.Build(), "monotonic-reads").verdict,
            Verdict::kViolation);
}

TEST(CounterSessionTest, ASumThatNobodyMakesIsThinAirUnderEveryModel) {
  TestHistory h;
  h.Ok(0, "add", "2", "2").Call(1, "add", "1").Fail(1).Read(2, "3");
  const History history = h.Build();
  for (const ConsistencyInfo& info : AllConsistencies()) {
    if (info.family != ConsistencyFamily::kSession &&
        info.family != ConsistencyFamily::kCausal) {
      continue;
    }
    const CheckResult result = Check(history, std::string(info.name));
    ASSERT_EQ(result.verdict, Verdict::kViolation) << info.name;
    EXPECT_EQ(result.violations.front().kind, "thin-air-read") << info.name;
  }
}

TEST(CounterCausalTest, AnAnswerIsNotSeenWithoutWhatItAnswers) {
  TestHistory h;
  h.Ok(0, "add", "1", "1", "x").Read(1, "1", "x").Ok(1, "add", "1", "1", "y");
  h.Read(2, "1", "y").Read(2, "0", "x");
  const History history = h.Build();
  EXPECT_EQ(Check(history, "causal").verdict, Verdict::kViolation);
  EXPECT_EQ(Check(history, "writes-follow-reads").verdict, Verdict::kViolation);
  EXPECT_EQ(Check(history, "pram").verdict, Verdict::kValid);
}

TEST(CounterSumTest, AnAdditionThatReturnsTheSumSeesItself) {
  TestHistory h;
  h.Ok(0, "add-and-get", "2", "[2 5]").Ok(1, "add", "3", "3");
  EXPECT_EQ(Check(h.Build(), "monotonic-reads").verdict, Verdict::kViolation);
  TestHistory seen;
  seen.Ok(1, "add", "3", "3").Ok(0, "add-and-get", "2", "5");
  EXPECT_EQ(Check(seen.Build(), "monotonic-reads").verdict, Verdict::kValid);
  TestHistory blind;
  blind.Ok(1, "add", "3", "3").Ok(0, "add-and-get", "2", "3");
  EXPECT_EQ(Check(blind.Build(), "monotonic-reads").verdict,
            Verdict::kViolation);
}

TEST(CounterSumTest, TooManyChoicesAreUnknownWithAdvice) {
  // The sum takes 20 of 40 amounts, and whichever it is not quite right.
  TestHistory h;
  for (int64_t i = 0; i < 40; ++i) {
    h.Ok(i % 3, "add", std::to_string((int64_t{1} << 30) + 1000 * i), "nil");
  }
  h.Read(5, std::to_string((int64_t{20} << 30) + 504));
  const CheckResult result = Check(h.Build(), "monotonic-reads");
  ASSERT_EQ(result.verdict, Verdict::kUnknown);
  EXPECT_EQ(result.unknown->reason, UnknownReason::kAmbiguousValues);
  EXPECT_NE(result.unknown->advice.find("version"), std::string::npos);
}

}  // namespace
}  // namespace minos::checker
