// Breadth-first search for a linearization; wgl.cc has the essay.

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/configuration.h"
#include "checker/expansion.h"
#include "checker/frontier.h"
#include "checker/look_ahead.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"
#include "checker/trails.h"

namespace minos::checker {
namespace {

using history::OpIndex;

// How many configurations may be entered before what they occupy is charged.
constexpr size_t kEntriesPerCharge = 64;
constexpr size_t kLargeGrowth = size_t{1} << 20;  // bytes

constexpr size_t kUnbounded = std::numeric_limits<size_t>::max();

// How many returns a narrow search goes back where it is stuck.
constexpr size_t kShortestRetreat = 2;
constexpr size_t kLongestRetreat = 256;

struct SweepOptions {
  size_t max_configurations = kUnbounded;
  size_t width = kUnbounded;
  bool is_narrow = false;
  size_t beam = kUnbounded;  // of a narrow search
  bool want_linearization = false;
};

class BreadthFirst {
 public:
  BreadthFirst(const SearchProblem& problem, const SweepOptions& options);
  ~BreadthFirst() { problem_.budget.Release(charged_); }
  BreadthFirst(const BreadthFirst&) = delete;
  BreadthFirst& operator=(const BreadthFirst&) = delete;

  SearchResult Run();
  SearchResult RunOnward(std::span<const SearchSeed> seeds, uint32_t first,
                         uint32_t last, std::vector<SearchSeed>& reached);

 private:
  bool PassEvent();
  bool PassReturn(uint32_t slot, uint32_t crashes);
  bool PassReturnNarrowly(uint32_t slot);
  void Plant(std::span<const SearchSeed> seeds);
  std::vector<SearchSeed> Harvest() const;
  std::vector<SearchResult::DeadEnd> DeadEnds() const;
  void Place(const Configuration& configuration, uint32_t slot, uint32_t trail);
  bool MayGoOn(const Configuration& configuration, uint32_t slot);
  void AddHelpfulCrashes(const Configuration& from, bool is_held_up,
                         std::vector<Choice>& choices);
  bool Expand(const Configuration& from, uint32_t slot, uint32_t trail);
  bool Retreat();
  void MarkReturn();
  uint32_t Extend(uint32_t trail);
  bool ChargeGrowth();
  bool HasRoom(const Frontier& frontier);
  bool IsOver();
  SearchResult Finish(Verdict verdict);

  SearchProblem problem_;
  SweepOptions options_;
  size_t mask_words_;
  CrashUsage usages_;
  OpenOperations open_;
  Expansion expansion_;
  LookAhead look_ahead_;
  bool looked_far_ = false;  // and left something out for it
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;

