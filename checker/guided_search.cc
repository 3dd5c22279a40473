// A beam search that is guided by the values that are still to be seen.
//
// For objects with few places that are set, as registers are. It sweeps over
// the timeline as the breadth-first search does (wgl.cc), and keeps some
// configurations of each event, here called *points*. What it ends with is
// replayed by the model (IsLinearization); so all of it is heuristics, and an
// error could cost time, but make no verdict wrong. It finds no violations.
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
// - The order of preference. Points of low level first; of those, the ones with
//   few open operations that wait for a value which few can bring.
//
// Where no point passes a return, the sweep goes back a few returns and tries
// again with a wider beam; then goes back further; after some attempts it
// begins anew, with another order of preference and more patience. Where the
// beam is wide, info operations are tried for all that is missing, and spare
// operations that return are tried as if they were not.
//
// Cost. O(open operations) for each operation that is taken; there are about
// twenty for each operation of a history of ten clients.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checker/configuration.h"
#include "checker/crash_usage.h"
#include "checker/open_values.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/slot_mask.h"
#include "checker/trails.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;
using Program = OpenValues::Program;

constexpr uint32_t kNoPoint = 0xFFFFFFFFu;
// The score of a point from which nothing leads to the end.
constexpr uint32_t kHopeless = 0xFFFFFFFFu;

// How many points are kept where nothing is wrong, and at the first attempt to
// get past a return.
constexpr size_t kWidth = 8;
constexpr size_t kFirstWiderWidth = 2 * kWidth;
// From this width on, more is tried.
constexpr size_t kThoroughWidth = 3 * kWidth;
// How many returns the first attempt goes back; each next one goes twice as
// far, with half as many points again.
constexpr size_t kFirstRetreat = 4;
// After how many attempts it begins anew the first time; each time one more is
// made.
constexpr uint32_t kAttempts = 4;
constexpr uint32_t kMostCycles = 12;
// The last returns to go back to; of earlier ones, one in so many events.
constexpr size_t kRecentMarks = 256;
constexpr uint32_t kEventsBetweenMarks = 64;
constexpr size_t kReturnsBetweenMarks = kEventsBetweenMarks / 2;
// How many operations are taken at most at one return.
constexpr size_t kDepth = 6;
// How many kinds of info operations are tried for one missing value.
constexpr size_t kKindsTried = 2;
constexpr size_t kEntriesPerCharge = 64;

// Where a path has led to.
struct Point {
  SlotMask linearized;
  SlotMask spare;
  UsageId usage = 0;
  uint32_t used = 0;  // how many info operations that is
  uint32_t trail = Trails::kNone;
  // How many info operations are used, or will certainly have to be.
  uint32_t level = 0;
  uint32_t score = 0;  // the less, the better
  std::array<PartId, OpenValues::kMostPlaces> values = {};
};

// What a point costs: for each info operation of its level, each value that is
// waited for, by how many can bring it, each open read, each operation that
// waits for what it sees, and each value that one of those sees besides the
// first.
struct Taste {
  uint32_t level;
  std::array<uint32_t, 4> bringers;  // 0 …, 3 or more
  uint32_t read;
  uint32_t seer;
  uint32_t further;
};
constexpr Taste kTastes[] = {
    {10, {0, 4, 2, 1}, 1, 0, 0},
    {10, {0, 3, 0, 0}, 0, 1, 1},
    {10, {0, 6, 3, 2}, 0, 2, 0},
};

class GuidedSearch {
 public:
  GuidedSearch(const SearchProblem& problem, size_t max_configurations);
  ~GuidedSearch() { problem_.budget.Release(charged_); }
  GuidedSearch(const GuidedSearch&) = delete;
  GuidedSearch& operator=(const GuidedSearch&) = delete;

  SearchResult Run();

