// The models of visibility against their definitions, on tiny histories of
// registers: all of up to 3 operations, a share of those of 4 and 5, and random
// ones. docs/architecture.md has the command that tries all of 5 and a million
// random ones of up to 8.

#include "tests/support/visibility_oracle.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/linearizability.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/visibility.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::History;
using testing::ForEachRandom;
using testing::ForEachTinyHistory;
using testing::IsLongRun;
using testing::PlausibleTinyHistory;
using testing::RandomTinyHistory;
using testing::RecordVersions;
using testing::TinyArbitration;
using testing::TinyHistory;
using testing::TinyRandom;
using testing::TinyTiming;
using testing::VisibilityOracle;

const ModelInfo& Register() { return **FindModel("register"); }

Verdict VerdictOf(bool allowed) {
  return allowed ? Verdict::kValid : Verdict::kViolation;
}

// A tiny history, as the oracle and as the checker see it.
struct Question {
  explicit Question(const TinyHistory& of)
      : tiny(of),
        oracle(of),
        history(ToHistory(of)),
        partitioning(*SplitByKey(history, Register(), KeyChoice::kAuto)) {}
  const TinyHistory& tiny;
  VisibilityOracle oracle;
  History history;
  Partitioning partitioning;
};

CheckResult Check(const Question& question, const std::string& consistency,
                  VisibilityOptions options = {}) {
  options.explain = false;
  Budget budget({});
  auto result =
      CheckVisibility(question.history, Register(), question.partitioning, {},
                      consistency, options, budget);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

void CompareModel(const Question& question, const std::string& name) {
  ASSERT_EQ(Check(question, name).verdict,
            VerdictOf(question.oracle.Allows(name)))
      << name << "\n"
      << ToString(question.tiny);
}

void CompareBare(const Question& question, const std::string& name) {
  VisibilityOptions options;
  options.assume = std::vector<std::string>{"none"};
  ASSERT_EQ(Check(question, name, options).verdict,
            VerdictOf(question.oracle.Allows(name)))
      << name << "\n"
      << ToString(question.tiny);
}

void CompareGiven(const Question& question, const std::string& name) {
  bool skipped = false;
  const bool allowed =
      question.oracle.AllowsGiven(name, "monotonic-reads", skipped);
  const CheckResult result = Check(question, name);
  if (skipped) {
    ASSERT_EQ(result.verdict, Verdict::kUnknown) << name << "\n"
                                                 << ToString(question.tiny);
    ASSERT_EQ(result.unknown->reason, UnknownReason::kAssumptionViolated);
  } else {
    ASSERT_EQ(result.verdict, VerdictOf(allowed)) << name << "\n"
                                                  << ToString(question.tiny);
  }
}

void CompareLinearizable(const Question& question) {
  Budget budget({});
  const auto result =
      CheckLinearizable(question.history, Register(), question.partitioning,
                        {.explain = false}, budget);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->verdict, VerdictOf(question.oracle.Allows("linearizable")))
      << ToString(question.tiny);
}

// Positions are ten nanoseconds apart.
void CompareStaleness(const Question& question, int versions, int halves) {
  const std::string k = std::to_string(versions);
  ASSERT_EQ(Check(question, "bounded-staleness=k:" + k).verdict,
            VerdictOf(question.oracle.Allows("k:" + k)))
      << k << "\n"
      << ToString(question.tiny);
  const std::string bound = std::to_string(halves * 5) + "ns";
  ASSERT_EQ(Check(question, "bounded-staleness=t:" + bound).verdict,
            VerdictOf(question.oracle.AllowsDelta(halves)))
      << bound << "\n"
      << ToString(question.tiny);
}

