// Search for a linearization of an object whose state is a sum; wgl.cc has the
// essay on searching, this is what is different.
//
// The idea. Updates that only add commute, and nobody notices them but the
// operations that see the sum, the *seers*. So the order of the updates is no
// choice (Lee & Mathur, "FPT linearizability monitoring", PLDI 2026, call such
// objects order-insensitive); the choice is which updates come before each
// seer. The events are swept in their order, and a configuration is: which open
// operations are linearized, and which info operations. The sum follows from
// that.
//
//  - At the return of an update that is not linearized it becomes *owed*: it
//    comes before all that is linearized from then on. No order is chosen. But
//    first, seers that must not see it may be linearized.
//  - A seer is linearized by choosing a set of open updates that makes the sum
//    what it saw: a subset sum, looked up in tables that are made once for each
//    event (SubsetSums). All open seers that see the same and change nothing
//    are linearized with it, as in any search (greedy reads).
//  - At the return of a seer that is not linearized, it has to be; others may
//    come before it.
//
// So few configurations are met at an event as there are ways to explain what
// was seen, not 2^c for c open updates, let alone c! orders.
//
// Why it is right. Take any linearization, and move every update behind as far
// as it can be without passing a seer or its own return: seers see the same. In
// that order every update stands right before a seer, or at its return, and
// each seer can be taken at the latest return that forces it or something that
// follows it before another seer; so the search meets it. What it meets can be
// done, but for conditions that updates may have (no account is overdrawn):
// with those, the updates between two seers are put into an order that the
// model allows (Settling), and a configuration without one is dropped. Of equal
// configurations one is kept; with conditions they must also agree in what is
// owed.
//
// What makes it fast where configurations are many: it follows the likeliest of
// them first (AdditiveRating says which these are), and keeps the others. The
// configurations that stand before one return and have not linearized what
// returns are its *column*. The columns are visited in their order, and in each
// the best configurations are expanded, as many as the beam is wide. Where no
// configuration gets further, the sweep goes back some columns, each time twice
// as far, and expands as many again of those that wait there, each time twice
// as many (Vadlamudi, Gaurav, Aine & Chakrabarti, "Anytime column search", AI
// 2012). So nothing is expanded twice, and much is expanded only where it is
// hard to see what is right.
//
// A configuration is expanded in *stages*: at first without info operations;
// then, if nothing better waits, with those that were called last; then with
// earlier ones. What returns and cannot be seen otherwise is in the end tried
// with two info operations, and with as many as it takes (CrashSums).
//
// Where several starts are possible, each is a configuration of its own before
// the first event.
//
// Evidence. If nothing waits any more, and nothing was left out, all
// configurations that can be reached have been met, so the return that none
// passes is where the violation became certain (with conditions it may have
// been before, since what is owed may not fit). With info operations a
// violation is never told.
//
// Cost. O(n · configurations · seers open) and for each event O(2^(c/2)) for
// each sum that is asked for, with c updates open at once.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checker/additive_column.h"
#include "checker/additive_object.h"
#include "checker/additive_rating.h"
#include "checker/configuration.h"
#include "checker/crash_sums.h"
#include "checker/open_operations.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/settling.h"
#include "checker/trails.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr size_t kEntriesPerCharge = 8;
// So many lookups count as one configuration expanded.
constexpr size_t kLookupsPerEntry = 64;
// The same of sums that are asked for with info operations, for the beam.
constexpr size_t kQueriesPerEntry = 32;
// What a configuration can do is done by and by, what is rated best first. Each
// time, it is what is rated by so much less at most.
constexpr float kBand = 3;
// Of the multisets of more than two info operations, so many are tried.
constexpr size_t kMostWaysWithMany = 16;
// A wider beam expands all.
constexpr size_t kWidestBeam = 4096;
// So many times the beam may wait in a column.
constexpr size_t kMostWaiting = 64;
// How many columns are kept, how many configurations they may have together,
// and in how many the sets of updates are kept.
constexpr size_t kMostColumns = 256;
constexpr size_t kMostPoints = 500'000;
constexpr size_t kMostWithSets = 64;
// How many columns it goes back at least, and how much wider the beam may
// become on the way. What is open at once returns within about twice as many
// returns as there are open operations.
constexpr size_t kShortestRetreat = 8;
constexpr float kBoostGrowth = 2;
constexpr float kMostBoost = 1024;
// What is rated by so much less than the best that was expanded in its column
// waits, if anything gets past it; and how much more that is for a beam twice
// as wide, up to one for which it does not count.
constexpr float kMargin = 6;
constexpr float kMarginGrowth = 2;
constexpr float kBoostWithoutMargin = 64;
// Of more open operations than this, there is more to try, with the square of
// their number.
constexpr size_t kFewOpen = 10;
// The stages of an expansion: bands without info operations, bands with one,
// and others; and how much less likely it is that one of the latter is what
// happened.
constexpr uint32_t kNoBand = 1000;
enum Stage : uint32_t {
  kFirstCrashBand = kNoBand,
  kWithTwoToReturn = 2 * kNoBand,
  kWithManyToReturn,  // sees what returns not with two, but with more
  kWithTwoRecent,     // sees anything else with two of those called last
  kWithTwo,           // or with any two
  kNoStage,
};
constexpr float kOfNeedless = -1.5F;
constexpr float kOfTwoToReturn = -8;
constexpr float kOfManyToReturn = -12;
constexpr float kOfTwoRecent = -10;
constexpr float kOfTwo = -24;
constexpr size_t kMostRecent = 16;
constexpr size_t kAllCrashes = std::numeric_limits<size_t>::max();
// With conditions, how much less likely it is that a dominated configuration
// leads on than that the better one does.
constexpr float kOfDominated = -10;
// Trails are swept where they have become so many.
constexpr size_t kTrailsBeforeSweep = size_t{1} << 18;