 private:
  // What stood before a return.
  struct Mark {
    uint32_t event;
    std::vector<Point> points;
  };
  // Points without those that others are better than.
  struct Layer {
    std::vector<Point> points;
    std::vector<uint32_t> index;  // open addressing, by their values
    void Clear();
  };

  static bool Fits(const Point& point, const Program& program);
  static bool IsUnnoticed(const Point& point, const Program& program);
  bool IsCrashLeft(const Point& point, uint32_t kind) const;
  bool HasCrashFor(const Point& point, PartId part) const;
  SlotMask Waiting(const Point& point) const {
    return open_.seers() - point.linearized - point.spare;
  }

  void Push(Point& point, uint32_t code);
  void Spare(Point& point, uint32_t slot);
  void TakeReads(Point& point, SlotMask reads);
  void Forget(Point& point) const;
  void Settle(Point& point);
  void SpareBefore(Point& point, const Program& program, SlotMask others);
  void Take(Point& point, uint32_t slot);
  void TakeCrash(Point& point, uint32_t kind);
  void Apply(Point& point, const Program& program);
  void Rate(Point& point);
  bool Await(const Point& point, PartId part, uint32_t bringers);

  uint64_t HashOf(const Point& point) const;
  bool IsNoWorse(const Point& a, const Point& b) const;
  void GrowIndex(Layer& layer) const;
  void Offer(Layer& layer, const Point& point);
  void Keep(Layer& layer);

  bool IsOver();
  bool ChargeGrowth();
  void MarkReturn();
  void Arrive(uint32_t slot);
  bool PassReturn(uint32_t slot);
  void Place(Point& point, uint32_t slot);
  void Expand(const Point& from, uint32_t slot);
  void ExpandCrashes(const Point& from, uint32_t slot);
  std::vector<PartId> MissingParts(const Point& from, uint32_t slot) const;
  bool Retreat();
  void GoBack(size_t returns);
  SearchResult Finish(Verdict verdict) const;

  bool is_wide() const { return width_ > kWidth; }
  bool is_thorough() const { return width_ >= kThoroughWidth; }

  SearchProblem problem_;
  size_t max_configurations_;
  CrashUsage usages_;
  OpenValues open_;
  size_t places_ = 0;
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;

  std::vector<Point> points_;  // those that have passed the last return
  Layer next_;                 // those that have passed the next one
  Layer layer_;                // those that have not, after some operations
  Layer deeper_;               // and after one more
  Trails trails_;

  std::deque<Mark> marks_;
  std::deque<Mark> old_marks_;
  size_t marked_points_ = 0;
  // Where it was stuck, and the attempts to get past that.
  uint32_t stuck_at_ = 0;
  uint32_t attempt_ = 0;
  uint32_t cycle_ = 0;
  size_t width_ = kWidth;
  // Whether anything was left out since it went back the last time.
  bool left_out_ = true;

  // What a point waits for, as it is being rated.
  uint32_t stamp_ = 0;
  std::vector<uint32_t> stamps_;  // by part
  std::array<uint32_t, 4> awaited_ = {};
};

GuidedSearch::GuidedSearch(const SearchProblem& problem,
                           size_t max_configurations)
    : problem_(problem),
      max_configurations_(max_configurations),
      usages_(problem.timeline.crashes().size()),
      open_(problem) {
  if (!open_.is_applicable()) return;
  places_ = open_.start().size();
  stamps_.resize(problem.footprints->part_count(), 0);
  Point start;
  std::copy(open_.start().begin(), open_.start().end(), start.values.begin());
  points_.push_back(start);
}

bool GuidedSearch::Fits(const Point& point, const Program& program) {
  return std::all_of(
      program.sees.begin(), program.sees.end(),
      [&](const Cell& seen) { return point.values[seen.place] == seen.part; });
}

// Whether what `program` sets is there or replaces what is forgotten.
bool GuidedSearch::IsUnnoticed(const Point& point, const Program& program) {
  return std::all_of(program.sets.begin(), program.sets.end(),
                     [&](const Cell& set) {
                       const PartId held = point.values[set.place];
                       return held == set.part || held == kNoPart;
                     });
}

