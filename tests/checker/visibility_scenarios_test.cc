// Named histories of the literature and of the definitions, and what the
// checker says about them.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "tests/support/history_dsl.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::History;
using testing::ForEachRandom;
using testing::IsLongRun;
using testing::PlausibleTinyHistory;
using testing::RandomTinyHistory;
using testing::TestHistory;
using testing::TinyHistory;
using testing::TinyRandom;

CheckResult Check(const History& history, const std::string& consistency,
                  CheckOptions options = {}) {
  options.consistencies = {consistency};
  const auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front();
}

// Which of CC, CCv, CM and sequential consistency hold, as one word.
std::string Class(const History& history) {
  std::string out;
  const std::vector<std::pair<std::string, std::string>> models = {
      {"causal", "CC "},
      {"causal-convergence", "CCv "},
      {"causal-memory", "CM "},
      {"sequential", "SC "}};
  for (const auto& [model, name] : models) {
    if (Check(history, model).verdict == Verdict::kValid) out += name;
  }
  return out;
}

// Two sessions take turns, so that nothing is read before it was written.
// Figure 3 of Bouajjani, Enea, Guerraoui & Hamza, POPL 2017.

TEST(BouajjaniFigure3Test, AIsCausalMemoryButNotConvergent) {
  TestHistory h;
  h.Write(0, "1", "x").Write(1, "2", "x");
  h.Read(0, "2", "x").Read(1, "1", "x");
  EXPECT_EQ(Class(h.Build()), "CC CM ");
}

TEST(BouajjaniFigure3Test, BIsConvergentButNoCausalMemory) {
  TestHistory h;
  h.Write(0, "1", "z").Write(0, "1", "x").Write(0, "1", "y");
  h.Write(1, "2", "x").Read(1, "nil", "z").Read(1, "1", "y").Read(1, "2", "x");
  EXPECT_EQ(Class(h.Build()), "CC CCv ");
}

TEST(BouajjaniFigure3Test, CIsCausalButNeither) {
  TestHistory h;
  h.Write(0, "1", "x").Write(1, "2", "x");
  h.Read(1, "1", "x").Read(1, "2", "x");
  EXPECT_EQ(Class(h.Build()), "CC ");
}

TEST(BouajjaniFigure3Test, DIsAllCausalModelsButNotSequential) {
  TestHistory h;
  h.Write(0, "1", "x").Read(0, "nil", "y").Write(0, "1", "y");
  h.Write(1, "2", "x").Read(1, "nil", "y").Write(1, "2", "y");
  h.Read(0, "1", "x").Read(1, "2", "x");
  EXPECT_EQ(Class(h.Build()), "CC CCv CM ");
}

TEST(BouajjaniFigure3Test, EIsNotCausal) {
  TestHistory h;
  h.Write(0, "1", "x").Write(0, "1", "y");
  h.Read(1, "1", "y").Write(1, "2", "x");
  h.Read(2, "2", "x").Read(2, "1", "x");
  EXPECT_EQ(Class(h.Build()), "");
}

TEST(MonotonicReadsTest, GoingBackToTheInitialValueIsCaught) {
  const History history = TestHistory()
                              .Write(0, "1", "x")
                              .Read(1, "1", "x")
                              .Read(1, "nil", "x")
                              .Build();
  const CheckResult result = Check(history, "monotonic-reads");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].kind, "initial-value-again");
  EXPECT_EQ(result.violations[0].cycle.size(), 2u);
  EXPECT_EQ(result.violations[0].cycle[0].rule, "monotonic-reads");
}

TEST(MonotonicReadsTest, GoingBackIsCaughtInTheSessionThatWroteToo) {
  const History history = TestHistory()
                              .Write(0, "1", "x")
                              .Read(0, "1", "x")
                              .Read(0, "nil", "x")
                              .Build();
  EXPECT_EQ(Check(history, "monotonic-reads").verdict, Verdict::kViolation);
}