using Column = AdditiveColumn;
using Point = AdditivePoint;

class AdditiveSearch {
 public:
  AdditiveSearch(const SearchProblem& problem, const AdditiveObject& object,
                 size_t max_configurations, size_t beam);
  ~AdditiveSearch() { problem_.budget.Release(charged_); }
  AdditiveSearch(const AdditiveSearch&) = delete;
  AdditiveSearch& operator=(const AdditiveSearch&) = delete;

  // Of the starts that are possible.
  SearchResult Run(std::span<const std::vector<uint64_t>> starts);

 private:
  // The call of an info operation.
  struct CrashCall {
    uint32_t event;
    uint32_t kind;
    uint32_t next_of_kind;  // among the calls
  };
  // What is expanded, and where.
  struct Stand {
    Point from;  // a copy: others are added beside it
    size_t ordinal;
    Column& column;
    uint32_t taken;     // the set of the updates it has linearized
    AdditiveSums base;  // its sums without them
    // How much better or worse it may be to go on: what is rated more than
    // `lower`, but not more than `upper`, is tried. The best of what is less.
    float lower = std::numeric_limits<float>::lowest();
    float upper = std::numeric_limits<float>::max();
    float best_left = std::numeric_limits<float>::lowest();
    size_t queries = 0;  // how often sets were asked for
    // What it says that sets of so many updates were chosen.
    std::array<float, UpdateSets::kMostUpdates + 1> of_count = {};
  };

  // The sweep.
  Column* ColumnAt(size_t ordinal);
  void FindCrashCalls();
  bool Arrive(Point point, size_t ordinal);
  void TakeCalls(const Column& column, Point& point);
  void Visit(size_t ordinal);
  bool Retreat(size_t& ordinal);
  void DropColumns(size_t ordinal);
  void Shrink();

  // The ways on from a configuration.
  bool IsWorthExpanding(Column& column, const Column::Waiting& waiting);
  size_t Expand(size_t ordinal, const Column::Waiting& waiting);
  void Owe(const Stand& stand);
  void SeeWithOne(Stand& stand);
  void SeeWithTwo(Stand& stand, bool to_return, size_t most);
  void SeeWithMany(Stand& stand);
  void See(Stand& stand, const Column::Look& look,
           std::span<const uint32_t> crashes, float of_crashes);
  void SeeBy(const Stand& stand, const Column::Look& look,
             std::span<const uint32_t> crashes, uint32_t set);
  uint32_t ExpandBand(Stand& stand, uint32_t band);
  void PushStage(const Stand& stand, uint32_t id, uint32_t stage);
  float RatingOf(const Column& column, uint32_t stage) const;
  bool IsPossible(const Stand& stand, uint32_t stage) const;
  float GainOf(const Stand& stand, const Column::Look& look) const;
  static bool IsDone(const Stand& stand, const Column::Look& look) {
    return std::ranges::all_of(look.seers, [&](const Column::Open& seer) {
      return stand.from.linearized.Contains(seer.slot);
    });
  }
  std::vector<uint32_t> CrashesLeftTo(const Stand& stand, size_t most) const;
  bool Place(Point& point, size_t ordinal);
  void LinearizeUpdate(const Column::Open& update, Point& point);
  void UseCrash(uint32_t kind, uint32_t event, Point& point);
  bool TakeSeer(const Column::Open& seer, Point& point);
  bool TakeFittingSeers(const Column& column, Point& point);
  bool SettleTrail(const Unsettled* last, Point& point);
  Unsettled UnsettledOf(uint32_t code, const Point& point) const;

