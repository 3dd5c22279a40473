// Lists and sets under the models of visibility: named histories, and the
// definitions on tiny ones, with unique and with repeated elements.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/check.h"
#include "tests/support/history_dsl.h"
#include "tests/support/tiny_histories.h"
#include "tests/support/visibility_oracle.h"

namespace minos::checker {
namespace {

using history::History;
using testing::IsLongRun;
using testing::OracleAllows;
using testing::OracleAllowsDelta;
using testing::OracleAllowsGiven;
using testing::PlausibleTinyHistoryOf;
using testing::TestHistory;
using testing::TinyArbitration;
using testing::TinyHistory;
using testing::TinyRandom;
using testing::TinyType;

CheckResult Check(const History& history, const std::string& model,
                  const std::string& consistency, CheckOptions options = {}) {
  options.model = model;
  options.consistencies = {consistency};
  const auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front();
}

TestHistory& Append(TestHistory& h, int process, const std::string& element) {
  return h.Ok(process, "append", element, element, "x");
}
TestHistory& Add(TestHistory& h, int process, const std::string& element) {
  return h.Ok(process, "add", element, element, "x");
}

// ---- Repeated elements

TEST(RepeatedElementTest, ASetMayShowItFromEitherAdd) {
  TestHistory h;
  Add(h, 0, "1");
  Add(h, 1, "2");
  Add(h, 1, "1");
  h.Read(2, "[1]", "x");
  // From process 0 nothing else need be seen.
  EXPECT_EQ(Check(h.Build(), "g-set", "causal").verdict, Verdict::kValid);
}

TEST(RepeatedElementTest, ASetThatNeitherAddExplainsIsAViolation) {
  TestHistory h;
  Add(h, 0, "3");
  Add(h, 0, "1");
  Add(h, 1, "2");
  Add(h, 1, "1");
  h.Read(2, "[1]", "x");
  EXPECT_EQ(Check(h.Build(), "g-set", "pram").verdict, Verdict::kViolation);
}

TEST(RepeatedElementTest, AListShowsAnElementAsOftenAsItWasAppended) {
  TestHistory h;
  Append(h, 0, "1");
  h.Read(2, "[1 1]", "x");
  const CheckResult result = Check(h.Build(), "list-append", "monotonic-reads");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().kind, "repeated-element");
  TestHistory twice;
  Append(twice, 0, "1");
  Append(twice, 1, "1");
  twice.Read(2, "[1 1]", "x");
  EXPECT_EQ(Check(twice.Build(), "list-append", "monotonic-reads").verdict,
            Verdict::kValid);
}

TEST(RepeatedElementTest, AListThatLostAnEqualElementIsAViolation) {
  TestHistory h;
  Append(h, 0, "1");
  Append(h, 1, "1");
  h.Read(2, "[1 1]", "x").Read(2, "[1]", "x");
  EXPECT_EQ(Check(h.Build(), "list-append", "monotonic-reads").verdict,
            Verdict::kViolation);
}

TEST(RepeatedElementTest, TooManyChoicesAreUnknownWithAdvice) {
  TestHistory h;
  // Each session sees the elements in an order of its own making.
  for (int i = 0; i < 60; ++i) Append(h, i % 6, i % 2 == 0 ? "1" : "2");
  std::string list;
  for (int i = 0; i < 30; ++i) list += i % 3 == 0 ? "2 " : "1 ";
  h.Read(7, "[" + list.substr(0, 58) + "]", "x");
  h.Read(8, "[2 1 2 1 1 1 2 2 1 2 1 1 1 2 2 2]", "x");
  const CheckResult result = Check(h.Build(), "list-append", "sequential");
  if (result.verdict == Verdict::kUnknown) {
    EXPECT_FALSE(result.unknown->advice.empty());
  }
}

TEST(InitialElementsTest, AreNotThinAir) {
  CheckOptions options;
  TestHistory h;
  Append(h, 0, "2");
  h.Read(1, "[7 2]", "x").Read(1, "[2]", "x");
  History history = h.Build();
  const history::ValueId seven = history.mutable_values().Integer(7);
  options.initial = history.mutable_values().List({&seven, 1});
  const CheckResult result =
      Check(history, "list-append", "monotonic-reads", options);
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations.front().kind, "initial-elements-missing");
}

// ---- Removals

TEST(RemovalTest, FinalReadsAgreeAndKeepWhatNobodyRemoved) {
  const auto verdict = [](const char* first, const char* second) {
    TestHistory h;
    Add(h, 0, "1");
    Add(h, 0, "2");
    h.Ok(1, "remove", "1", "1", "x").Fault("heal");
    h.Read(2, first, "x").Read(3, second, "x");
    return Check(h.Build(), "set", "eventual").verdict;
  };
  // Whether the removal had seen the add is not known.
  EXPECT_EQ(verdict("[2]", "[2]"), Verdict::kValid);
  EXPECT_EQ(verdict("[1 2]", "[2 1]"), Verdict::kValid);
  EXPECT_EQ(verdict("[1 2]", "[2]"), Verdict::kViolation);
  EXPECT_EQ(verdict("[1]", "[1]"), Verdict::kViolation);
  EXPECT_EQ(verdict("[2 3]", "[2 3]"), Verdict::kViolation);
}

TEST(RemovalTest, OtherModelsSayThatTheyCannotTell) {
  TestHistory h;
  Add(h, 0, "1");
  h.Ok(1, "remove", "1", "1", "x").Read(2, "[]", "x");
  const History history = h.Build();
  for (const char* model : {"causal", "session", "strong-eventual"}) {
    const CheckResult result = Check(history, "set", model);
    ASSERT_EQ(result.verdict, Verdict::kUnknown) << model;
    EXPECT_EQ(result.unknown->reason, UnknownReason::kUnsupported) << model;
    EXPECT_FALSE(result.unknown->advice.empty()) << model;
  }
  EXPECT_EQ(Check(history, "set", "sequential").verdict, Verdict::kValid);
}

