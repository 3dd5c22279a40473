#include "checker/guided_rating.h"

#include <algorithm>
#include <iterator>

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;
using Program = OpenValues::Program;

// What a point costs: for each info operation of its level; for each value that
// has to be kept for those to come; for each that only is there for an
// operation that waits for another one besides. Then, for each value that an
// operation waits for, so much times the effort, by the events that it may
// still wait for; fewer, where it was a culprit. Of the points of a beam, those
// that cost less, so weighted, get further before they are stuck.
constexpr uint32_t kLevelCosts[] = {60, 150, 20};  // by the variant
constexpr uint32_t kKeptCost = 10;
constexpr uint32_t kSplitCost = 15;
constexpr uint32_t kWaitCost = 232;
constexpr uint32_t kShortestWait = 4;
// The effort to bring a value: of one that fits, of one that will be called, of
// an info operation, and the most.
constexpr uint32_t kOfFitting = 1;
constexpr uint32_t kOfCalled = 2;
constexpr uint32_t kOfCrash = 4;
constexpr uint32_t kMost = 8;

}  // namespace

GuidedRating::GuidedRating(const OpenValues& open, const GuidedCrashes& crashes,
                           const Culprits& culprits, size_t parts,
                           uint32_t variant)
    : open_(open),
      crashes_(crashes),
      culprits_(culprits),
      level_cost_(kLevelCosts[variant % std::size(kLevelCosts)]),
      stamps_(parts, 0) {}

// Notes that `part` is waited for, which some completed operation can bring or
// none can. False if nothing is left for it.
bool GuidedRating::Await(GuidedPoint& point, PartId part, bool is_brought) {
  if (is_brought || stamps_[part] == stamp_) return true;
  stamps_[part] = stamp_;
  ++point.level;
  return crashes_.HasFor(point, part);
}

// What it takes that one of `bringers`, which are open, sets what they set,
// where those that are `fitting` can be taken at once.
uint32_t GuidedRating::EffortOf(const GuidedPoint& point, SlotMask bringers,
                                SlotMask fitting) const {
  if (!(bringers & fitting).IsEmpty()) return kOfFitting;
  uint32_t least = kMost;
  bringers.ForEach([&](uint32_t slot) {
    uint32_t effort = kOfFitting;
    for (const Cell& seen : open_.InSlot(slot).sees) {
      if (point.values[seen.place] == seen.part) continue;
      const bool has_fitting =
          !(open_.BringersOf(seen.part) & fitting).IsEmpty();
      effort += has_fitting ? kOfFitting : kMost;
    }
    least = std::min(least, effort);
  });
  return least;
}

void GuidedRating::Rate(GuidedPoint& point, SlotMask unfit) {
  ++stamp_;
  point.level = point.used;
  uint32_t cost = 0;
  bool has_hope = true;
  for (const PartId part : open_.needed()) {
    if (point.values[open_.PlaceOf(part)] == part) {
      cost += kKeptCost;
      continue;
    }
    const SlotMask bringers = open_.BringersOf(part) - point.linearized;
    has_hope = has_hope && Await(point, part, !bringers.IsEmpty());
  }
  const SlotMask fitting = open_.updates() - point.linearized - unfit;
  const SlotMask waiting = open_.seers() - point.linearized - point.spare;
  (waiting & unfit).ForEach([&](uint32_t slot) {
    const uint32_t end = open_.ReturnOf(slot);
    uint32_t efforts = 0;
    for (const Cell& seen : open_.InSlot(slot).sees) {
      SlotMask bringers = open_.BringersOf(seen.part) - point.linearized;
      bringers.Erase(slot);
      if (point.values[seen.place] == seen.part) {
        if (bringers.IsEmpty()) cost += kSplitCost;
        continue;
      }
      const bool is_called = open_.IsCalledBefore(seen.part, end);
      has_hope =
          has_hope && Await(point, seen.part, is_called || !bringers.IsEmpty());
      uint32_t effort = EffortOf(point, bringers, fitting);
      if (is_called) effort = std::min(effort, kOfCalled);
      if (effort > kOfCrash && crashes_.HasFor(point, seen.part)) {
        effort = kOfCrash;
      }
      efforts += effort;
    }
    const uint32_t left =
        (end - open_.event()) >> culprits_.UrgencyOf(open_.operation_in(slot));
    cost += kWaitCost * efforts / (kShortestWait + left);
  });
  point.score =
      has_hope ? cost + level_cost_ * point.level : GuidedPoint::kHopeless;
}

}  // namespace minos::checker