  bool HasCrashes() const { return !crash_calls_.empty(); }
  bool IsUnbounded() const { return beam_ > kWidestBeam; }
  bool IsLeft(const Point& point, uint32_t kind, size_t calls,
              uint32_t count) const {
    return CountOf(point, kind) + count <= CalledOf(kind, calls);
  }
  // Whether the call with this number is the last of its kind among the first
  // `calls`, and one more of the kind may be used.
  bool IsLatestLeft(const Point& point, size_t call, size_t calls) const {
    return crash_calls_[call].next_of_kind >= calls &&
           IsLeft(point, crash_calls_[call].kind, calls, 1);
  }
  uint32_t CalledOf(uint32_t kind, size_t calls) const;
  uint32_t CountOf(const Point& point, uint32_t kind) const {
    const auto fresh = std::count(point.fresh.begin(), point.fresh.end(), kind);
    return usages_.Count(point.usage, kind) + static_cast<uint32_t>(fresh);
  }
  // Most configurations are never expanded: their multisets are not worth a
  // place among the others.
  void InternUsage(Point& point) {
    for (const uint32_t kind : point.fresh) {
      point.usage = usages_.Add(point.usage, kind);
    }
    point.fresh.clear();
  }
  // Forgets the way to a configuration that can do nothing more.
  static void Forget(Point& point) {
    if (point.stages > 0) return;
    point.trail = Trails::kNone;
    point.settled = Trails::kNone;
  }
  uint64_t MissingTo(const Point& point, ActionId seer) const {
    return object_.TargetOf(seer) - point.sums[object_.ViewOf(seer)];
  }
  ActionId ActionOf(uint32_t kind) const {
    return problem_.timeline.crashes()[kind].action;
  }
  void AddTo(Point& point, ActionId action) const {
    for (size_t view = 0; view < object_.views(); ++view) {
      point.sums[view] += object_.Effect(action, view);
    }
  }
  void Extend(Point& point, uint32_t code) {
    point.trail = trails_.Extend(point.trail, code);
  }
  // By how much less than the best of a column what is expanded may be rated.
  float Margin() const;
  // How many configurations of a column are expanded at a visit.
  size_t BeamOf(const Column& column) const;

  void SweepTrails();
  bool ChargeGrowth();
  bool IsOver();
  size_t Entered() const { return entered_ + lookups_ / kLookupsPerEntry; }
  uint32_t FurthestEvent() const;
  SearchResult Finish(Verdict verdict);
  bool Conclude(Point point);

  SearchProblem problem_;
  const AdditiveObject& object_;
  size_t max_configurations_;
  size_t beam_;
  size_t mask_words_;
  CrashUsage usages_;
  OpenOperations open_;  // at the end of the columns
  Settling settling_;
  AdditiveRating rating_;
  std::vector<CrashCall> crash_calls_;
  size_t crashes_called_ = 0;  // at the end of the columns
  size_t charged_ = 0;
  size_t column_bytes_ = 0;
  size_t point_count_ = 0;
  size_t entered_ = 0;
  size_t lookups_ = 0;
  std::optional<UnknownReason> limit_;
  bool are_starts_many_ = false;
  bool was_cut_ = false;     // something was left out that may have led on
  bool looked_far_ = false;  // or that led on, but not to the end
  std::optional<SearchResult> valid_;

  std::deque<Column> columns_;
  size_t first_ = 0;     // the ordinal of the first of them
  size_t deepest_ = 0;   // of those in which anything stands
  size_t stuck_at_ = 0;  // the deepest from which it went back
  size_t retreat_ = 0;
  float boost_ = 1;  // how much wider the beam is
  Trails trails_;
  size_t sweep_at_ = kTrailsBeforeSweep;
  // Scratch space.
  CrashSums crash_sums_;
  std::vector<uint32_t> found_;
  std::vector<Unsettled> unsettled_;
};

AdditiveSearch::AdditiveSearch(const SearchProblem& problem,
                               const AdditiveObject& object,
                               size_t max_configurations, size_t beam)
    : problem_(problem),
      object_(object),
      max_configurations_(max_configurations),
      beam_(beam),
      mask_words_(SlotSet::WordsFor(problem.timeline.slot_count())),
      usages_(problem.timeline.crashes().size()),
      open_(problem.timeline),
      settling_(problem.model),
      rating_(problem.timeline.slot_count()) {
  FindCrashCalls();
}

// ---- The sweep

void AdditiveSearch::FindCrashCalls() {
  constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();
  std::vector<uint32_t> last(problem_.timeline.crashes().size(), kNever);
  for (uint32_t i = 0; i < problem_.end; ++i) {
    const TimelineEvent event = problem_.timeline.event(i);
    if (event.type != TimelineEvent::Type::kCrash) continue;
    const auto call = static_cast<uint32_t>(crash_calls_.size());
    if (last[event.subject] != kNever) {
      crash_calls_[last[event.subject]].next_of_kind = call;
    }
    last[event.subject] = call;
    crash_calls_.push_back({i, event.subject, kNever});
  }
}

// How many of `kind` are among the first `calls` calls of info operations.
uint32_t AdditiveSearch::CalledOf(uint32_t kind, size_t calls) const {
  if (calls == 0) return 0;
  const auto& events = problem_.timeline.crashes()[kind].call_events;
  const auto end = std::upper_bound(events.begin(), events.end(),
                                    crash_calls_[calls - 1].event);
  return static_cast<uint32_t>(end - events.begin());
}

// Null after the last return. REQUIRES: it has not been dropped.
Column* AdditiveSearch::ColumnAt(size_t ordinal) {
  std::vector<Column::Open> called;
  while (ordinal >= first_ + columns_.size()) {
    if (open_.event() == problem_.end) return nullptr;
    const TimelineEvent event = problem_.timeline.event(open_.event());
    if (event.type == TimelineEvent::Type::kReturn) {
      columns_.emplace_back(problem_, object_, open_, std::move(called),
                            crashes_called_);
      called.clear();
      was_cut_ = was_cut_ || columns_.back().has_more_updates();
    } else if (event.type == TimelineEvent::Type::kCrash) {
      ++crashes_called_;
    } else {
      const TimedOperation& operation =
          problem_.timeline.operations()[event.subject];
      called.push_back({operation.slot, event.subject, operation.action});
    }
    open_.Pass();
  }
  return &columns_[ordinal - first_];
}