TEST(MonotonicReadsTest, OneValueAfterAnotherIsNeverAViolation) {
  for (const auto& [u, v] : {std::pair("1", "2"), std::pair("2", "1"),
                             std::pair("nil", "1"), std::pair("1", "1")}) {
    TestHistory h;
    h.Write(0, "1", "x").Write(1, "2", "x").Read(2, u, "x").Read(2, v, "x");
    EXPECT_EQ(Check(h.Build(), "monotonic-reads").verdict, Verdict::kValid)
        << u << ", " << v;
  }
}

TEST(MonotonicReadsTest, ThereAndBackIsAViolation) {
  TestHistory h;
  h.Write(0, "1", "x").Write(1, "2", "x");
  h.Read(2, "1", "x").Read(2, "2", "x").Read(2, "1", "x");
  EXPECT_EQ(Check(h.Build(), "monotonic-reads").verdict, Verdict::kViolation);
}

TEST(MonotonicReadsTest, ThereAndBackIsAViolationWithAShortestCycle) {
  TestHistory h;
  h.Write(0, "1", "x").Write(1, "2", "x").Write(3, "3", "x");
  h.Read(2, "1", "x").Read(2, "2", "x").Read(2, "3", "x").Read(2, "1", "x");
  const CheckResult result = Check(h.Build(), "monotonic-reads");
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations[0].cycle.size(), 2u);
  for (const ProofEdge& edge : result.violations[0].cycle) {
    EXPECT_EQ(edge.rule, "monotonic-reads");
    EXPECT_NE(edge.because.find("earlier in the same session"),
              std::string::npos)
        << edge.because;
  }
}

TEST(MonotonicReadsTest, ThereAndBackIsFineIfWrittenAgain) {
  TestHistory h;
  h.Write(0, "1", "x").Write(1, "2", "x");
  h.Read(2, "1", "x").Read(2, "2", "x");
  h.Write(0, "1", "x").Read(2, "1", "x");
  EXPECT_EQ(Check(h.Build(), "monotonic-reads").verdict, Verdict::kValid);
}

TEST(SessionSubsetsTest, TheNotesNameWhatHoldsAndWhatDoesNot) {
  TestHistory h;
  h.Write(0, "1", "x").Write(1, "2", "x");
  h.Read(1, "1", "x").Read(1, "2", "x");
  const CheckResult result = Check(h.Build(), "session");
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.notes.size(), 2u);
  EXPECT_EQ(result.notes[1], "cannot hold: read-your-writes + monotonic-reads");
}

TEST(AssumptionTest, OnlySessionsThatKeepItBearWitness) {
  TestHistory h;
  h.Write(0, "1", "x").Write(0, "2", "x");
  h.Read(1, "2", "x").Read(1, "1", "x");
  const History history = h.Build();
  const CheckResult result = Check(history, "monotonic-writes");
  ASSERT_EQ(result.verdict, Verdict::kUnknown);
  EXPECT_EQ(result.unknown->reason, UnknownReason::kAssumptionViolated);
  CheckOptions bare;
  bare.assume = std::vector<std::string>{"none"};
  EXPECT_EQ(Check(history, "monotonic-writes", bare).verdict, Verdict::kValid);
}

TEST(FindingsTest, EveryModelReportsWhatNothingExplains) {
  TestHistory h;
  h.Write(0, "1", "x").Call(1, "write", "2", "x").Fail(1);
  h.Read(2, "7", "x").Read(2, "2", "x").Read(2, "3", "x").Write(0, "3", "x");
  const History history = h.Build();
  for (const ConsistencyInfo& info : AllConsistencies()) {
    if (info.family != ConsistencyFamily::kSession &&
        info.family != ConsistencyFamily::kCausal) {
      continue;
    }
    const CheckResult result = Check(history, std::string(info.name));
    ASSERT_EQ(result.violations.size(), 3u) << info.name;
    EXPECT_EQ(result.violations[0].kind, "thin-air-read");
    EXPECT_EQ(result.violations[1].kind, "aborted-read");
    EXPECT_EQ(result.violations[2].kind, "future-read");
  }
}

