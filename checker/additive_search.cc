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
// What makes it fast where configurations are many, at the price that it can no
// longer tell a violation (the result is `unknown`, unless it is valid):
//
//  - A beam: of one event, only the likeliest configurations are expanded and
//    kept (AdditiveRating says which these are), and more of them where more
//    operations are open.
//  - All info operations are tried for what returns and cannot be seen without
//    one; for other seers only those that were called last.
//  - Where it is stuck it goes back, each time twice as far, and comes again
//    with a beam twice as wide, and with more info operations: two at once, and
//    in the end as many as it takes (CrashSums).
//
// Where several starts are possible, each is a configuration of its own before
// the first event.
//
// Evidence. Without a cut, all configurations that can be reached are met, so
// the return that none passes is where the violation became certain (with
// conditions it may have been before, since what is owed may not fit).
//
// Cost. O(n · configurations · seers open · 2^(c/2)) for c updates open at
// once.

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "checker/additive_object.h"
#include "checker/additive_rating.h"
#include "checker/configuration.h"
#include "checker/crash_sums.h"
#include "checker/open_operations.h"
#include "checker/path_replay.h"
#include "checker/search_strategies.h"
#include "checker/settling.h"
#include "checker/subset_sums.h"
#include "checker/trails.h"
#include "checker/urgent_seers.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr size_t kEntriesPerCharge = 8;
// Of a configuration, in the table that finds it.
constexpr size_t kBytesOfIndex = 34;
// So many lookups count as one configuration entered.
constexpr size_t kLookupsPerEntry = 64;
// Of the sets that make one sum, the best are taken.
constexpr size_t kMostSets = 32;
constexpr size_t kMostSetsWithCrashes = 4;
constexpr size_t kMostWaysWithMany = 16;
constexpr size_t kMostSetsFound = 4096;
// Of those that stand before a return, the best are expanded, so many times the
// beam.
constexpr size_t kMostExpanded = 3;
constexpr size_t kMostStuck = 64;
// So many times may have passed it before the best are chosen.
constexpr size_t kMostPassed = 32;
constexpr size_t kWidestBeam = 4096;
// Of so many times the beam, those are kept that no better one dominates.
constexpr size_t kBeamsToCompare = 3;
// How many returns it goes back at least and at most, and how much wider the
// beam may become on the way. What is open at once returns within about twice
// as many returns as there are open operations.
constexpr size_t kShortestRetreat = 8;
constexpr size_t kMostMarks = 512;
constexpr size_t kMostMarkedConfigurations = 100'000;
constexpr size_t kMostBoost = 64;
// From so wide a beam on, two info operations are tried at once.
constexpr size_t kBoostForTwo = 4;
// And from here on as many as it takes.
constexpr size_t kBoostForMany = 8;
// Where an info operation need not be used, so many of those called last are
// tried.
constexpr size_t kRecentKinds = 3;
// The same where what is seen cannot be seen without one.
constexpr size_t kRecentKindsIfNone = 6;
// Of more open operations than this, there is more to try, with the square of
// their number.
constexpr size_t kFewOpen = 10;
// Trails are swept where they have become so many.
constexpr size_t kTrailsBeforeSweep = size_t{1} << 18;

using Sums = absl::InlinedVector<uint64_t, 2>;  // by view

struct Point {
  explicit Point(size_t mask_words) : linearized(mask_words) {}

