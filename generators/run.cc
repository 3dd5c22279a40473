#include "generators/run.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "generators/driver.h"
#include "generators/fault_schedule.h"
#include "history/nearest_name.h"

namespace minos::generators {
namespace {

using targets::FaultSet;
using targets::Random;
using targets::Settings;
using targets::TargetInfo;

// Labels of the streams of luck.
constexpr uint64_t kWorkloadStream = 1;
constexpr uint64_t kFaultStream = 2;
constexpr uint64_t kWorldStream = 3;

absl::StatusOr<const WorkloadInfo*> ChooseWorkload(const TargetInfo& target,
                                                   std::string_view name) {
  if (name.empty()) name = target.workloads.front();
  std::string served;
  for (std::string_view workload : target.workloads) {
    if (workload == name) return FindWorkload(name);
    absl::StrAppend(&served, served.empty() ? "" : ", ", std::string(workload));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(target.name), " does not serve a workload `",
                   std::string(name), "`; did you mean `",
                   std::string(history::NearestName(name, target.workloads)),
                   "`? It serves ", served));
}

absl::Status CheckBounds(const TargetInfo& target, const Recipe& recipe) {
  if (recipe.nodes < target.min_nodes || recipe.nodes > target.max_nodes) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(target.name), " runs on ", target.min_nodes,
                     " to ", target.max_nodes, " nodes, not ", recipe.nodes));
  }
  return absl::OkStatus();
}

// How long the load may take: what faults are planned for. Clients that wait in
// vain make it longer than it would be by itself; faults planned beyond its end
// do not happen.
Nanoseconds EstimateLoad(const std::vector<ClientPlan>& clients) {
  constexpr Nanoseconds kPerOperation = 15 * targets::kMillisecond;
  Nanoseconds longest = 0;
  for (const ClientPlan& client : clients) {
    Nanoseconds time = 0;
    for (const PlannedOperation& planned : client.operations) {
      time = std::max(time + planned.think, planned.not_before) + kPerOperation;
    }
    longest = std::max(longest, time);
  }
  return 2 * longest;
}

// How long the store has to agree: where it does so at a slower pace, longer.
Nanoseconds SettleTime(const TargetInfo& target, const Settings& settings) {
  for (const targets::ParameterInfo& parameter : target.parameters) {
    if (parameter.name != target.paced_by) continue;
    const int64_t ordinary = 2 * parameter.default_value;
    const int64_t value = std::max(ordinary, settings.Get(parameter.name));
    return target.settle_time * value / ordinary;
  }
  return target.settle_time;
}

}  // namespace

absl::StatusOr<Settings> MakeSettings(
    const TargetInfo& target,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    const std::vector<std::string>& bugs) {
  Settings settings(target.parameters, target.bugs);
  for (const auto& [name, value] : parameters) {
    const absl::Status status = settings.Set(name, value);
    if (!status.ok()) return status;
  }
  for (const std::string& bug : bugs) {
    const absl::Status status = settings.Plant(bug);
    if (!status.ok()) return status;
  }
  return settings;
}

FaultSet BornFaults(const TargetInfo& target, const Settings& settings) {
  FaultSet born;
  for (const targets::Promise& promise : target.promises(settings)) {
    for (FaultKind kind : targets::kAllFaultKinds) {
      if (promise.under.contains(kind)) born.Insert(kind);
    }
  }
  return born;
}

absl::StatusOr<FaultSet> AllowedFaults(const TargetInfo& target,
                                       const RunOptions& options) {
  auto settings = MakeSettings(target, options.parameters, options.bugs);
  if (!settings.ok()) return settings.status();
  return options.faults.value_or(BornFaults(target, *settings));
}

absl::StatusOr<Recipe> MakeRecipe(const TargetInfo& target,
                                  const RunOptions& options) {
  auto workload = ChooseWorkload(target, options.workload);
  if (!workload.ok()) return workload.status();
  auto settings = MakeSettings(target, options.parameters, options.bugs);
  if (!settings.ok()) return settings.status();

  const Random random(options.seed);
  Recipe recipe;
  recipe.target = std::string(target.name);
  recipe.workload = std::string((*workload)->name);
  recipe.parameters = options.parameters;
  recipe.bugs = options.bugs;
  recipe.nodes = options.nodes.value_or(target.default_nodes);
  const absl::Status bounds = CheckBounds(target, recipe);
  if (!bounds.ok()) return bounds;
  recipe.seed = random.Split(kWorldStream).Next();
  recipe.network = options.network;
  recipe.settle_time = SettleTime(target, *settings);

  WorkloadOptions load = options.load;
  load.nodes = recipe.nodes;
  const absl::Status fits = CheckFits(**workload, load);
  if (!fits.ok()) return fits;
  recipe.clients = PlanClients(**workload, load, random.Split(kWorkloadStream));
  recipe.final_keys = FinalKeys(**workload, load);

  FaultOptions faults;
  faults.kinds = options.faults.value_or(BornFaults(target, *settings));
  faults.interval = options.fault_interval;
  faults.intensity = options.fault_intensity;
  faults.nodes = recipe.nodes;
  faults.horizon = EstimateLoad(recipe.clients);
  recipe.faults = PlanFaults(faults, random.Split(kFaultStream));
  return recipe;
}

absl::StatusOr<Run> Execute(const TargetInfo& target, const Recipe& recipe,
                            const ExecuteOptions& options) {
  const WorkloadInfo* workload = FindWorkload(recipe.workload);
  if (workload == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no workload '", recipe.workload, "'"));
  }
  const absl::Status bounds = CheckBounds(target, recipe);
  if (!bounds.ok()) return bounds;
  auto settings = MakeSettings(target, recipe.parameters, recipe.bugs);
  if (!settings.ok()) return settings.status();
  Driver driver(target, *workload, *settings, recipe, options);
  return std::move(driver).Drive();
}

}  // namespace minos::generators
