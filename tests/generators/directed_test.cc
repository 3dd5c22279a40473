// Directed schedules, and what an exploration learns from its runs.

#include "generators/directed.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/check.h"
#include "generators/explorer.h"
#include "generators/mutation.h"
#include "generators/rare_events.h"
#include "generators/run.h"
#include "generators/workload_registry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history/write.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

using targets::FaultSet;
using targets::TargetInfo;

const TargetInfo& Target(const std::string& name) {
  return *targets::FindTarget(name);
}

Run ExecuteOf(const Recipe& recipe) {
  ExecuteOptions options;
  options.coverage = true;
  return Execute(Target(recipe.target), recipe, options).value();
}

std::string Bytes(const Run& run) {
  std::string bytes;
  const absl::Status status = history::WriteHistory(
      run.history, history::Format::kJsonLines, [&](std::string_view text) {
        bytes += text;
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return bytes;
}

TEST(DirectedTest, EveryRunOfEveryTargetCanBeMadeAndHasItsOperations) {
  for (const TargetInfo& target : targets::AllTargets()) {
    SwarmOptions options;
    options.draws_operations = false;
    for (uint64_t seed = 0; seed < 12; ++seed) {
      const auto recipe = DrawDirected(target, options, seed);
      ASSERT_TRUE(recipe.ok()) << target.name << ": " << recipe.status();
      EXPECT_EQ(CountOperations(*recipe), 200u) << target.name;
      EXPECT_TRUE(Execute(target, *recipe, {}).ok()) << target.name;
    }
  }
}

TEST(DirectedTest, OnlyFaultsHappenThatTheRunCouldHaveHadAnyway) {
  for (const TargetInfo& target : targets::AllTargets()) {
    const auto settings = MakeSettings(target, {}, {}).value();
    SwarmOptions fixed;
    fixed.base.faults =
        FaultSet({targets::FaultKind::kPause, targets::FaultKind::kDelay});
    for (uint64_t seed = 0; seed < 12; ++seed) {
      const Recipe free = DrawDirected(target, {}, seed).value();
      // A swarm run has parameters of its own, and is born for other faults.
      if (free.parameters.empty()) {
        EXPECT_TRUE(PlannedKinds(free).IsSubsetOf(BornFaults(target, settings)))
            << target.name << ", seed " << seed;
      }
      const Recipe few = DrawDirected(target, fixed, seed).value();
      EXPECT_TRUE(PlannedKinds(few).IsSubsetOf(*fixed.base.faults))
          << target.name << ", seed " << seed;
    }
  }
}

TEST(DirectedTest, WhatIsFixedStaysFixed) {
  SwarmOptions options;
  options.base.workload = "multi-key";
  options.base.nodes = 4;
  options.base.load.keys = 2;
  options.base.load.operations = 30;
  options.base.load.think_time = 3 * targets::kMillisecond;
  options.base.fault_interval = 70 * targets::kMillisecond;
  options.draws_operations = false;
  options.draws_think_time = false;
  options.draws_fault_interval = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Recipe recipe = DrawDirected(Target("quorum"), options, seed).value();
    EXPECT_EQ(recipe.workload, "multi-key");
    EXPECT_EQ(recipe.nodes, 4);
    EXPECT_EQ(CountOperations(recipe), 30u);
    for (const ClientPlan& client : recipe.clients) {
      for (const PlannedOperation& planned : client.operations) {
        EXPECT_LT(planned.operation.key, 2);
        EXPECT_LE(planned.think, 6 * targets::kMillisecond);
        EXPECT_EQ(planned.not_before, 0);
      }
    }
    for (const PlannedFault& fault : recipe.faults) {
      EXPECT_LE(fault.duration, 70 * targets::kMillisecond);
      EXPECT_FALSE(fault.is_aimed);
    }
  }
}

TEST(DirectedTest, AClientReleasesTheLockThatItAcquired) {
  SwarmOptions options;
  options.base.workload = "lock";
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Recipe recipe = DrawDirected(Target("raft"), options, seed).value();
    for (const ClientPlan& client : recipe.clients) {
      int32_t held = -1;
      for (const PlannedOperation& planned : client.operations) {
        if (planned.operation.function == targets::Function::kAcquire) {
          held = planned.operation.key;
        } else {
          EXPECT_EQ(planned.operation.key, held);
        }
      }
    }
  }
}