  SlotSet linearized;  // of what is open
  Sums sums;           // with all that is linearized or owed
  uint32_t start = 0;  // from which
  // The info operations that are used: those of `usage`, and since this was
  // kept those of `fresh` (kinds). Their hash is one of the multiset.
  UsageId usage = 0;
  absl::InlinedVector<uint32_t, 2> fresh;
  uint64_t used_hash = 0;
  float log_chance = 0;  // of the paths to it
  float of_crashes = 0;  // what the info operations say of it
  uint32_t trail = Trails::kNone;
  // With conditions: up to where the trail is settled, and the state there.
  uint32_t settled = Trails::kNone;
  StateId state = 0;
  uint64_t owed = 0;  // a hash of what is owed since the last seer
};

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
  struct Mark {
    uint32_t event;
    std::vector<Point> points;
  };

  // The sweep.
  bool PassEvent();
  void Call(uint32_t slot);
  bool PassReturn(uint32_t slot);
  void LookAround(uint32_t returning);
  void FindRecentCrashes();
  bool Place(const Point& point, uint32_t returning);
  bool Keep(const Point& point, size_t most, std::vector<Point>& points,
            absl::flat_hash_map<uint64_t, uint32_t>& index);
  bool IsSame(const Point& a, const Point& b) const;

  // The ways on from a configuration.
  void Expand(const Point& from, uint32_t returning);
  void Owe(Point point, uint32_t returning);
  void See(const Point& from, uint32_t seer, uint32_t returning);
  void FocusOn(size_t view);
  void FindCrashes(const Point& from, bool is_seen, bool must);
  void SeeWithMany(const Point& from, uint32_t seer, uint32_t returning);
  size_t SeeWith(const Point& from, uint32_t seer, uint32_t returning,
                 std::span<const uint32_t> crashes);
  void FindSets(uint32_t seer, uint64_t missing, size_t most);
  bool TakeSeer(uint32_t slot, Point& point);
  bool TakeFittingSeers(Point& point);
  bool SettleTrail(const Unsettled* last, Point& point);
  Unsettled UnsettledOf(uint32_t code, const Point& point) const;

  // What of them is kept.
  void Cut(uint32_t returning);
  void Reconsider(std::vector<std::pair<float, size_t>>& ranking);
  bool Dominates(const Point& better, const Point& worse) const;
  void MarkReturn();
  bool Retreat();

  bool HasCrashes() const { return !problem_.timeline.crashes().empty(); }
  uint32_t CountOf(const Point& point, uint32_t kind) const {
    const auto fresh = std::count(point.fresh.begin(), point.fresh.end(), kind);
    return usages_.Count(point.usage, kind) + static_cast<uint32_t>(fresh);
  }
  bool IsLeft(const Point& point, uint32_t kind, uint32_t count) const {
    return CountOf(point, kind) + count <= open_.crashed(kind);
  }
  // Most configurations are dropped soon: their sets are not worth a place
  // among the others.
  void InternUsage(Point& point) {
    for (const uint32_t kind : point.fresh) {
      point.usage = usages_.Add(point.usage, kind);
    }
    point.fresh.clear();
  }
  ActionId ActionIn(uint32_t slot) const { return open_.InSlot(slot).action; }
  uint64_t MissingTo(const Point& point, uint32_t seer) const {
    const ActionId action = ActionIn(seer);
    return object_.TargetOf(action) - point.sums[object_.ViewOf(action)];
  }
  uint32_t AvailableTo(const Point& point) const;
  void AddTo(Point& point, ActionId action) const {
    for (size_t view = 0; view < object_.views(); ++view) {
      point.sums[view] += object_.Effect(action, view);
    }
  }
  void Extend(Point& point, uint32_t code) {
    point.trail = trails_.Extend(point.trail, code);
  }
  size_t BeamNow() const {
    return beam_ > kWidestBeam ? beam_
                               : std::min(Crowded(beam_ * boost_), kWidestBeam);
  }
  // What suffices where few operations are open, as it is to be now.
  size_t Crowded(size_t count) const {
    const size_t open = std::max(kFewOpen, open_count_);
    return count * open * open / (kFewOpen * kFewOpen);
  }
  float RatingOf(const Point& point) const {
    return AdditiveRating::OfPaths(point.log_chance) + point.of_crashes +
           rating_.OfLinearized(point.linearized);
  }

  void SweepTrails();
  bool ChargeGrowth();
  bool IsOver();
  size_t Entered() const;
  SearchResult Finish(Verdict verdict);
  SearchResult Conclude();

  SearchProblem problem_;
  const AdditiveObject& object_;
  size_t max_configurations_;
  size_t beam_;
  size_t mask_words_;
  CrashUsage usages_;
  OpenOperations open_;
  Settling settling_;
  AdditiveRating rating_;
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;
  bool are_starts_many_ = false;
  bool was_cut_ = false;  // something was left out that may have led on

  std::vector<Point> passed_;  // those that have passed the last return
  // Those that have not linearized what returns next, and those that have.
  std::vector<Point> stuck_;
  std::vector<Point> next_;
  // Of the former, those that are not expanded: a heap by their rating.
  std::vector<std::pair<float, uint32_t>> waiting_;
  absl::flat_hash_map<uint64_t, uint32_t> stuck_index_;
  absl::flat_hash_map<uint64_t, uint32_t> next_index_;
  Trails trails_;
  size_t sweep_at_ = kTrailsBeforeSweep;

  // What is open at the current return.
  std::vector<uint32_t> updates_;    // slots, by bit of the subsets
  std::vector<SubsetSums> subsets_;  // of their effects, by view
  // Of what is expanded: the updates that it may take, and on which views the
  // subsets are focused.
  uint32_t available_ = 0;
  std::array<bool, AdditiveObject::kMostViews> is_focused_{};
  std::vector<uint32_t> seers_;  // slots
  size_t open_count_ = 0;        // of both
  SlotSet update_mask_;
  SlotSet seer_mask_;
  // The kinds of info operations called last, with when that was.
  std::vector<std::pair<uint32_t, uint32_t>> recent_;
  bool are_recent_known_ = false;
  // Scratch space.
  std::vector<uint32_t> crashes_;  // kinds
  CrashSums crash_sums_;
  std::vector<uint32_t> sets_;
  std::vector<std::pair<float, uint32_t>> rated_sets_;
  std::vector<Unsettled> unsettled_;

  std::deque<Mark> marks_;
  size_t marked_ = 0;  // configurations in them
  size_t retreat_ = 0;
  size_t boost_ = 1;
  uint32_t retreated_from_ = 0;
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
      rating_(problem.timeline),
      subsets_(object.views()),
      update_mask_(mask_words_),
      seer_mask_(mask_words_) {}

