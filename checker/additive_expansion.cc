#include "checker/additive_expansion.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

namespace minos::checker {
namespace {

using Column = AdditiveColumn;

// How wide a band is. With an info operation the first bands are taken as one
// where it is crowded: what it explains is hardly ever rated that well, and to
// look for it in vain, for each configuration, would cost more than all else.
constexpr float kBand = 3;
constexpr uint32_t kFirstBandIfCrowded = 2;
// Of the multisets of more than two info operations, so many are tried, and of
// the sets of updates with more than one.
constexpr size_t kMostWaysWithMany = 16;
constexpr ptrdiff_t kMostSetsWithMany = 4;
// The stages: bands without info operations, bands with one, and others; and
// how much less likely it is that one of the latter is what happened.
constexpr uint32_t kNoBand = 1000;
enum Stage : uint32_t {
  kFirstCrashBand = kNoBand,
  kWithTwoToReturn = 2 * kNoBand,
  kWithManyToReturn,  // sees what returns not with two, but with more
  kWithTwoRecent,     // sees anything else with two of those called last
  kWithTwo,           // or with any two
  kNoStage,
};
constexpr float kOfTwoToReturn = -8;
constexpr float kOfManyToReturn = -12;
constexpr float kOfTwoRecent = -10;
constexpr float kOfTwo = -24;
constexpr size_t kMostRecent = 16;
constexpr size_t kAllCrashes = std::numeric_limits<size_t>::max();
// The same of an info operation for what can be seen without one.
constexpr float kOfNeedless = -1.5F;

// The first band that is taken with an info operation.
uint32_t FirstCrashBand(const Column& column) {
  return column.is_crowded() ? kFirstBandIfCrowded : 0;
}

// A configuration that can do nothing more.
void Forget(AdditivePoint& point) {
  point.trail = Trails::kNone;
  point.settled = Trails::kNone;
}

}  // namespace

AdditiveExpansion::AdditiveExpansion(const SearchProblem& problem,
                                     const AdditiveObject& object,
                                     const PassedSums& passed,
                                     const CrashCalls& crashes,
                                     AdditiveSteps& steps, bool is_unbounded)
    : problem_(problem),
      object_(object),
      passed_(passed),
      crashes_(crashes),
      steps_(steps),
      rating_(problem.timeline.slot_count()),
      is_unbounded_(is_unbounded) {}

// ---- The stages

AdditiveExpansion::Stand AdditiveExpansion::StandOn(Column& column,
                                                    const AdditivePoint& point,
                                                    Emit emit) {
  Stand stand{point, column, emit, column.TakenBy(point.linearized),
              {},    0,      {},   {}};
  for (size_t view = 0; view < object_.views(); ++view) {
    stand.containing[view] =
        column.sets(view).SetsWith(stand.taken, column.equals_returning());
    stand.base.push_back(point.sums[view] - stand.containing[view].sum);
    stand.to_next[view] = column.DistanceToNext(point, view);
  }
  const size_t updates = column.updates().size();
  stand.count = static_cast<size_t>(std::popcount(stand.taken));
  for (size_t count = stand.count; count <= updates; ++count) {
    stand.of_count[count] = AdditiveRating::OfPaths(
        rating_.LogChance(updates - stand.count, count - stand.count));
  }
  return stand;
}

size_t AdditiveExpansion::Expand(Column& column, const Column::Waiting& waiting,
                                 Emit emit) {
  Stand stand = StandOn(column, column.points()[waiting.point], emit);
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
    PushStage(stand, waiting.point, kFirstCrashBand + FirstCrashBand(column));
  }
  PushStage(stand, waiting.point, next);
  AdditivePoint& point = column.points()[waiting.point];
  if (--point.stages == 0) Forget(point);
  return stand.queries;
}