// Puts a configuration that has passed the return before this one where it has
// to do something: passes what it has linearized. False if it is not kept.
bool AdditiveSearch::Arrive(Point point, size_t ordinal) {
  for (;; ++ordinal) {
    Column* column = ColumnAt(ordinal);
    if (column == nullptr) return Conclude(std::move(point));
    TakeCalls(*column, point);
    const uint32_t returning = column->returning().slot;
    if (!point.linearized.Contains(returning)) return Place(point, ordinal);
    point.linearized.Erase(returning);
  }
}

// What sees nothing and adds nothing can stand anywhere; what sees what is
// there is taken at once.
void AdditiveSearch::TakeCalls(const Column& column, Point& point) {
  for (const Column::Open& called : column.called()) {
    if (object_.Adds(called.action)) continue;
    if (!object_.Sees(called.action)) {
      point.linearized.Insert(called.slot);
      Extend(point, called.operation);
    } else if (MissingTo(point, called.action) == 0 &&
               (object_.is_unconditional() || point.owed == 0)) {
      TakeSeer(called, point);
    }
  }
}

// Lets a configuration wait before the return that it cannot pass yet.
bool AdditiveSearch::Place(Point& point, size_t ordinal) {
  Column& column = columns_[ordinal - first_];
  if (column.Merge(point)) return false;
  if (!IsUnbounded() &&
      column.points().size() >= BeamOf(column) * kMostWaiting) {
    was_cut_ = true;
    return false;
  }
  deepest_ = std::max(deepest_, ordinal);
  ++point_count_;
  return column.Add(std::move(point));
}

// Expands the best that wait in a column.
void AdditiveSearch::Visit(size_t ordinal) {
  Column& column = columns_[ordinal - first_];
  const size_t most = BeamOf(column) * kQueriesPerEntry;
  for (size_t cost = 0; cost < most && column.is_waiting() && !valid_;) {
    if (IsOver()) return;
    const bool is_unlikely =
        column.best().rating < column.top_rating() - Margin();
    if (is_unlikely && deepest_ > ordinal) break;
    const Column::Waiting best = column.PopBest();
    if (IsWorthExpanding(column, best)) cost += Expand(ordinal, best);
    lookups_ += column.TakeLookups();
    column_bytes_ += static_cast<size_t>(column.TakeGrowth());
  }
}

size_t AdditiveSearch::BeamOf(const Column& column) const {
  if (IsUnbounded()) {
    return std::numeric_limits<size_t>::max() / kQueriesPerEntry;
  }
  const size_t open = std::max(kFewOpen, column.open_count());
  const size_t beam = beam_ * open * open / (kFewOpen * kFewOpen);
  return static_cast<size_t>(static_cast<float>(beam) * boost_);
}

float AdditiveSearch::Margin() const {
  if (IsUnbounded() || boost_ >= kBoostWithoutMargin) {
    return std::numeric_limits<float>::infinity();
  }
  return kMargin + kMarginGrowth * std::log2(boost_);
}

// Goes back some columns, and from there on with a wider beam. False if that
// has been tried, or nothing waits there.
bool AdditiveSearch::Retreat(size_t& ordinal) {
  if (deepest_ > stuck_at_ || retreat_ == 0) {
    stuck_at_ = deepest_;
    const size_t open = columns_[deepest_ - first_].open_count();
    retreat_ = std::max(kShortestRetreat, 2 * open);
    boost_ = 1;
  } else {
    retreat_ += retreat_ / 2;
    boost_ *= kBoostGrowth;
  }
  const bool is_waiting = std::ranges::any_of(
      columns_, [](const Column& column) { return column.is_waiting(); });
  if (boost_ > kMostBoost || !is_waiting) return false;
  ordinal = deepest_ - std::min(retreat_, deepest_ - first_);
  return true;
}

// Drops columns and configurations that will hardly be visited again.
void AdditiveSearch::DropColumns(size_t ordinal) {
  while (first_ < ordinal) {
    Column& oldest = columns_.front();
    const bool is_over =
        IsUnbounded() ? !oldest.is_waiting() : columns_.size() > kMostColumns;
    if (!is_over) break;
    was_cut_ = was_cut_ || oldest.is_waiting();
    point_count_ -= oldest.points().size();
    column_bytes_ -= oldest.told_bytes();
    lookups_ += oldest.TakeLookups();
    columns_.pop_front();
    ++first_;
  }
  if (ordinal >= first_ + kMostWithSets) {
    Column& column = columns_[ordinal - first_ - kMostWithSets];
    column.ForgetSets();
    column_bytes_ += static_cast<size_t>(column.TakeGrowth());
  }
  if (!IsUnbounded() && point_count_ > kMostPoints) Shrink();
}

