#include "checker/additive_steps.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "checker/additive_rating.h"
#include "checker/configuration.h"
#include "history/hash.h"

namespace minos::checker {

AdditiveSteps::AdditiveSteps(const SearchProblem& problem,
                             const AdditiveObject& object)
    : problem_(problem),
      object_(object),
      usages_(problem.timeline.crashes().size()),
      settling_(problem.model) {}

uint32_t AdditiveSteps::CountOf(const AdditivePoint& point,
                                uint32_t kind) const {
  const auto fresh = std::count(point.fresh.begin(), point.fresh.end(), kind);
  return usages_.Count(point.usage, kind) + static_cast<uint32_t>(fresh);
}

void AdditiveSteps::InternUsage(AdditivePoint& point) {
  for (const uint32_t kind : point.fresh) {
    point.usage = usages_.Add(point.usage, kind);
  }
  point.fresh.clear();
}

void AdditiveSteps::AddTo(AdditivePoint& point, ActionId action) const {
  for (size_t view = 0; view < object_.views(); ++view) {
    point.sums[view] += object_.Effect(action, view);
  }
}

void AdditiveSteps::Pass(const AdditiveColumn::Open& open,
                         AdditivePoint& point) {
  point.linearized.Insert(open.slot);
  Extend(point, open.operation);
}

void AdditiveSteps::LinearizeUpdate(const AdditiveColumn::Open& update,
                                    AdditivePoint& point) {
  AddTo(point, update.action);
  Pass(update, point);
}

void AdditiveSteps::Owe(const AdditiveColumn& column, AdditivePoint& point) {
  const AdditiveColumn::Open& returning = column.returning();
  AddTo(point, returning.action);
  Extend(point, returning.operation);
  if (object_.is_unconditional()) {
    TakeFittingSeers(column, point);
  } else {
    point.owed += MixHash(returning.operation + uint64_t{1});
  }
}

void AdditiveSteps::UseCrash(uint32_t kind, uint32_t event,
                             AdditivePoint& point) {
  const CrashKind& crash = problem_.timeline.crashes()[kind];
  const auto& called = crash.call_events;
  const auto last = std::upper_bound(called.begin(), called.end(), event) - 1;
  AddTo(point, crash.action);
  Extend(point, kCrashBit | kind);
  point.fresh.push_back(kind);
  point.used_hash += MixHash(kind + uint64_t{1});
  point.used_bits |= uint64_t{1} << (kind % 64);
  point.of_crashes += AdditiveRating::OfCrash(*last, event);
}

bool AdditiveSteps::TakeSeer(const AdditiveColumn::Open& seer,
                             AdditivePoint& point) {
  const Unsettled last{0, seer.action, 0, 0};
  if (!object_.is_unconditional() && !SettleTrail(&last, point)) return false;
  AddTo(point, seer.action);
  Pass(seer, point);
  point.settled = point.trail;
  point.owed = 0;
  return true;
}

bool AdditiveSteps::TakeFittingSeers(const AdditiveColumn& column,
                                     AdditivePoint& point) {
  for (const AdditiveColumn::Look& look : column.looks()) {
    if (look.adds || point.sums[look.view] != look.target) continue;
    for (const AdditiveColumn::Open& seer : look.seers) {
      if (point.linearized.Contains(seer.slot)) continue;
      if (!TakeSeer(seer, point)) return false;
    }
  }
  return true;
}

// Puts what was linearized since the last seer into an order that fits, with
// `last` after it if that is not null.
bool AdditiveSteps::SettleTrail(const Unsettled* last, AdditivePoint& point) {
  unsettled_.clear();
  for (uint32_t trail = point.trail; trail != point.settled;
       trail = trails_.RestOf(trail)) {
    unsettled_.push_back(UnsettledOf(trails_.CodeOf(trail), point));
  }
  std::reverse(unsettled_.begin(), unsettled_.end());
  const Settled settled = settling_.Settle(unsettled_, last, point.state);
  if (settled != Settled::kYes) {
    was_unsure_ = was_unsure_ || settled == Settled::kUnknown;
    return false;
  }
  point.trail = point.settled;
  for (const Unsettled& each : unsettled_) Extend(point, each.code);
  return true;
}

// Of the info operations of a kind, the one that was called last of those used
// is as hard to place as any.
Unsettled AdditiveSteps::UnsettledOf(uint32_t code,
                                     const AdditivePoint& point) const {
  if ((code & kCrashBit) == 0) {
    const TimedOperation& operation = problem_.timeline.operations()[code];
    return {code, operation.action, operation.call_event,
            operation.return_event};
  }
  const uint32_t kind = code & ~kCrashBit;
  const CrashKind& crash = problem_.timeline.crashes()[kind];
  return {code, crash.action, crash.call_events[CountOf(point, kind) - 1],
          std::numeric_limits<uint32_t>::max()};
}

}  // namespace minos::checker