  Frontier passed_;  // those that have passed the last return
  // Those that have not linearized what returns next. What they lead to is
  // appended, as long as it has not either.
  Frontier stuck_;
  Frontier next_;  // those that have
  // In a narrow search: the last returns with what stood before them, how many
  // were gone back, and from where.
  struct Mark {
    uint32_t event;
    Frontier frontier;
  };
  std::deque<Mark> marks_;
  size_t marked_bytes_ = 0;
  size_t retreat_ = 0;
  uint32_t most_used_ = 0;
  uint32_t retreated_from_ = 0;
  std::vector<uint32_t> segment_;  // what the last step linearized
  Trails trails_;
};

BreadthFirst::BreadthFirst(const SearchProblem& problem,
                           const SweepOptions& options)
    : problem_(problem),
      options_(options),
      mask_words_(SlotSet::WordsFor(problem.timeline.slot_count())),
      usages_(problem.timeline.crashes().size()),
      open_(problem.timeline),
      expansion_(problem.timeline, open_, usages_, problem.model),
      look_ahead_(problem.timeline, open_, usages_, problem.model,
                  problem.footprints),
      passed_(mask_words_, options.is_narrow),
      stuck_(mask_words_, options.is_narrow),
      next_(mask_words_, options.is_narrow) {}

bool BreadthFirst::ChargeGrowth() {
  const size_t bytes = usages_.MemoryBytes() + expansion_.MemoryBytes() +
                       problem_.model.MemoryBytes() + passed_.MemoryBytes() +
                       stuck_.MemoryBytes() + next_.MemoryBytes() +
                       marked_bytes_ + trails_.MemoryBytes();
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

// Whether `frontier` may grow. A large one doubles at once, and that is more
// than what is charged for by and by.
bool BreadthFirst::HasRoom(const Frontier& frontier) {
  const size_t bytes = frontier.BytesToGrow();
  if (bytes < kLargeGrowth) return true;
  if (ChargeGrowth() && problem_.budget.Charge(bytes)) {
    problem_.budget.Release(bytes);
    return true;
  }
  limit_ = UnknownReason::kMemoryLimit;
  return false;
}

bool BreadthFirst::IsOver() {
  if (entered_++ >= options_.max_configurations) return true;
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

uint32_t BreadthFirst::Extend(uint32_t trail) {
  if (options_.want_linearization) {
    for (const uint32_t code : segment_) {
      trail = trails_.Extend(trail, code);
    }
  }
  segment_.clear();
  return trail;
}

// Whether a configuration may lead past the return of what is in `slot`, and
// where the search looks far, past those of the other open operations.
bool BreadthFirst::MayGoOn(const Configuration& configuration, uint32_t slot) {
  if (!configuration.linearized.Contains(slot)) {
    const bool may_crash =
        !options_.is_narrow || configuration.used + 1 < most_used_;
    const bool may_crash_once =
        options_.is_narrow && configuration.used + 1 == most_used_;
    if (!look_ahead_.MayPass(configuration, slot, may_crash) &&
        !(may_crash_once && look_ahead_.MayPassWithOne(configuration, slot))) {
      return false;
    }
  }
  if (!problem_.looks_far ||
      look_ahead_.MayReach(configuration, problem_.end)) {
    return true;
  }
  looked_far_ = true;
  return false;
}

// Puts a configuration where it belongs: past the return of what is in `slot`,
// or among those that are stuck before it. Nowhere if a limit was met.
void BreadthFirst::Place(const Configuration& configuration, uint32_t slot,
                         uint32_t trail) {
  const bool is_stuck = !configuration.linearized.Contains(slot);
  if (!HasRoom(is_stuck ? stuck_ : next_)) return;
  if (is_stuck) {
    stuck_.Insert(configuration, trail, options_.width, open_.masks(), usages_);
    return;
  }
  Configuration passed = configuration;
  passed.linearized.Erase(slot);
  next_.Insert(passed, trail, options_.width, open_.masks(), usages_);
}

// Places the successors of `from`. False if a limit was met.
bool BreadthFirst::Expand(const Configuration& from, uint32_t slot,
                          uint32_t trail) {
  if (IsOver()) return false;
  std::vector<Choice> choices =
      expansion_.Choices(from, slot, /*may_crash=*/!options_.is_narrow);
  const bool is_held_up =
      !expansion_.Fits(from.state, expansion_.ActionOf(slot)) &&
      !look_ahead_.Sees(slot);
  if (options_.is_narrow) AddHelpfulCrashes(from, is_held_up, choices);
  for (const Choice& choice : choices) {
    Configuration to = from;
    expansion_.Take(slot, choice, usages_, to, segment_);
    if (options_.is_narrow) to.note = kNoNote;
    const bool is_of_use =
        !options_.is_narrow || is_held_up || choice.is_pass() ||
        choice.subject == slot || segment_.size() > 1 || choice.is_crash() ||
        look_ahead_.Sees(choice.subject) || look_ahead_.MayShow(to);
    if (is_of_use && MayGoOn(to, slot)) {
      Place(to, slot, Extend(trail));
    } else {
      segment_.clear();
    }
  }
  return true;
}

// In a narrow search: the info operations that may help, if so many may be
// used.
void BreadthFirst::AddHelpfulCrashes(const Configuration& from, bool is_held_up,
                                     std::vector<Choice>& choices) {
  if (from.used >= most_used_) return;
  std::vector<uint32_t> kinds;
  if (from.used + 1 == most_used_ && !is_held_up) {
    look_ahead_.FindHelpful(from, kinds);
  } else {
    look_ahead_.FindLeft(from, kinds);
  }
  const std::vector<Choice> crashes = expansion_.CrashChoices(from, kinds);
  choices.insert(choices.end(), crashes.begin(), crashes.end());
}

// Takes all configurations past the return of what is in `slot`, in a narrow
// search with up to `crashes` info operations more than were used before. False
// if none gets past it, or a limit was met.
bool BreadthFirst::PassReturn(uint32_t slot, uint32_t crashes) {
  stuck_.Clear();
  next_.Clear();
  Configuration configuration(mask_words_);
  most_used_ = 0;
  for (size_t i = 0; crashes > 0 && i < passed_.size(); ++i) {
    passed_.Load(i, configuration);
    if (passed_.IsLive(i)) {
      most_used_ = std::max(most_used_, configuration.used + crashes);
    }
  }
  for (size_t i = 0; i < passed_.size(); ++i) {
    if (!passed_.IsLive(i)) continue;
    passed_.Load(i, configuration);
    // What was called since may fit at once.
    expansion_.TakeFittingReads(configuration, segment_);
    SlotSet::ForEach(
        open_.blind(), configuration.linearized, [&](uint32_t blind) {
          expansion_.SpareIfUnnoticed(blind, configuration, segment_);
        });
    if (MayGoOn(configuration, slot)) {
      Place(configuration, slot, Extend(passed_.trail(i)));
    } else {
      segment_.clear();
    }
  }
  for (size_t i = 0; i < stuck_.size(); ++i) {
    if (!stuck_.IsLive(i)) continue;
    stuck_.Load(i, configuration);
    if (!Expand(configuration, slot, stuck_.trail(i))) return false;
  }
  return !limit_ && next_.size() > 0;
}

// The same in a narrow search.
bool BreadthFirst::PassReturnNarrowly(uint32_t slot) {
  const bool is_near = open_.event() <= retreated_from_;
  for (uint32_t crashes = is_near ? 1 : 0; crashes <= kMostCrashes; ++crashes) {
    if (PassReturn(slot, crashes)) {
      next_.KeepFewest(options_.beam);
      return true;
    }
    if (limit_ || entered_ > options_.max_configurations) return false;
  }
  return false;
}

SearchResult BreadthFirst::Finish(Verdict verdict) {
  SearchResult result;
  result.verdict = verdict;
  result.unknown = limit_;
  result.configurations = entered_;
  result.furthest_event = open_.event();
  // The three take turns, but what was widened was so in any of them.
  const bool is_widened =
      passed_.is_widened() || stuck_.is_widened() || next_.is_widened();
  result.is_widened = is_widened;
  result.looked_far = looked_far_;
  const bool is_untrue =
      verdict == Verdict::kValid ? is_widened : options_.is_narrow;
  if (is_untrue) {
    result.verdict = Verdict::kUnknown;
    return result;
  }
  if (verdict == Verdict::kValid && options_.want_linearization) {
    size_t live = 0;
    while (!passed_.IsLive(live)) ++live;
    result.linearization =
        PathOperations(problem_.timeline, trails_.PathOf(passed_.trail(live)));
  }
  return result;
}

// False if nothing gets past the next event, or a limit was met.
bool BreadthFirst::PassEvent() {
  const TimelineEvent event = problem_.timeline.event(open_.event());
  if (event.type == TimelineEvent::Type::kReturn) {
    const uint32_t slot = problem_.timeline.operations()[event.subject].slot;
    if (IsOver()) return false;
    if (options_.is_narrow ? !PassReturnNarrowly(slot) : !PassReturn(slot, 0)) {
      return false;
    }
    std::swap(passed_, next_);
  }
  open_.Pass();
  return true;
}

// Notes where the sweep is, to come back. REQUIRES: the next event is a return.
void BreadthFirst::MarkReturn() {
  marks_.push_back({open_.event(), passed_.Snapshot()});
  marked_bytes_ += marks_.back().frontier.MemoryBytes();
  if (marks_.size() <= kLongestRetreat) return;
  marked_bytes_ -= marks_.front().frontier.MemoryBytes();
  marks_.pop_front();
}

// Goes back some returns; from there to where it is now, info operations are
// used also where they need not be. False if that has been tried already.
bool BreadthFirst::Retreat() {
  const uint32_t event = open_.event();
  retreat_ = event > retreated_from_ ? kShortestRetreat : retreat_ * 2;
  retreated_from_ = std::max(event, retreated_from_);
  if (retreat_ > marks_.size()) return false;
  for (size_t i = 0; i < retreat_; ++i) {
    marked_bytes_ -= marks_.back().frontier.MemoryBytes();
    passed_ = std::move(marks_.back().frontier);
    open_.RewindTo(marks_.back().event);
    marks_.pop_back();
  }
  return true;
}

SearchResult BreadthFirst::Run() {
  Plant({});
  while (open_.event() < problem_.end) {
    const bool is_return = problem_.timeline.event(open_.event()).type ==
                           TimelineEvent::Type::kReturn;
    if (options_.is_narrow && is_return) MarkReturn();
    if (PassEvent()) continue;
    const bool is_limit = limit_ || entered_ > options_.max_configurations;
    if (options_.is_narrow && !is_limit && Retreat()) continue;
    const bool is_over = limit_ || entered_ > options_.max_configurations;
    return Finish(is_over ? Verdict::kUnknown : Verdict::kViolation);
  }
  return Finish(Verdict::kValid);
}

SearchResult BreadthFirst::RunOnward(std::span<const SearchSeed> seeds,
                                     uint32_t first, uint32_t last,
                                     std::vector<SearchSeed>& reached) {
  while (open_.event() < first) open_.Pass();
  Plant(seeds);
  while (open_.event() < problem_.end) {
    if (open_.event() == last) reached = Harvest();
    if (PassEvent()) continue;
    if (limit_) return Finish(Verdict::kUnknown);
    SearchResult result = Finish(Verdict::kViolation);
    result.dead_ends = DeadEnds();
    return result;
  }
  if (open_.event() == last) reached = Harvest();
  return Finish(Verdict::kValid);
}

// Starts from `seeds`, at the event at which the sweep is.
void BreadthFirst::Plant(std::span<const SearchSeed> seeds) {
  Configuration configuration(mask_words_);
  if (seeds.empty()) {
    configuration.state = problem_.model.InitialState();
    passed_.Insert(configuration, Trails::kNone, options_.width, open_.masks(),
                   usages_);
    return;
  }
  absl::flat_hash_map<OpIndex, uint32_t> slots;
  for (const SlotSet* open : {&open_.updates(), &open_.reads()}) {
    SlotSet::ForEach(*open, SlotSet(mask_words_), [&](uint32_t slot) {
      slots[open_.InSlot(slot).operation] = slot;
    });
  }
  absl::flat_hash_map<ActionId, uint32_t> kinds;
  const auto& crashes = problem_.timeline.crashes();
  for (uint32_t kind = 0; kind < crashes.size(); ++kind) {
    kinds[crashes[kind].action] = kind;
  }
  for (const SearchSeed& seed : seeds) {
    configuration = Configuration(mask_words_);
    configuration.state = seed.state;
    for (const auto& [action, count] : seed.used) {
      for (uint32_t i = 0; i < count; ++i) {
        configuration.usage = usages_.Add(configuration.usage, kinds[action]);
      }
    }
    for (const OpIndex op : seed.linearized) {
      configuration.linearized.Insert(slots[op]);
    }
    for (const OpIndex op : seed.spare) configuration.spare.Insert(slots[op]);
    passed_.Insert(configuration, Trails::kNone, options_.width, open_.masks(),
                   usages_);
  }
}

std::vector<SearchSeed> BreadthFirst::Harvest() const {
  std::vector<SearchSeed> seeds;
  Configuration configuration(mask_words_);
  const auto& crashes = problem_.timeline.crashes();
  for (size_t i = 0; i < passed_.size(); ++i) {
    if (!passed_.IsLive(i)) continue;
    passed_.Load(i, configuration);
    SearchSeed seed;
    seed.state = configuration.state;
    for (uint32_t kind = 0; kind < crashes.size(); ++kind) {
      const uint32_t count = usages_.Count(configuration.usage, kind);
      if (count > 0) seed.used.emplace_back(crashes[kind].action, count);
    }
    const SlotSet none(mask_words_);
    SlotSet::ForEach(configuration.linearized, none, [&](uint32_t slot) {
      seed.linearized.push_back(open_.InSlot(slot).operation);
    });
    SlotSet::ForEach(configuration.spare, none, [&](uint32_t slot) {
      seed.spare.push_back(open_.InSlot(slot).operation);
    });
    seeds.push_back(std::move(seed));
  }
  return seeds;
}

// The states of those that are stuck. REQUIRES: the next event is a return.
std::vector<SearchResult::DeadEnd> BreadthFirst::DeadEnds() const {
  std::vector<SearchResult::DeadEnd> dead_ends;
  const TimelineEvent event = problem_.timeline.event(open_.event());
  const OpIndex culprit =
      problem_.timeline.operations()[event.subject].operation;
  Configuration configuration(mask_words_);
  for (size_t i = 0; i < stuck_.size(); ++i) {
    if (dead_ends.size() >= kMaxDeadEnds) break;
    stuck_.Load(i, configuration);
    const bool is_known = std::any_of(
        dead_ends.begin(), dead_ends.end(),
        [&](const auto& each) { return each.state == configuration.state; });
    if (!is_known) dead_ends.push_back({configuration.state, {}, {culprit}});
  }
  return dead_ends;
}

}  // namespace

SearchResult SearchBreadthFirst(const SearchProblem& problem,
                                size_t max_configurations, size_t width,
                                bool want_linearization) {
  SweepOptions options;
  options.max_configurations = max_configurations;
  options.width = width;
  options.want_linearization = want_linearization;
  return BreadthFirst(problem, options).Run();
}

SearchResult SearchNarrowly(const SearchProblem& problem,
                            size_t max_configurations, size_t beam,
                            bool want_linearization) {
  SweepOptions options;
  options.max_configurations = max_configurations;
  options.is_narrow = true;
  options.beam = beam;
  options.want_linearization = want_linearization;
  return BreadthFirst(problem, options).Run();
}

SearchResult SweepOnward(const SearchProblem& problem,
                         std::span<const SearchSeed> seeds, uint32_t first,
                         uint32_t last, std::vector<SearchSeed>& reached) {
  return BreadthFirst(problem, SweepOptions())
      .RunOnward(seeds, first, last, reached);
}

}  // namespace minos::checker
