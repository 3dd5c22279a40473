// A beam search that is guided by the values that are still to be seen.
//
// For objects with few places that are set, as registers are. It sweeps over
// the timeline as the breadth-first search does (wgl.cc), and keeps some
// configurations of each event, here called *points*. What it ends with is
// replayed by the model (Confirm); so all of it is heuristics, and an error
// could cost time, but make no verdict wrong. It finds no violations.
//
// What makes it fast is that little is chosen, and that the choices that lose
// are soon seen to.
//
// - Values that are needed. An open operation that saw v in a place where v is
//   not now needs one that sets it: open, or called before it returns; or else
//   an info operation. So does one that has not been called yet, where nobody
//   will be called in time to set v (OpenValues::needed). A point without an
//   operation for such a need is dropped, however far away the return is. Where
//   only info operations are left for it, its *level* says how many: those used
//   and those that have to be.
// - Values that do not matter. What nobody can see any more before its place is
//   set anew (OpenValues::MayBeSeenLater, and none that is open) is forgotten.
//   Points that differ in nothing else are one.
// - Spare updates. An update can stand, unnoticed, where what it saw is there
//   and each value that it sets is there too, or replaces one that is
//   forgotten, or is replaced at once by the operation that is taken next and
//   does not see that place. It is then spare: at its return it may be passed,
//   and until then it may still be taken where its values are needed. Of two
//   points with the same values, one in which more is spare is the better one.
//   A spare update that returns, where it would only replace what is forgotten,
//   is taken: its values may help.
// - What cannot come about. A point from which some operation that is open, or
//   is called before all of those have returned, cannot see what it saw, is
//   dropped (Outlook); so is one that has used info operations which others
//   will certainly need (CrashReserve).
// - Narrow windows. What follows from the few values that only one operation,
//   or a few, can have set is told before the search: when operations can have
//   taken effect (Narrowing). It is mostly there that a choice made long before
//   is wrong. Where the windows are narrow, other ways lead on than where they
//   are wide, so some variants do without (GuidedTurns).
// - The order of preference. Points that use few info operations, where little
//   is waited for: the less the effort to bring it, and the longer it may still
//   take, the better. Of points with the same values, only a few are kept: they
//   tend to fail together. A little chance is added to it.
//
// Where no point passes a return, the sweep goes back a few returns and tries
// again with a wider beam and with other chances; then goes back further
// (Retreat); after some attempts it begins anew, with more patience. What was
// wrong is often chosen long before, and then no width helps near by, only
// another choice; so a beam that goes back far stays narrow, and one that goes
// back little becomes wide. What could not be, where points were dropped, is
// brought about sooner in the next attempt (Culprits). Where the beam is wide,
// info operations are tried for all that is missing, and spare operations that
// return are tried as if they were not.
//
// Whether the one way on leaves the beam is luck in part. A search that has
// spent its patience had better begin again as another *variant*, with a beam
// of another width, other chances, and another price of info operations
// (GuidedTurns).
//
// Cost. O(open operations) for each operation that is taken; there are about
// twenty for each operation of a history of ten clients. The outlook of each
// point that passes a return is found in O(events before all that is open has
// returned).

#include "checker/guided_search.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/configuration.h"
#include "checker/culprits.h"
#include "checker/freshness.h"
#include "checker/guided_crashes.h"
#include "checker/guided_layer.h"
#include "checker/guided_moves.h"
#include "checker/guided_point.h"
#include "checker/guided_rating.h"
#include "checker/open_values.h"
#include "checker/outlook.h"
#include "checker/path_replay.h"
#include "checker/retreat.h"
#include "checker/search_strategies.h"
#include "checker/slot_mask.h"
#include "checker/trails.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;
using Point = GuidedPoint;
using Layer = GuidedLayer;

// How many points are kept where nothing is wrong, by the variant: so many, or
// twice as many.
constexpr size_t kLeastWidth = 8;
constexpr uint32_t kWidths = 2;
// So many times as many at the first attempt to get past a return, and where
// more is tried.
constexpr size_t kWider = 2;
constexpr size_t kThorough = 3;
// After so many cycles of attempts it is half as wide again. From the second
// cycle on the first attempts, which go back least and cost least, are the
// widest: each by up to so many half octaves wider than the one after it.
constexpr uint32_t kCyclesPerWidth = 2;
constexpr uint32_t kNearAttempts = 3;
constexpr uint32_t kMostNearer = 3;
// What is added to the scores by chance where nothing is wrong, and after going
// back.
constexpr uint32_t kNoise = 10;
constexpr uint32_t kMoreNoise = 20;
// How many returns the first attempt goes back; each next one goes twice as
// far.
constexpr size_t kFirstRetreat = 4;
constexpr Retreat::Rule kRule = {
    .attempts = 4, .cycles = 12, .more_attempts = 1};