// Does what is rated so many bands less than to stay, with an info operation or
// without. Returns the next band in which there is something to do.
uint32_t AdditiveExpansion::ExpandBand(Stand& stand, uint32_t stage) {
  const auto limit = [](uint32_t band) {
    return -static_cast<float>(band) * kBand;
  };
  const bool with_crash = stage >= kFirstCrashBand;
  const uint32_t band = with_crash ? stage - kFirstCrashBand : stage;
  const uint32_t first = with_crash ? FirstCrashBand(stand.column) : 0;
  if (band > first) stand.upper = limit(band);
  if (!is_unbounded_) stand.lower = limit(band + 1);
  if (with_crash) {
    SeeWithOne(stand);
  } else {
    stand.queries += kQueriesOfFirstStage;
    if (stage == Column::kFirstStage) PassUpdate(stand);
    for (const Column::Look& look : stand.column.looks()) {
      if (IsNext(stand, look)) See(stand, look, {}, 0);
    }
  }
  if (stand.best_left <= limit(kNoBand - 1)) {
    return with_crash ? kWithTwoToReturn : kNoStage;
  }
  auto next = static_cast<uint32_t>(-stand.best_left / kBand);
  if (stand.best_left > limit(next)) --next;  // where it was rounded up
  return with_crash ? kFirstCrashBand + next : next;
}

// Lets the configuration wait for the stage `stage`, or the next one that is
// possible.
void AdditiveExpansion::PushStage(const Stand& stand, uint32_t id,
                                  uint32_t stage) {
  Column& column = stand.column;
  if (stage >= kFirstCrashBand && column.crash_calls() == 0) return;
  while (stage != kNoStage && !IsPossible(stand, stage)) ++stage;
  if (stage == kNoStage) return;
  AdditivePoint& point = column.points()[id];
  ++point.stages;
  column.Push({point.rating + RatingOf(column, stage), id, stage});
}

bool AdditiveExpansion::IsPossible(const Stand& stand, uint32_t stage) const {
  if (stage != kWithTwoToReturn && stage != kWithManyToReturn) return true;
  return object_.Sees(stand.column.returning().action);
}

// How likely a stage is, if the configuration is right.
float AdditiveExpansion::RatingOf(const Column& column, uint32_t stage) const {
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
  const uint32_t called = crashes_[column.crash_calls() - 1].event;
  return AdditiveRating::OfCrash(called, column.event()) -
         static_cast<float>(stage - kFirstCrashBand) * kBand;
}

// ---- The ways on

// If what returns is an update, it may come before all that follows.
void AdditiveExpansion::PassUpdate(const Stand& stand) {
  if (object_.Sees(stand.column.returning().action)) return;
  const size_t trails = steps_.trails().size();
  AdditivePoint point = stand.from;
  steps_.Owe(stand.column, point);
  if (!stand.emit(std::move(point), true)) steps_.trails().Truncate(trails);
}

// Sees what can be seen with one info operation, within the limits.
void AdditiveExpansion::SeeWithOne(Stand& stand) {
  const Column& column = stand.column;
  float most = 0;  // that any look and set may gain
  std::vector<std::pair<const Column::Look*, float>> looks;
  for (const Column::Look& look : column.looks()) {
    if (!IsNext(stand, look)) continue;
    const float gain = GainOf(stand, look);
    const bool is_seen = stand.column.sets(look.view).Has(
        stand.containing[look.view], look.target - stand.base[look.view]);
    looks.emplace_back(&look, is_seen ? kOfNeedless : 0);
    most = std::max(most, gain + looks.back().second);
  }
  most += column.most_of_updates();
  const size_t calls = column.crash_calls();
  for (size_t i = calls; i-- > 0;) {
    const CrashCalls::Call& call = crashes_[i];
    const float of_crash = AdditiveRating::OfCrash(call.event, column.event());
    // Those that were called before are rated less.
    if (of_crash + most <= stand.lower) {
      stand.best_left = std::max(stand.best_left, of_crash + most);
      break;
    }
    if (!IsLatestLeft(stand, i)) continue;
    for (const auto& [look, of_look] : looks) {
      See(stand, *look, std::span(&call.kind, 1), of_crash + of_look);
    }
  }
}