// ---- The sweep

// False if nothing gets past the next event, or a limit was met.
bool AdditiveSearch::PassEvent() {
  const TimelineEvent event = problem_.timeline.event(open_.event());
  if (event.type == TimelineEvent::Type::kReturn) {
    const uint32_t slot = problem_.timeline.operations()[event.subject].slot;
    if (!PassReturn(slot)) return false;
    std::swap(passed_, next_);
  }
  open_.Pass();
  if (event.type == TimelineEvent::Type::kCall) {
    Call(problem_.timeline.operations()[event.subject].slot);
  }
  return true;
}

// What sees nothing and adds nothing can stand anywhere; what sees what is
// there is taken at once.
void AdditiveSearch::Call(uint32_t slot) {
  const ActionId action = ActionIn(slot);
  if (object_.Adds(action)) return;
  for (Point& point : passed_) {
    if (!object_.Sees(action)) {
      point.linearized.Insert(slot);
      Extend(point, open_.operation_in(slot));
    } else if (MissingTo(point, slot) == 0 &&
               (object_.is_unconditional() || point.owed == 0)) {
      TakeSeer(slot, point);
    }
  }
}

// Takes all configurations past the return of what is in `slot`.
bool AdditiveSearch::PassReturn(uint32_t slot) {
  stuck_.clear();
  next_.clear();
  stuck_index_.clear();
  next_index_.clear();
  waiting_.clear();
  LookAround(slot);
  for (const Point& point : passed_) Place(point, slot);
  const size_t beam = BeamNow();
  for (size_t expanded = 0; !waiting_.empty(); ++expanded) {
    if (IsOver()) return false;
    if (expanded / kMostExpanded >= beam) {
      was_cut_ = true;
      break;
    }
    std::pop_heap(waiting_.begin(), waiting_.end());
    const Point from = stuck_[waiting_.back().second];
    waiting_.pop_back();
    Expand(from, slot);
  }
  if (next_.size() > beam) Cut(slot);
  for (Point& point : next_) InternUsage(point);
  return !next_.empty();
}