TEST(ListAppendTest, AListWithoutAnEarlierAppendBreaksMonotonicWrites) {
  TestHistory h;
  h.Ok(0, "append", "1", "1", "x").Ok(0, "append", "2", "2", "x");
  h.Ok(1, "read", "nil", "[2]", "x");
  CheckOptions bare;
  bare.assume = std::vector<std::string>{"none"};
  EXPECT_EQ(Check(h.Build(), "monotonic-writes", bare).verdict,
            Verdict::kViolation);
}

TEST(ListAppendTest, TwoOrdersAreNotConvergent) {
  TestHistory h;
  h.Ok(0, "append", "1", "1", "x").Ok(1, "append", "2", "2", "x");
  h.Ok(2, "read", "nil", "[1 2]", "x").Ok(3, "read", "nil", "[2 1]", "x");
  const History history = h.Build();
  EXPECT_EQ(Check(history, "session").verdict, Verdict::kValid);
  EXPECT_EQ(Check(history, "causal-convergence").verdict, Verdict::kViolation);
  EXPECT_EQ(Check(history, "strong-eventual").verdict, Verdict::kViolation);
}

TEST(SetTest, AnElementThatWasSeenIsSeenAgain) {
  TestHistory h;
  h.Ok(0, "add", "1", "1", "x").Ok(0, "add", "2", "2", "x");
  h.Ok(1, "read", "nil", "[1 2]", "x").Ok(1, "read", "nil", "[2]", "x");
  CheckOptions options;
  options.model = "g-set";
  const CheckResult result = Check(h.Build(), "monotonic-reads", options);
  ASSERT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.violations[0].kind, "update-not-seen");
}

// The session of a process ends where it crashed: what the thread does next is
// told by --session-by.
TEST(SessionByTest, ThreadsGoOnAfterACrash) {
  TestHistory h;
  h.Write(0, "1", "x").Read(1, "1", "x").Call(1, "write", "2", "x").Info(1);
  h.Read(3, "nil", "x").Read(2, "1", "x");
  const History history = h.Build();
  EXPECT_EQ(Check(history, "monotonic-reads").verdict, Verdict::kValid);
  CheckOptions by_thread;
  by_thread.session_by = "thread";
  EXPECT_EQ(Check(history, "monotonic-reads", by_thread).verdict,
            Verdict::kValid);
}

// The verdicts on `tiny` under all models without a parameter, but those that
// need final reads or versions; linearizability is the first.
std::vector<std::pair<std::string, Verdict>> VerdictsOn(const History& history,
                                                        CheckOptions options) {
  std::vector<std::pair<std::string, Verdict>> verdicts;
  for (const ConsistencyInfo& info : AllConsistencies()) {
    if (!info.parameter.empty() ||
        info.family == ConsistencyFamily::kConvergence) {
      continue;
    }
    const std::string name(info.name);
    verdicts.emplace_back(name, Check(history, name, options).verdict);
  }
  return verdicts;
}

// No history violates a weaker model and satisfies a stronger one.
TEST(LatticeTest, NoRandomHistoryBreaksAnImplication) {
  CheckOptions options;
  options.explain = false;
  options.model = "register";
  const auto judge = [&](TinyRandom& random, size_t number) {
    if (HasFailure()) return;
    const bool unique = number % 3 != 0;
    const TinyHistory tiny = number % 2 == 0
                                 ? PlausibleTinyHistory(random, 8, unique)
                                 : RandomTinyHistory(random, 8, unique);
    const History history = ToHistory(tiny);
    const auto verdicts = VerdictsOn(history, options);
    for (const char* same :
         {"bounded-staleness=k:1", "bounded-staleness=t:0"}) {
      EXPECT_EQ(Check(history, same, options).verdict, verdicts[0].second)
          << same << "\n"
          << ToString(tiny);
    }
    for (const auto& [stronger, holds] : verdicts) {
      if (holds != Verdict::kValid) continue;
      for (const auto& [weaker, fails] : verdicts) {
        EXPECT_FALSE(fails == Verdict::kViolation && Implies(stronger, weaker))
            << stronger << " holds, " << weaker << " fails\n"
            << ToString(tiny);
      }
    }
  };
  ForEachRandom(11, IsLongRun() ? 1'000'000 : 2000, judge);
}

}  // namespace
}  // namespace minos::checker