// The last returns to go back to; of earlier ones, one in so many events.
constexpr Marks<Point>::Limits kMarks = {.marks = 256,
                                         .events_between_old = 64};
// How many operations are taken at most at one return.
constexpr size_t kDepth = 6;
// How many kinds of info operations are tried for one missing value.
constexpr size_t kKindsTried = 2;
constexpr size_t kEntriesPerCharge = 64;
// For which operation a return fails that nothing leads to, counts as much as
// this many points that are dropped.
constexpr uint32_t kWaysToReturn = 1000;

class GuidedSearch {
 public:
  // REQUIRES: `open` is of `problem`, applicable, and before the first event.
  GuidedSearch(const SearchProblem& problem, OpenValues& open,
               size_t max_configurations, uint32_t variant, Turn& turn);
  ~GuidedSearch() { problem_.budget.Release(charged_); }
  GuidedSearch(const GuidedSearch&) = delete;
  GuidedSearch& operator=(const GuidedSearch&) = delete;

  Unconfirmed Run();

 private:
  bool MayGoOn(const Point& point, uint32_t slot);
  void KeepNext(uint32_t slot);
  bool IsOver();
  bool ChargeGrowth();
  void Arrive(uint32_t slot);
  bool PassReturn(uint32_t slot);
  void Place(Point& point, uint32_t slot);
  void Expand(const Point& from, uint32_t slot);
  void ExpandCrashes(const Point& from, uint32_t slot);
  std::vector<PartId> MissingParts(const Point& from, uint32_t slot) const;
  bool GoBack();
  void TakeNoise(uint32_t most);
  Unconfirmed Finish(Verdict verdict) const;

  bool is_wide() const { return width_ > least_width_; }
  bool is_thorough() const { return width_ >= kThorough * least_width_; }

  SearchProblem problem_;
  size_t max_configurations_;
  uint32_t variant_;
  Turn& turn_;
  size_t least_width_;
  OpenValues& open_;
  Freshness freshness_;
  GuidedCrashes crashes_;
  Culprits culprits_;
  GuidedRating rating_;
  Trails trails_;
  GuidedMoves moves_;
  Outlook outlook_;
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;

  std::vector<Point> points_;  // those that have passed the last return
  Layer next_;                 // those that have passed the next one
  Layer layer_;                // those that have not, after some operations
  Layer deeper_;               // and after one more

  Marks<Point> marks_{kMarks};
  Retreat retreat_{kRule};
  uint32_t retreats_ = 0;
  size_t width_ = least_width_;
  // Whether anything was left out since it went back the last time, and whether
  // that was to the start.
  bool left_out_ = true;
  bool is_from_start_ = false;
};

GuidedSearch::GuidedSearch(const SearchProblem& problem, OpenValues& open,
                           size_t max_configurations, uint32_t variant,
                           Turn& turn)
    : problem_(problem),
      max_configurations_(max_configurations),
      variant_(variant),
      turn_(turn),
      least_width_(kLeastWidth << (variant % kWidths)),
      open_(open),
      freshness_(problem.timeline, open),
      crashes_(problem, open, freshness_),
      culprits_(problem.timeline.operations().size()),
      rating_(open, crashes_, culprits_, problem.footprints->part_count(),
              variant),
      moves_(problem.timeline, open, crashes_, rating_, trails_),
      outlook_(problem, open, freshness_),
      next_(open),
      layer_(open),
      deeper_(open) {
  TakeNoise(kNoise);
  Point start;
  std::copy(open.start().begin(), open.start().end(), start.values.begin());
  points_.push_back(start);
}

// Of a point that has passed the return of what is in `slot`.
bool GuidedSearch::MayGoOn(const Point& point, uint32_t slot) {
  SlotMask done = point.linearized;
  done.Insert(slot);
  const bool may = outlook_.MayGoOn(
      {point.ValuesOf(open_.start().size()), done, point.spare,
       [&](PartId part) { return crashes_.HasFor(point, part); }});
  if (!may) culprits_.Note(outlook_.culprit());
  return may;
}