// Whether there is something to linearize in `look`, and nothing that has to
// come before it.
bool AdditiveExpansion::IsNext(const Stand& stand,
                               const Column::Look& look) const {
  const bool is_done =
      std::ranges::all_of(look.seers, [&](const Column::Open& seer) {
        return stand.from.linearized.Contains(seer.slot);
      });
  return !is_done && (!passed_.is_one_way(look.view) ||
                      passed_.DistanceTo(look.view, look.target,
                                         stand.from.sums[look.view]) <=
                          stand.to_next[look.view]);
}

// What it is worth to linearize the seers of `look`.
float AdditiveExpansion::GainOf(const Stand& stand, const Column::Look& look) {
  float gain = 0;
  for (const Column::Open& seer : look.seers) {
    if (!stand.from.linearized.Contains(seer.slot)) {
      gain += stand.column.RatingOf(seer.slot);
    }
  }
  return gain;
}

// Whether `count` more of a kind may be used.
bool AdditiveExpansion::IsLeft(const Stand& stand, uint32_t kind,
                               uint32_t count) const {
  return steps_.CountOf(stand.from, kind) + count <=
         crashes_.CalledOf(kind, stand.column.crash_calls());
}

// Whether a call is the last of its kind so far, and one more may be used.
bool AdditiveExpansion::IsLatestLeft(const Stand& stand, size_t call) const {
  const CrashCalls::Call& last = crashes_[call];
  return crashes_.IsLastOfKind(call, stand.column.crash_calls()) &&
         steps_.CountOf(stand.from, last.kind) < last.of_kind;
}

// The kinds of which it may use one more, those called last first, and at most
// so many.
std::vector<uint32_t> AdditiveExpansion::CrashesLeftTo(const Stand& stand,
                                                       size_t most) const {
  std::vector<uint32_t> kinds;
  const size_t calls = stand.column.crash_calls();
  for (size_t i = calls; i-- > 0 && kinds.size() < most;) {
    if (IsLatestLeft(stand, i)) kinds.push_back(crashes_[i].kind);
  }
  return kinds;
}

// What returns, or else what does not, is seen with two of the info operations
// that were called last, out of so many.
void AdditiveExpansion::SeeWithTwo(Stand& stand, bool to_return, size_t most) {
  const std::vector<uint32_t> kinds = CrashesLeftTo(stand, most);
  for (const Column::Look& look : stand.column.looks()) {
    if (look.is_due != to_return || !IsNext(stand, look)) continue;
    for (size_t i = 0; i < kinds.size(); ++i) {
      if (problem_.budget.Exhausted()) return;
      for (size_t j = i; j < kinds.size(); ++j) {
        const uint32_t two[] = {kinds[i], kinds[j]};
        const bool is_left = i != j || IsLeft(stand, kinds[i], 2);
        if (is_left) See(stand, look, two, 0);
      }
    }
  }
}