bool GuidedSearch::IsCrashLeft(const Point& point, uint32_t kind) const {
  const uint32_t called = open_.crashed(kind);
  return called > 0 && usages_.Count(point.usage, kind) < called;
}

bool GuidedSearch::HasCrashFor(const Point& point, PartId part) const {
  const auto kinds = problem_.footprints->CrashKindsOf(part);
  return std::any_of(kinds.rbegin(), kinds.rend(),
                     [&](uint32_t kind) { return IsCrashLeft(point, kind); });
}

void GuidedSearch::Push(Point& point, uint32_t code) {
  point.trail = trails_.Extend(point.trail, code);
}

void GuidedSearch::Spare(Point& point, uint32_t slot) {
  point.spare.Insert(slot);
  Push(point, kSpareBit | open_.operation_in(slot));
}

// Takes those of `reads` that fit.
void GuidedSearch::TakeReads(Point& point, SlotMask reads) {
  (reads - point.linearized).ForEach([&](uint32_t slot) {
    if (!Fits(point, open_.InSlot(slot))) return;
    point.linearized.Insert(slot);
    Push(point, open_.operation_in(slot));
  });
}

// Forgets the values that cannot be seen any more.
void GuidedSearch::Forget(Point& point) const {
  for (size_t place = 0; place < places_; ++place) {
    PartId& value = point.values[place];
    if (value != kNoPart &&
        (open_.SeersOf(value) - point.linearized).IsEmpty() &&
        !open_.MayBeSeenLater(value)) {
      value = kNoPart;
    }
  }
}

// After its values have changed: what can be said without a choice. REQUIRES:
// all reads that fit are taken.
void GuidedSearch::Settle(Point& point) {
  Forget(point);
  (open_.updates() - point.linearized - point.spare)
      .ForEach([&](uint32_t slot) {
        const Program& program = open_.InSlot(slot);
        if (Fits(point, program) && IsUnnoticed(point, program)) {
          Spare(point, slot);
        }
      });
  Rate(point);
}