// What each client does, but for the keys, the nodes and the times, in an order
// of its own.
std::vector<std::vector<std::pair<targets::Function, int64_t>>> WorkOf(
    const Recipe& recipe) {
  std::vector<std::vector<std::pair<targets::Function, int64_t>>> work;
  for (const ClientPlan& client : recipe.clients) {
    std::vector<std::pair<targets::Function, int64_t>>& mine =
        work.emplace_back();
    for (const PlannedOperation& planned : client.operations) {
      mine.push_back({planned.operation.function, planned.operation.argument});
    }
    std::sort(mine.begin(), mine.end());
  }
  return work;
}

TEST(DirectedTest, ClientsDoWhatTheyWouldHaveDoneAnyway) {
  for (const char* name : {"raft", "quorum", "causal", "lease-lock"}) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      RunOptions plain;
      plain.seed = seed;
      const Recipe directed = DrawDirected(Target(name), {}, seed).value();
      EXPECT_EQ(WorkOf(directed),
                WorkOf(MakeRecipe(Target(name), plain).value()))
          << name;
    }
  }
}

// An order of all operations shows in few of them, on a key of their own; what
// sessions have seen where they meet, on the few keys of the workload.
TEST(DirectedTest, WhatIsPromisedDecidesWhetherKeysStartAfresh) {
  const auto count_keys = [](const char* name) {
    const Recipe recipe = DrawDirected(Target(name), {}, 0).value();
    return recipe.final_keys.size();
  };
  for (const char* name : {"abd", "raft", "quorum", "sequencer"}) {
    EXPECT_GT(count_keys(name), 20u) << name;
  }
  for (const char* name : {"causal", "tiered", "monotonic-cache"}) {
    EXPECT_EQ(count_keys(name), 3u) << name;
  }
}

TEST(DirectedTest, EveryKeyThatIsUsedIsReadInTheEnd) {
  for (const char* name : {"eventual", "raft"}) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const Recipe recipe = DrawDirected(Target(name), {}, seed).value();
      const WorkloadInfo* workload = FindWorkload(recipe.workload);
      if (!workload->has_final_reads) continue;
      for (const ClientPlan& client : recipe.clients) {
        for (const PlannedOperation& planned : client.operations) {
          EXPECT_THAT(recipe.final_keys,
                      ::testing::Contains(planned.operation.key));
        }
      }
    }
  }
}

// Saved and shrunk is the recipe with the nodes that were struck, and when.
TEST(DirectedTest, ARunWithAimedFaultsIsThatOfTheNodesThatTheyStruck) {
  size_t aimed = 0;
  size_t in_wait = 0;
  for (const char* name : {"raft", "abd", "read-after-write"}) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      Recipe recipe = DrawDirected(Target(name), {}, seed).value();
      aimed += static_cast<size_t>(std::count_if(
          recipe.faults.begin(), recipe.faults.end(),
          [](const PlannedFault& fault) { return fault.is_aimed; }));
      in_wait += static_cast<size_t>(std::count_if(
          recipe.faults.begin(), recipe.faults.end(),
          [](const PlannedFault& fault) { return fault.rarity > 0; }));
      const auto run = ExecuteOf(recipe);
      recipe.faults = run.faults;
      for (const PlannedFault& fault : recipe.faults) {
        EXPECT_FALSE(fault.is_aimed);
        EXPECT_EQ(fault.rarity, 0);
      }
      EXPECT_EQ(Bytes(ExecuteOf(recipe)), Bytes(run)) << name << seed;
    }
  }
  EXPECT_GT(aimed, 100u);
  EXPECT_GT(in_wait, 100u);
}

// A run of raft without faults, but for one that waits from `start` on.
Recipe WithOneInWait(Nanoseconds start, int64_t rarity) {
  RunOptions options;
  options.seed = 5;
  options.faults = FaultSet();
  Recipe recipe = MakeRecipe(Target("raft"), options).value();
  PlannedFault fault;
  fault.kind = FaultKind::kCrash;
  fault.start = start;
  fault.duration = 200 * targets::kMillisecond;
  fault.nodes = {0};
  fault.is_aimed = true;
  fault.rarity = rarity;
  fault.delay = targets::kMillisecond / 4;
  recipe.faults = {fault};
  return recipe;
}