// Forgets about half of what waits: what is least likely.
void AdditiveSearch::Shrink() {
  was_cut_ = true;
  std::vector<float> deficits;
  for (const Column& column : columns_) column.ListDeficits(deficits);
  const auto middle =
      deficits.begin() + static_cast<ptrdiff_t>(deficits.size() / 2);
  std::ranges::nth_element(deficits, middle);
  for (Column& column : columns_) {
    point_count_ -= column.points().size();
    column.Shrink(*middle);
    point_count_ += column.points().size();
    column_bytes_ += static_cast<size_t>(column.TakeGrowth());
  }
}

// ---- The ways on

// Whether it is (still) the best that waits, and no other can do what it can.
bool AdditiveSearch::IsWorthExpanding(Column& column,
                                      const Column::Waiting& waiting) {
  if (waiting.stage != Column::kFirstStage) return true;
  Point& point = column.points()[waiting.point];
  InternUsage(point);
  if (!IsUnbounded() && !point.was_looked_at) {
    point.was_looked_at = true;
    const size_t unsatisfied = column.CountUnsatisfied(point);
    if (unsatisfied > 0 && !HasCrashes()) {
      looked_far_ = true;
      return false;
    }
    point.rating +=
        AdditiveRating::kUnsatisfied * static_cast<float>(unsatisfied);
    const Column::Waiting now = {point.rating, waiting.point, waiting.stage};
    if (column.is_waiting() && now < column.best()) {
      column.Push(now);
      return false;
    }
  }
  if (point.was_dominated || !column.IsDominated(waiting.point, usages_)) {
    return true;
  }
  if (object_.is_unconditional()) return false;
  // The better one may be stuck where this is not.
  point.was_dominated = true;
  point.rating += kOfDominated;
  column.Push({point.rating, waiting.point, waiting.stage});
  return false;
}

// Takes one stage of what it can do. Returns what that cost, as a number of
// queries.
size_t AdditiveSearch::Expand(size_t ordinal, const Column::Waiting& waiting) {
  Column& column = columns_[ordinal - first_];
  Point& point = column.points()[waiting.point];
  Stand stand = {point, ordinal, column, column.TakenBy(point.linearized), {}};
  for (size_t view = 0; view < object_.views(); ++view) {
    stand.base.push_back(point.sums[view] -
                         column.sets(view).SumOf(stand.taken));
  }
  const auto taken = static_cast<size_t>(std::popcount(stand.taken));
  for (size_t count = taken; count <= column.updates().size(); ++count) {
    stand.of_count[count] = AdditiveRating::OfPaths(
        rating_.LogChance(column.updates().size() - taken, count - taken));
  }
  uint32_t next = waiting.stage + 1;
  switch (waiting.stage) {
    case kWithTwoToReturn:
      SeeWithTwo(stand, true, kAllCrashes);
      break;
    case kWithManyToReturn:
      SeeWithMany(stand);
      break;
    case kWithTwoRecent:
      SeeWithTwo(stand, false, kMostRecent);
      break;
    case kWithTwo:
      SeeWithTwo(stand, false, kAllCrashes);
      break;
    default:
      next = ExpandBand(stand, waiting.stage);
  }
  if (waiting.stage == Column::kFirstStage) {
    PushStage(stand, waiting.point, kFirstCrashBand);
  }
  PushStage(stand, waiting.point, next);
  --column.points()[waiting.point].stages;
  Forget(column.points()[waiting.point]);
  return stand.queries;
}

// Does what is rated so many bands less than to stay, with an info operation or
// without. Returns the next band.
uint32_t AdditiveSearch::ExpandBand(Stand& stand, uint32_t stage) {
  const bool with_crash = stage >= kFirstCrashBand;
  const uint32_t band = with_crash ? stage - kFirstCrashBand : stage;
  if (band > 0) stand.upper = -static_cast<float>(band) * kBand;
  if (!IsUnbounded()) stand.lower = -static_cast<float>(band + 1) * kBand;
  if (with_crash) {
    SeeWithOne(stand);
  } else {
    stand.queries += kQueriesPerEntry;
    if (stage == Column::kFirstStage) {
      if (!object_.Sees(stand.column.returning().action)) Owe(stand);
    }
    for (const Column::Look& look : stand.column.looks()) {
      See(stand, look, {}, 0);
    }
  }
  const auto left = static_cast<uint32_t>(
      std::min(-stand.best_left / kBand, static_cast<float>(kNoBand)));
  if (left >= kNoBand) return with_crash ? kWithTwoToReturn : kNoStage;
  return with_crash ? kFirstCrashBand + left : left;
}

// Lets the configuration wait for the stage `stage`, or the next one that is
// possible.
void AdditiveSearch::PushStage(const Stand& stand, uint32_t id,
                               uint32_t stage) {
  Column& column = stand.column;
  Point& point = column.points()[id];
  while (stage != kNoStage && !IsPossible(stand, stage)) ++stage;
  if (stage == kNoStage) return;
  ++point.stages;
  column.Push({point.rating + RatingOf(column, stage), id, stage});
}