// Notes as spare those of `others` that can stand right before `program`.
void GuidedSearch::SpareBefore(Point& point, const Program& program,
                               SlotMask others) {
  // The places in which nothing is noticed; those that are not what they seem.
  const uint32_t free = program.set_places & ~program.seen_places;
  uint32_t disturbed = 0;
  if (free == 0) return;
  const auto look = [&](uint32_t slot) {
    const Program& other = open_.InSlot(slot);
    if ((other.set_places & free) == 0 ||
        (other.seen_places & disturbed) != 0 || !Fits(point, other)) {
      return;
    }
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

// Takes the update in `slot`, which fits.
void GuidedSearch::Take(Point& point, uint32_t slot) {
  const Program& program = open_.InSlot(slot);
  SlotMask others = open_.updates() - point.linearized - point.spare;
  others.Erase(slot);
  SpareBefore(point, program, others);
  point.linearized.Insert(slot);
  point.spare.Erase(slot);
  Push(point, open_.operation_in(slot));
  Apply(point, program);
}

void GuidedSearch::TakeCrash(Point& point, uint32_t kind) {
  const Program& program =
      open_.OfAction(problem_.timeline.crashes()[kind].action);
  SpareBefore(point, program, open_.updates() - point.linearized - point.spare);
  Push(point, kCrashBit | kind);
  point.usage = usages_.Add(point.usage, kind);
  ++point.used;
  Apply(point, program);
}

void GuidedSearch::Apply(Point& point, const Program& program) {
  SlotMask reads;
  for (const Cell& set : program.sets) {
    point.values[set.place] = set.part;
    reads = reads | open_.SeersOf(set.part);
  }
  TakeReads(point, reads & open_.reads());
  Settle(point);
}

// Notes that `part` is waited for, which so many can bring. False if nothing is
// left for it.
bool GuidedSearch::Await(const Point& point, PartId part, uint32_t bringers) {
  if (stamps_[part] == stamp_) return true;
  stamps_[part] = stamp_;
  ++awaited_[std::min<size_t>(bringers, awaited_.size() - 1)];
  return bringers > 0 || HasCrashFor(point, part);
}

void GuidedSearch::Rate(Point& point) {
  ++stamp_;
  awaited_ = {};
  bool has_hope = true;
  for (const PartId part : open_.needed()) {
    if (point.values[open_.PlaceOf(part)] == part) continue;
    const SlotMask bringers = open_.BringersOf(part) - point.linearized;
    has_hope = has_hope && Await(point, part, bringers.Count());
  }
  const Taste& taste = kTastes[cycle_ % std::size(kTastes)];
  const SlotMask waiting = Waiting(point);
  point.score = taste.seer * waiting.Count() +
                taste.read * (open_.reads() - point.linearized).Count();
  waiting.ForEach([&](uint32_t slot) {
    const Program& program = open_.InSlot(slot);
    point.score +=
        taste.further * static_cast<uint32_t>(program.sees.size() - 1);
    for (const Cell& seen : program.sees) {
      if (point.values[seen.place] == seen.part) continue;
      SlotMask bringers = open_.BringersOf(seen.part) - point.linearized;
      bringers.Erase(slot);
      const bool is_called =
          open_.IsCalledBefore(seen.part, open_.ReturnOf(slot));
      has_hope = has_hope && Await(point, seen.part,
                                   bringers.Count() + (is_called ? 1 : 0));
    }
  });
  point.level = point.used + awaited_[0];
  point.score += taste.level * point.level;
  for (size_t i = 0; i < awaited_.size(); ++i) {
    point.score += taste.bringers[i] * awaited_[i];
  }
  if (!has_hope) point.score = kHopeless;
}

void GuidedSearch::Layer::Clear() {
  points.clear();
  index.clear();
}

uint64_t GuidedSearch::HashOf(const Point& point) const {
  uint64_t hash = 0;
  for (size_t i = 0; i < places_; ++i) {
    hash = CombineHash(hash, point.values[i]);
  }
  return hash;
}

// Whether `a` owes no more and has no less left than `b`, which has the same
// values.
bool GuidedSearch::IsNoWorse(const Point& a, const Point& b) const {
  const SlotMask differ = (a.linearized ^ b.linearized) & open_.updates();
  const SlotMask unread = (b.linearized & open_.reads()) - a.linearized;
  return a.used <= b.used && (differ - a.spare).IsEmpty() &&
         (b.spare - a.spare).IsEmpty() && unread.IsEmpty();
}

void GuidedSearch::GrowIndex(Layer& layer) const {
  constexpr size_t kLeast = 64;
  layer.index.assign(std::bit_ceil(std::max(kLeast, 4 * layer.points.size())),
                     kNoPoint);
  const size_t mask = layer.index.size() - 1;
  for (size_t i = 0; i < layer.points.size(); ++i) {
    size_t at = HashOf(layer.points[i]) & mask;
    while (layer.index[at] != kNoPoint) at = (at + 1) & mask;
    layer.index[at] = static_cast<uint32_t>(i);
  }
}

// Adds `point`, unless one that is in is no worse.
void GuidedSearch::Offer(Layer& layer, const Point& point) {
  if (point.score == kHopeless) return;
  if (layer.index.size() < 2 * (layer.points.size() + 1)) GrowIndex(layer);
  const size_t mask = layer.index.size() - 1;
  size_t at = HashOf(point) & mask;
  for (; layer.index[at] != kNoPoint; at = (at + 1) & mask) {
    Point& other = layer.points[layer.index[at]];
    if (!std::equal(point.values.begin(), point.values.begin() + places_,
                    other.values.begin())) {
      continue;
    }
    if (IsNoWorse(other, point)) return;
    if (IsNoWorse(point, other)) {
      other = point;
      return;
    }
  }
  layer.index[at] = static_cast<uint32_t>(layer.points.size());
  layer.points.push_back(point);
}

// Puts the best first, and drops all but as many as the beam is wide.
void GuidedSearch::Keep(Layer& layer) {
  layer.index.clear();
  std::stable_sort(
      layer.points.begin(), layer.points.end(),
      [](const Point& a, const Point& b) { return a.score < b.score; });
  if (layer.points.size() <= width_) return;
  left_out_ = true;
  layer.points.resize(width_);
}

bool GuidedSearch::ChargeGrowth() {
  const size_t bytes = open_.MemoryBytes() + usages_.MemoryBytes() +
                       trails_.MemoryBytes() +
                       (marked_points_ + next_.points.capacity() +
                        layer_.points.capacity() + deeper_.points.capacity()) *
                           sizeof(Point);
  if (bytes <= charged_) return true;
  if (!problem_.budget.Charge(bytes - charged_)) return false;
  charged_ = bytes;
  return true;
}

bool GuidedSearch::IsOver() {
  if (entered_++ >= max_configurations_) return true;
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
  if (!point.linearized.Contains(slot)) return Offer(deeper_, point);
  point.linearized.Erase(slot);
  Offer(next_, point);
}

// What is open, not linearized, and may have to be set by an info operation:
// what the returning operation lacks, and what others lack that nobody else can
// bring; in a thorough search, all that they lack.
std::vector<PartId> GuidedSearch::MissingParts(const Point& from,
                                               uint32_t slot) const {
  std::vector<PartId> parts;
  Waiting(from).ForEach([&](uint32_t seer) {
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
    const auto of_part = problem_.footprints->CrashKindsOf(part);
    size_t tried = 0;
    for (size_t i = of_part.size(); i > 0 && tried < kKindsTried; --i) {
      const uint32_t kind = of_part[i - 1];
      const ActionId action = problem_.timeline.crashes()[kind].action;
      if (!IsCrashLeft(from, kind) || !Fits(from, open_.OfAction(action))) {
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
    TakeCrash(to, kind);
    Place(to, slot);
  }
}

// Takes one more operation, whichever fits, at the return of what is in `slot`.
void GuidedSearch::Expand(const Point& from, uint32_t slot) {
  (open_.updates() - from.linearized).ForEach([&](uint32_t other) {
    if (!Fits(from, open_.InSlot(other))) return;
    Point to = from;
    Take(to, other);
    Place(to, slot);
  });
  if (!problem_.timeline.crashes().empty()) ExpandCrashes(from, slot);
}

// Sorts the points by whether they have passed the return of what is in `slot`
// already.
void GuidedSearch::Arrive(uint32_t slot) {
  for (Point& point : points_) {
    // What was called since may fit at once.
    TakeReads(point, open_.reads());
    Settle(point);
    if (point.spare.Contains(slot)) {
      Point passed = point;
      if (IsUnnoticed(point, open_.InSlot(slot)) &&
          Fits(point, open_.InSlot(slot))) {
        Take(passed, slot);
      } else {
        passed.spare.Erase(slot);
        passed.linearized.Insert(slot);
        Rate(passed);
      }
      // It may still be of use; else it need not be taken.
      if (is_wide() || passed.score > point.score) Offer(layer_, point);
      passed.linearized.Erase(slot);
      Offer(next_, passed);
    } else if (point.linearized.Contains(slot)) {
      point.linearized.Erase(slot);
      Offer(next_, point);
    } else {
      Offer(layer_, point);
    }
  }
}

// Takes the points past the return of what is in `slot`. False if none gets
// past it, or a limit was met.
bool GuidedSearch::PassReturn(uint32_t slot) {
  next_.Clear();
  layer_.Clear();
  Arrive(slot);
  for (size_t depth = 0; !layer_.points.empty(); ++depth) {
    if (depth == kDepth || next_.points.size() >= width_) {
      left_out_ = true;
      break;
    }
    Keep(layer_);
    deeper_.Clear();
    for (const Point& point : layer_.points) {
      if (IsOver()) return false;
      Expand(point, slot);
    }
    std::swap(layer_, deeper_);
  }
  Keep(next_);
  return !next_.points.empty();
}

// Notes where the sweep is, to come back.
void GuidedSearch::MarkReturn() {
  marks_.push_back({open_.event(), points_});
  marked_points_ += points_.size();
  if (marks_.size() <= kRecentMarks) return;
  Mark& oldest = marks_.front();
  if (old_marks_.empty() ||
      old_marks_.back().event + kEventsBetweenMarks <= oldest.event) {
    old_marks_.push_back(std::move(oldest));
  } else {
    marked_points_ -= oldest.points.size();
  }
  marks_.pop_front();
}

// About so many returns, or to the start.
void GuidedSearch::GoBack(size_t returns) {
  while (returns > 0 && !(marks_.empty() && old_marks_.empty())) {
    const bool is_old = marks_.empty();
    std::deque<Mark>& marks = is_old ? old_marks_ : marks_;
    returns -= std::min(returns, is_old ? kReturnsBetweenMarks : 1);
    points_ = std::move(marks.back().points);
    marked_points_ -= points_.size();
    open_.RewindTo(marks.back().event);
    marks.pop_back();
  }
}

// Goes back for another attempt. False if there is none to make.
bool GuidedSearch::Retreat() {
  if (open_.event() > stuck_at_) {
    stuck_at_ = open_.event();
    cycle_ = 0;
    attempt_ = 0;
  } else if (++attempt_ >= kAttempts + cycle_) {
    ++cycle_;
    attempt_ = 1;
  }
  // From the start on, all has been tried.
  const bool is_hopeless =
      !left_out_ && is_thorough() && marks_.empty() && old_marks_.empty();
  if (is_hopeless || cycle_ == kMostCycles) return false;
  left_out_ = false;
  width_ = kFirstWiderWidth;
  for (uint32_t i = 0; i < attempt_; ++i) width_ += width_ / 2;
  GoBack(kFirstRetreat << attempt_);
  return true;
}

SearchResult GuidedSearch::Finish(Verdict verdict) const {
  SearchResult result;
  result.verdict = Verdict::kUnknown;
  result.unknown = limit_;
  result.configurations = entered_;
  result.furthest_event = open_.event();
  if (verdict != Verdict::kValid) return result;
  const std::vector<uint32_t> path = trails_.PathOf(points_.front().trail);
  if (!IsLinearization(problem_, path)) return result;
  result.verdict = Verdict::kValid;
  result.linearization = PathOperations(problem_.timeline, path);
  return result;
}

SearchResult GuidedSearch::Run() {
  if (!open_.is_applicable()) return Finish(Verdict::kUnknown);
  while (open_.event() < problem_.end) {
    const TimelineEvent event = problem_.timeline.event(open_.event());
    if (event.type != TimelineEvent::Type::kReturn) {
      open_.Pass();
      continue;
    }
    if (open_.event() > stuck_at_) {
      width_ = kWidth;
      cycle_ = 0;
    }
    MarkReturn();
    if (IsOver()) return Finish(Verdict::kUnknown);
    if (PassReturn(problem_.timeline.operations()[event.subject].slot)) {
      std::swap(points_, next_.points);
      open_.Pass();
      continue;
    }
    const bool is_over = limit_ || entered_ > max_configurations_;
    if (is_over || !Retreat()) return Finish(Verdict::kUnknown);
  }
  return Finish(Verdict::kValid);
}

}  // namespace

SearchResult SearchGuided(const SearchProblem& problem,
                          size_t max_configurations) {
  return GuidedSearch(problem, max_configurations).Run();
}

}  // namespace minos::checker