TEST(FaultsInWaitTest, BeginAfterARareEventAtTheNodeThatHandledIt) {
  Recipe recipe = WithOneInWait(0, 4);
  ExecuteOptions options;
  options.trace = true;
  const auto run = Execute(Target("raft"), recipe, options).value();
  ASSERT_EQ(run.faults.size(), 1u);
  const PlannedFault& fault = run.faults[0];
  EXPECT_FALSE(fault.is_aimed);
  EXPECT_EQ(fault.rarity, 0);
  EXPECT_EQ(fault.delay, 0);
  ASSERT_EQ(fault.nodes.size(), 1u);
  const auto& steps = run.trace.steps();
  const auto cause = std::find_if(
      steps.begin(), steps.end(), [&](const targets::TraceStep& step) {
        const bool is_handled = step.kind == targets::TraceKind::kDeliver ||
                                step.kind == targets::TraceKind::kServe;
        return is_handled &&
               step.time + targets::kMillisecond / 4 == fault.start;
      });
  ASSERT_NE(cause, steps.end());
  EXPECT_EQ(cause->to, fault.nodes[0]);
  recipe.faults = run.faults;
  EXPECT_EQ(Bytes(ExecuteOf(recipe)), Bytes(run));
}

TEST(FaultsInWaitTest, ThatWaitInVainChangeNothingAndAreLeftOut) {
  Recipe recipe = WithOneInWait(targets::kSecond, int64_t{1} << 40);
  const auto run = ExecuteOf(recipe);
  EXPECT_TRUE(run.faults.empty());
  recipe.faults.clear();
  EXPECT_EQ(Bytes(ExecuteOf(recipe)), Bytes(run));
}

TEST(FaultsInWaitTest, OneEventIsForOneOfThem) {
  Recipe recipe = WithOneInWait(0, 4);
  recipe.faults.push_back(recipe.faults[0]);
  const auto run = ExecuteOf(recipe);
  ASSERT_EQ(run.faults.size(), 2u);
  EXPECT_LT(run.faults[0].start, run.faults[1].start);
  recipe.faults = run.faults;
  EXPECT_EQ(Bytes(ExecuteOf(recipe)), Bytes(run));
}

TEST(RareEventsTest, AreThoseOfANameThatFewEventsHad) {
  RareEvents events;
  constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(events.Count("gossip"), kNever);
  for (int64_t i = 1; i < 20; ++i) EXPECT_EQ(events.Count("gossip"), 1);
  EXPECT_EQ(events.Count("vote"), kNever);
  EXPECT_EQ(events.Count("vote"), 21);
  EXPECT_EQ(events.Count("vote"), 11);
  EXPECT_EQ(events.Count("gossip"), 1);
}

TEST(DirectedTest, StoresWithoutABugKeepTheirPromises) {
  for (const TargetInfo& target : targets::AllTargets()) {
    for (uint64_t seed = 100; seed < 112; ++seed) {
      const Recipe recipe = DrawDirected(target, {}, seed).value();
      const auto settings = MakeSettings(target, recipe.parameters, {}).value();
      checker::CheckOptions check;
      check.explain = false;
      check.limits.memory_bytes = size_t{64} << 20;
      check.model = std::string(FindWorkload(recipe.workload)->model);
      const auto run = Execute(target, recipe, {}).value();
      for (const targets::Promise& promise : target.promises(settings)) {
        if (!PlannedKinds(recipe).IsSubsetOf(promise.under)) continue;
        check.consistencies = {std::string(promise.consistency)};
        const auto verdict = checker::CheckHistory(run.history, check);
        if (!verdict.ok()) continue;  // it is not defined for the data type
        EXPECT_EQ(verdict->verdict, checker::Verdict::kValid)
            << target.name << " does not keep " << promise.consistency
            << ", seed " << seed;
      }
    }
  }
}

// A log that a planted bug has shortened must not be read beyond its end.
TEST(DirectedTest, PlantedBugsBreakPromisesAndNotTheProgram) {
  const TargetInfo& raft = Target("raft");
  for (const targets::BugInfo& bug : raft.bugs) {
    SwarmOptions options;
    options.base.bugs = {std::string(bug.name)};
    options.draws_operations = false;
    for (uint64_t seed = 0; seed < 60; ++seed) {
      const Recipe recipe = DrawDirected(raft, options, seed).value();
      EXPECT_TRUE(Execute(raft, recipe, {}).ok()) << bug.name << seed;
    }
  }
}