// How likely a stage is, if the configuration is right.
float AdditiveSearch::RatingOf(const Column& column, uint32_t stage) const {
  switch (stage) {
    case kWithTwoToReturn:
      return kOfTwoToReturn;
    case kWithManyToReturn:
      return kOfManyToReturn;
    case kWithTwoRecent:
      return kOfTwoRecent;
    case kWithTwo:
      return kOfTwo;
    default:
      break;
  }
  if (stage < kFirstCrashBand) return -static_cast<float>(stage) * kBand;
  const uint32_t called = crash_calls_[column.crash_calls() - 1].event;
  return AdditiveRating::OfCrash(called, column.event()) -
         static_cast<float>(stage - kFirstCrashBand) * kBand;
}

bool AdditiveSearch::IsPossible(const Stand& stand, uint32_t stage) const {
  if (stage < kFirstCrashBand) return true;
  const bool sees = object_.Sees(stand.column.returning().action);
  const bool is_to_return =
      stage == kWithTwoToReturn || stage == kWithManyToReturn;
  return stand.column.crash_calls() > 0 && (sees || !is_to_return);
}

// Passes the return of an update: it comes before all that follows.
void AdditiveSearch::Owe(const Stand& stand) {
  Point point = stand.from;
  const Column::Open& returning = stand.column.returning();
  const size_t trails = trails_.size();
  AddTo(point, returning.action);
  Extend(point, returning.operation);
  if (object_.is_unconditional()) {
    TakeFittingSeers(stand.column, point);
  } else {
    point.owed += MixHash(returning.operation + uint64_t{1});
  }
  if (!Arrive(std::move(point), stand.ordinal + 1)) trails_.Truncate(trails);
}

// Sees what can be seen with one info operation, within the limits.
void AdditiveSearch::SeeWithOne(Stand& stand) {
  const Column& column = stand.column;
  float most = 0;  // that any look and set may gain
  std::vector<std::pair<const Column::Look*, float>> looks;
  for (const Column::Look& look : column.looks()) {
    if (IsDone(stand, look)) continue;
    const float gain = GainOf(stand, look);
    const bool is_seen = stand.column.sets(look.view).Has(
        stand.taken, look.target - stand.base[look.view]);
    looks.emplace_back(&look, is_seen ? kOfNeedless : 0);
    most = std::max(most, gain + looks.back().second);
  }
  most += column.most_of_updates();
  const size_t calls = column.crash_calls();
  for (size_t i = calls; i-- > 0;) {
    const CrashCall& call = crash_calls_[i];
    const float of_crash = AdditiveRating::OfCrash(call.event, column.event());
    // Those that were called before are rated less.
    if (of_crash + most <= stand.lower) {
      stand.best_left = std::max(stand.best_left, of_crash + most);
      break;
    }
    if (!IsLatestLeft(stand.from, i, calls)) continue;
    for (const auto& [look, of_look] : looks) {
      See(stand, *look, std::span(&call.kind, 1), of_crash + of_look);
    }
  }
}

// What it is worth to linearize the seers of `look`.
float AdditiveSearch::GainOf(const Stand& stand,
                             const Column::Look& look) const {
  float gain = 0;
  for (const Column::Open& seer : look.seers) {
    if (!stand.from.linearized.Contains(seer.slot)) {
      gain += stand.column.RatingOf(seer.slot);
    }
  }
  return gain;
}

// The kinds of which it may use one more, those called last first, and at most
// so many.
std::vector<uint32_t> AdditiveSearch::CrashesLeftTo(const Stand& stand,
                                                    size_t most) const {
  std::vector<uint32_t> kinds;
  const size_t calls = stand.column.crash_calls();
  for (size_t i = calls; i-- > 0 && kinds.size() < most;) {
    if (IsLatestLeft(stand.from, i, calls))
      kinds.push_back(crash_calls_[i].kind);
  }
  return kinds;
}

// What returns, or else what does not, is seen with two of the info operations
// that were called last, out of so many.
void AdditiveSearch::SeeWithTwo(Stand& stand, bool to_return, size_t most) {
  const std::vector<uint32_t> kinds = CrashesLeftTo(stand, most);
  for (const Column::Look& look : stand.column.looks()) {
    if (look.is_due != to_return) continue;
    for (size_t i = 0; i < kinds.size(); ++i) {
      for (size_t j = i; j < kinds.size(); ++j) {
        const uint32_t two[] = {kinds[i], kinds[j]};
        const bool is_left = i != j || IsLeft(stand.from, kinds[i],
                                              stand.column.crash_calls(), 2);
        if (is_left) See(stand, look, two, 0);
      }
    }
  }
}