// Finds what can be linearized at the return of what is in `returning`. Of very
// many open updates, those that were called first are looked at.
void AdditiveSearch::LookAround(uint32_t returning) {
  updates_.clear();
  seers_.clear();
  update_mask_ = SlotSet(mask_words_);
  seer_mask_ = SlotSet(mask_words_);
  for (const SlotSet* open : {&open_.updates(), &open_.reads()}) {
    SlotSet::ForEach(*open, SlotSet(mask_words_), [&](uint32_t slot) {
      if (object_.Sees(ActionIn(slot))) {
        seers_.push_back(slot);
        seer_mask_.Insert(slot);
      } else if (object_.Adds(ActionIn(slot))) {
        update_mask_.Insert(slot);
        if (slot != returning) updates_.push_back(slot);
      }
    });
  }
  open_count_ = updates_.size() + seers_.size();
  if (updates_.size() > SubsetSums::kMostAmounts) {
    was_cut_ = true;
    std::sort(updates_.begin(), updates_.end(), [this](uint32_t a, uint32_t b) {
      return open_.InSlot(a).return_event < open_.InSlot(b).return_event;
    });
    updates_.resize(SubsetSums::kMostAmounts);
  }
  std::vector<uint64_t> effects;
  for (size_t view = 0; view < object_.views(); ++view) {
    effects.clear();
    for (const uint32_t slot : updates_) {
      effects.push_back(object_.Effect(ActionIn(slot), view));
    }
    subsets_[view].Reset(effects);
  }
  rating_.LookAt(open_, returning, updates_, seers_);
  are_recent_known_ = false;
}

// The kinds of info operations that were called last.
void AdditiveSearch::FindRecentCrashes() {
  if (are_recent_known_) return;
  are_recent_known_ = true;
  recent_.clear();
  for (uint32_t kind = 0; kind < open_.crash_kinds(); ++kind) {
    const uint32_t count = open_.crashed(kind);
    if (count == 0) continue;
    recent_.emplace_back(
        problem_.timeline.crashes()[kind].call_events[count - 1], kind);
  }
  const size_t most =
      std::min(recent_.size(), Crowded(kRecentKindsIfNone * boost_));
  std::partial_sort(recent_.begin(),
                    recent_.begin() + static_cast<ptrdiff_t>(most),
                    recent_.end(), std::greater<>());
  recent_.resize(most);
}

uint32_t AdditiveSearch::AvailableTo(const Point& point) const {
  uint32_t available = 0;
  for (size_t i = 0; i < updates_.size(); ++i) {
    if (!point.linearized.Contains(updates_[i])) available |= uint32_t{1} << i;
  }
  return available;
}

// Puts a configuration where it belongs: past the return, or before it. False
// if it is not kept.
bool AdditiveSearch::Place(const Point& point, uint32_t returning) {
  if (point.linearized.Contains(returning)) {
    Point passed = point;
    passed.linearized.Erase(returning);
    return Keep(passed, BeamNow() * kMostPassed, next_, next_index_);
  }
  if (!Keep(point, BeamNow() * kMostStuck, stuck_, stuck_index_)) return false;
  waiting_.emplace_back(RatingOf(point),
                        static_cast<uint32_t>(stuck_.size() - 1));
  std::push_heap(waiting_.begin(), waiting_.end());
  return true;
}

// Adds `point`, and returns true, unless it is there, or there are `most` of
// them. (Two that differ may have one hash; then the second is not found again,
// and that does no harm. Nor does it if two are taken for one since the hashes
// of what they used are equal: where there are info operations, nothing is said
// of what is not met.)
bool AdditiveSearch::Keep(const Point& point, size_t most,
                          std::vector<Point>& points,
                          absl::flat_hash_map<uint64_t, uint32_t>& index) {
  uint64_t hash = CombineHash(point.used_hash + point.start, point.owed);
  for (const uint64_t word : point.linearized.words()) {
    hash = CombineHash(hash, word);
  }
  const auto found = index.find(hash);
  if (found != index.end() && IsSame(points[found->second], point)) {
    Point& same = points[found->second];
    same.log_chance = AdditiveRating::Either(same.log_chance, point.log_chance);
    return false;
  }
  if (points.size() >= most) {
    was_cut_ = true;
    return false;
  }
  index.try_emplace(hash, static_cast<uint32_t>(points.size()));
  points.push_back(point);
  return true;
}

