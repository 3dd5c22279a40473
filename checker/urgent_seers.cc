#include "checker/urgent_seers.h"

#include <algorithm>

#include "checker/half_sums.h"

namespace minos::checker {
namespace {

// How many calls of updates ahead a seer is looked at.
constexpr size_t kCallsAhead = 3;

}  // namespace

UrgentSeers::UrgentSeers(const SearchProblem& problem,
                         const AdditiveObject& object, uint32_t event) {
  std::vector<ActionId> later;
  size_t calls = 0;
  for (uint32_t i = event; i < problem.end; ++i) {
    const TimelineEvent each = problem.timeline.event(i);
    if (each.type == TimelineEvent::Type::kCrash) continue;
    const TimedOperation& operation =
        problem.timeline.operations()[each.subject];
    const bool adds = object.Adds(operation.action);
    if (each.type == TimelineEvent::Type::kCall) {
      if (!adds) continue;
      if (++calls > kCallsAhead) break;
      later.push_back(operation.action);
    } else if (adds && i == event) {
      later.push_back(operation.action);
    } else if (object.Sees(operation.action) && operation.call_event < event) {
      Add(object, operation, later);
    }
  }
}

void UrgentSeers::Add(const AdditiveObject& object, const TimedOperation& seer,
                      std::span<const ActionId> later) {
  const size_t view = object.ViewOf(seer.action);
  seers_.push_back({seer.slot, view, object.TargetOf(seer.action), {0}});
  for (const ActionId action : later) {
    AddToSubsetSums(object.Effect(action, view), seers_.back().later);
  }
}

size_t UrgentSeers::CountUnsatisfied(
    const SlotSet& linearized, std::span<const uint64_t> sums,
    std::span<const UpdateSets::Containing> taken,
    std::span<UpdateSets> sets) const {
  size_t unsatisfied = 0;
  for (const Seer& seer : seers_) {
    if (linearized.Contains(seer.slot)) continue;
    UpdateSets& seen = sets[seer.view];
    const UpdateSets::Containing& containing = taken[seer.view];
    const uint64_t wanted = seer.target - sums[seer.view] + containing.sum;
    const bool is_satisfied = std::any_of(
        seer.later.begin(), seer.later.end(),
        [&](uint64_t later) { return seen.Has(containing, wanted - later); });
    if (!is_satisfied) ++unsatisfied;
  }
  return unsatisfied;
}

}  // namespace minos::checker
