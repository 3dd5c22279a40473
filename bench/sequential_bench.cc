// Sequential consistency of 1,000 operations by 5 processes.
//
//   sequential_bench --benchmark_filter=replicated/queue
//
// `atomic/…` are the families of `minos generate`: linearizable, or with one
// violation of linearizability, which may be one of sequential consistency or
// not. `replicated/…` come from a replicated object that is sequentially
// consistent and not linearizable (see replicated_object.h), without and with
// one fault. `store/…` are runs of bundled stores, most of which promise less.
// Each row is several histories; it says how many were decided within 10 s, and
// what the slowest took.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "bench/replicated_object.h"
#include "checker/check.h"
#include "generators/families.h"
#include "generators/run.h"
#include "targets/target_registry.h"

namespace minos::bench {
namespace {

constexpr int kOperations = 1000;
constexpr int kProcesses = 5;
constexpr uint64_t kSeeds = 5;
constexpr std::chrono::seconds kLimit{10};

// A history of a row, and what its objects start with, if not the default.
struct Subject {
  history::History history;
  std::string model;
  std::optional<int> initial;
};

using MakeSubject = std::function<absl::StatusOr<Subject>(uint64_t seed)>;

double ProcessorSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void BM_Sequential(benchmark::State& state, const MakeSubject& make) {
  int verdicts[3] = {0, 0, 0};
  double slowest = 0;
  std::string reason;
  for (auto _ : state) {
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      absl::StatusOr<Subject> subject = make(seed);
      if (!subject.ok()) {
        return state.SkipWithError(
            std::string(subject.status().message()).c_str());
      }
      checker::CheckOptions options;
      options.consistencies = {"sequential"};
      options.model = subject->model;
      options.explain = false;
      options.limits.time = kLimit;
      options.limits.memory_bytes = size_t{2} << 30;
      if (subject->initial) {
        options.initial =
            subject->history.mutable_values().Integer(*subject->initial);
      }
      const double start = ProcessorSeconds();
      const auto verdict = checker::CheckHistory(subject->history, options);
      slowest = std::max(slowest, ProcessorSeconds() - start);
      if (!verdict.ok()) {
        return state.SkipWithError(
            std::string(verdict.status().message()).c_str());
      }
      const checker::CheckResult& check = verdict->checks.front();
      ++verdicts[static_cast<size_t>(check.verdict)];
      if (check.unknown) reason = checker::ToString(check.unknown->reason);
    }
  }
  state.counters["slowest_s"] = slowest;
  state.SetLabel(absl::StrCat(
      "valid ", verdicts[static_cast<size_t>(checker::Verdict::kValid)],
      ", violation ",
      verdicts[static_cast<size_t>(checker::Verdict::kViolation)], ", unknown ",
      verdicts[static_cast<size_t>(checker::Verdict::kUnknown)],
      reason.empty() ? "" : " (" + reason + ")"));
}

void Register(const std::string& name, const MakeSubject& make) {
  benchmark::RegisterBenchmark(
      name.c_str(),
      [make](benchmark::State& state) { BM_Sequential(state, make); })
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

std::string RowName(std::string_view kind, std::string_view name, int info,
                    bool is_wrong) {
  return absl::StrCat(std::string(kind), "/", std::string(name), "/info:", info,
                      is_wrong ? "/late" : "/none");
}

void RegisterAtomic(int info, bool is_wrong) {
  for (const generators::FamilyInfo& family : generators::AllFamilies()) {
    Register(RowName("atomic", family.name, info, is_wrong),
             [=](uint64_t seed) -> absl::StatusOr<Subject> {
               auto history = generators::GenerateFamily(
                   family.name,
                   {.operations = kOperations,
                    .clients = kProcesses,
                    .info_percent = static_cast<double>(info),
                    .seed = seed,
                    .violation = is_wrong ? generators::ViolationPlace::kLate
                                          : generators::ViolationPlace::kNone});
               if (!history.ok()) return history.status();
               return Subject{*std::move(history), std::string(family.model),
                              family.initial};
             });
  }
}

void RegisterReplicated(int info, bool is_wrong) {
  for (const ReplicatedObjectInfo& object : AllReplicatedObjects()) {
    Register(RowName("replicated", object.name, info, is_wrong),
             [=](uint64_t seed) -> absl::StatusOr<Subject> {
               return Subject{MakeReplicatedHistory(object.object,
                                                    {.operations = kOperations,
                                                     .processes = kProcesses,
                                                     .info_percent = info,
                                                     .seed = seed,
                                                     .is_faulty = is_wrong}),
                              std::string(object.model), std::nullopt};
             });
  }
}

absl::StatusOr<Subject> RunStore(const targets::TargetInfo& target,
                                 const std::string& workload, bool is_unique,
                                 uint64_t seed) {
  generators::RunOptions options;
  options.seed = seed;
  options.workload = workload;
  options.load.operations = kOperations;
  options.load.clients = kProcesses;
  options.load.unique_values = is_unique;
  const auto recipe = generators::MakeRecipe(target, options);
  if (!recipe.ok()) return recipe.status();
  auto run = generators::Execute(target, *recipe, {});
  if (!run.ok()) return run.status();
  return Subject{std::move(run->history), "auto", std::nullopt};
}

void RegisterStores() {
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    for (const std::string_view workload : target.workloads) {
      Register(absl::StrCat("store/", std::string(target.name), "/",
                            std::string(workload)),
               [&target, workload](uint64_t seed) {
                 return RunStore(target, std::string(workload), true, seed);
               });
    }
  }
}

void RegisterAll() {
  for (const bool is_wrong : {false, true}) {
    for (const int info : {0, 5}) {
      RegisterAtomic(info, is_wrong);
      RegisterReplicated(info, is_wrong);
    }
  }
  RegisterStores();
}

}  // namespace
}  // namespace minos::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  minos::bench::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
