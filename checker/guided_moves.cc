#include "checker/guided_moves.h"

#include <algorithm>

#include "checker/configuration.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;
using Program = OpenValues::Program;

}  // namespace

bool GuidedMoves::Fits(const GuidedPoint& point, const Program& program) {
  return std::all_of(
      program.sees.begin(), program.sees.end(),
      [&](const Cell& seen) { return point.values[seen.place] == seen.part; });
}

// What alone can bring `part`, where nobody will be called for it; nothing if
// it is there, or there are several, or none.
SlotMask GuidedMoves::OnlyBringerOf(const GuidedPoint& point,
                                    PartId part) const {
  if (point.values[open_.PlaceOf(part)] == part) return {};
  const SlotMask bringers = open_.BringersOf(part) - point.linearized;
  return bringers.Count() == 1 ? bringers : SlotMask();
}

SlotMask GuidedMoves::Waiting(const GuidedPoint& point) const {
  SlotMask waiting = open_.seers() - point.linearized - point.spare;
  // Those that fit wait for nothing.
  const SlotMask spare = (point.spare & Unfit(point)) - point.linearized;
  if (spare.IsEmpty()) return waiting;
  SlotMask found;
  for (const PartId part : open_.needed()) {
    found = found | OnlyBringerOf(point, part);
  }
  SlotMask looked_at;
  for (SlotMask next = waiting; !next.IsEmpty();) {
    looked_at = looked_at | next;
    next.ForEach([&](uint32_t slot) {
      const uint32_t end = open_.ReturnOf(slot);
      for (const Cell& seen : open_.InSlot(slot).sees) {
        if (open_.IsCalledBefore(seen.part, end)) continue;
        found = found | OnlyBringerOf(point, seen.part);
      }
    });
    waiting = waiting | (found & spare);
    next = waiting - looked_at;
  }
  return waiting;
}

void GuidedMoves::Spare(GuidedPoint& point, uint32_t slot) {
  point.spare.Insert(slot);
  Push(point, kSpareBit | open_.operation_in(slot));
}

// Takes those of `reads` that fit.
void GuidedMoves::TakeReads(GuidedPoint& point, SlotMask reads,
                            SlotMask unfit) {
  (reads - point.linearized - unfit).ForEach([&](uint32_t slot) {
    point.linearized.Insert(slot);
    Push(point, open_.operation_in(slot));
  });
}

// Forgets the values that cannot be seen any more.
void GuidedMoves::Forget(GuidedPoint& point) const {
  for (size_t place = 0; place < places_; ++place) {
    PartId& value = point.values[place];
    if (value != kNoPart &&
        (open_.SeersOf(value) - point.linearized).IsEmpty() &&
        !open_.MayBeSeenLater(value)) {
      value = kNoPart;
    }
  }
}

// After its values have changed: what can be said without a choice. What is
// forgotten fits nobody who is still to be taken, so the same stay `unfit`.
// REQUIRES: all reads that fit are taken.
void GuidedMoves::Settle(GuidedPoint& point, SlotMask unfit) {
  Forget(point);
  SlotMask rest = open_.updates() - point.linearized - point.spare;
  rest = rest - unfit - Noticed(point);
  rest.ForEach([&](uint32_t slot) { Spare(point, slot); });
  rating_.Rate(point, unfit);
}

// Notes as spare those of `others` that can stand right before `program`.
void GuidedMoves::SpareBefore(GuidedPoint& point, const Program& program,
                              SlotMask others) {
  // The places in which nothing is noticed; those that are not what they seem.
  const uint32_t free = program.set_places & ~program.seen_places;
  uint32_t disturbed = 0;
  if (free == 0) return;
  SlotMask setters;
  for (size_t place = 0; place < places_; ++place) {
    if ((free >> place & 1) != 0) setters = setters | open_.SettersIn(place);
  }
  others = (others & setters) - Unfit(point);
  const auto look = [&](uint32_t slot) {
    const Program& other = open_.InSlot(slot);
    if ((other.seen_places & disturbed) != 0) return;
    uint32_t disturbs = other.set_places & disturbed;
    for (const Cell& set : other.sets) {
      const PartId held = point.values[set.place];
      if (held != set.part && held != kNoPart) disturbs |= 1u << set.place;
    }
    if ((disturbs & ~free) != 0) return;
    disturbed |= disturbs;
    Spare(point, slot);
  };
  // What sees comes before what it could see.
  (others & open_.seers()).ForEach(look);
  (others - open_.seers()).ForEach(look);
}

void GuidedMoves::Arrive(GuidedPoint& point) {
  const SlotMask unfit = Unfit(point);
  TakeReads(point, open_.reads(), unfit);
  Settle(point, unfit);
}

void GuidedMoves::Take(GuidedPoint& point, uint32_t slot) {
  const Program& program = open_.InSlot(slot);
  SlotMask others = open_.updates() - point.linearized - point.spare;
  others.Erase(slot);
  SpareBefore(point, program, others);
  point.linearized.Insert(slot);
  point.spare.Erase(slot);
  Push(point, open_.operation_in(slot));
  Apply(point, program);
}

void GuidedMoves::TakeCrash(GuidedPoint& point, uint32_t kind) {
  const Program& program = open_.OfAction(timeline_.crashes()[kind].action);
  SpareBefore(point, program, open_.updates() - point.linearized - point.spare);
  Push(point, kCrashBit | kind);
  const bool leaves_enough = crashes_.Use(point, kind, program);
  Apply(point, program);
  if (!leaves_enough) point.score = GuidedPoint::kHopeless;
}

void GuidedMoves::Pass(GuidedPoint& point, uint32_t slot) {
  point.spare.Erase(slot);
  point.linearized.Insert(slot);
  rating_.Rate(point, Unfit(point));
}

void GuidedMoves::Apply(GuidedPoint& point, const Program& program) {
  SlotMask reads;
  for (const Cell& set : program.sets) {
    point.values[set.place] = set.part;
    reads = reads | open_.SeersOf(set.part);
  }
  const SlotMask unfit = Unfit(point);
  TakeReads(point, reads & open_.reads(), unfit);
  Settle(point, unfit);
}

}  // namespace minos::checker
