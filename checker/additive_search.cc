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
//    what it saw: a subset sum, looked up in lists that are made once for each
//    event (UpdateSets). All open seers that see the same and change nothing
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
// Fewer sets do. Equal updates can change places: at each place may stand the
// one that returns first of those that are called and not linearized before,
// as jobs of equal length meet their deadlines if they are done in the order of
// these (Jackson, "Scheduling a production line to minimize maximum tardiness",
// UCLA 1955). That is so without conditions: with them the place of what is
// owed is found only later, and may be before the call of an equal. Info
// operations have no deadline, so they come after their equals. Moving updates
// behind and changing places come to an end together, since whatever moves
// moves behind. So a set is told by how many of each class of equal updates it
// has (SetLayout): of 50 open additions of 1 to 5 there are some 100,000 sets,
// not 2^50. And where all updates have one sign, nothing is tried that has
// passed what is still to be seen (PassedSums).
//
// What makes it fast where configurations are many: it follows the likeliest of
// them first (AdditiveRating says which these are), and keeps the others. The
// configurations that stand before one return and have not linearized what
// returns are its *column*. The columns are visited in their order, and in each
// the best configurations are expanded, as many as the beam is wide. Where no
// configuration gets further, the sweep goes back some columns, each time
// further, and expands as many again of those that wait there, each time twice
// as many (Vadlamudi, Gaurav, Aine & Chakrabarti, "Anytime column search", AI
// 2012). So nothing is expanded twice, and much is expanded only where it is
// hard to see what is right. Where that does not help, it begins again, and
// leaves less out.
//
// What a configuration can do is done in stages, what is likely to be right
// before the rest (AdditiveExpansion). A configuration that another one of its
// column dominates is left out, and so is one from which something cannot be
// seen any more that has to be soon (UrgentSeers).
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
// Cost. O(n · configurations · seers open) and for each event and each sum that
// is asked for O(sqrt(s)), where what is open has s sets: 2^c if c updates all
// differ. Where these are too many (SetLayout::Fits), only those updates that
// return first are chosen from, and no violation is told.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checker/additive_columns.h"
#include "checker/additive_expansion.h"
#include "checker/additive_object.h"
#include "checker/additive_rating.h"
#include "checker/additive_steps.h"
#include "checker/crash_calls.h"
#include "checker/passed_sums.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/speculation.h"

namespace minos::checker {
namespace {

constexpr size_t kEntriesPerCharge = 8;
// So many lookups count as one configuration expanded.
constexpr size_t kLookupsPerEntry = 64;
// A wider beam expands all.
constexpr size_t kWidestBeam = 4096;
// So many times the beam may wait in a column.
constexpr size_t kMostWaiting = 64;
// How many columns it goes back at least, and how much wider the beam may
// become on the way. What is open at once returns within about twice as many
// returns as there are open operations.
constexpr size_t kShortestRetreat = 8;
// What is rated by so much less than the best that was expanded in its column
// waits, if anything gets past it; and how much more that is for a beam twice
// as wide, up to one for which it does not count.
constexpr float kMarginGrowth = 2;
constexpr float kBoostWithoutMargin = 64;
// Of more open operations than this, there is more to try, with the square of
// their number. With info operations, half as much where it is crowded: to be
// wide everywhere costs more there than to go back where that was too narrow.
constexpr size_t kFewOpen = 10;
// With conditions, how much less likely it is that a dominated configuration
// leads on than that the better one does.
constexpr float kOfDominated = -10;
// How much of the free memory the columns may take.
constexpr size_t kEighthsOfMemory = 5;
// What is easy takes less work for each event; others are called after that.
constexpr size_t kEasyWorkAnEvent = 8;
// Trails are swept where they have become so many.
constexpr size_t kTrailsBeforeSweep = size_t{1} << 18;

// How a sweep is made. With info operations, what is wrong may explain what is
// seen for hundreds of returns, more than it goes back; so it soon begins
// again, and leaves less out from the beginning.
struct Attempt {
  size_t width;      // so many times the beam
  float margin;      // at first
  float most_boost;  // how much wider the beam may become
};
constexpr Attempt kOnlyAttempt = {1, 6, 1024};
constexpr Attempt kAttempts[] = {
    {1, 7.5, 16}, {2, 7.5, 32}, {3, 9, 8}, {3, 12, 1024}};
// With conditions, going back far seldom helps: what is rated less well does.
constexpr Attempt kConditionalAttempts[] = {
    {1, 6, 16}, {1, 9, 8}, {3, 9, 8}, {3, 12, 1024}};

using Column = AdditiveColumn;
using Point = AdditivePoint;

class AdditiveSearch {
 public:
  AdditiveSearch(const SearchProblem& problem, const AdditiveObject& object,
                 const PassedSums& passed, size_t max_configurations,
                 size_t beam, size_t free_bytes, const Attempt& attempt,
                 Turn& turn);
  ~AdditiveSearch() { problem_.budget.Release(charged_); }
  AdditiveSearch(const AdditiveSearch&) = delete;
  AdditiveSearch& operator=(const AdditiveSearch&) = delete;

