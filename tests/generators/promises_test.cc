// The stores keep what they promise, and their planted bugs break it.
//
// The number of seeds is that of a quick test; MINOS_SEEDS=1000 in the
// environment tries as many as one likes:
//
//   MINOS_SEEDS=1000 generators_test --gtest_filter='*PromisesTest*'

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "generators/recipe_json.h"
#include "generators/run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "targets/target_registry.h"
#include "tests/support/data_types.h"

namespace minos::generators {
namespace {

using checker::Verdict;
using targets::TargetInfo;

// By the name of the consistency.
using Verdicts = std::map<std::string, Verdict>;

int SeedCount(int otherwise) {
  const char* text = std::getenv("MINOS_SEEDS");
  return text == nullptr ? otherwise : std::atoi(text);
}

// Promises that are kept under the same faults, judged in one run.
struct Group {
  targets::FaultSet faults;
  std::vector<std::string> consistencies;
};

std::vector<Group> PromisesOf(const TargetInfo& target,
                              const RunOptions& options) {
  const auto settings =
      MakeSettings(target, options.parameters, options.bugs).value();
  std::vector<Group> groups;
  for (const targets::Promise& promise : target.promises(settings)) {
    const std::string name(promise.consistency);
    auto group = groups.begin();
    while (group != groups.end() && group->faults != promise.under) ++group;
    if (group == groups.end()) {
      groups.push_back({promise.under, {name}});
    } else {
      group->consistencies.push_back(name);
    }
  }
  return groups;
}

// Empty, and the test fails, if the run cannot be judged.
Verdicts Judge(const TargetInfo& target, const RunOptions& options,
               const std::vector<std::string>& consistencies) {
  const Recipe recipe = MakeRecipe(target, options).value();
  const Run run = Execute(target, recipe, {}).value();
  checker::CheckOptions check;
  check.consistencies = consistencies;
  check.model = std::string(FindWorkload(recipe.workload)->model);
  check.explain = false;
  const auto verdict = checker::CheckHistory(run.history, check);
  Verdicts verdicts;
  EXPECT_TRUE(verdict.ok()) << target.name << ": " << verdict.status();
  if (!verdict.ok()) return verdicts;
  for (const checker::CheckResult& result : verdict->checks) {
    verdicts[result.consistency] = result.verdict;
  }
  return verdicts;
}

// The first of `seeds` seeds whose run violates one of the consistencies; -1 if
// there is none.
int FirstViolation(const TargetInfo& target, RunOptions options,
                   const std::vector<std::string>& consistencies, int seeds) {
  for (int seed = 0; seed < seeds; ++seed) {
    options.seed = static_cast<uint64_t>(seed);
    for (const auto& [name, verdict] : Judge(target, options, consistencies)) {
      if (verdict == Verdict::kViolation) return seed;
    }
  }
  return -1;
}

// Every promise holds in each of `seeds` runs, and is judged in some: a promise
// that nobody can judge is not kept.
void ExpectKept(const TargetInfo& target, RunOptions options, int seeds) {
  for (const Group& group : PromisesOf(target, options)) {
    options.faults = group.faults;
    std::map<std::string, int> judged;
    for (int seed = 0; seed < seeds; ++seed) {
      options.seed = static_cast<uint64_t>(seed);
      const Verdicts verdicts = Judge(target, options, group.consistencies);
      for (const auto& [name, verdict] : verdicts) {
        ASSERT_NE(verdict, Verdict::kViolation)
            << target.name << " broke " << name << ", workload '"
            << options.workload << "', seed " << seed;
        judged[name] += verdict == Verdict::kValid ? 1 : 0;
      }
    }
    for (const std::string& name : group.consistencies) {
      EXPECT_GT(judged[name], 0) << target.name << " promises " << name
                                 << ", which no seed could judge; workload '"
                                 << options.workload << "'";
    }
  }
}

class PromisesTest : public ::testing::TestWithParam<std::string> {
 protected:
  const TargetInfo& target() const { return *targets::FindTarget(GetParam()); }
};

TEST_P(PromisesTest, AreKeptUnderTheFaultsThatTheStoreBears) {
  ExpectKept(target(), {}, SeedCount(20));
}

TEST_P(PromisesTest, AreKeptAndJudgedInEveryWorkloadThatTheStoreServes) {
  for (const std::string_view workload : target().workloads) {
    RunOptions options;
    options.workload = std::string(workload);
    ExpectKept(target(), options, SeedCount(3));
  }
}

TEST_P(PromisesTest, AreKeptWithEveryChoiceOfAParameter) {
  for (const targets::ParameterInfo& parameter : target().parameters) {
    for (const std::string_view choice : parameter.choices) {
      RunOptions options;
      options.parameters = {{std::string(parameter.name), std::string(choice)}};
      ExpectKept(target(), options, SeedCount(5));
    }
  }
}

TEST_P(PromisesTest, AreKeptAtTheSlowestPace) {
  for (const targets::ParameterInfo& parameter : target().parameters) {
    if (parameter.name != target().paced_by) continue;
    RunOptions options;
    options.parameters = {
        {std::string(parameter.name), std::to_string(parameter.maximum)}};
    ExpectKept(target(), options, SeedCount(3));
  }
}

// The seeds stand in the output of the test.
TEST_P(PromisesTest, AreBrokenByEveryPlantedBugWithin200Seeds) {
  for (const targets::BugInfo& bug : target().bugs) {
    int caught = -1;
    for (const Group& group : PromisesOf(target(), {})) {
      RunOptions options;
      options.faults = group.faults;
      options.bugs = {std::string(bug.name)};
      const int seed =
          FirstViolation(target(), options, group.consistencies, 200);
      if (seed >= 0 && (caught < 0 || seed < caught)) caught = seed;
      if (caught >= 0) break;
    }
    EXPECT_GE(caught, 0) << GetParam() << " --bug " << bug.name;
    std::cout << GetParam() << " --bug " << bug.name << " is caught with seed "
              << caught << "\n";
  }
}

TEST_P(PromisesTest, EveryBugSaysThatItBreaksSomethingPromised) {
  for (const targets::BugInfo& bug : target().bugs) {
    EXPECT_FALSE(bug.breaks.empty()) << bug.name;
    for (const std::string_view broken : bug.breaks) {
      bool is_promised = false;
      for (const Group& group : PromisesOf(target(), {})) {
        for (const std::string& promise : group.consistencies) {
          is_promised = is_promised || checker::Implies(promise, broken);
        }
      }
      EXPECT_TRUE(is_promised) << bug.name << " breaks " << broken;
    }
  }
}

std::vector<std::string> TargetNames() {
  std::vector<std::string> names;
  for (const TargetInfo& target : targets::AllTargets()) {
    names.push_back(std::string(target.name));
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(AllTargets, PromisesTest,
                         ::testing::ValuesIn(TargetNames()),
                         testing::NamedByParameter());

// Two writes at one node, of clients who had not seen each other, were ranked
// alike there, and each node kept the order in which it had heard of them.
TEST(EventualTest, EveryNodePicksTheSameSibling) {
  const TargetInfo& eventual = *targets::FindTarget("eventual");
  RunOptions options;
  options.parameters = {{"conflict", "siblings"}};
  options.seed = 321;
  for (const char* workload : {"register", "reads-only-final"}) {
    options.workload = workload;
    EXPECT_EQ(Judge(eventual, options, {"eventual"}),
              (Verdicts{{"eventual", Verdict::kValid}}));
  }
}

// A node that has restarted reads another key with the job number of a read of
// its last life, and what a replica said of that one comes late.
TEST(QuorumTest, AnAnswerToAnEarlierLifeOfANodeIsNotTakenForAnother) {
  const Recipe recipe = RecipeFromJson(R"({
        "target": "quorum", "workload": "register", "parameters": {},
        "bugs": [], "nodes": 3, "seed": 10110971699956036095,
        "network": {"delay_min": 1000000, "delay_max": 1000000,
                    "extra_delay_max": 0, "loss": 0, "duplicate": 0,
                    "reorder": false},
        "clients": [
          {"home": 1, "operations": [
            {"f": "write", "key": 1, "value": 1, "not_before": 419000000},
            {"f": "read", "key": 0, "not_before": 626000000}]},
          {"home": 2, "operations": [
            {"f": "read", "key": 1, "not_before": 661000000}]},
          {"home": 0, "operations": [
            {"f": "read", "key": 0, "not_before": 891000000}]}],
        "faults": [
          {"kind": "delay", "start": 590000000, "duration": 14000000,
           "nodes": [0, 1], "amount": 76813178},
          {"kind": "delay", "start": 590000000, "duration": 108000000,
           "nodes": [2, 1], "amount": 76813178},
          {"kind": "crash", "start": 671000000, "duration": 1000000,
           "nodes": [1, 2]}],
        "settle_time": 2000000000, "final_keys": []})")
                            .value();
  const auto run = Execute(*targets::FindTarget("quorum"), recipe, {}).value();
  checker::CheckOptions check;
  check.consistencies = {"eventual"};
  check.model = "register";
  const auto verdict = checker::CheckHistory(run.history, check).value();
  EXPECT_NE(verdict.verdict, Verdict::kViolation);
}

TEST(QuorumTest, OverlappingQuorumsAreNotLinearizable) {
  const TargetInfo& quorum = *targets::FindTarget("quorum");
  RunOptions options;
  EXPECT_GE(FirstViolation(quorum, options, {"linearizable"}, 200), 0);
  // R and W are majorities of N, and no node fails.
  options.parameters = {{"n", "3"}, {"r", "2"}, {"w", "2"}};
  options.faults = targets::FaultSet();
  EXPECT_GE(FirstViolation(quorum, options, {"linearizable"}, 200), 0);
}

RunOptions Unfenced(const std::string& lease_ms) {
  RunOptions options;
  options.parameters = {
      {"fencing", "off"}, {"lease_ms", lease_ms}, {"work_ms", "10"}};
  return options;
}

TEST(LeaseLockTest, AnUnfencedLeaseThatOutlastsTheWorkKeepsItsPromise) {
  ExpectKept(*targets::FindTarget("lease-lock"), Unfenced("30"),
             SeedCount(100));
}

// Two workers are at work then, although nothing goes wrong.
TEST(LeaseLockTest, AnUnfencedLeaseThatIsShorterThanTheWorkPromisesNothing) {
  const TargetInfo& lease_lock = *targets::FindTarget("lease-lock");
  RunOptions options = Unfenced("5");
  EXPECT_TRUE(PromisesOf(lease_lock, options).empty());
  options.faults = targets::FaultSet();
  EXPECT_GE(FirstViolation(lease_lock, options, {"linearizable"}, 200), 0);
}

// Users who wait for about as long as the window before they look.
RunOptions PatientUsers(const std::string& lag_ms) {
  RunOptions options;
  options.parameters = {{"lag_ms", lag_ms}, {"window_ms", "1000"}};
  options.load.think_time = targets::kSecond;
  return options;
}

TEST(ReadAfterWriteTest, ALagUnderTheWindowKeepsReadYourWrites) {
  ExpectKept(*targets::FindTarget("read-after-write"), PatientUsers("750"),
             SeedCount(100));
}

TEST(ReadAfterWriteTest, ALagAboveTheWindowBreaksReadYourWrites) {
  RunOptions options = PatientUsers("1500");
  options.faults = targets::FaultSet();
  EXPECT_GE(FirstViolation(*targets::FindTarget("read-after-write"), options,
                           {"read-your-writes"}, 200),
            0);
}

}  // namespace
}  // namespace minos::generators
