#include "checker/urgent_seers.h"

#include <algorithm>

namespace minos::checker {
namespace {

// How many calls of updates ahead a seer is looked at.
constexpr size_t kCallsAhead = 3;

}  // namespace

UrgentSeers::UrgentSeers(const SearchProblem& problem,
                         const AdditiveObject& object,
                         const OpenOperations& open, const SlotSet& seers) {
  std::vector<ActionId> later;
  for (uint32_t i = open.event() + 1; i < problem.end; ++i) {
    const TimelineEvent event = problem.timeline.event(i);
    if (event.type == TimelineEvent::Type::kCrash) continue;
    const TimedOperation& operation =
        problem.timeline.operations()[event.subject];
    const bool sees = object.Sees(operation.action);
    if (event.type == TimelineEvent::Type::kCall) {
      if (sees || !object.Adds(operation.action)) continue;
      if (later.size() == kCallsAhead) break;
      later.push_back(operation.action);
      continue;
    }
    const bool is_open = sees && seers.Contains(operation.slot) &&
                         open.operation_in(operation.slot) == event.subject;
    if (is_open) Add(object, operation, later);
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

size_t UrgentSeers::CountUnsatisfied(const SlotSet& linearized,
                                     std::span<const uint64_t> sums,
                                     uint32_t available,
                                     std::span<SubsetSums> subsets) const {
  size_t unsatisfied = 0;
  for (const Seer& seer : seers_) {
    if (linearized.Contains(seer.slot)) continue;
    const uint64_t missing = seer.target - sums[seer.view];
    const bool is_satisfied =
        std::any_of(seer.later.begin(), seer.later.end(), [&](uint64_t later) {
          return subsets[seer.view].Has(available, missing - later);
        });
    if (!is_satisfied) ++unsatisfied;
  }
  return unsatisfied;
}

}  // namespace minos::checker