// Every comparison.
const std::vector<void (*)(const Question&)>& Comparisons() {
  static const auto* const kAll = new std::vector<void (*)(const Question&)>{
      [](const Question& q) { CompareModel(q, "read-your-writes"); },
      [](const Question& q) { CompareModel(q, "monotonic-reads"); },
      [](const Question& q) { CompareModel(q, "pram"); },
      [](const Question& q) { CompareModel(q, "session"); },
      [](const Question& q) { CompareModel(q, "coherence"); },
      [](const Question& q) { CompareModel(q, "causal"); },
      [](const Question& q) { CompareModel(q, "causal-convergence"); },
      [](const Question& q) { CompareModel(q, "causal-memory"); },
      [](const Question& q) { CompareModel(q, "sequential"); },
      [](const Question& q) { CompareBare(q, "monotonic-writes"); },
      [](const Question& q) { CompareBare(q, "writes-follow-reads"); },
      [](const Question& q) { CompareGiven(q, "monotonic-writes"); },
      [](const Question& q) { CompareGiven(q, "writes-follow-reads"); },
      [](const Question& q) { CompareLinearizable(q); },
      [](const Question& q) { CompareStaleness(q, 2, 3); },
  };
  return *kAll;
}

// Compares history after history, under every model. What has a read that
// nothing explains is wrong under all of them, and found so by the same code:
// from 5 operations on, where that is most of what there is, such a history is
// judged under two models, each time the next two.
class Comparer {
 public:
  void operator()(const TinyHistory& tiny) {
    if (::testing::Test::HasFatalFailure()) return;
    const Question question(tiny);
    const auto& comparisons = Comparisons();
    const bool in_turn = tiny.size() >= 5 && question.oracle.IsHopeless();
    for (size_t i = 0; i < (in_turn ? 2 : comparisons.size()); ++i) {
      comparisons[(in_turn ? turn_++ : i) % comparisons.size()](question);
    }
    ++(in_turn ? hopeless_ : judged_);
  }

  ~Comparer() {
    if (!IsLongRun()) return;
    std::cout << judged_ << " histories under all models, " << hopeless_
              << " hopeless ones under two\n";
  }

 private:
  size_t turn_ = 0;
  size_t judged_ = 0;
  size_t hopeless_ = 0;
};

void CompareEach(const testing::TinyEnumeration& of) {
  Comparer comparer;
  ForEachTinyHistory(of, std::ref(comparer));
}

class EnumerationTest : public ::testing::TestWithParam<TinyTiming> {};

TEST_P(EnumerationTest, AllHistoriesOfUpTo3OperationsAgree) {
  for (int n = 1; n <= 3; ++n) {
    CompareEach({.operations = n, .timing = GetParam()});
  }
}

TEST_P(EnumerationTest, HistoriesOf4OperationsAgree) {
  CompareEach({.operations = 4,
               .timing = GetParam(),
               .stride = IsLongRun() ? 1u : 97u});
}

TEST_P(EnumerationTest, HistoriesOf5OperationsAgree) {
  CompareEach({.operations = 5,
               .timing = GetParam(),
               .stride = IsLongRun() ? 1u : 10007u});
}

TEST_P(EnumerationTest, HistoriesOf4OperationsWithRepeatedValuesAgree) {
  CompareEach({.operations = 4,
               .timing = GetParam(),
               .repeated_values = true,
               .stride = IsLongRun() ? 1u : 997u});
}

