// Runs that are drawn as a whole.

#include "generators/swarm.h"

#include <cstdint>
#include <set>
#include <string>

#include "generators/run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

TEST(SwarmTest, EveryDrawnRunOfEveryTargetCanBeMade) {
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    for (uint64_t seed = 0; seed < 30; ++seed) {
      const auto run = DrawRun(target, {}, seed);
      ASSERT_TRUE(run.ok()) << target.name << ": " << run.status();
      const auto recipe = MakeRecipe(target, *run);
      EXPECT_TRUE(recipe.ok()) << target.name << ": " << recipe.status();
    }
  }
}

TEST(SwarmTest, SeedsDifferInWorkloadClusterFaultsAndParameters) {
  const targets::TargetInfo& target = *targets::FindTarget("raft");
  std::set<std::string> workloads;
  std::set<int> nodes;
  std::set<int> clients;
  std::set<size_t> parameters;
  int with_crashes = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const RunOptions run = DrawRun(target, {}, seed).value();
    workloads.insert(run.workload);
    nodes.insert(*run.nodes);
    clients.insert(run.load.clients);
    parameters.insert(run.parameters.size());
    with_crashes += run.faults->contains(targets::FaultKind::kCrash) ? 1 : 0;
  }
  EXPECT_GT(workloads.size(), 5u);
  EXPECT_GT(nodes.size(), 3u);
  EXPECT_GT(clients.size(), 4u);
  EXPECT_GT(parameters.size(), 2u);
  EXPECT_GT(with_crashes, 20);
  EXPECT_LT(with_crashes, 80);
}

TEST(SwarmTest, WhatIsFixedStaysFixed) {
  const targets::TargetInfo& target = *targets::FindTarget("quorum");
  SwarmOptions options;
  options.base.workload = "multi-key";
  options.base.nodes = 4;
  options.base.faults = targets::FaultSet({targets::FaultKind::kPause});
  options.base.parameters = {{"r", "1"}};
  options.base.load.operations = 17;
  options.base.load.keys = 3;
  options.draws_operations = false;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const RunOptions run = DrawRun(target, options, seed).value();
    EXPECT_EQ(run.workload, "multi-key");
    EXPECT_EQ(run.nodes, 4);
    EXPECT_TRUE(*run.faults == *options.base.faults);
    EXPECT_EQ(run.load.operations, 17);
    EXPECT_EQ(run.load.keys, 3);
    EXPECT_EQ(run.parameters.front(), options.base.parameters.front());
    for (size_t i = 1; i < run.parameters.size(); ++i) {
      EXPECT_NE(run.parameters[i].first, "r");
    }
  }
}

TEST(SwarmTest, RefusesABugThatTheTargetDoesNotHave) {
  SwarmOptions options;
  options.base.bugs = {"no-fsync"};
  EXPECT_FALSE(DrawRun(*targets::FindTarget("abd"), options, 1).ok());
}

}  // namespace
}  // namespace minos::generators
