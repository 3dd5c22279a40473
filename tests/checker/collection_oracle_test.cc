// Lists and sets under the models of visibility: named histories, and the
// definitions on tiny ones, with unique and with repeated elements.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "checker/check.h"
#include "tests/support/history_dsl.h"
#include "tests/support/tiny_histories.h"
#include "tests/support/visibility_oracle.h"

namespace minos::checker {
namespace {

using history::History;
using testing::ForEachRandom;
using testing::IsLongRun;
using testing::PlausibleTinyHistoryOf;
using testing::TestHistory;
using testing::TinyHistory;
using testing::TinyRandom;
using testing::TinyType;
using testing::VisibilityOracle;

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

TEST(ListOrderTest, AListAgainstCausalityIsAViolationWhateverStandsBetween) {
  TestHistory h;
  Append(h, 0, "2");
  Append(h, 0, "1");
  Append(h, 1, "3");
  h.Read(2, "[1 3 2]", "x");
  const CheckResult result = Check(h.Build(), "list-append", "causal");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations.front().cycle.size(), 2u);
}

TEST(ListOrderTest, ListsThatGoOnAreJudgedToTheirEnd) {
  TestHistory h;
  Append(h, 0, "2");
  Append(h, 1, "3");
  h.Read(2, "[3]", "x");
  Append(h, 0, "1");
  h.Read(2, "[3 1]", "x");
  EXPECT_EQ(Check(h.Build(), "list-append", "causal").verdict,
            Verdict::kViolation);
  TestHistory later;
  Append(later, 0, "2");
  Append(later, 1, "3");
  later.Read(2, "[3]", "x").Read(2, "[3 2]", "x");
  Append(later, 0, "1");
  later.Read(2, "[3 2 1]", "x").Read(2, "[3 2 1]", "x");
  EXPECT_EQ(Check(later.Build(), "list-append", "causal").verdict,
            Verdict::kValid);
}

// ---- Reads that have seen the same

TEST(SameUpdatesTest, EqualElementsMayBeThoseOfDifferentAppends) {
  TestHistory h;
  Append(h, 0, "1");
  Append(h, 1, "2");
  h.Read(2, "[1 2]", "x").Read(3, "[2 1]", "x");
  EXPECT_EQ(Check(h.Build(), "list-append", "strong-eventual").verdict,
            Verdict::kViolation);
  TestHistory twice;
  Append(twice, 0, "1");
  Append(twice, 1, "2");
  Append(twice, 2, "1");
  twice.Read(2, "[1 2]", "x").Read(3, "[2 1]", "x");
  EXPECT_EQ(Check(twice.Build(), "list-append", "strong-eventual").verdict,
            Verdict::kValid);
  // There is one 1 for each of two lists, and none for a third.
  TestHistory thrice;
  Append(thrice, 0, "1");
  Append(thrice, 1, "1");
  Append(thrice, 1, "2");
  Append(thrice, 1, "3");
  thrice.Read(2, "[1 2 3]", "x").Read(3, "[2 1 3]", "x");
  thrice.Read(4, "[2 3 1]", "x");
  EXPECT_EQ(Check(thrice.Build(), "list-append", "strong-eventual").verdict,
            Verdict::kViolation);
}

// Two appends of 1, of which the first list to return may show only one.
TEST(SameUpdatesTest, AnAppendThatCameLaterIsNoChoice) {
  TestHistory h;
  Append(h, 0, "1");
  Append(h, 1, "2");
  h.Read(2, "[1 2]", "x").Read(3, "[2 1]", "x");
  Append(h, 0, "1");
  EXPECT_EQ(Check(h.Build(), "list-append", "strong-eventual").verdict,
            Verdict::kViolation);
}

TEST(SameUpdatesTest, AVersionIsNoElement) {
  const TinyHistory tiny = {
      {.value = 1, .call = 0, .ret = 1},
      {.is_read = true, .call = 2, .ret = 3, .shown = {1}},
      {.session = 1, .is_read = true, .call = 4, .ret = 5, .version = 1},
  };
  for (const auto& [type, model] : {std::pair(TinyType::kList, "list-append"),
                                    std::pair(TinyType::kSet, "g-set")}) {
    EXPECT_EQ(Check(ToHistory(tiny, type), model, "strong-eventual").verdict,
              Verdict::kValid)
        << model;
  }
}

TEST(SameUpdatesTest, SetsOfOneVersionAreEqual) {
  const auto verdict = [](std::vector<int> second) {
    const TinyHistory tiny = {
        {.value = 1, .call = 0, .ret = 1},
        {.value = 2, .call = 2, .ret = 3},
        {.is_read = true, .call = 4, .ret = 5, .shown = {1, 2}, .version = 7},
        {.is_read = true,
         .call = 6,
         .ret = 7,
         .shown = std::move(second),
         .version = 7},
    };
    return Check(ToHistory(tiny, TinyType::kSet), "g-set", "strong-eventual")
        .verdict;
  };
  EXPECT_EQ(verdict({1, 2}), Verdict::kValid);
  EXPECT_EQ(verdict({2}), Verdict::kViolation);
}

TEST(FinalListTest, AnAppendThatIsCalledLaterIsMissing) {
  const TinyHistory tiny = {
      {.value = 1, .outcome = history::Outcome::kInfo, .call = 0, .ret = 1},
      {.session = 1,
       .is_read = true,
       .call = 2,
       .ret = 3,
       .shown = {1},
       .is_final = true},
      {.session = 2, .value = 1, .call = 4, .ret = 5},
  };
  EXPECT_EQ(Check(ToHistory(tiny, TinyType::kList), "list-append", "eventual")
                .verdict,
            Verdict::kViolation);
}

// ---- The definitions

Verdict VerdictOf(bool allowed) {
  return allowed ? Verdict::kValid : Verdict::kViolation;
}

class CollectionOracleTest : public ::testing::TestWithParam<TinyType> {
 protected:
  void Compare(const TinyHistory& tiny,
               const std::vector<std::string>& models) {
    const VisibilityOracle oracle(tiny, GetParam());
    const History history = ToHistory(tiny, GetParam());
    CheckOptions options;
    options.explain = false;
    options.assume = std::vector<std::string>{"none"};
    for (const std::string& model : models) {
      ASSERT_EQ(Check(history, DataTypeOf(GetParam()), model, options).verdict,
                VerdictOf(oracle.Allows(model)))
          << model << "\n"
          << ToString(tiny);
    }
  }