// After a long time in which nobody looked, many info operations may have taken
// effect. Tries the smallest multisets of them.
void AdditiveExpansion::SeeWithMany(Stand& stand) {
  for (const Column::Look& look : stand.column.looks()) {
    if (!look.is_due || !IsNext(stand, look)) continue;
    std::vector<CrashSums::Amount> amounts;
    for (const uint32_t kind : CrashesLeftTo(stand, kAllCrashes)) {
      amounts.push_back({kind, object_.Effect(ActionOf(kind), look.view),
                         crashes_.CalledOf(kind, stand.column.crash_calls()) -
                             steps_.CountOf(stand.from, kind)});
    }
    crash_sums_.Reset(amounts);
    UpdateSets& sets = stand.column.sets(look.view);
    std::vector<std::pair<size_t, size_t>> found;  // how many are used, where
    for (size_t i = 0; i < crash_sums_.size(); ++i) {
      if (problem_.budget.Exhausted()) return;
      const size_t used = crash_sums_.UsedBy(i);
      const uint64_t wanted =
          look.target - stand.base[look.view] - crash_sums_.SumOf(i);
      if (used > 2 && sets.Has(stand.containing[look.view], wanted)) {
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
// Where those are more than one, only the best sets are tried. REQUIRES:
// IsNext(stand, look).
void AdditiveExpansion::See(Stand& stand, const Column::Look& look,
                            std::span<const uint32_t> crashes,
                            float of_crashes) {
  ++stand.queries;
  uint64_t needed = 0;  // equal updates are used before info operations
  uint64_t wanted = look.target - stand.base[look.view];
  for (const uint32_t kind : crashes) {
    wanted -= object_.Effect(ActionOf(kind), look.view);
    const std::optional<uint64_t> equal = stand.column.EqualTo(ActionOf(kind));
    if (!equal) return;
    needed |= *equal;
  }
  UpdateSets& sets = stand.column.sets(look.view);
  const float gain =
      of_crashes + GainOf(stand, look) - stand.containing[look.view].rating;
  found_.clear();
  const bool are_all = sets.ForEach(
      stand.containing[look.view], wanted,
      [&](uint64_t set, uint32_t count, float of_set) {
        const float rating = gain + of_set + stand.of_count[count];
        const bool is_later = rating <= stand.lower;
        if (is_later ? rating <= stand.best_left : rating > stand.upper) return;
        if ((needed & ~set) != 0) return;
        if (is_later) {
          stand.best_left = rating;
        } else {
          found_.emplace_back(rating, set);
        }
      });
  was_cut_ = was_cut_ || !are_all;
  if (crashes.size() > 1 && found_.size() > kMostSetsWithMany) {
    std::ranges::nth_element(found_, found_.begin() + kMostSetsWithMany,
                             std::greater<>());
    found_.resize(kMostSetsWithMany);
  }
  for (const auto& [rating, set] : found_) SeeBy(stand, look, crashes, set);
}

// The same with the updates of `set` before.
void AdditiveExpansion::SeeBy(const Stand& stand, const Column::Look& look,
                              std::span<const uint32_t> crashes, uint64_t set) {
  const Column& column = stand.column;
  const size_t trails = steps_.trails().size();
  AdditivePoint to = stand.from;
  const size_t count = stand.column.sets(look.view).CountOf(set);
  to.log_chance += rating_.LogChance(column.updates().size() - stand.count,
                                     count - stand.count) +
                   LogWays(stand, set);
  column.ForEachAdded(
      set, stand.taken, stand.from.linearized,
      [&](const Column::Open& update) { steps_.LinearizeUpdate(update, to); });
  for (const uint32_t kind : crashes) {
    steps_.UseCrash(kind, column.event(), to);
  }
  bool is_kept = true;
  for (const Column::Open& seer : look.seers) {
    if (to.linearized.Contains(seer.slot)) continue;
    is_kept = is_kept && steps_.TakeSeer(seer, to);
  }
  is_kept = is_kept && steps_.TakeFittingSeers(column, to);
  const uint32_t returning = column.returning().slot;
  const bool has_passed = to.linearized.Contains(returning);
  if (has_passed) to.linearized.Erase(returning);
  is_kept = is_kept && stand.emit(std::move(to), has_passed);
  if (!is_kept) steps_.trails().Truncate(trails);
}

// Of how many choices of updates `set` is the one that is tried.
float AdditiveExpansion::LogWays(const Stand& stand, uint64_t set) const {
  float ways = 0;
  for (const uint64_t run : stand.column.layout().run_masks()) {
    const int taken = SetLayout::CountOf(stand.taken, run);
    const int available = std::popcount(run) - taken;
    const int added = SetLayout::CountOf(set, run) - taken;
    ways += rating_.LogWays(static_cast<size_t>(available),
                            static_cast<size_t>(added));
  }
  return ways;
}

}  // namespace minos::checker
