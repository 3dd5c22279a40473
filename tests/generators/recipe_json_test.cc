// A recipe goes through JSON unharmed, and nothing that is no recipe gets in.

#include "generators/recipe_json.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "generators/run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

Recipe SomeRecipe(const char* target, const char* workload = "") {
  RunOptions options;
  options.seed = 3;
  options.faults = targets::FaultSet::All();
  options.workload = workload;
  options.load.operations = 60;
  return MakeRecipe(*targets::FindTarget(target), options).value();
}

TEST(RecipeJsonTest, EveryTargetAndWorkloadComesBackAsItWas) {
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    for (std::string_view workload : target.workloads) {
      const Recipe recipe =
          SomeRecipe(target.name.data(), std::string(workload).c_str());
      const auto read = RecipeFromJson(RecipeToJson(recipe));
      ASSERT_TRUE(read.ok()) << target.name << ": " << read.status();
      EXPECT_TRUE(*read == recipe) << target.name << " " << workload;
    }
  }
}

TEST(RecipeJsonTest, ParametersBugsAndTheNetworkComeBackToo) {
  Recipe recipe = SomeRecipe("raft");
  recipe.parameters = {{"heartbeat_ms", "20"}, {"snapshot_every", "7"}};
  recipe.bugs = {"no-fsync"};
  recipe.seed = UINT64_MAX;
  recipe.luck = LuckBy::kTime;
  recipe.network.loss_parts = 5;
  recipe.network.reorder = true;
  EXPECT_TRUE(RecipeFromJson(RecipeToJson(recipe)).value() == recipe);
}

struct Broken {
  const char* pointer;
  Json value;
  const char* message;
};

TEST(RecipeJsonTest, SaysWhatIsWrongWithANumberOrAName) {
  const Broken broken[] = {
      {"/target", "rafd", "no target"},
      {"/workload", "counter-of-sheep", "does not serve"},
      {"/nodes", 0, "\"nodes\""},
      {"/nodes", "three", "\"nodes\""},
      {"/seed", -1, "\"seed\""},
      {"/luck", "by-accident", "\"luck\""},
      {"/settle_time", 1e30, "\"settle_time\""},
      {"/network/delay_max", 1, "\"delay_max\""},
      {"/network/loss", 1'000'001, "\"loss\""},
      {"/clients/0/home", -1, "\"home\""},
      {"/clients/0/operations/0/f", "enqueue", "no function"},
      {"/clients/0/operations/0/key", -2, "\"key\""},
      {"/clients/0/operations/0/think", INT64_MAX, "\"think\""},
      {"/faults/0/kind", "flood", "no fault"},
      {"/faults/0/nodes", {99}, "\"nodes\""},
      {"/final_keys", {-1}, "\"final_keys\""},
      {"/bugs", {7}, "bug"},
      {"/parameters", {7}, "\"parameters\""},
  };
  const Json good = Json::parse(RecipeToJson(SomeRecipe("abd")));
  for (const Broken& each : broken) {
    Json json = good;
    json[Json::json_pointer(each.pointer)] = each.value;
    const auto read = RecipeFromJson(json.dump());
    ASSERT_FALSE(read.ok()) << each.pointer;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(each.message))
        << each.pointer;
  }
}

TEST(RecipeJsonTest, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "7", "{", "{\"target\": \"raft\"}"}) {
    EXPECT_FALSE(RecipeFromJson(text).ok()) << text;
  }
}

}  // namespace
}  // namespace minos::generators