  // Of the starts that are possible.
  Unconfirmed Run(std::span<const std::vector<uint64_t>> starts);

 private:
  // The sweep.
  void Begin(std::span<const std::vector<uint64_t>> starts);
  bool Arrive(Point point, size_t ordinal);
  void TakeCalls(const Column& column, Point& point);
  bool Place(Point point, size_t ordinal);
  void Visit(size_t ordinal);
  bool IsWorthExpanding(Column& column, const Column::Waiting& waiting);
  bool IsStillBest(Column& column, const Column::Waiting& waiting);
  size_t BeamOf(const Column& column) const;
  float Margin() const;
  bool Retreat(size_t& ordinal);

  // Effort and evidence.
  bool ChargeGrowth();
  bool IsOver();
  bool HasEnded() const {
    return limit_ || Entered() > max_configurations_ || turn_.was_stopped();
  }
  size_t Entered() const {
    return entered_ + columns_.lookups() / kLookupsPerEntry;
  }
  bool WasCut() const {
    return was_cut_ || columns_.was_cut() || expansion_.was_cut() ||
           steps_.was_unsure();
  }
  uint32_t FurthestEvent();
  Unconfirmed Finish(Verdict verdict);
  bool Conclude(Point point);

  SearchProblem problem_;
  const AdditiveObject& object_;
  const PassedSums& passed_;
  size_t max_configurations_;
  size_t beam_;
  Attempt attempt_;
  Turn& turn_;
  bool is_unbounded_;
  CrashCalls crashes_;
  AdditiveSteps steps_;
  AdditiveColumns columns_;
  AdditiveExpansion expansion_;
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;
  bool are_starts_many_ = false;
  bool was_cut_ = false;     // something was left out that may have led on
  bool looked_far_ = false;  // or that led on, but not to the end
  std::optional<Unconfirmed> valid_;

