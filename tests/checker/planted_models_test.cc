// A model with one of its rules forgotten is another model: judged by that one,
// random histories come out otherwise than the definition says, so the
// comparison with the oracle would not miss the mistake. (saturation_test.cc
// takes single closure rules out of the engine for registers.)

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "checker/check.h"
#include "tests/support/tiny_histories.h"
#include "tests/support/visibility_oracle.h"

namespace minos::checker {
namespace {

using history::History;
using testing::OracleAllows;
using testing::PlausibleTinyHistory;
using testing::PlausibleTinyHistoryOf;
using testing::TinyArbitration;
using testing::TinyHistory;
using testing::TinyRandom;
using testing::TinyType;

struct Mistake {
  std::string name;
  TinyType type;
  std::string model;     // as the checker calls it
  std::string oracle;    // as the oracle calls it
  std::string mistaken;  // the model without the rule, or with a wrong bound

  friend void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.name;
  }
};

bool Allows(const History& history, const Mistake& mistake,
            const std::string& consistency) {
  CheckOptions options;
  options.model = DataTypeOf(mistake.type);
  options.consistencies = {consistency};
  options.assume = std::vector<std::string>{"none"};
  options.explain = false;
  const auto verdict = CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front().verdict == Verdict::kValid;
}

class PlantedModelTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(PlantedModelTest, IsCaught) {
  const Mistake& mistake = GetParam();
  TinyRandom random(51);
  constexpr int kMostRuns = 40000;
  for (int i = 0; i < kMostRuns; ++i) {
    const TinyHistory tiny =
        mistake.type == TinyType::kRegister
            ? PlausibleTinyHistory(random, 6, true)
            : PlausibleTinyHistoryOf(mistake.type, random, 6, i % 2 == 0);
    const History history = ToHistory(tiny, mistake.type);
    const bool right = Allows(history, mistake, mistake.model);
    if (right == Allows(history, mistake, mistake.mistaken)) continue;
    // They differ, and the definition sides with the right one.
    EXPECT_EQ(right, OracleAllows(tiny, mistake.oracle,
                                  TinyArbitration::kSession, mistake.type))
        << ToString(tiny);
    return;
  }
  FAIL() << "no history tells them apart";
}

constexpr TinyType kRegister = TinyType::kRegister;
constexpr TinyType kCounter = TinyType::kCounter;
constexpr TinyType kSet = TinyType::kSet;
constexpr TinyType kList = TinyType::kList;

INSTANTIATE_TEST_SUITE_P(
    Models, PlantedModelTest,
    ::testing::Values(
        Mistake{"CausalMemoryWithoutSerialization", kRegister, "causal-memory",
                "causal-memory", "causal"},
        Mistake{"PramWithoutMonotonicWrites", kRegister, "pram", "pram",
                "read-your-writes+monotonic-reads"},
        Mistake{"CoherenceWithoutOneOrder", kRegister, "coherence", "coherence",
                "session"},
        Mistake{"CoherenceWithoutReads", kRegister, "coherence", "coherence",
                "read-your-writes+monotonic-writes"},
        Mistake{"SequentialWithoutOneOrder", kRegister, "sequential",
                "sequential", "causal-memory"},
        Mistake{"SequentialWithoutReads", kRegister, "sequential", "sequential",
                "causal-convergence"},
        Mistake{"StalenessOneVersionTooOld", kRegister, "bounded-staleness=k:2",
                "k:2", "bounded-staleness=k:3"},
        Mistake{"StalenessOneVersionTooNew", kRegister, "bounded-staleness=k:2",
                "k:2", "bounded-staleness=k:1"},
        Mistake{"CounterWithoutReadYourWrites", kCounter, "session", "session",
                "monotonic-reads+monotonic-writes+writes-follow-reads"},
        Mistake{"CounterWithoutMonotonicReads", kCounter, "session", "session",
                "read-your-writes+monotonic-writes+writes-follow-reads"},
        Mistake{"CounterWithoutMonotonicWrites", kCounter, "session", "session",
                "read-your-writes+monotonic-reads+writes-follow-reads"},
        Mistake{"CounterWithoutWritesFollowReads", kCounter, "session",
                "session", "pram"},
        Mistake{"SetWithoutReadYourWrites", kSet, "session", "session",
                "monotonic-reads+monotonic-writes+writes-follow-reads"},
        Mistake{"SetWithoutMonotonicReads", kSet, "session", "session",
                "read-your-writes+monotonic-writes+writes-follow-reads"},
        Mistake{"SetWithoutMonotonicWrites", kSet, "session", "session",
                "read-your-writes+monotonic-reads+writes-follow-reads"},
        Mistake{"SetWithoutWritesFollowReads", kSet, "session", "session",
                "pram"},
        Mistake{"SetSequentialWithoutOneOrder", kSet, "sequential",
                "sequential", "causal-memory"},
        Mistake{"ListSequentialWithoutOneOrder", kList, "sequential",
                "sequential", "causal-memory"},
        Mistake{"ListCausalMemoryWithoutSerialization", kList, "causal-memory",
                "causal-memory", "session"},
        Mistake{"ListWithoutWritesFollowReads", kList, "session", "session",
                "pram"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace minos::checker
