// A failing recipe becomes smaller, and stays a failing one.

#include "generators/shrink.h"

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "checker/check.h"
#include "generators/run.h"
#include "generators/workload_registry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

bool IsBroken(const targets::TargetInfo& target, const Recipe& recipe,
              const std::string& consistency) {
  const auto run = Execute(target, recipe, {});
  if (!run.ok()) return false;
  checker::CheckOptions check;
  check.consistencies = {consistency};
  check.model = std::string(FindWorkload(recipe.workload)->model);
  check.explain = false;
  const auto verdict = checker::CheckHistory(run->history, check);
  return verdict.ok() && verdict->verdict == checker::Verdict::kViolation;
}

// The first recipe of `target` with `bug` that breaks `consistency`.
Recipe FirstBroken(const targets::TargetInfo& target, const std::string& bug,
                   const std::string& consistency) {
  RunOptions options;
  options.bugs = {bug};
  for (uint64_t seed = 0; seed < 200; ++seed) {
    options.seed = seed;
    Recipe recipe = MakeRecipe(target, options).value();
    if (IsBroken(target, recipe, consistency)) return recipe;
  }
  ADD_FAILURE() << "no seed breaks " << consistency;
  return {};
}

TEST(ShrinkTest, AnythingAtAllShrinksToNothing) {
  const targets::TargetInfo& target = *targets::FindTarget("abd");
  const Recipe recipe = MakeRecipe(target, {}).value();
  const Shrunk shrunk =
      Shrink(target, recipe, [](const Recipe&) { return true; }, {});
  EXPECT_TRUE(shrunk.is_minimal);
  EXPECT_EQ(CountOperations(shrunk.recipe), 0u);
  EXPECT_EQ(shrunk.recipe.clients.size(), 0u);
  EXPECT_EQ(shrunk.recipe.faults.size(), 0u);
  EXPECT_EQ(shrunk.recipe.nodes, target.min_nodes);
}

TEST(ShrinkTest, WhatIsNeededStays) {
  const targets::TargetInfo& target = *targets::FindTarget("abd");
  const Recipe recipe = MakeRecipe(target, {}).value();
  const auto fails = [](const Recipe& each) {
    size_t writes = 0;
    for (const ClientPlan& client : each.clients) {
      for (const PlannedOperation& planned : client.operations) {
        const bool is_write =
            planned.operation.function == targets::Function::kWrite;
        if (is_write) ++writes;
      }
    }
    return writes >= 3 && each.faults.size() >= 2 && each.nodes >= 2;
  };
  const Shrunk shrunk = Shrink(target, recipe, fails, {});
  EXPECT_EQ(CountOperations(shrunk.recipe), 3u);
  EXPECT_EQ(shrunk.recipe.faults.size(), 2u);
  EXPECT_EQ(shrunk.recipe.nodes, 2);
}

// No single step leads from ten operations and five faults to two and one.
TEST(ShrinkTest, LeapsWhereNoStepLeadsOn) {
  const targets::TargetInfo& target = *targets::FindTarget("abd");
  const Recipe recipe = MakeRecipe(target, {}).value();
  const auto fails = [](const Recipe& each) {
    const size_t operations = CountOperations(each);
    const size_t faults = each.faults.size();
    return (operations == 2 && faults == 1) ||
           (operations >= 10 && faults >= 5);
  };
  const Shrunk shrunk = Shrink(target, recipe, fails, {});
  EXPECT_EQ(CountOperations(shrunk.recipe), 2u);
  EXPECT_EQ(shrunk.recipe.faults.size(), 1u);
}

// Greedy steps alone leave more than ten faults of this one.
TEST(ShrinkTest, AReadThatWritesNothingBackNeedsFewOperationsAndOneFault) {
  const targets::TargetInfo& target = *targets::FindTarget("abd");
  const Recipe recipe = FirstBroken(target, "skip-write-back", "linearizable");
  bool is_small = false;
  const auto fails = [&](const Recipe& each) {
    if (!IsBroken(target, each, "linearizable")) return false;
    is_small = CountOperations(each) <= 4 && each.faults.size() <= 1;
    return true;
  };
  ShrinkLimits limits;
  limits.should_stop = [&] { return is_small; };
  const Shrunk shrunk = Shrink(target, recipe, fails, limits);
  EXPECT_LE(CountOperations(shrunk.recipe), 4u);
  EXPECT_LE(shrunk.recipe.faults.size(), 1u);
}

// When each operation was called, and when it was answered.
std::multiset<std::pair<Nanoseconds, Nanoseconds>> Times(const Recipe& recipe) {
  const Run run = Execute(*targets::FindTarget("abd"), recipe, {}).value();
  std::multiset<std::pair<Nanoseconds, Nanoseconds>> times;
  for (size_t i = 0; i < run.history.size(); ++i) {
    const history::Operation operation =
        run.history.operation(static_cast<history::OpIndex>(i));
    times.insert({operation.call_time, operation.completion_time});
  }
  return times;
}

// How many of the others' operations go another way when the first client does
// nothing.
size_t CountDisturbed(Recipe recipe) {
  const auto before = Times(recipe);
  recipe.clients.front().operations.clear();
  size_t count = 0;
  for (const auto& times : Times(recipe)) {
    if (!before.contains(times)) ++count;
  }
  return count;
}

TEST(ShrinkTest, LuckByTheTimeLeavesOtherOperationsAsTheyWere) {
  RunOptions options;
  options.faults = targets::FaultSet();
  options.load.rate = 20;  // operations have times of their own
  Recipe recipe = MakeRecipe(*targets::FindTarget("abd"), options).value();
  recipe.settle_time = 0;
  recipe.final_keys.clear();
  const size_t by_count = CountDisturbed(recipe);
  recipe.luck = LuckBy::kTime;
  const size_t by_time = CountDisturbed(recipe);
  EXPECT_LT(10 * by_time, by_count);
}

TEST(ShrinkTest, ALostUpdateNeedsFewOperations) {
  const targets::TargetInfo& target = *targets::FindTarget("strong-counter");
  const Recipe recipe = FirstBroken(target, "no-lock", "linearizable");
  const auto fails = [&target](const Recipe& each) {
    return IsBroken(target, each, "linearizable");
  };
  const Shrunk shrunk = Shrink(target, recipe, fails, {});
  EXPECT_TRUE(fails(shrunk.recipe));
  EXPECT_TRUE(shrunk.is_minimal);
  EXPECT_LE(CountOperations(shrunk.recipe), 3u);
  EXPECT_EQ(shrunk.recipe.faults.size(), 0u);
  const Shrunk again = Shrink(target, recipe, fails, {});
  EXPECT_TRUE(again.recipe == shrunk.recipe);
}

TEST(ShrinkTest, KeepsItsLimits) {
  const targets::TargetInfo& target = *targets::FindTarget("strong-counter");
  const Recipe recipe = FirstBroken(target, "no-lock", "linearizable");
  size_t runs = 0;
  const auto fails = [&](const Recipe& each) {
    ++runs;
    return IsBroken(target, each, "linearizable");
  };
  ShrinkLimits limits;
  limits.tries = 10;
  const Shrunk shrunk = Shrink(target, recipe, fails, limits);
  EXPECT_EQ(runs, 10u);
  EXPECT_EQ(shrunk.tries, 10u);
  EXPECT_FALSE(shrunk.is_minimal);
  EXPECT_TRUE(IsBroken(target, shrunk.recipe, "linearizable"));
  limits.should_stop = [] { return true; };
  EXPECT_EQ(Shrink(target, recipe, fails, limits).tries, 0u);
}

}  // namespace
}  // namespace minos::generators