bool GuidedSearch::ChargeGrowth() {
  const size_t points = points_.capacity() + marks_.point_count() +
                        next_.capacity() + layer_.capacity() +
                        deeper_.capacity();
  const size_t bytes = open_.MemoryBytes() + freshness_.MemoryBytes() +
                       crashes_.MemoryBytes() + culprits_.MemoryBytes() +
                       rating_.MemoryBytes() + outlook_.MemoryBytes() +
                       trails_.MemoryBytes() + points * sizeof(Point);
  if (bytes <= charged_) return true;
  if (!problem_.budget.Charge(bytes - charged_)) return false;
  charged_ = bytes;
  return true;
}

bool GuidedSearch::IsOver() {
  if (entered_++ >= max_configurations_ || !turn_.GoesOn()) return true;
  const bool is_due = entered_ % kEntriesPerCharge == 1;
  // About half of the events are returns.
  if (is_due) problem_.budget.Tell(kEntriesPerCharge, open_.event() / 2);
  if (is_due && !ChargeGrowth()) {
    limit_ = UnknownReason::kMemoryLimit;
  } else {
    limit_ = problem_.budget.Exhausted();
  }
  return limit_.has_value();
}

// Puts `point` where it belongs, at the return of what is in `slot`.
void GuidedSearch::Place(Point& point, uint32_t slot) {
  if (!point.linearized.Contains(slot)) return deeper_.Offer(point);
  point.linearized.Erase(slot);
  next_.Offer(point);
}

// What is open, not linearized, and may have to be set by an info operation:
// what the returning operation lacks, and what others lack that nobody else can
// bring; in a thorough search, all that they lack.
std::vector<PartId> GuidedSearch::MissingParts(const Point& from,
                                               uint32_t slot) const {
  std::vector<PartId> parts;
  moves_.Waiting(from).ForEach([&](uint32_t seer) {
    for (const Cell& seen : open_.InSlot(seer).sees) {
      if (from.values[seen.place] == seen.part) continue;
      SlotMask bringers = open_.BringersOf(seen.part) - from.linearized;
      bringers.Erase(seer);
      const bool is_missing =
          is_thorough() || seer == slot ||
          (bringers.IsEmpty() &&
           !open_.IsCalledBefore(seen.part, open_.ReturnOf(seer)));
      if (is_missing &&
          std::find(parts.begin(), parts.end(), seen.part) == parts.end()) {
        parts.push_back(seen.part);
      }
    }
  });
  return parts;
}

void GuidedSearch::ExpandCrashes(const Point& from, uint32_t slot) {
  std::vector<uint32_t> kinds;
  for (const PartId part : MissingParts(from, slot)) {
    const auto of_part = crashes_.CalledFor(part);
    size_t tried = 0;
    for (size_t i = of_part.size(); i > 0 && tried < kKindsTried; --i) {
      const uint32_t kind = of_part[i - 1];
      const ActionId action = problem_.timeline.crashes()[kind].action;
      if (!crashes_.IsLeft(from, kind) ||
          !GuidedMoves::Fits(from, open_.OfAction(action))) {
        continue;
      }
      ++tried;
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
        kinds.push_back(kind);
      }
    }
  }
  for (const uint32_t kind : kinds) {
    Point to = from;
    moves_.TakeCrash(to, kind);
    Place(to, slot);
  }
}

// Takes one more operation, whichever fits, at the return of what is in `slot`.
void GuidedSearch::Expand(const Point& from, uint32_t slot) {
  const SlotMask fitting =
      open_.updates() - from.linearized - moves_.Unfit(from);
  fitting.ForEach([&](uint32_t other) {
    Point to = from;
    moves_.Take(to, other);
    Place(to, slot);
  });
  if (!problem_.timeline.crashes().empty()) ExpandCrashes(from, slot);
}

// Sorts the points by whether they have passed the return of what is in `slot`
// already.
void GuidedSearch::Arrive(uint32_t slot) {
  for (Point& point : points_) {
    moves_.Arrive(point);
    if (point.spare.Contains(slot)) {
      Point passed = point;
      if (!(moves_.Noticed(point) | moves_.Unfit(point)).Contains(slot)) {
        moves_.Take(passed, slot);
      } else {
        moves_.Pass(passed, slot);
      }
      // It may still be of use; else it need not be taken.
      if (is_wide() || passed.score > point.score) layer_.Offer(point);
      passed.linearized.Erase(slot);
      next_.Offer(passed);
    } else if (point.linearized.Contains(slot)) {
      point.linearized.Erase(slot);
      next_.Offer(point);
    } else {
      layer_.Offer(point);
    }
  }
}