// ---- Orders

TEST(ListOrderTest, AListThatGrowsInFrontIsNoCausalMemory) {
  TestHistory h;
  Append(h, 0, "1");
  Append(h, 1, "2");
  h.Read(2, "[2]", "x").Read(2, "[1 2]", "x");
  const History history = h.Build();
  EXPECT_EQ(Check(history, "list-append", "session").verdict, Verdict::kValid);
  const CheckResult memory = Check(history, "list-append", "causal-memory");
  ASSERT_EQ(memory.verdict, Verdict::kViolation);
  ASSERT_FALSE(memory.violations.front().cycle.empty());
  EXPECT_EQ(memory.violations.front().kind, "serialization-cycle");
}

TEST(ListOrderTest, TwoOrdersForTwoSessionsAreCausalMemoryButNotSequential) {
  TestHistory h;
  Append(h, 0, "1");
  Append(h, 1, "2");
  h.Read(2, "[1 2]", "x").Read(3, "[2 1]", "x");
  const History history = h.Build();
  EXPECT_EQ(Check(history, "list-append", "causal-memory").verdict,
            Verdict::kValid);
  const CheckResult sequential = Check(history, "list-append", "sequential");
  EXPECT_EQ(sequential.verdict, Verdict::kViolation);
  EXPECT_EQ(sequential.algorithm, "forced-order");
  EXPECT_EQ(sequential.violations.front().cycle.size(), 2u);
}

// ---- The definitions

Verdict VerdictOf(bool allowed) {
  return allowed ? Verdict::kValid : Verdict::kViolation;
}

class CollectionOracleTest : public ::testing::TestWithParam<TinyType> {
 protected:
  const char* Model() const {
    return GetParam() == TinyType::kSet    ? "g-set"
           : GetParam() == TinyType::kList ? "list-append"
                                           : "counter";
  }

  void Compare(const TinyHistory& tiny, const std::string& model, bool bare) {
    CheckOptions options;
    options.explain = false;
    if (bare) options.assume = std::vector<std::string>{"none"};
    ASSERT_EQ(
        Check(ToHistory(tiny, GetParam()), Model(), model, options).verdict,
        VerdictOf(
            OracleAllows(tiny, model, TinyArbitration::kSession, GetParam())))
        << model << "\n"
        << ToString(tiny);
  }

  void CompareGiven(const TinyHistory& tiny, const std::string& model) {
    bool skipped = false;
    const bool allowed =
        OracleAllowsGiven(tiny, model, "monotonic-reads", skipped, GetParam());
    CheckOptions options;
    options.explain = false;
    ASSERT_EQ(
        Check(ToHistory(tiny, GetParam()), Model(), model, options).verdict,
        skipped ? Verdict::kUnknown : VerdictOf(allowed))
        << model << " given monotonic reads\n"
        << ToString(tiny);
  }
};

TEST_P(CollectionOracleTest, GuaranteesOfRandomHistoriesAgree) {
  TinyRandom random(31);
  const int runs = IsLongRun() ? 200000 : 1000;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    const TinyHistory tiny =
        PlausibleTinyHistoryOf(GetParam(), random, 7, i % 3 != 0);
    for (const char* model :
         {"read-your-writes", "monotonic-reads", "monotonic-writes",
          "writes-follow-reads", "pram", "session",
          "read-your-writes+writes-follow-reads",
          "monotonic-reads+writes-follow-reads", "coherence"}) {
      Compare(tiny, model, true);
    }
    CompareGiven(tiny, "monotonic-writes");
    CompareGiven(tiny, "writes-follow-reads");
  }
}

TEST_P(CollectionOracleTest, CausalModelsOfRandomHistoriesAgree) {
  TinyRandom random(32);
  const int runs = IsLongRun() ? 100000 : 300;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    const TinyHistory tiny =
        PlausibleTinyHistoryOf(GetParam(), random, 5, i % 3 != 0);
    for (const char* model :
         {"causal", "causal-convergence", "causal-memory", "sequential"}) {
      Compare(tiny, model, true);
    }
  }
}

TEST_P(CollectionOracleTest, StalenessOfRandomHistoriesAgrees) {
  TinyRandom random(33);
  const int runs = IsLongRun() ? 100000 : 800;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    const TinyHistory tiny =
        PlausibleTinyHistoryOf(GetParam(), random, 6, i % 3 != 0);
    const History history = ToHistory(tiny, GetParam());
    const std::string k = std::to_string(1 + random.Below(3));
    ASSERT_EQ(Check(history, Model(), "bounded-staleness=k:" + k).verdict,
              VerdictOf(OracleAllows(tiny, "k:" + k, TinyArbitration::kSession,
                                     GetParam())))
        << k << "\n"
        << ToString(tiny);
    const int delta = random.Below(6);
    const std::string bound = std::to_string(delta * 10 + 5) + "ns";
    ASSERT_EQ(Check(history, Model(), "bounded-staleness=t:" + bound).verdict,
              VerdictOf(OracleAllowsDelta(tiny, 2 * delta + 1, GetParam())))
        << bound << "\n"
        << ToString(tiny);
  }
}

INSTANTIATE_TEST_SUITE_P(Types, CollectionOracleTest,
                         ::testing::Values(TinyType::kSet, TinyType::kList,
                                           TinyType::kCounter),
                         [](const auto& info) {
                           return info.param == TinyType::kSet    ? "Set"
                                  : info.param == TinyType::kList ? "List"
                                                                  : "Counter";
                         });

}  // namespace
}  // namespace minos::checker