bool AdditiveSearch::IsSame(const Point& a, const Point& b) const {
  return a.start == b.start && a.used_hash == b.used_hash && a.owed == b.owed &&
         a.state == b.state &&
         std::ranges::equal(a.linearized.words(), b.linearized.words());
}

// ---- The ways on

void AdditiveSearch::Expand(const Point& from, uint32_t returning) {
  if (!object_.Sees(ActionIn(returning))) Owe(from, returning);
  is_focused_.fill(false);
  available_ = AvailableTo(from);
  for (size_t i = 0; i < seers_.size(); ++i) {
    if (from.linearized.Contains(seers_[i])) continue;
    const ActionId action = ActionIn(seers_[i]);
    // Of those that see the same and change nothing, one is enough.
    const bool has_equal =
        !object_.Adds(action) &&
        std::any_of(seers_.begin(), seers_.begin() + static_cast<ptrdiff_t>(i),
                    [&](uint32_t other) {
                      return !from.linearized.Contains(other) &&
                             ActionIn(other) == action;
                    });
    if (!has_equal) See(from, seers_[i], returning);
  }
}

// Passes the return of an update: it comes before all that follows.
void AdditiveSearch::Owe(Point point, uint32_t returning) {
  const uint32_t operation = open_.operation_in(returning);
  AddTo(point, ActionIn(returning));
  Extend(point, operation);
  if (object_.is_unconditional()) {
    TakeFittingSeers(point);
  } else {
    point.owed += MixHash(operation + uint64_t{1});
  }
  Keep(point, BeamNow() * kMostPassed, next_, next_index_);
}

// Linearizes what is in `seer`, in all ways.
void AdditiveSearch::See(const Point& from, uint32_t seer, uint32_t returning) {
  size_t ways = SeeWith(from, seer, returning, {});
  if (!HasCrashes()) return;
  const bool must = ways == 0 && ActionIn(seer) == ActionIn(returning);
  FindCrashes(from, ways > 0, must);
  const size_t view = object_.ViewOf(ActionIn(seer));
  const uint64_t missing = MissingTo(from, seer);
  FocusOn(view);
  const auto effect_of = [&](uint32_t kind) {
    return object_.Effect(problem_.timeline.crashes()[kind].action, view);
  };
  for (const uint32_t kind : crashes_) {
    if (!subsets_[view].MayHave(missing - effect_of(kind))) continue;
    ways += SeeWith(from, seer, returning, std::span(&kind, 1));
  }
  if (boost_ < kBoostForTwo) return;
  for (size_t i = 0; i < crashes_.size(); ++i) {
    for (size_t j = i; j < crashes_.size(); ++j) {
      const uint32_t two[] = {crashes_[i], crashes_[j]};
      const bool may_see = subsets_[view].MayHave(missing - effect_of(two[0]) -
                                                  effect_of(two[1]));
      const bool is_left = i != j || IsLeft(from, two[0], 2);
      if (may_see && is_left) ways += SeeWith(from, seer, returning, two);
    }
  }
  if (must && ways == 0 && boost_ >= kBoostForMany) {
    SeeWithMany(from, seer, returning);
  }
}

// After a long time in which nobody looked, many info operations may have taken
// effect. Tries the smallest multisets of them.
void AdditiveSearch::SeeWithMany(const Point& from, uint32_t seer,
                                 uint32_t returning) {
  const size_t view = object_.ViewOf(ActionIn(seer));
  const uint64_t missing = MissingTo(from, seer);
  std::vector<CrashSums::Amount> amounts;
  for (const uint32_t kind : crashes_) {
    const ActionId action = problem_.timeline.crashes()[kind].action;
    amounts.push_back({kind, object_.Effect(action, view),
                       open_.crashed(kind) - CountOf(from, kind)});
  }
  crash_sums_.Reset(amounts);
  std::vector<std::pair<size_t, size_t>> found;  // how many are used, and where
  for (size_t i = 0; i < crash_sums_.size(); ++i) {
    const size_t used = crash_sums_.UsedBy(i);
    const bool may_see =
        used > 2 && subsets_[view].MayHave(missing - crash_sums_.SumOf(i));
    if (may_see) found.emplace_back(used, i);
  }
  std::sort(found.begin(), found.end());
  size_t ways = 0;
  for (const auto& [used, i] : found) {
    const std::vector<uint32_t> kinds = crash_sums_.KindsOf(i);
    ways += SeeWith(from, seer, returning, kinds);
    if (ways >= kMostWaysWithMany) break;
  }
}