  void CompareGiven(const TinyHistory& tiny, const std::string& model) {
    bool skipped = false;
    const bool allowed = VisibilityOracle(tiny, GetParam())
                             .AllowsGiven(model, "monotonic-reads", skipped);
    CheckOptions options;
    options.explain = false;
    ASSERT_EQ(Check(ToHistory(tiny, GetParam()), DataTypeOf(GetParam()), model,
                    options)
                  .verdict,
              skipped ? Verdict::kUnknown : VerdictOf(allowed))
        << model << " given monotonic reads\n"
        << ToString(tiny);
  }

  void CompareStaleness(const TinyHistory& tiny, int versions, int halves) {
    const VisibilityOracle oracle(tiny, GetParam());
    const History history = ToHistory(tiny, GetParam());
    const std::string k = std::to_string(versions);
    ASSERT_EQ(Check(history, DataTypeOf(GetParam()), "bounded-staleness=k:" + k)
                  .verdict,
              VerdictOf(oracle.Allows("k:" + k)))
        << k << "\n"
        << ToString(tiny);
    // Positions are ten nanoseconds apart.
    const std::string bound = std::to_string(halves * 5) + "ns";
    ASSERT_EQ(
        Check(history, DataTypeOf(GetParam()), "bounded-staleness=t:" + bound)
            .verdict,
        VerdictOf(oracle.AllowsDelta(halves)))
        << bound << "\n"
        << ToString(tiny);
  }
};

TEST_P(CollectionOracleTest, GuaranteesOfRandomHistoriesAgree) {
  const auto compare = [&](TinyRandom& random, size_t number) {
    if (HasFatalFailure()) return;
    const TinyHistory tiny =
        PlausibleTinyHistoryOf(GetParam(), random, 7, number % 3 != 0);
    Compare(tiny, {"read-your-writes", "monotonic-reads", "monotonic-writes",
                   "writes-follow-reads", "pram", "session",
                   "read-your-writes+writes-follow-reads",
                   "monotonic-reads+writes-follow-reads", "coherence"});
    CompareGiven(tiny, "monotonic-writes");
    CompareGiven(tiny, "writes-follow-reads");
  };
  ForEachRandom(31, IsLongRun() ? 300'000 : 800, compare);
}

TEST_P(CollectionOracleTest, OrdersOfRandomHistoriesAgree) {
  const auto compare = [&](TinyRandom& random, size_t number) {
    if (HasFatalFailure()) return;
    Compare(PlausibleTinyHistoryOf(GetParam(), random, 8, number % 3 != 0),
            {"causal", "causal-convergence", "causal-memory", "sequential",
             "linearizable"});
  };
  ForEachRandom(32, IsLongRun() ? 300'000 : 500, compare);
}

// The causal order that suffices, against all causal orders.
TEST_P(CollectionOracleTest, TheLeastCausalOrderSuffices) {
  const auto compare = [&](TinyRandom& random, size_t number) {
    const TinyHistory tiny =
        PlausibleTinyHistoryOf(GetParam(), random, 5, number % 3 != 0);
    const VisibilityOracle oracle(tiny, GetParam());
    for (const std::string model :
         {"causal", "causal-convergence", "causal-memory"}) {
      ASSERT_EQ(oracle.Allows(model), oracle.Allows("full:" + model))
          << model << "\n"
          << ToString(tiny);
    }
  };
  ForEachRandom(34, IsLongRun() ? 100'000 : 200, compare);
}

TEST_P(CollectionOracleTest, StalenessOfRandomHistoriesAgrees) {
  const auto compare = [&](TinyRandom& random, size_t number) {
    if (HasFatalFailure()) return;
    const TinyHistory tiny =
        PlausibleTinyHistoryOf(GetParam(), random, 7, number % 3 != 0);
    CompareStaleness(tiny, 1 + random.Below(3), 1 + random.Below(12));
  };
  ForEachRandom(33, IsLongRun() ? 300'000 : 600, compare);
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
