#include "generators/directed.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generators/ambushes.h"
#include "generators/episodes.h"
#include "generators/workload_registry.h"
#include "targets/random.h"

namespace minos::generators {
namespace {

using targets::FaultSet;
using targets::kMillisecond;
using targets::ParameterInfo;
using targets::Random;
using targets::TargetInfo;

// Labels of the streams of luck.
enum Stream : uint64_t {
  kPromise = 201,
  kKinds,
  kEpisodes,
  kAmbushes,
  kLinks,
};

// One run of so many is drawn as a whole, as in DrawRun.
constexpr uint64_t kSwarmEvery = 4;

// All the faults under which one of the promises is kept: what else could
// happen would only excuse the store from that promise. Faults under which more
// promises are kept are drawn more often.
void StrainPromises(const TargetInfo& target, Random random, RunOptions& run) {
  const auto settings = MakeSettings(target, run.parameters, run.bugs);
  if (run.faults.has_value() || !settings.ok()) return;
  const std::vector<targets::Promise> promises = target.promises(*settings);
  std::vector<FaultSet> faults;
  for (const targets::Promise& promise : promises) {
    for (const targets::Promise& other : promises) {
      const bool is_kept = promise.under.IsSubsetOf(other.under);
      if (is_kept) faults.push_back(promise.under);
    }
  }
  if (!faults.empty()) run.faults = faults[random.Below(faults.size())];
}

absl::StatusOr<RunOptions> DrawOptions(const TargetInfo& target,
                                       const SwarmOptions& options,
                                       uint64_t seed) {
  if (seed % kSwarmEvery == kSwarmEvery - 1) {
    return DrawRun(target, options, seed);
  }
  RunOptions run = options.base;
  run.seed = seed;
  if (run.workload.empty()) {
    run.workload = std::string(target.workloads.front());
  }
  StrainPromises(target, Random(seed).Split(kPromise), run);
  return run;
}

// The times after which the store or its clients do something by themselves.
std::vector<Nanoseconds> TimeoutsOf(const TargetInfo& target,
                                    const RunOptions& run) {
  std::vector<Nanoseconds> timeouts = {target.client.attempt_timeout,
                                       target.client.operation_timeout};
  const auto settings = MakeSettings(target, run.parameters, run.bugs);
  if (!settings.ok()) return timeouts;
  for (const ParameterInfo& parameter : target.parameters) {
    if (!parameter.name.ends_with("_ms")) continue;
    const Nanoseconds time = settings->Get(parameter.name) * kMillisecond;
    if (time > 0) timeouts.push_back(time);
  }
  return timeouts;
}

// Whether the run has probes, after what is promised in it. An order of all
// operations, and what clients read of their own writes, show in few operations
// whatever happens between them; what sessions and copies have seen of each
// other shows where they meet.
bool CallsForProbes(const TargetInfo& target, const RunOptions& run,
                    FaultSet allowed) {
  const auto settings = MakeSettings(target, run.parameters, run.bugs);
  if (!settings.ok()) return false;
  int kept = 0;
  int own_writes = 0;
  for (const targets::Promise& promise : target.promises(*settings)) {
    if (!allowed.IsSubsetOf(promise.under)) continue;
    const std::string_view name = promise.consistency;
    if (name == "linearizable" || name == "sequential") return true;
    own_writes += name == "read-your-writes" ? 1 : 0;
    ++kept;
  }
  return own_writes > 0 && 2 * own_writes >= kept;
}

// All of them, or perhaps only some.
FaultSet SomeKinds(FaultSet allowed, Random random) {
  if (random.Chance(900'000)) return allowed;
  FaultSet some;
  for (FaultKind kind : targets::kAllFaultKinds) {
    if (random.Chance(500'000) && allowed.contains(kind)) some.Insert(kind);
  }
  return some;
}

// Whether the store lets clients move between its nodes: it serves a workload
// in which they do.
bool LetsClientsMove(const TargetInfo& target) {
  return std::any_of(target.workloads.begin(), target.workloads.end(),
                     [](std::string_view name) {
                       const WorkloadInfo* workload = FindWorkload(name);
                       return workload != nullptr &&
                              workload->moves_between_nodes;
                     });
}

bool MovesKeys(const SwarmOptions& options, const RunOptions& run) {
  const WorkloadInfo* workload = FindWorkload(run.workload);
  return workload != nullptr && workload->keyed == Keyed::kYes &&
         options.draws_key_shape && !options.base.load.keys.has_value();
}

// What the user said of times is kept: an open loop, or how long clients think.
bool HasTimesOfItsOwn(const SwarmOptions& options) {
  return options.base.load.rate > 0 || !options.draws_think_time;
}
bool HasFaultsOfItsOwn(const SwarmOptions& options) {
  return !options.draws_fault_interval || !options.draws_fault_intensity;
}

void Direct(const TargetInfo& target, const SwarmOptions& options,
            const RunOptions& run, FaultSet allowed, Recipe& recipe) {
  const Random random(run.seed);
  AmbushOptions ambush;
  ambush.kinds = SomeKinds(allowed, random.Split(kKinds));
  ambush.nodes = recipe.nodes;
  ambush.timeouts = TimeoutsOf(target, run);
  ambush.probes = CallsForProbes(target, run, allowed);
  EpisodeOptions cut;
  cut.plots = PlotsFor(ambush);
  cut.probes = ambush.probes;
  cut.moves_keys = MovesKeys(options, run);
  cut.moves_clients = LetsClientsMove(target);
  cut.timeouts = ambush.timeouts;
  cut.patience = target.client.operation_timeout;
  const std::vector<Episode> episodes =
      CutIntoEpisodes(cut, random.Split(kEpisodes), recipe);
  if (HasFaultsOfItsOwn(options)) return;
  recipe.faults = SlowLinks(ambush, episodes, random.Split(kLinks));
  const Random luck = random.Split(kAmbushes);
  for (size_t i = 0; i < episodes.size(); ++i) {
    std::vector<PlannedFault> faults =
        LayAmbush(ambush, episodes[i], luck.Split(i));
    std::move(faults.begin(), faults.end(), std::back_inserter(recipe.faults));
  }
  std::stable_sort(recipe.faults.begin(), recipe.faults.end(),
                   [](const PlannedFault& a, const PlannedFault& b) {
                     return a.start < b.start;
                   });
}

}  // namespace

absl::StatusOr<Recipe> DrawDirected(const TargetInfo& target,
                                    const SwarmOptions& options,
                                    uint64_t seed) {
  auto run = DrawOptions(target, options, seed);
  if (!run.ok()) return run.status();
  auto recipe = MakeRecipe(target, *run);
  if (!recipe.ok() || HasTimesOfItsOwn(options)) return recipe;
  auto allowed = AllowedFaults(target, *run);
  if (!allowed.ok()) return allowed.status();
  Direct(target, options, *run, *allowed, *recipe);
  return recipe;
}

}  // namespace minos::generators
