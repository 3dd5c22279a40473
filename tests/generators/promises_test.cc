// The stores keep what they promise, and their planted bugs break it.
//
// The number of seeds is that of a quick test; MINOS_SEEDS=1000 in the
// environment tries as many as one likes:
//
//   MINOS_SEEDS=1000 generators_test --gtest_filter='*PromisesTest*'

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "generators/run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

using checker::Verdict;
using targets::TargetInfo;

int SeedCount(int otherwise) {
  const char* text = std::getenv("MINOS_SEEDS");
  return text == nullptr ? otherwise : std::atoi(text);
}

// The promises, by default settings, that the checker can judge.
std::vector<std::string> JudgedPromises(const TargetInfo& target,
                                        targets::FaultSet* bearing) {
  std::vector<std::string> names;
  targets::FaultSet faults = targets::FaultSet::All();
  const targets::Settings settings(target.parameters, target.bugs);
  for (const targets::Promise& promise : target.promises(settings)) {
    const std::string name(promise.consistency);
    if (!checker::FindConsistency(name).ok()) continue;
    names.push_back(name);
    faults = faults.Intersect(promise.under);
  }
  *bearing = faults;
  return names;
}

Verdict Judge(const TargetInfo& target, const RunOptions& options,
              const std::vector<std::string>& consistencies) {
  const Recipe recipe = MakeRecipe(target, options).value();
  const Run run = Execute(target, recipe, {}).value();
  checker::CheckOptions check;
  check.consistencies = consistencies;
  check.model = std::string(FindWorkload(recipe.workload)->model);
  check.explain = false;
  const auto verdict = checker::CheckHistory(run.history, check);
  EXPECT_TRUE(verdict.ok()) << target.name << ": " << verdict.status();
  return verdict.ok() ? verdict->verdict : Verdict::kUnknown;
}

class PromisesTest : public ::testing::TestWithParam<std::string> {
 protected:
  const TargetInfo& target() const { return *targets::FindTarget(GetParam()); }
};

TEST_P(PromisesTest, AreKeptUnderTheFaultsThatTheStoreBears) {
  RunOptions options;
  targets::FaultSet faults;
  const std::vector<std::string> promises = JudgedPromises(target(), &faults);
  if (promises.empty()) GTEST_SKIP() << "no promise can be judged";
  options.faults = faults;
  for (int seed = 0; seed < SeedCount(20); ++seed) {
    options.seed = static_cast<uint64_t>(seed);
    ASSERT_NE(Judge(target(), options, promises), Verdict::kViolation)
        << GetParam() << " broke a promise with seed " << seed;
  }
}

TEST_P(PromisesTest, AreBrokenByEveryPlantedBugWithin200Seeds) {
  targets::FaultSet faults;
  const std::vector<std::string> promises = JudgedPromises(target(), &faults);
  for (const targets::BugInfo& bug : target().bugs) {
    std::vector<std::string> broken;
    for (std::string_view name : bug.breaks) {
      for (const std::string& promise : promises) {
        if (promise == name) broken.push_back(promise);
      }
    }
    if (broken.empty()) continue;
    RunOptions options;
    options.faults = faults;
    options.bugs = {std::string(bug.name)};
    bool is_caught = false;
    bool is_judged = false;
    for (uint64_t seed = 0; seed < 200 && !is_caught; ++seed) {
      options.seed = seed;
      const Verdict verdict = Judge(target(), options, broken);
      is_caught = verdict == Verdict::kViolation;
      is_judged = is_judged || verdict != Verdict::kUnknown;
    }
    // The checker judges no eventual counters.
    EXPECT_TRUE(is_caught || !is_judged) << GetParam() << " --bug " << bug.name;
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
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) {
                             if (c == '-') c = '_';
                           }
                           return name;
                         });

TEST(QuorumTest, OverlappingQuorumsAreNotLinearizable) {
  const TargetInfo& quorum = *targets::FindTarget("quorum");
  bool is_violated = false;
  for (uint64_t seed = 0; seed < 200 && !is_violated; ++seed) {
    RunOptions options;
    options.seed = seed;
    is_violated =
        Judge(quorum, options, {"linearizable"}) == Verdict::kViolation;
  }
  EXPECT_TRUE(is_violated);
}

TEST(ReadAfterWriteTest, ALagAboveTheWindowBreaksReadYourWrites) {
  if (!checker::FindConsistency("read-your-writes").ok()) GTEST_SKIP();
  const TargetInfo& store = *targets::FindTarget("read-after-write");
  bool is_violated = false;
  for (uint64_t seed = 0; seed < 200 && !is_violated; ++seed) {
    RunOptions options;
    options.seed = seed;
    options.faults = targets::FaultSet();
    options.parameters = {{"window_ms", "100"}};
    is_violated =
        Judge(store, options, {"read-your-writes"}) == Verdict::kViolation;
  }
  EXPECT_TRUE(is_violated);
}

}  // namespace
}  // namespace minos::generators
