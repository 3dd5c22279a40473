// Every closure rule is needed: without any one of them the engine disagrees
// with the definitions on some tiny history.

#include "checker/saturation.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "checker/arbitration.h"
#include "checker/reads_from.h"
#include "checker/session_history_builder.h"
#include "tests/support/tiny_histories.h"
#include "tests/support/visibility_oracle.h"

namespace minos::checker {
namespace {

using history::History;
using testing::OracleAllows;
using testing::PlausibleTinyHistory;
using testing::RecordVersions;
using testing::TinyArbitration;
using testing::TinyHistory;
using testing::TinyRandom;

SessionHistory Resolved(const History& history, ReadsFrom& reads) {
  const ModelInfo& model = **FindModel("register");
  const Partitioning partitioning =
      *SplitByKey(history, model, KeyChoice::kAuto);
  SessionHistory steps = *BuildSessionHistory(
      history, Observation::kRegister, partitioning, {}, history::kNoValue);
  reads = ResolveReads(steps);
  return steps;
}

// How often of `runs` random histories the engine with `rules` differs from the
// oracle's `model`.
int Disagreements(RuleSet rules, ArbitrationScope scope,
                  const std::string& model, int runs,
                  TinyArbitration arbitration = TinyArbitration::kSession) {
  TinyRandom random(7);
  int disagreements = 0;
  for (int i = 0; i < runs; ++i) {
    TinyHistory tiny = PlausibleTinyHistory(random, 5, true);
    if (arbitration == TinyArbitration::kVersions) RecordVersions(random, tiny);
    const History history = ToHistory(tiny);
    ReadsFrom reads;
    const SessionHistory steps = Resolved(history, reads);
    if (!reads.findings.empty() || tiny.size() < 3) continue;
    Budget budget({});
    const bool allowed =
        CheckArbitration(steps, rules, scope, false, budget).verdict ==
        Verdict::kValid;
    if (allowed != OracleAllows(tiny, model, arbitration)) ++disagreements;
  }
  return disagreements;
}

constexpr RuleSet kBase = kInitialFirst | kSessionArbitration;

struct Planted {
  std::string name;
  std::string model;
  RuleSet rules;
  RuleSet removed;
  ArbitrationScope scope;
  int runs;
  TinyArbitration arbitration = TinyArbitration::kSession;

  friend void PrintTo(const Planted& planted, std::ostream* out) {
    *out << planted.name;
  }
};

class PlantedBugTest : public ::testing::TestWithParam<Planted> {};

TEST_P(PlantedBugTest, IsCaught) {
  const Planted& planted = GetParam();
  const auto disagreements = [&](RuleSet rules) {
    return Disagreements(rules, planted.scope, planted.model, planted.runs,
                         planted.arbitration);
  };
  EXPECT_EQ(disagreements(planted.rules), 0);
  EXPECT_GT(disagreements(planted.rules & ~planted.removed), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, PlantedBugTest,
    ::testing::Values(
        Planted{"ReadYourWrites", "read-your-writes", kBase | kReadYourWrites,
                kOwnWritesSeen, ArbitrationScope::kSession, 5000},
        Planted{"MonotonicReads", "monotonic-reads", kBase | kMonotonicReads,
                kSeenStaysSeen, ArbitrationScope::kSession, 5000},
        Planted{"WritesInOrder", "monotonic-reads+monotonic-writes",
                kBase | kMonotonicReads | kMonotonicWrites,
                kWritesInOrder | kSessionArbitration,
                ArbitrationScope::kSession, 5000},
        Planted{"EarlierWritesSeen", "monotonic-reads+monotonic-writes",
                kBase | kMonotonicReads | kMonotonicWrites, kEarlierWritesSeen,
                ArbitrationScope::kSession, 5000},
        Planted{"WritesAfterReads", "monotonic-reads+writes-follow-reads",
                kBase | kMonotonicReads | kWritesFollowReads, kWritesAfterReads,
                ArbitrationScope::kSession, 5000},
        Planted{"ReadWritesSeen", "monotonic-reads+writes-follow-reads",
                kBase | kMonotonicReads | kWritesFollowReads, kReadWritesSeen,
                ArbitrationScope::kSession, 20000},
        Planted{"SessionArbitration", "monotonic-reads",
                kBase | kMonotonicReads, kSessionArbitration,
                ArbitrationScope::kSession, 5000},
        Planted{"RealTimeArbitration", "monotonic-reads",
                kBase | kMonotonicReads | kRealTimeArbitration,
                kRealTimeArbitration, ArbitrationScope::kSession, 5000,
                TinyArbitration::kRealTime},
        Planted{"VersionArbitration", "monotonic-reads",
                kBase | kMonotonicReads | kVersionArbitration,
                kVersionArbitration, ArbitrationScope::kSession, 5000,
                TinyArbitration::kVersions},
        Planted{"InitialFirst", "session", kBase | kAllSessionRules,
                kInitialFirst, ArbitrationScope::kSession, 5000},
        Planted{"Convergence", "causal-convergence", kBase | kAllSessionRules,
                kEarlierWritesSeen, ArbitrationScope::kGlobal, 10000}),
    [](const auto& info) { return info.param.name; });

// Write-to-read causality: who reads an answer sees what it answers.
TEST(PlantedBugTest, ForgettingWhatAWriterHadReadIsCaught) {
  const TinyHistory tiny = {
      {.session = 0, .key = 0, .value = 1, .call = 0, .ret = 1},
      {.session = 1,
       .key = 0,
       .is_read = true,
       .value = 1,
       .call = 2,
       .ret = 3},
      {.session = 1, .key = 1, .value = 2, .call = 4, .ret = 5},
      {.session = 2,
       .key = 1,
       .is_read = true,
       .value = 2,
       .call = 6,
       .ret = 7},
      {.session = 2,
       .key = 0,
       .is_read = true,
       .value = 0,
       .call = 8,
       .ret = 9},
  };
  const History history = ToHistory(tiny);
  ReadsFrom reads;
  const SessionHistory steps = Resolved(history, reads);
  const auto verdict = [&](RuleSet rules) {
    Budget budget({});
    return CheckArbitration(steps, rules, ArbitrationScope::kRead, false,
                            budget)
        .verdict;
  };
  EXPECT_FALSE(OracleAllows(tiny, "causal"));
  EXPECT_EQ(verdict(kBase | kAllSessionRules), Verdict::kViolation);
  EXPECT_EQ(verdict((kBase | kAllSessionRules) & ~kReadWritesSeen),
            Verdict::kValid);
}

TEST(PlantedBugTest, TakingOneScopeForAnotherIsCaught) {
  constexpr RuleSet kRules = kBase | kAllSessionRules;
  EXPECT_GT(Disagreements(kRules, ArbitrationScope::kSession,
                          "causal-convergence", 2000),
            0);
  EXPECT_GT(Disagreements(kRules, ArbitrationScope::kRead, "session", 10000),
            0);
}

}  // namespace
}  // namespace minos::checker