TEST_P(EnumerationTest, HistoriesOf5OperationsWithRepeatedValuesAgree) {
  CompareEach({.operations = 5,
               .timing = GetParam(),
               .repeated_values = true,
               .stride = IsLongRun() ? 53u : 100'003u});
}

INSTANTIATE_TEST_SUITE_P(Visibility, EnumerationTest,
                         ::testing::Values(TinyTiming::kOverlapping,
                                           TinyTiming::kOneAtATime),
                         [](const auto& info) {
                           return info.param == TinyTiming::kOverlapping
                                      ? "Overlapping"
                                      : "OneAtATime";
                         });

TinyHistory SomeHistory(TinyRandom& random, size_t number, int most) {
  const bool unique = number % 3 != 0;
  return number % 2 == 0 ? RandomTinyHistory(random, most, unique)
                         : PlausibleTinyHistory(random, most, unique);
}

TEST(VisibilityOracleTest, RandomHistoriesOfUpTo8OperationsAgree) {
  Comparer comparer;
  ForEachRandom(1, IsLongRun() ? 1'000'000 : 1500,
                [&](TinyRandom& random, size_t number) {
                  comparer(SomeHistory(random, number, 8));
                });
}

TEST(VisibilityOracleTest, StalenessOfRandomHistoriesAgrees) {
  ForEachRandom(4, IsLongRun() ? 1'000'000 : 3000,
                [](TinyRandom& random, size_t number) {
                  if (HasFatalFailure()) return;
                  const TinyHistory tiny = SomeHistory(random, number, 8);
                  CompareStaleness(Question(tiny), 1 + random.Below(3),
                                   1 + random.Below(12));
                });
}

// The causal order that suffices, against all causal orders.
void CompareCausalOrders(const TinyHistory& tiny) {
  if (::testing::Test::HasFatalFailure()) return;
  const VisibilityOracle oracle(tiny);
  for (const std::string model :
       {"causal", "causal-convergence", "causal-memory"}) {
    ASSERT_EQ(oracle.Allows(model), oracle.Allows("full:" + model))
        << model << "\n"
        << ToString(tiny);
  }
}

TEST(CausalOracleTest, TheLeastOrderSufficesForAllHistoriesOfUpTo3Operations) {
  for (int n = 1; n <= 3; ++n) {
    ForEachTinyHistory({.operations = n, .repeated_values = true},
                       CompareCausalOrders);
  }
}

TEST(CausalOracleTest, TheLeastOrderSufficesForHistoriesOf4And5Operations) {
  const bool all = IsLongRun();
  ForEachTinyHistory({.operations = 4, .stride = all ? 1u : 97u},
                     CompareCausalOrders);
  ForEachTinyHistory(
      {.operations = 4, .repeated_values = true, .stride = all ? 1u : 997u},
      CompareCausalOrders);
  ForEachTinyHistory({.operations = 5, .stride = all ? 1u : 20011u},
                     CompareCausalOrders);
}

TEST(CausalOracleTest, TheLeastOrderSufficesForRandomHistories) {
  ForEachRandom(5, IsLongRun() ? 200'000 : 300,
                [](TinyRandom& random, size_t number) {
                  CompareCausalOrders(SomeHistory(random, number, 5));
                });
}

TEST(VisibilityOracleTest, SubsetsOfRulesAgreeUnderEveryArbitration) {
  const char* const guarantees[] = {"read-your-writes", "monotonic-reads",
                                    "monotonic-writes", "writes-follow-reads"};
  const auto compare = [&](TinyRandom& random, size_t number) {
    if (HasFatalFailure()) return;
    TinyHistory tiny = SomeHistory(random, number, 8);
    RecordVersions(random, tiny);
    const int subset = 1 + random.Below(15);
    const size_t mode = static_cast<size_t>(random.Below(4));
    VisibilityOptions options;
    options.assume = std::vector<std::string>{"none"};
    options.arbitration = std::array{
        ArbitrationMode::kSession, ArbitrationMode::kNone,
        ArbitrationMode::kRealTime, ArbitrationMode::kVersions}[mode];
    const TinyArbitration arbitration = std::array{
        TinyArbitration::kSession, TinyArbitration::kNone,
        TinyArbitration::kRealTime, TinyArbitration::kVersions}[mode];
    std::string names;
    for (int g = 0; g < 4; ++g) {
      if ((subset >> g & 1) != 0) names += std::string(guarantees[g]) + "+";
    }
    names.pop_back();
    const Question question(tiny);
    ASSERT_EQ(Check(question, names, options).verdict,
              VerdictOf(question.oracle.Allows(names, arbitration)))
        << names << " mode " << mode << "\n"
        << ToString(tiny);
  };
  ForEachRandom(3, IsLongRun() ? 1'000'000 : 1500, compare);
}

}  // namespace
}  // namespace minos::checker
