// The models of visibility against their definitions, on tiny histories: all of
// up to 3 operations, a share of those of 4 and 5, and random ones.
//
// MINOS_LONG_TESTS=1 in the environment makes it all of 4, many of 5 and a
// million random ones of up to 8; that takes the better part of an hour.

#include "tests/support/visibility_oracle.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/visibility.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::History;
using testing::ForEachTinyHistory;
using testing::IsLongRun;
using testing::OracleAllows;
using testing::OracleAllowsDelta;
using testing::OracleAllowsGiven;
using testing::PlausibleTinyHistory;
using testing::RandomTinyHistory;
using testing::TinyArbitration;
using testing::TinyHistory;
using testing::TinyRandom;

CheckResult Check(const History& history, const std::string& consistency,
                  VisibilityOptions options = {}) {
  options.explain = false;
  const ModelInfo& model = **FindModel("register");
  const Partitioning partitioning =
      *SplitByKey(history, model, KeyChoice::kAuto);
  Budget budget({});
  auto result = CheckVisibility(history, model, partitioning, {}, consistency,
                                options, budget);
  EXPECT_TRUE(result.ok()) << result.status();
  return *std::move(result);
}

Verdict VerdictOf(bool allowed) {
  return allowed ? Verdict::kValid : Verdict::kViolation;
}

void CompareModel(const TinyHistory& tiny, const History& history,
                  const std::string& name) {
  ASSERT_EQ(Check(history, name).verdict, VerdictOf(OracleAllows(tiny, name)))
      << name << "\n"
      << ToString(tiny);
}

void CompareBare(const TinyHistory& tiny, const History& history,
                 const std::string& name) {
  VisibilityOptions options;
  options.assume = std::vector<std::string>{"none"};
  ASSERT_EQ(Check(history, name, options).verdict,
            VerdictOf(OracleAllows(tiny, name)))
      << name << "\n"
      << ToString(tiny);
}

void CompareGiven(const TinyHistory& tiny, const History& history,
                  const std::string& name) {
  bool skipped = false;
  const bool allowed =
      OracleAllowsGiven(tiny, name, "monotonic-reads", skipped);
  const CheckResult result = Check(history, name);
  if (skipped) {
    ASSERT_EQ(result.verdict, Verdict::kUnknown) << name << "\n"
                                                 << ToString(tiny);
    ASSERT_EQ(result.unknown->reason, UnknownReason::kAssumptionViolated);
  } else {
    ASSERT_EQ(result.verdict, VerdictOf(allowed)) << name << "\n"
                                                  << ToString(tiny);
  }
}

void CompareGuarantees(const TinyHistory& tiny, const History& history) {
  for (const char* name :
       {"read-your-writes", "monotonic-reads", "pram", "session"}) {
    CompareModel(tiny, history, name);
  }
  for (const char* name : {"monotonic-writes", "writes-follow-reads"}) {
    CompareBare(tiny, history, name);
    CompareGiven(tiny, history, name);
  }
}

void CompareOthers(const TinyHistory& tiny, const History& history) {
  for (const char* name : {"coherence", "causal", "causal-convergence",
                           "causal-memory", "sequential"}) {
    CompareModel(tiny, history, name);
  }
}

void CompareAll(const TinyHistory& tiny) {
  if (::testing::Test::HasFatalFailure()) return;
  const History history = ToHistory(tiny);
  CompareGuarantees(tiny, history);
  CompareOthers(tiny, history);
}

TEST(VisibilityOracleTest, AllHistoriesOfUpTo3OperationsAgree) {
  for (int n = 1; n <= 3; ++n) ForEachTinyHistory(n, 1, CompareAll);
}

TEST(VisibilityOracleTest, HistoriesOf4OperationsAgree) {
  const size_t visited =
      ForEachTinyHistory(4, IsLongRun() ? 1 : 17, CompareAll);
  RecordProperty("histories", static_cast<int>(visited));
}

TEST(VisibilityOracleTest, HistoriesOf5OperationsAgree) {
  const size_t visited =
      ForEachTinyHistory(5, IsLongRun() ? 7 : 2503, CompareAll);
  RecordProperty("histories", static_cast<int>(visited));
}

TEST(VisibilityOracleTest, RandomHistoriesOfUpTo5OperationsAgree) {
  TinyRandom random(1);
  const int runs = IsLongRun() ? 100000 : 1000;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    CompareAll(RandomTinyHistory(random, 5, i % 2 == 0));
    CompareAll(PlausibleTinyHistory(random, 5, i % 2 == 0));
  }
}

TEST(VisibilityOracleTest, SessionGuaranteesOfRandomHistoriesAgree) {
  TinyRandom random(2);
  const int runs = IsLongRun() ? 1000000 : 3000;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    const TinyHistory tiny = i % 2 == 0
                                 ? RandomTinyHistory(random, 8, i % 3 != 0)
                                 : PlausibleTinyHistory(random, 8, i % 3 != 0);
    CompareGuarantees(tiny, ToHistory(tiny));
  }
}

TEST(VisibilityOracleTest, StalenessOfRandomHistoriesAgrees) {
  TinyRandom random(4);
  const int runs = IsLongRun() ? 300000 : 3000;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    const TinyHistory tiny = PlausibleTinyHistory(random, 7, i % 3 != 0);
    const History history = ToHistory(tiny);
    const std::string k = std::to_string(1 + random.Below(3));
    ASSERT_EQ(Check(history, "bounded-staleness=k:" + k).verdict,
              VerdictOf(OracleAllows(tiny, "k:" + k)))
        << k << "\n"
        << ToString(tiny);
    // Positions are ten nanoseconds apart.
    const int delta = random.Below(6);
    const std::string bound = std::to_string(delta * 10 + 5) + "ns";
    ASSERT_EQ(Check(history, "bounded-staleness=t:" + bound).verdict,
              VerdictOf(OracleAllowsDelta(tiny, 2 * delta + 1)))
        << bound << "\n"
        << ToString(tiny);
  }
}

TEST(VisibilityOracleTest, SubsetsOfRulesAgreeUnderEveryArbitration) {
  TinyRandom random(3);
  const char* const guarantees[] = {"read-your-writes", "monotonic-reads",
                                    "monotonic-writes", "writes-follow-reads"};
  const int runs = IsLongRun() ? 100000 : 1500;
  for (int i = 0; i < runs && !HasFatalFailure(); ++i) {
    const TinyHistory tiny = PlausibleTinyHistory(random, 7, i % 3 != 0);
    const History history = ToHistory(tiny);
    const int subset = 1 + random.Below(15);
    const int mode = random.Below(3);
    VisibilityOptions options;
    options.assume = std::vector<std::string>{"none"};
    options.arbitration = mode == 0   ? ArbitrationMode::kSession
                          : mode == 1 ? ArbitrationMode::kNone
                                      : ArbitrationMode::kRealTime;
    std::string names;
    for (int g = 0; g < 4; ++g) {
      if ((subset >> g & 1) != 0) names += std::string(guarantees[g]) + "+";
    }
    names.pop_back();
    ASSERT_EQ(Check(history, names, options).verdict,
              VerdictOf(OracleAllows(tiny, names,
                                     mode == 0   ? TinyArbitration::kSession
                                     : mode == 1 ? TinyArbitration::kNone
                                                 : TinyArbitration::kRealTime)))
        << names << " mode " << mode << "\n"
        << ToString(tiny);
  }
}

}  // namespace
}  // namespace minos::checker
