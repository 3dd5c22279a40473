#include "generators/swarm.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "generators/workload.h"
#include "generators/workload_registry.h"
#include "targets/random.h"

namespace minos::generators {
namespace {

using targets::FaultSet;
using targets::kMillisecond;
using targets::ParameterInfo;
using targets::Random;
using targets::TargetInfo;

// Labels of the streams of luck, so that fixing one thing leaves the others as
// they were.
enum Stream : uint64_t {
  kWorkload = 101,
  kNodes,
  kParameters,
  kLoad,
  kKeys,
  kFaults,
};

bool Fits(std::string_view workload, const WorkloadOptions& load) {
  const WorkloadInfo* info = FindWorkload(workload);
  return info != nullptr && CheckFits(*info, load).ok();
}

// One that can heed what is fixed.
void DrawWorkload(const TargetInfo& target, Random random,
                  RunOptions& options) {
  if (!options.workload.empty()) return;
  std::vector<std::string_view> fitting;
  for (std::string_view workload : target.workloads) {
    if (Fits(workload, options.load)) fitting.push_back(workload);
  }
  // Then MakeRecipe says what does not fit.
  if (fitting.empty()) fitting = target.workloads;
  const size_t index =
      random.Chance(500'000) ? 0 : random.Below(fitting.size());
  options.workload = std::string(fitting[index]);
}

void DrawNodes(const TargetInfo& target, Random random, RunOptions& options) {
  if (options.nodes.has_value()) return;
  options.nodes = target.default_nodes;
  if (random.Chance(500'000)) return;
  constexpr int kMost = 7;
  const int high =
      std::max(target.min_nodes, std::min(target.max_nodes, kMost));
  options.nodes = static_cast<int>(random.Between(target.min_nodes, high));
}

// A number is drawn between a quarter and twice its default: beyond that, a
// store is slow rather than wrong, and does not settle in its time.
std::string DrawValue(const ParameterInfo& parameter, Random& random) {
  if (!parameter.choices.empty()) {
    return std::string(
        parameter.choices[random.Below(parameter.choices.size())]);
  }
  const int64_t low = std::max(parameter.minimum, parameter.default_value / 4);
  const int64_t high = std::min(parameter.maximum, 2 * parameter.default_value);
  return absl::StrCat(random.Between(low, std::max(low, high)));
}

bool IsFixed(const RunOptions& options, std::string_view name) {
  return std::any_of(options.parameters.begin(), options.parameters.end(),
                     [name](const auto& each) { return each.first == name; });
}

void DrawParameters(const TargetInfo& target, Random random,
                    RunOptions& options) {
  for (const ParameterInfo& parameter : target.parameters) {
    const bool is_drawn = random.Chance(250'000);
    std::string value = DrawValue(parameter, random);
    if (!is_drawn || IsFixed(options, parameter.name)) continue;
    options.parameters.push_back(
        {std::string(parameter.name), std::move(value)});
  }
}

void DrawLoad(const SwarmOptions& swarm, Random random, RunOptions& options) {
  constexpr std::array kThink = {5 * kMillisecond, 20 * kMillisecond,
                                 40 * kMillisecond, 80 * kMillisecond};
  const int64_t operations = random.Between(50, 200);
  const int clients = static_cast<int>(random.Between(2, 8));
  const Nanoseconds think = kThink[random.Below(kThink.size())];
  if (swarm.draws_operations) options.load.operations = operations;
  if (swarm.draws_clients) options.load.clients = clients;
  if (swarm.draws_think_time) options.load.think_time = think;
  const bool has_share = random.Chance(500'000);
  const int reads = static_cast<int>(random.Between(10, 90));
  WorkloadOptions shared = options.load;
  shared.read_percent = reads;
  const bool is_drawn = has_share && !options.load.read_percent.has_value();
  if (is_drawn && Fits(options.workload, shared)) options.load = shared;
}

void DrawKeys(const SwarmOptions& swarm, Random random, RunOptions& options) {
  constexpr std::array kShapes = {KeyShape::kUniform, KeyShape::kZipf,
                                  KeyShape::kHotSpot};
  const KeyShape shape = kShapes[random.Below(kShapes.size())];
  const WorkloadInfo* workload = FindWorkload(options.workload);
  if (workload == nullptr || workload->keyed == Keyed::kNo) return;
  if (swarm.draws_key_shape) options.load.key_shape = shape;
  if (options.load.keys.has_value() || random.Chance(500'000)) return;
  options.load.keys =
      static_cast<int32_t>(random.Between(1, workload->default_keys + 2));
}

void DrawFaults(const SwarmOptions& swarm, FaultSet born, Random random,
                RunOptions& options) {
  constexpr std::array kIntervals = {50 * kMillisecond, 100 * kMillisecond,
                                     200 * kMillisecond, 400 * kMillisecond};
  const Nanoseconds interval = kIntervals[random.Below(kIntervals.size())];
  const int intensity = static_cast<int>(random.Between(1, 3));
  if (swarm.draws_fault_interval) options.fault_interval = interval;
  if (swarm.draws_fault_intensity) options.fault_intensity = intensity;
  FaultSet drawn;
  for (targets::FaultKind kind : targets::kAllFaultKinds) {
    const bool is_drawn = random.Chance(500'000);
    if (is_drawn && born.contains(kind)) drawn.Insert(kind);
  }
  if (!options.faults.has_value()) options.faults = drawn;
}

}  // namespace

std::string_view ToString(Schedule schedule) {
  switch (schedule) {
    case Schedule::kPlain:
      return "plain";
    case Schedule::kSwarm:
      return "swarm";
    case Schedule::kDirected:
      return "directed";
  }
  return "?";
}

std::optional<Schedule> ScheduleFromName(std::string_view name) {
  for (Schedule schedule :
       {Schedule::kPlain, Schedule::kSwarm, Schedule::kDirected}) {
    if (name == ToString(schedule)) return schedule;
  }
  return std::nullopt;
}

absl::StatusOr<RunOptions> DrawRun(const TargetInfo& target,
                                   const SwarmOptions& options, uint64_t seed) {
  const Random random(seed);
  RunOptions run = options.base;
  run.seed = seed;
  DrawWorkload(target, random.Split(kWorkload), run);
  DrawNodes(target, random.Split(kNodes), run);
  DrawParameters(target, random.Split(kParameters), run);
  DrawLoad(options, random.Split(kLoad), run);
  DrawKeys(options, random.Split(kKeys), run);
  auto settings = MakeSettings(target, run.parameters, run.bugs);
  if (!settings.ok()) return settings.status();
  DrawFaults(options, BornFaults(target, *settings), random.Split(kFaults),
             run);
  return run;
}

}  // namespace minos::generators