  size_t deepest_ = 0;   // the last column in which anything has stood
  size_t stuck_at_ = 0;  // the deepest from which it went back
  size_t retreat_ = 0;   // how far that was
  float boost_ = 1;      // how much wider the beam is
  size_t sweep_at_ = kTrailsBeforeSweep;
};

AdditiveSearch::AdditiveSearch(const SearchProblem& problem,
                               const AdditiveObject& object,
                               const PassedSums& passed,
                               size_t max_configurations, size_t beam,
                               size_t free_bytes, const Attempt& attempt,
                               Turn& turn)
    : problem_(problem),
      object_(object),
      passed_(passed),
      max_configurations_(max_configurations),
      beam_(beam),
      attempt_(attempt),
      turn_(turn),
      is_unbounded_(beam > kWidestBeam),
      crashes_(problem.timeline, problem.end),
      steps_(problem_, object),
      columns_(problem_, object, passed, is_unbounded_,
               free_bytes / 8 * kEighthsOfMemory),
      expansion_(problem_, object, passed, crashes_, steps_, is_unbounded_) {}

// ---- The sweep

// Puts a configuration that has passed the return before this one where it has
// to do something: passes what it has linearized. False if it is not kept.
bool AdditiveSearch::Arrive(Point point, size_t ordinal) {
  for (;; ++ordinal) {
    const Column* column = columns_.Reach(ordinal);
    if (column == nullptr) return Conclude(std::move(point));
    TakeCalls(*column, point);
    const uint32_t returning = column->returning().slot;
    if (!point.linearized.Contains(returning)) {
      return Place(std::move(point), ordinal);
    }
    point.linearized.Erase(returning);
  }
}

// What sees nothing and adds nothing can stand anywhere; what sees what is
// there is taken at once.
void AdditiveSearch::TakeCalls(const Column& column, Point& point) {
  for (const Column::Open& called : column.called()) {
    if (object_.Adds(called.action)) continue;
    if (!object_.Sees(called.action)) {
      steps_.Pass(called, point);
    } else if (steps_.MissingTo(point, called.action) == 0 &&
               (object_.is_unconditional() || point.owed == 0)) {
      steps_.TakeSeer(called, point);
    }
  }
}

// Lets a configuration wait before the return that it cannot pass yet.
bool AdditiveSearch::Place(Point point, size_t ordinal) {
  Column& column = columns_[ordinal];
  if (column.HasPassed(point)) {
    looked_far_ = true;
    return false;
  }
  const bool is_full =
      !is_unbounded_ && column.points().size() >= BeamOf(column) * kMostWaiting;
  if (is_full && !column.Merge(point)) was_cut_ = true;
  if (is_full) return false;
  deepest_ = std::max(deepest_, ordinal);
  return columns_.Add(ordinal, std::move(point));
}

// Expands the best that wait in a column.
void AdditiveSearch::Visit(size_t ordinal) {
  Column& column = columns_[ordinal];
  const size_t most = BeamOf(column) * AdditiveExpansion::kQueriesOfFirstStage;
  const auto emit = [&](Point point, bool has_passed) {
    return has_passed ? Arrive(std::move(point), ordinal + 1)
                      : Place(std::move(point), ordinal);
  };
  for (size_t cost = 0; cost < most && column.is_waiting() && !valid_;) {
    if (IsOver()) return;
    const bool is_unlikely =
        column.best().rating < column.top_rating() - Margin();
    if (is_unlikely && deepest_ > ordinal) break;
    const Column::Waiting best = column.PopBest();
    if (IsWorthExpanding(column, best)) {
      cost += expansion_.Expand(column, best, emit);
    }
    columns_.Recount(column);
  }
}

// Whether it is (still) the best that waits, and no other can do what it can.
bool AdditiveSearch::IsWorthExpanding(Column& column,
                                      const Column::Waiting& waiting) {
  if (waiting.stage != Column::kFirstStage) return true;
  Point& point = column.points()[waiting.point];
  steps_.InternUsage(point);
  if (!is_unbounded_ && !point.was_looked_at && !IsStillBest(column, waiting)) {
    return false;
  }
  if (point.was_dominated ||
      !column.IsDominated(waiting.point, steps_.usages())) {
    return true;
  }
  if (object_.is_unconditional()) return false;
  // The better one may be stuck where this is not.
  point.was_dominated = true;
  point.rating += kOfDominated;
  column.Push({point.rating, waiting.point, waiting.stage});
  return false;
}

// Heeds what has to be seen soon. If then it is not the best any more, it waits
// again; if it leads nowhere, it does not.
bool AdditiveSearch::IsStillBest(Column& column,
                                 const Column::Waiting& waiting) {
  Point& point = column.points()[waiting.point];
  point.was_looked_at = true;
  const size_t unsatisfied = column.CountUnsatisfied(point);
  if (unsatisfied > 0 && crashes_.empty()) {
    looked_far_ = true;
    return false;
  }
  point.rating +=
      AdditiveRating::kUnsatisfied * static_cast<float>(unsatisfied);
  const Column::Waiting now = {point.rating, waiting.point, waiting.stage};
  if (!column.is_waiting() || !(now < column.best())) return true;
  column.Push(now);
  return false;
}

// How many configurations of a column are expanded at a visit.
size_t AdditiveSearch::BeamOf(const Column& column) const {
  if (is_unbounded_) {
    return std::numeric_limits<size_t>::max() /
           AdditiveExpansion::kQueriesOfFirstStage;
  }
  const size_t open = std::max(kFewOpen, column.open_count());
  size_t beam = beam_ * attempt_.width * open * open / (kFewOpen * kFewOpen);
  if (column.is_crowded() && !crashes_.empty()) beam /= 2;
  return static_cast<size_t>(static_cast<float>(beam) * boost_);
}

// By how much less than the best of a column what is expanded may be rated.
float AdditiveSearch::Margin() const {
  if (is_unbounded_ || boost_ >= kBoostWithoutMargin) {
    return std::numeric_limits<float>::infinity();
  }
  return attempt_.margin + kMarginGrowth * std::log2(boost_);
}

// Goes back some columns, and from there on with a wider beam. False if that
// has been tried, or nothing waits there.
bool AdditiveSearch::Retreat(size_t& ordinal) {
  if (deepest_ > stuck_at_ || retreat_ == 0) {
    stuck_at_ = deepest_;
    retreat_ = std::max(kShortestRetreat, 2 * columns_[deepest_].open_count());
    boost_ = 1;
  } else {
    retreat_ += retreat_ / 2;
    boost_ *= 2;
  }
  if (boost_ > attempt_.most_boost || !columns_.IsAnyWaiting()) return false;
  ordinal = deepest_ - std::min(retreat_, deepest_ - columns_.first());
  return true;
}

// ---- Effort and evidence

bool AdditiveSearch::ChargeGrowth() {
  const size_t bytes = problem_.model.MemoryBytes() + passed_.MemoryBytes() +
                       steps_.MemoryBytes() + columns_.MemoryBytes();
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

uint32_t AdditiveSearch::FurthestEvent() {
  return columns_.end() == columns_.first() ? problem_.end
                                            : columns_[deepest_].event();
}

bool AdditiveSearch::IsOver() {
  if (!turn_.GoesOn()) return true;
  if (entered_++ % kEntriesPerCharge == 0) {
    // About half of the events are returns.
    problem_.budget.Tell(kEntriesPerCharge, FurthestEvent() / 2);
    if (!ChargeGrowth()) limit_ = UnknownReason::kMemoryLimit;
  }
  if (!limit_) limit_ = problem_.budget.Exhausted();
  return HasEnded();
}

Unconfirmed AdditiveSearch::Finish(Verdict verdict) {
  Unconfirmed found;
  SearchResult& result = found.result;
  result.verdict = limit_ ? Verdict::kUnknown : verdict;
  result.unknown = limit_;
  result.configurations = Entered();
  result.furthest_event = FurthestEvent();
  result.looked_far = looked_far_;
  // What is owed may fit in no order, and no start all that others explain.
  result.is_widened = !object_.is_unconditional() || are_starts_many_;
  return found;
}

// It got to the end: valid, if the path to it is a linearization. With
// conditions, that is looked at here, since another path may be one.
bool AdditiveSearch::Conclude(Point point) {
  if (valid_) return false;
  const bool is_settled = object_.is_unconditional() || steps_.Settle(point);
  std::vector<uint32_t> path = steps_.trails().PathOf(point.trail);
  const bool is_linearization = is_settled && (object_.is_unconditional() ||
                                               IsLinearization(problem_, path));
  if (!is_linearization) {
    was_cut_ = true;
    return false;
  }
  valid_ = Finish(Verdict::kValid);
  valid_->result.is_widened = false;
  valid_->path = std::move(path);
  return true;
}

void AdditiveSearch::Begin(std::span<const std::vector<uint64_t>> starts) {
  for (size_t i = 0; i < starts.size(); ++i) {
    Point first(SlotSet::WordsFor(problem_.timeline.slot_count()));
    first.sums.assign(starts[i].begin(), starts[i].end());
    first.start = static_cast<uint32_t>(i);
    first.state = problem_.model.InitialState();
    Arrive(std::move(first), 0);
  }
}

Unconfirmed AdditiveSearch::Run(std::span<const std::vector<uint64_t>> starts) {
  are_starts_many_ = starts.size() != 1;
  // Without a start that all allow, it may be one since any of the returns.
  if (starts.empty()) {
    Unconfirmed none = Finish(Verdict::kViolation);
    none.result.furthest_event = problem_.end - 1;
    return none;
  }
  Begin(starts);
  for (size_t ordinal = 0; !valid_; ++ordinal) {
    if (columns_.end() == 0) return Finish(Verdict::kUnknown);
    if (ordinal > deepest_ && !Retreat(ordinal)) {
      const bool is_proved =
          !WasCut() && crashes_.empty() && !columns_.IsAnyWaiting();
      return Finish(is_proved ? Verdict::kViolation : Verdict::kUnknown);
    }
    if (ordinal > stuck_at_) boost_ = 1;
    if (steps_.trails().size() > sweep_at_) {
      columns_.SweepTrails(steps_.trails());
      sweep_at_ = std::max(kTrailsBeforeSweep, steps_.trails().size() * 2);
    }
    Visit(ordinal);
    if (HasEnded()) return Finish(Verdict::kUnknown);
    columns_.Drop(ordinal);
  }
  if (Entered() > max_configurations_) return Finish(Verdict::kUnknown);
  return *std::move(valid_);
}

std::span<const Attempt> AttemptsAt(const SearchProblem& problem,
                                    const AdditiveObject& object, size_t beam) {
  const bool is_once = problem.timeline.crashes().empty() || beam > kWidestBeam;
  if (is_once) return {&kOnlyAttempt, 1};
  if (!object.is_unconditional()) return kConditionalAttempts;
  return kAttempts;
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
  const std::span<const Attempt> attempts = AttemptsAt(problem, object, beam);
  const PassedSums passed(problem, object, *starts);
  const size_t free_bytes = problem.budget.FreeBytes();
  // With conditions, they ask the model, which belongs to one thread.
  Ahead ahead;
  if (object.is_unconditional()) ahead.most = attempts.size() - 1;
  ahead.after = std::max(ahead.after, problem.end * kEasyWorkAnEvent);
  std::vector<std::atomic<size_t>> spent(attempts.size());
  const auto left_to = [&](size_t attempt) {
    size_t left = max_configurations;
    for (size_t i = 0; i < attempt; ++i) {
      left -= std::min(left, spent[i].load());
    }
    return left;
  };
  std::vector<Unconfirmed> made = MakeAttempts<Unconfirmed>(
      attempts.size(), ahead, problem.budget,
      [&](size_t i, Turn& turn) {
        Unconfirmed found = AdditiveSearch(problem, object, passed, left_to(i),
                                           beam, free_bytes, attempts[i], turn)
                                .Run(*starts);
        spent[i] = found.result.configurations;
        return found;
      },
      [](const Unconfirmed& found) { return IsDecided(found.result); });
  size_t total = 0;
  for (const Unconfirmed& each : made) total += each.result.configurations;
  Unconfirmed& last = made.back();
  // What was made ahead did not know how much was left to it.
  if (total > max_configurations) last.result.verdict = Verdict::kUnknown;
  SearchResult result = Confirm(problem, std::move(last));
  result.configurations = std::min(total, max_configurations);
  return result;
}

}  // namespace minos::checker