// The kinds of info operations to try: few where what is seen can be seen
// without (`is_seen`), all where something `must` be seen at once.
void AdditiveSearch::FindCrashes(const Point& from, bool is_seen, bool must) {
  crashes_.clear();
  const auto add = [&](uint32_t kind) {
    if (IsLeft(from, kind, 1)) crashes_.push_back(kind);
  };
  if (must) {
    for (uint32_t kind = 0; kind < open_.crash_kinds(); ++kind) add(kind);
    return;
  }
  FindRecentCrashes();
  const size_t most = is_seen ? kRecentKinds * boost_ : recent_.size();
  for (size_t i = 0; i < std::min(most, recent_.size()); ++i) {
    add(recent_[i].second);
  }
}

void AdditiveSearch::FocusOn(size_t view) {
  if (is_focused_[view]) return;
  is_focused_[view] = true;
  subsets_[view].Focus(available_);
}

// The same with these info operations. Returns in how many ways.
size_t AdditiveSearch::SeeWith(const Point& from, uint32_t seer,
                               uint32_t returning,
                               std::span<const uint32_t> crashes) {
  const size_t view = object_.ViewOf(ActionIn(seer));
  uint64_t missing = MissingTo(from, seer);
  for (const uint32_t kind : crashes) {
    missing -= object_.Effect(problem_.timeline.crashes()[kind].action, view);
  }
  FindSets(seer, missing, crashes.empty() ? kMostSets : kMostSetsWithCrashes);
  for (const uint32_t set : sets_) {
    const size_t trails = trails_.size();
    Point to = from;
    to.log_chance +=
        rating_.LogChance(static_cast<size_t>(std::popcount(available_)),
                          static_cast<size_t>(std::popcount(set)));
    for (uint32_t rest = set; rest != 0; rest &= rest - 1) {
      const uint32_t slot = updates_[std::countr_zero(rest)];
      to.linearized.Insert(slot);
      AddTo(to, ActionIn(slot));
      Extend(to, open_.operation_in(slot));
    }
    for (const uint32_t kind : crashes) {
      AddTo(to, problem_.timeline.crashes()[kind].action);
      Extend(to, kCrashBit | kind);
      to.fresh.push_back(kind);
      to.used_hash += MixHash(kind + uint64_t{1});
      to.of_crashes += rating_.OfCrash(open_, kind);
    }
    const bool is_kept =
        TakeSeer(seer, to) && TakeFittingSeers(to) && Place(to, returning);
    if (!is_kept) trails_.Truncate(trails);
  }
  return sets_.size();
}

// The sets of updates that add what is missing, the best if there are more than
// `most`.
void AdditiveSearch::FindSets(uint32_t seer, uint64_t missing, size_t most) {
  sets_.clear();
  subsets_[object_.ViewOf(ActionIn(seer))].ForEach(
      available_, missing, [&](uint32_t set) {
        sets_.push_back(set);
        return sets_.size() < kMostSetsFound;
      });
  if (sets_.size() <= most) return;
  was_cut_ = true;
  rated_sets_.clear();
  for (const uint32_t set : sets_) {
    float rating = 0;
    for (uint32_t rest = set; rest != 0; rest &= rest - 1) {
      rating -= rating_.OfSlot(updates_[std::countr_zero(rest)]);
    }
    rated_sets_.emplace_back(rating, set);
  }
  std::nth_element(rated_sets_.begin(),
                   rated_sets_.begin() + static_cast<ptrdiff_t>(most),
                   rated_sets_.end());
  sets_.clear();
  for (size_t i = 0; i < most; ++i) sets_.push_back(rated_sets_[i].second);
}