// After a long time in which nobody looked, many info operations may have taken
// effect. Tries the smallest multisets of them.
void AdditiveSearch::SeeWithMany(Stand& stand) {
  for (const Column::Look& look : stand.column.looks()) {
    if (!look.is_due) continue;
    std::vector<CrashSums::Amount> amounts;
    for (const uint32_t kind : CrashesLeftTo(stand, kAllCrashes)) {
      amounts.push_back({kind, object_.Effect(ActionOf(kind), look.view),
                         CalledOf(kind, stand.column.crash_calls()) -
                             usages_.Count(stand.from.usage, kind)});
    }
    crash_sums_.Reset(amounts);
    UpdateSets& sets = stand.column.sets(look.view);
    std::vector<std::pair<size_t, size_t>> found;  // how many are used, where
    for (size_t i = 0; i < crash_sums_.size(); ++i) {
      const size_t used = crash_sums_.UsedBy(i);
      const uint64_t wanted =
          look.target - stand.base[look.view] - crash_sums_.SumOf(i);
      if (used > 2 && sets.Has(stand.taken, wanted)) {
        found.emplace_back(used, i);
      }
    }
    stand.queries += crash_sums_.size();
    std::ranges::sort(found);
    if (found.size() > kMostWaysWithMany) found.resize(kMostWaysWithMany);
    for (const auto& [used, i] : found) {
      See(stand, look, crash_sums_.KindsOf(i), 0);
    }
  }
}

// Linearizes the seers of `look` with these info operations, within the limits.
void AdditiveSearch::See(Stand& stand, const Column::Look& look,
                         std::span<const uint32_t> crashes, float of_crashes) {
  if (IsDone(stand, look)) return;
  ++stand.queries;
  uint64_t wanted = look.target - stand.base[look.view];
  for (const uint32_t kind : crashes) {
    wanted -= object_.Effect(ActionOf(kind), look.view);
  }
  UpdateSets& sets = stand.column.sets(look.view);
  const float gain =
      of_crashes + GainOf(stand, look) - sets.RatingOf(stand.taken);
  found_.clear();
  const bool are_all = sets.ForEach(
      stand.taken, wanted, [&](uint32_t set, uint32_t count, float of_set) {
        const float rating = gain + of_set + stand.of_count[count];
        if (rating <= stand.lower) {
          stand.best_left = std::max(stand.best_left, rating);
        } else if (rating <= stand.upper) {
          found_.push_back(set);
        }
      });
  was_cut_ = was_cut_ || !are_all;
  for (const uint32_t set : found_) SeeBy(stand, look, crashes, set);
}

// The same with the updates of `set` before.
void AdditiveSearch::SeeBy(const Stand& stand, const Column::Look& look,
                           std::span<const uint32_t> crashes, uint32_t set) {
  const Column& column = stand.column;
  const size_t trails = trails_.size();
  const uint32_t added = set & ~stand.taken;
  Point to = stand.from;
  to.log_chance += rating_.LogChance(
      column.updates().size() - static_cast<size_t>(std::popcount(stand.taken)),
      static_cast<size_t>(std::popcount(added)));
  for (uint32_t rest = added; rest != 0; rest &= rest - 1) {
    const auto bit = static_cast<size_t>(std::countr_zero(rest));
    LinearizeUpdate(column.updates()[bit], to);
  }
  for (const uint32_t kind : crashes) UseCrash(kind, column.event(), to);
  bool is_kept = true;
  for (const Column::Open& seer : look.seers) {
    if (to.linearized.Contains(seer.slot)) continue;
    is_kept = is_kept && TakeSeer(seer, to);
  }
  is_kept = is_kept && TakeFittingSeers(column, to);
  if (is_kept && to.linearized.Contains(column.returning().slot)) {
    to.linearized.Erase(column.returning().slot);
    is_kept = Arrive(std::move(to), stand.ordinal + 1);
  } else if (is_kept) {
    is_kept = Place(to, stand.ordinal);
  }
  if (!is_kept) trails_.Truncate(trails);
}

void AdditiveSearch::LinearizeUpdate(const Column::Open& update, Point& point) {
  point.linearized.Insert(update.slot);
  AddTo(point, update.action);
  Extend(point, update.operation);
}

void AdditiveSearch::UseCrash(uint32_t kind, uint32_t event, Point& point) {
  const auto& called = problem_.timeline.crashes()[kind].call_events;
  const auto last = std::upper_bound(called.begin(), called.end(), event) - 1;
  AddTo(point, ActionOf(kind));
  Extend(point, kCrashBit | kind);
  point.fresh.push_back(kind);
  point.used_hash += MixHash(kind + uint64_t{1});
  point.of_crashes += AdditiveRating::OfCrash(*last, event);
}

// Linearizes `seer` after all that stands in the trail. False if the model
// allows that in no order, or if that is not known.
bool AdditiveSearch::TakeSeer(const Column::Open& seer, Point& point) {
  const Unsettled last{0, seer.action, 0, 0};
  if (!object_.is_unconditional() && !SettleTrail(&last, point)) return false;
  point.linearized.Insert(seer.slot);
  AddTo(point, seer.action);
  Extend(point, seer.operation);
  point.settled = point.trail;
  point.owed = 0;
  return true;
}

bool AdditiveSearch::TakeFittingSeers(const Column& column, Point& point) {
  for (const Column::Look& look : column.looks()) {
    if (look.adds || point.sums[look.view] != look.target) continue;
    for (const Column::Open& seer : look.seers) {
      if (point.linearized.Contains(seer.slot)) continue;
      if (!TakeSeer(seer, point)) return false;
    }
  }
  return true;
}