// Explores a group as a campaign does; returns the recipes.
std::vector<Recipe> ExploreGroup(const TargetInfo& target, uint64_t seed,
                                 bool learns, size_t* kept) {
  const SwarmOptions options;
  Explorer explorer(target, options, seed, static_cast<size_t>(seed));
  std::vector<Recipe> recipes;
  for (size_t i = 0; i < kRunsPerGroup; ++i) {
    recipes.push_back(explorer.Next().value());
    Recipe struck = recipes.back();
    const auto run = ExecuteOf(struck);
    struck.faults = run.faults;
    if (learns && explorer.Learn(struck, run.coverage)) ++*kept;
  }
  return recipes;
}

TEST(ExplorerTest, TheFirstRunsOfACampaignAreShortUnlessTheirLengthIsFixed) {
  for (Schedule schedule :
       {Schedule::kPlain, Schedule::kSwarm, Schedule::kDirected}) {
    SwarmOptions options;
    options.schedule = schedule;
    size_t last = 0;
    for (size_t number : {0u, 1u, 5u, 16u}) {
      Explorer explorer(Target("g-set"), options, 7, number);
      const size_t count = CountOperations(explorer.Next().value());
      EXPECT_GT(count, last) << number;
      last = count;
    }
    EXPECT_EQ(last, 200u);
    EXPECT_EQ(OperationsOfRun(1'000'000), 200);
    options.draws_operations = false;
    options.base.load.operations = 30;
    Explorer explorer(Target("g-set"), options, 7, 0);
    EXPECT_EQ(CountOperations(explorer.Next().value()), 30u);
  }
}

TEST(ExplorerTest, AGroupIsExploredAlikeWheneverAndWhereverItIs) {
  size_t kept[2] = {0, 0};
  const std::vector<Recipe> one =
      ExploreGroup(Target("raft"), 40, true, &kept[0]);
  EXPECT_EQ(ExploreGroup(Target("raft"), 40, true, &kept[1]), one);
  EXPECT_EQ(kept[0], kept[1]);
  EXPECT_GT(kept[0], 2u);
}

TEST(ExplorerTest, WhatReachedSomethingNewIsMutatedLater) {
  size_t mutants = 0;
  size_t kept = 0;
  for (uint64_t seed = 0; seed < 40; seed += kRunsPerGroup) {
    const std::vector<Recipe> learned =
        ExploreGroup(Target("abd"), seed, true, &kept);
    const std::vector<Recipe> drawn =
        ExploreGroup(Target("abd"), seed, false, &kept);
    for (size_t i = 0; i < learned.size(); ++i) {
      mutants += learned[i] == drawn[i] ? 0 : 1;
    }
  }
  EXPECT_GT(mutants, 1u);
  EXPECT_LT(mutants, 20u);
}

TEST(MutationTest, ChangesMomentsAndNeitherOperationsNorKindsOfFaults) {
  const Recipe one = ExploreGroup(Target("quorum"), 0, false, nullptr)[0];
  const Recipe other = ExploreGroup(Target("quorum"), 0, false, nullptr)[1];
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Recipe mutant = Mutate(one, other, targets::Random(seed));
    EXPECT_NE(mutant, one);
    EXPECT_TRUE(PlannedKinds(mutant).IsSubsetOf(PlannedKinds(one)));
    ASSERT_EQ(mutant.clients.size(), one.clients.size());
    for (size_t client = 0; client < one.clients.size(); ++client) {
      const auto& before = one.clients[client].operations;
      const auto& after = mutant.clients[client].operations;
      ASSERT_EQ(after.size(), before.size());
      for (size_t i = 0; i < after.size(); ++i) {
        EXPECT_EQ(after[i].operation, before[i].operation);
        EXPECT_EQ(after[i].node, before[i].node);
      }
    }
    EXPECT_TRUE(std::is_sorted(
        mutant.faults.begin(), mutant.faults.end(),
        [](const auto& a, const auto& b) { return a.start < b.start; }));
  }
}

}  // namespace
}  // namespace minos::generators
