#include "generators/directed.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "generators/workload.h"
#include "targets/random.h"

namespace minos::generators {
namespace {

using targets::FaultSet;
using targets::kMillisecond;
using targets::ParameterInfo;
using targets::Random;
using targets::TargetInfo;

// Labels of the streams of luck.
enum Stream : uint64_t { kCrowd = 201, kMoments, kLinks, kPromise, kHurry };

// About how long an operation takes that nothing disturbs.
constexpr Nanoseconds kQuickOperation = 6 * kMillisecond;
// No link is slower than what a delay fault may do.
constexpr Nanoseconds kSlowestLink = 200 * kMillisecond;

// What a seed adds to a run. They take turns, so that a short campaign has a
// little of each.
struct Emphasis {
  bool is_swarm;    // workload, cluster, parameters and faults are drawn
  bool is_crowded;  // clients meet on few keys, and come back soon
  bool is_slow;     // links have priorities, faults have moments
};

Emphasis EmphasisOf(uint64_t seed) {
  constexpr std::array kTurns = {
      Emphasis{false, false, false}, Emphasis{false, false, true},
      Emphasis{false, true, false}, Emphasis{true, false, true}};
  return kTurns[seed % kTurns.size()];
}

void Crowd(const SwarmOptions& swarm, Random random, RunOptions& run) {
  constexpr std::array kThink = {5 * kMillisecond, 10 * kMillisecond,
                                 20 * kMillisecond, 40 * kMillisecond};
  const Nanoseconds think = kThink[random.Below(kThink.size())];
  if (swarm.draws_think_time) run.load.think_time = think;
  const auto keys = static_cast<int32_t>(random.Between(1, 3));
  const WorkloadInfo* workload = FindWorkload(run.workload);
  const bool has_keys = workload != nullptr && workload->keyed == Keyed::kYes;
  if (has_keys && !swarm.base.load.keys.has_value()) run.load.keys = keys;
}

// All the faults under which one of the promises is kept: what else could
// happen would only excuse the store from that promise.
void StrainOnePromise(const TargetInfo& target, Random random,
                      RunOptions& run) {
  const auto settings = MakeSettings(target, run.parameters, run.bugs);
  if (run.faults.has_value() || !settings.ok()) return;
  const std::vector<targets::Promise> promises = target.promises(*settings);
  if (promises.empty()) return;
  run.faults = promises[random.Below(promises.size())].under;
}

// Many faults in a short time.
void Hurry(const SwarmOptions& swarm, Random random, RunOptions& run) {
  const Nanoseconds interval =
      (random.Chance(500'000) ? 100 : 200) * kMillisecond;
  const int intensity = static_cast<int>(random.Between(2, 3));
  if (swarm.draws_fault_interval) run.fault_interval = interval;
  if (swarm.draws_fault_intensity) run.fault_intensity = intensity;
}

// The times after which the store or its clients do something by themselves.
std::vector<Nanoseconds> TimeoutsOf(const TargetInfo& target,
                                    const RunOptions& run) {
  std::vector<Nanoseconds> timeouts = {target.client.attempt_timeout};
  const auto settings = MakeSettings(target, run.parameters, run.bugs);
  if (!settings.ok()) return timeouts;
  for (const ParameterInfo& parameter : target.parameters) {
    if (!parameter.name.ends_with("_ms")) continue;
    const Nanoseconds time = settings->Get(parameter.name) * kMillisecond;
    if (time > 0) timeouts.push_back(time);
  }
  return timeouts;
}

// A time near one of `timeouts`: from a quarter of it to twice as long.
Nanoseconds NearTimeout(const std::vector<Nanoseconds>& timeouts,
                        Random& random) {
  const Nanoseconds timeout = timeouts[random.Below(timeouts.size())];
  return random.Between(std::max<Nanoseconds>(1, timeout / 4), 2 * timeout);
}

// Gives each operation the time at which it would be issued if all went well;
// returns these times, ascending.
std::vector<Nanoseconds> FixTimes(Recipe& recipe) {
  std::vector<Nanoseconds> times;
  for (ClientPlan& client : recipe.clients) {
    Nanoseconds time = 0;
    for (PlannedOperation& planned : client.operations) {
      time = std::max(time + planned.think, planned.not_before);
      planned.think = 0;
      planned.not_before = time;
      times.push_back(time);
      time += kQuickOperation;
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

// Faults that strike nodes or links begin near an operation and last about a
// time-out.
void MoveFaults(const std::vector<Nanoseconds>& times,
                const std::vector<Nanoseconds>& timeouts, Random random,
                Recipe& recipe) {
  for (PlannedFault& fault : recipe.faults) {
    const bool is_moved = random.Chance(750'000);
    const Nanoseconds start = times[random.Below(times.size())] +
                              random.Between(0, 2 * kQuickOperation);
    const Nanoseconds duration = NearTimeout(timeouts, random);
    if (!is_moved) continue;
    fault.start = start;
    fault.duration = duration;
  }
}

// Links with a low priority, and the moments at which that changes.
void SlowLinks(const std::vector<Nanoseconds>& times,
               const std::vector<Nanoseconds>& timeouts, Random random,
               Recipe& recipe) {
  const auto nodes = static_cast<uint64_t>(recipe.nodes);
  const int64_t changes = random.Between(1, 4);
  const Nanoseconds end = times.back() + kQuickOperation;
  for (int64_t i = 0; i < changes; ++i) {
    PlannedFault slow;
    slow.kind = FaultKind::kDelay;
    const uint64_t from = random.Below(nodes);
    const uint64_t to = (from + 1 + random.Below(nodes - 1)) % nodes;
    slow.nodes = {static_cast<NodeId>(from), static_cast<NodeId>(to)};
    slow.amount = std::min(NearTimeout(timeouts, random), kSlowestLink);
    // From the beginning, or from some operation on; up to another one, or to
    // the end.
    slow.start = random.Chance(400'000) ? 0 : times[random.Below(times.size())];
    const Nanoseconds stop =
        random.Chance(400'000) ? end : times[random.Below(times.size())];
    slow.duration = stop > slow.start ? stop - slow.start : end;
    recipe.faults.push_back(std::move(slow));
  }
}

void Direct(const TargetInfo& target, const RunOptions& run, FaultSet allowed,
            const std::vector<Nanoseconds>& times, const Random& random,
            Recipe& recipe) {
  const std::vector<Nanoseconds> timeouts = TimeoutsOf(target, run);
  MoveFaults(times, timeouts, random.Split(kMoments), recipe);
  if (allowed.contains(FaultKind::kDelay) && recipe.nodes > 1) {
    SlowLinks(times, timeouts, random.Split(kLinks), recipe);
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
  const Emphasis emphasis = EmphasisOf(seed);
  const Random random(seed);
  RunOptions run = options.base;
  run.seed = seed;
  if (emphasis.is_swarm) {
    auto drawn = DrawRun(target, options, seed);
    if (!drawn.ok()) return drawn.status();
    run = *std::move(drawn);
  } else {
    if (run.workload.empty()) {
      run.workload = std::string(target.workloads.front());
    }
    StrainOnePromise(target, random.Split(kPromise), run);
    if (emphasis.is_crowded) Hurry(options, random.Split(kHurry), run);
  }
  if (emphasis.is_crowded) Crowd(options, random.Split(kCrowd), run);
  auto recipe = MakeRecipe(target, run);
  // An open loop has its times already, and they are the user's.
  const bool is_done =
      !recipe.ok() || !emphasis.is_slow || options.base.load.rate > 0;
  if (is_done) return recipe;
  const std::vector<Nanoseconds> times = FixTimes(*recipe);
  if (times.empty()) return recipe;
  auto allowed = AllowedFaults(target, run);
  if (!allowed.ok()) return allowed.status();
  Direct(target, run, *allowed, times, random, *recipe);
  return recipe;
}

}  // namespace minos::generators