// Drops the points past the return of what is in `slot` that lead nowhere, or
// are too many.
void GuidedSearch::KeepNext(uint32_t slot) {
  if (next_.is_empty()) {
    culprits_.Note(open_.operation_in(slot), kWaysToReturn);
  }
  left_out_ = next_.Keep(width_, [&](const Point& point) {
    return MayGoOn(point, slot);
  }) || left_out_;
}

// Takes the points past the return of what is in `slot`. False if none gets
// past it, or a limit was met.
bool GuidedSearch::PassReturn(uint32_t slot) {
  const auto may = [](const Point&) { return true; };
  next_.Clear();
  layer_.Clear();
  Arrive(slot);
  for (size_t depth = 0; !layer_.is_empty() && depth < kDepth; ++depth) {
    if (next_.size() >= width_) {
      KeepNext(slot);
      left_out_ = true;
      if (!next_.is_empty()) return true;
      // All that were enough lead nowhere.
      next_.Clear();
    }
    left_out_ = layer_.Keep(width_, may) || left_out_;
    deeper_.Clear();
    for (const Point& point : layer_.points()) {
      if (IsOver()) return false;
      Expand(point, slot);
    }
    std::swap(layer_, deeper_);
  }
  left_out_ = left_out_ || !layer_.is_empty();
  KeepNext(slot);
  return !next_.is_empty();
}

void GuidedSearch::TakeNoise(uint32_t most) {
  const GuidedLayer::Noise noise = {CombineHash(variant_, retreats_), most};
  for (Layer* layer : {&next_, &layer_, &deeper_}) layer->TakeNoise(noise);
}

// Goes back for another attempt. False if there is none to make.
bool GuidedSearch::GoBack() {
  const bool is_all_tried = is_from_start_ && is_thorough() && !left_out_;
  if (!retreat_.TryAgain(open_.event()) || is_all_tried) return false;
  left_out_ = false;
  culprits_.Learn();
  width_ = kWider * least_width_;
  const uint32_t steps = retreat_.cycle() / kCyclesPerWidth;
  if (retreat_.attempt() < kNearAttempts) {
    width_ <<= std::min(retreat_.cycle(), kMostNearer) *
               (kNearAttempts - retreat_.attempt()) / 2;
  }
  for (uint32_t i = 0; i < steps; ++i) width_ += width_ / 2;
  ++retreats_;
  TakeNoise(kMoreNoise);
  open_.RewindTo(marks_.GoBack(kFirstRetreat << retreat_.attempt(), points_));
  is_from_start_ = marks_.is_empty();
  return true;
}

Unconfirmed GuidedSearch::Finish(Verdict verdict) const {
  Unconfirmed found;
  found.result.verdict = verdict;
  found.result.unknown = limit_;
  found.result.configurations = entered_;
  found.result.furthest_event = open_.event();
  if (verdict == Verdict::kValid) {
    found.path = trails_.PathOf(points_.front().trail);
  }
  return found;
}

Unconfirmed GuidedSearch::Run() {
  while (open_.event() < problem_.end) {
    const TimelineEvent event = problem_.timeline.event(open_.event());
    if (event.type != TimelineEvent::Type::kReturn) {
      open_.Pass();
      continue;
    }
    if (retreat_.IsOvercome(open_.event())) {
      width_ = least_width_;
      retreat_.Forget();
      TakeNoise(kNoise);
    }
    marks_.Leave(open_.event(), points_);
    if (IsOver()) return Finish(Verdict::kUnknown);
    if (PassReturn(problem_.timeline.operations()[event.subject].slot)) {
      std::swap(points_, next_.points());
      open_.Pass();
      continue;
    }
    const bool is_over =
        limit_ || entered_ > max_configurations_ || turn_.was_stopped();
    if (is_over || !GoBack()) return Finish(Verdict::kUnknown);
  }
  return Finish(Verdict::kValid);
}

}  // namespace

Unconfirmed SearchGuided(const SearchProblem& problem,
                         size_t max_configurations, uint32_t variant,
                         Turn& turn) {
  OpenValues open(problem);
  if (open.is_applicable()) {
    return GuidedSearch(problem, open, max_configurations, variant, turn).Run();
  }
  Unconfirmed nothing;
  nothing.result.verdict = Verdict::kUnknown;
  return nothing;
}

}  // namespace minos::checker