// Puts what was linearized since the last seer into an order that fits, with
// `last` after it if that is not null.
bool AdditiveSearch::SettleTrail(const Unsettled* last, Point& point) {
  unsettled_.clear();
  for (uint32_t trail = point.trail; trail != point.settled;
       trail = trails_.RestOf(trail)) {
    unsettled_.push_back(UnsettledOf(trails_.CodeOf(trail), point));
  }
  std::reverse(unsettled_.begin(), unsettled_.end());
  const Settled settled = settling_.Settle(unsettled_, last, point.state);
  if (settled != Settled::kYes) {
    was_cut_ = was_cut_ || settled == Settled::kUnknown;
    return false;
  }
  point.trail = point.settled;
  for (const Unsettled& each : unsettled_) Extend(point, each.code);
  return true;
}

// Of the info operations of a kind, the one that was called last of those used
// is as hard to place as any.
Unsettled AdditiveSearch::UnsettledOf(uint32_t code, const Point& point) const {
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

// ---- Effort and evidence

// Forgets the trails that lead to no configuration that may still go on.
void AdditiveSearch::SweepTrails() {
  std::vector<uint32_t> kept;  // what is settled stands on the way
  for (Column& column : columns_) {
    for (const Point& point : column.points()) kept.push_back(point.trail);
  }
  const std::vector<uint32_t> place = trails_.Sweep(kept);
  for (Column& column : columns_) {
    for (Point& point : column.points()) {
      point.trail = place[point.trail];
      point.settled = place[point.settled];
    }
  }
  sweep_at_ = std::max(kTrailsBeforeSweep, trails_.size() * 2);
}

bool AdditiveSearch::ChargeGrowth() {
  const size_t bytes = usages_.MemoryBytes() + problem_.model.MemoryBytes() +
                       trails_.MemoryBytes() + column_bytes_;
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

uint32_t AdditiveSearch::FurthestEvent() const {
  return columns_.empty() ? problem_.end : columns_[deepest_ - first_].event();
}

bool AdditiveSearch::IsOver() {
  if (entered_++ % kEntriesPerCharge == 0) {
    // About half of the events are returns.
    problem_.budget.Tell(kEntriesPerCharge, FurthestEvent() / 2);
    if (!ChargeGrowth()) limit_ = UnknownReason::kMemoryLimit;
  }
  if (!limit_) limit_ = problem_.budget.Exhausted();
  return limit_.has_value() || Entered() > max_configurations_;
}

SearchResult AdditiveSearch::Finish(Verdict verdict) {
  SearchResult result;
  result.verdict = limit_ ? Verdict::kUnknown : verdict;
  result.unknown = limit_;
  result.configurations = Entered();
  result.furthest_event = FurthestEvent();
  // What is owed may fit in no order, and no start all that others explain.
  result.looked_far = looked_far_;
  result.is_widened = !object_.is_unconditional() || are_starts_many_;
  return result;
}

// It got to the end: valid, if the path to it is a linearization.
bool AdditiveSearch::Conclude(Point point) {
  if (valid_) return false;
  if (!object_.is_unconditional() && !SettleTrail(nullptr, point)) {
    was_cut_ = true;
    return false;
  }
  const std::vector<uint32_t> path = trails_.PathOf(point.trail);
  if (!IsLinearization(problem_, path)) {
    was_cut_ = true;
    return false;
  }
  valid_ = Finish(Verdict::kValid);
  valid_->is_widened = false;
  valid_->linearization = PathOperations(problem_.timeline, path);
  return true;
}

SearchResult AdditiveSearch::Run(
    std::span<const std::vector<uint64_t>> starts) {
  are_starts_many_ = starts.size() != 1;
  // Without a start that all allow, it may be one since any of the returns.
  if (starts.empty()) {
    SearchResult none = Finish(Verdict::kViolation);
    none.furthest_event = problem_.end - 1;
    return none;
  }
  for (size_t i = 0; i < starts.size(); ++i) {
    Point first(mask_words_);
    first.sums.assign(starts[i].begin(), starts[i].end());
    first.start = static_cast<uint32_t>(i);
    first.state = problem_.model.InitialState();
    Arrive(std::move(first), 0);
  }
  for (size_t ordinal = 0; !valid_; ++ordinal) {
    if (columns_.empty()) return Finish(Verdict::kUnknown);
    if (ordinal > deepest_ && !Retreat(ordinal)) {
      const bool is_proved = !was_cut_ && !HasCrashes();
      return Finish(is_proved ? Verdict::kViolation : Verdict::kUnknown);
    }
    if (ordinal > stuck_at_) boost_ = 1;
    if (trails_.size() > sweep_at_) SweepTrails();
    Visit(ordinal);
    if (limit_ || Entered() > max_configurations_) {
      return Finish(Verdict::kUnknown);
    }
    DropColumns(ordinal);
  }
  return *std::move(valid_);
}

}  // namespace

SearchResult SearchAdditively(const SearchProblem& problem,
                              const AdditiveObject& object,
                              size_t max_configurations, size_t beam) {
  const auto starts =
      object.Starts(problem.timeline, problem.model, problem.end);
  if (!starts) {
    SearchResult nothing;
    nothing.verdict = Verdict::kUnknown;
    return nothing;
  }
  return AdditiveSearch(problem, object, max_configurations, beam).Run(*starts);
}

}  // namespace minos::checker