// Linearizes what is in `slot` after all that stands in the trail. False if the
// model allows that in no order, or if that is not known.
bool AdditiveSearch::TakeSeer(uint32_t slot, Point& point) {
  const ActionId action = ActionIn(slot);
  const Unsettled last{0, action, 0, 0};
  if (!object_.is_unconditional() && !SettleTrail(&last, point)) return false;
  point.linearized.Insert(slot);
  AddTo(point, action);
  Extend(point, open_.operation_in(slot));
  point.settled = point.trail;
  point.owed = 0;
  return true;
}

bool AdditiveSearch::TakeFittingSeers(Point& point) {
  for (const uint32_t slot : seers_) {
    if (point.linearized.Contains(slot) || object_.Adds(ActionIn(slot)) ||
        MissingTo(point, slot) != 0) {
      continue;
    }
    if (!TakeSeer(slot, point)) return false;
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

// ---- What is kept

// Keeps the best of what has passed the return.
void AdditiveSearch::Cut(uint32_t returning) {
  was_cut_ = true;
  std::erase(seers_, returning);
  seer_mask_.Erase(returning);
  update_mask_.Erase(returning);
  std::vector<std::pair<float, size_t>> ranking;  // the best first
  for (size_t i = 0; i < next_.size(); ++i) {
    ranking.emplace_back(-RatingOf(next_[i]), i);
  }
  const size_t compared = std::min(ranking.size(), BeamNow() * kBeamsToCompare);
  std::partial_sort(ranking.begin(),
                    ranking.begin() + static_cast<ptrdiff_t>(compared),
                    ranking.end());
  ranking.resize(compared);
  Reconsider(ranking);
  std::vector<Point> kept;
  for (const auto& [rating, i] : ranking) {
    if (kept.size() == BeamNow()) break;
    Point& point = next_[i];
    InternUsage(point);
    const bool is_dominated = std::any_of(
        kept.begin(), kept.end(),
        [&](const Point& better) { return Dominates(better, point); });
    if (!is_dominated) kept.push_back(std::move(point));
  }
  next_ = std::move(kept);
}

// Heeds which seers cannot be satisfied any more.
void AdditiveSearch::Reconsider(
    std::vector<std::pair<float, size_t>>& ranking) {
  const UrgentSeers urgent(problem_, object_, open_, seer_mask_);
  size_t left = 0;
  for (auto [rating, i] : ranking) {
    const Point& point = next_[i];
    const size_t unsatisfied = urgent.CountUnsatisfied(
        point.linearized, point.sums, AvailableTo(point), subsets_);
    if (unsatisfied > 0 && !HasCrashes()) continue;
    rating -= AdditiveRating::kUnsatisfied * static_cast<float>(unsatisfied);
    ranking[left++] = {rating, i};
  }
  ranking.resize(left);
  std::sort(ranking.begin(), ranking.end());
}

// Whether `better` can do whatever `worse` can, as far as sums go: it has
// linearized all of its seers, and none of the updates that it has not.
bool AdditiveSearch::Dominates(const Point& better, const Point& worse) const {
  if (better.start != worse.start) return false;
  const auto has = better.linearized.words();
  const auto other = worse.linearized.words();
  for (size_t i = 0; i < has.size(); ++i) {
    const uint64_t more_updates = has[i] & ~other[i] & update_mask_.words()[i];
    const uint64_t fewer_seers = other[i] & ~has[i] & seer_mask_.words()[i];
    if ((more_updates | fewer_seers) != 0) return false;
  }
  return usages_.Includes(worse.usage, better.usage);
}

// Notes where the sweep is, to come back. REQUIRES: the next event is a return.
void AdditiveSearch::MarkReturn() {
  marks_.push_back({open_.event(), passed_});
  marked_ += passed_.size();
  while (marks_.size() > kMostMarks || marked_ > kMostMarkedConfigurations) {
    marked_ -= marks_.front().points.size();
    marks_.pop_front();
  }
}

// Goes back some returns, and from there on with a wider beam. False if that
// has been tried.
bool AdditiveSearch::Retreat() {
  const bool is_further = open_.event() > retreated_from_;
  retreated_from_ = std::max(retreated_from_, open_.event());
  retreat_ =
      is_further ? std::max(kShortestRetreat, 2 * open_count_) : retreat_ * 2;
  boost_ = is_further ? 2 : boost_ * 2;
  if (boost_ > kMostBoost || marks_.empty()) return false;
  const size_t returns = std::min(retreat_, marks_.size());
  for (size_t i = 0; i < returns; ++i) {
    marked_ -= marks_.back().points.size();
    passed_ = std::move(marks_.back().points);
    open_.RewindTo(marks_.back().event);
    marks_.pop_back();
  }
  return true;
}

// ---- Effort and evidence

// Forgets the trails that lead to no configuration that may still go on.
void AdditiveSearch::SweepTrails() {
  std::vector<Point*> points;
  for (Point& point : passed_) points.push_back(&point);
  for (Mark& mark : marks_) {
    for (Point& point : mark.points) points.push_back(&point);
  }
  std::vector<uint32_t> kept;  // what is settled stands on the way
  for (const Point* point : points) kept.push_back(point->trail);
  const std::vector<uint32_t> place = trails_.Sweep(kept);
  for (Point* point : points) {
    point->trail = place[point->trail];
    point->settled = place[point->settled];
  }
  sweep_at_ = std::max(kTrailsBeforeSweep, trails_.size() * 2);
}

bool AdditiveSearch::ChargeGrowth() {
  const size_t points =
      passed_.capacity() + stuck_.capacity() + next_.capacity() + marked_;
  const size_t bytes = usages_.MemoryBytes() + problem_.model.MemoryBytes() +
                       trails_.MemoryBytes() +
                       points * (sizeof(Point) + kBytesOfIndex);
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

size_t AdditiveSearch::Entered() const {
  size_t lookups = 0;
  for (const SubsetSums& subsets : subsets_) lookups += subsets.lookups();
  return entered_ + lookups / kLookupsPerEntry;
}

bool AdditiveSearch::IsOver() {
  if (entered_++ % kEntriesPerCharge == 0) {
    // About half of the events are returns.
    problem_.budget.Tell(kEntriesPerCharge, open_.event() / 2);
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
  result.furthest_event = open_.event();
  // What is owed may fit in no order, and no start all that others explain.
  result.is_widened = !object_.is_unconditional() || are_starts_many_;
  return result;
}

// The sweep got to the end: valid, if one of the paths is a linearization.
SearchResult AdditiveSearch::Conclude() {
  for (Point& point : passed_) {
    if (!object_.is_unconditional() && !SettleTrail(nullptr, point)) continue;
    const std::vector<uint32_t> path = trails_.PathOf(point.trail);
    if (!IsLinearization(problem_, path)) continue;
    SearchResult result = Finish(Verdict::kValid);
    result.is_widened = false;
    result.linearization = PathOperations(problem_.timeline, path);
    return result;
  }
  return Finish(Verdict::kUnknown);
}

SearchResult AdditiveSearch::Run(
    std::span<const std::vector<uint64_t>> starts) {
  for (const std::vector<uint64_t>& start : starts) {
    Point first(mask_words_);
    first.sums.assign(start.begin(), start.end());
    first.start = static_cast<uint32_t>(passed_.size());
    first.state = problem_.model.InitialState();
    passed_.push_back(std::move(first));
  }
  are_starts_many_ = starts.size() != 1;
  // Without a start that all allow, it may be one since any of the returns.
  if (starts.empty()) {
    SearchResult none = Finish(Verdict::kViolation);
    none.furthest_event = problem_.end - 1;
    return none;
  }
  while (open_.event() < problem_.end) {
    if (open_.event() > retreated_from_) boost_ = 1;
    if (trails_.size() > sweep_at_) SweepTrails();
    if (problem_.timeline.event(open_.event()).type ==
        TimelineEvent::Type::kReturn) {
      MarkReturn();
    }
    if (PassEvent()) continue;
    if (limit_ || Entered() > max_configurations_) {
      return Finish(Verdict::kUnknown);
    }
    if (!was_cut_ && !HasCrashes()) return Finish(Verdict::kViolation);
    if (!Retreat()) return Finish(Verdict::kUnknown);
  }
  return Conclude();
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
