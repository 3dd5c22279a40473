// How fast the bundled stores run, and are judged.
//
//   Run/STORE     whole runs of 200 operations under the faults that the store
//                 bears, what it promises checked: `runs` a second of CPU time
//   Events/STORE  the simulation alone, with 400 operations: `events` a
//                 second of CPU time

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/check.h"
#include "generators/run.h"
#include "generators/workload.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

using targets::TargetInfo;

std::vector<std::string> PromisesOf(const TargetInfo& target) {
  std::vector<std::string> names;
  const targets::Settings settings(target.parameters, target.bugs);
  for (const targets::Promise& promise : target.promises(settings)) {
    names.push_back(std::string(promise.consistency));
  }
  return names;
}

void RunAndCheck(benchmark::State& state, const TargetInfo& target) {
  checker::CheckOptions check;
  check.consistencies = PromisesOf(target);
  RunOptions options;
  int64_t runs = 0;
  for (auto _ : state) {
    const Recipe recipe = MakeRecipe(target, options).value();
    const Run run = Execute(target, recipe, {}).value();
    check.model = std::string(FindWorkload(recipe.workload)->model);
    const auto verdict = checker::CheckHistory(run.history, check);
    if (!verdict.ok()) {
      state.SkipWithError(std::string(verdict.status().message()).c_str());
      return;
    }
    ++options.seed;
    ++runs;
  }
  state.counters["runs"] = benchmark::Counter(static_cast<double>(runs),
                                              benchmark::Counter::kIsRate);
}

void SimulateOnly(benchmark::State& state, const TargetInfo& target) {
  RunOptions options;
  options.load.operations = 400;
  const Recipe recipe = MakeRecipe(target, options).value();
  uint64_t events = 0;
  for (auto _ : state) {
    const Run run = Execute(target, recipe, {}).value();
    events += run.counters.steps;
  }
  state.counters["events"] = benchmark::Counter(static_cast<double>(events),
                                                benchmark::Counter::kIsRate);
}

void RegisterAll() {
  for (const TargetInfo& target : targets::AllTargets()) {
    const std::string name(target.name);
    benchmark::RegisterBenchmark(
        ("Run/" + name).c_str(),
        [&target](benchmark::State& state) { RunAndCheck(state, target); })
        ->Unit(benchmark::kMicrosecond);
  }
  for (const TargetInfo& target : targets::AllTargets()) {
    const std::string name(target.name);
    benchmark::RegisterBenchmark(
        ("Events/" + name).c_str(),
        [&target](benchmark::State& state) { SimulateOnly(state, target); })
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace minos::generators

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  minos::generators::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
}
