// Breadth-first search for a linearization; wgl.cc has the essay.

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/configuration.h"
#include "checker/expansion.h"
#include "checker/frontier.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"

namespace minos::checker {
namespace {

using history::OpIndex;

constexpr uint32_t kNoTrail = 0;
// How many configurations may be entered before what they occupy is charged.
constexpr size_t kEntriesPerCharge = 64;

class BreadthFirst {
 public:
  BreadthFirst(const SearchProblem& problem, size_t max_configurations,
               size_t width, bool want_linearization);
  ~BreadthFirst() { problem_.budget.Release(charged_); }
  BreadthFirst(const BreadthFirst&) = delete;
  BreadthFirst& operator=(const BreadthFirst&) = delete;

  SearchResult Run();
  SearchResult RunOnward(std::span<const SearchSeed> seeds, uint32_t first,
                         uint32_t last, std::vector<SearchSeed>& reached);

 private:
  // A path, as a list that grows at its head and shares its tail.
  struct Trail {
    uint32_t rest;
    uint32_t code;
  };

  bool PassEvent();
  bool PassReturn(uint32_t slot);
  void Plant(std::span<const SearchSeed> seeds);
  std::vector<SearchSeed> Harvest() const;
  std::vector<SearchResult::DeadEnd> DeadEnds() const;
  void Place(const Configuration& configuration, uint32_t slot, uint32_t trail);
  bool Expand(const Configuration& from, uint32_t slot, uint32_t trail);
  uint32_t Extend(uint32_t trail);
  bool ChargeGrowth();
  bool IsOver();
  SearchResult Finish(Verdict verdict);
  std::vector<uint32_t> PathOf(uint32_t trail) const;

  SearchProblem problem_;
  size_t max_configurations_;
  size_t width_;
  bool want_linearization_;
  size_t mask_words_;
  CrashUsage usages_;
  OpenOperations open_;
  Expansion expansion_;
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;

  Frontier passed_;  // those that have passed the last return
  // Those that have not linearized what returns next. What they lead to is
  // appended, as long as it has not either.
  Frontier stuck_;
  Frontier next_;                  // those that have
  std::vector<uint32_t> segment_;  // what the last step linearized
  std::vector<Trail> trails_ = {{0, 0}};
};

BreadthFirst::BreadthFirst(const SearchProblem& problem,
                           size_t max_configurations, size_t width,
                           bool want_linearization)
    : problem_(problem),
      max_configurations_(max_configurations),
      width_(width),
      want_linearization_(want_linearization),
      mask_words_(SlotSet::WordsFor(problem.timeline.slot_count())),
      usages_(problem.timeline.crashes().size()),
      open_(problem.timeline),
      expansion_(problem.timeline, open_, usages_, problem.model),
      passed_(mask_words_),
      stuck_(mask_words_),
      next_(mask_words_) {}

bool BreadthFirst::ChargeGrowth() {
  const size_t bytes = usages_.MemoryBytes() + expansion_.MemoryBytes() +
                       problem_.model.MemoryBytes() + passed_.MemoryBytes() +
                       stuck_.MemoryBytes() + next_.MemoryBytes() +
                       trails_.capacity() * sizeof(Trail);
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

bool BreadthFirst::IsOver() {
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

uint32_t BreadthFirst::Extend(uint32_t trail) {
  if (want_linearization_) {
    for (const uint32_t code : segment_) {
      trails_.push_back({trail, code});
      trail = static_cast<uint32_t>(trails_.size() - 1);
    }
  }
  segment_.clear();
  return trail;
}

// Puts a configuration where it belongs: past the return of what is in `slot`,
// or among those that are stuck before it.
void BreadthFirst::Place(const Configuration& configuration, uint32_t slot,
                         uint32_t trail) {
  if (!configuration.linearized.Contains(slot)) {
    stuck_.Insert(configuration, trail, width_, open_.masks(), usages_);
    return;
  }
  Configuration passed = configuration;
  passed.linearized.Erase(slot);
  next_.Insert(passed, trail, width_, open_.masks(), usages_);
}

// Places the successors of `from`. False if a limit was met.
bool BreadthFirst::Expand(const Configuration& from, uint32_t slot,
                          uint32_t trail) {
  if (IsOver()) return false;
  const std::vector<Choice> choices = expansion_.Choices(from, slot);
  for (const Choice& choice : choices) {
    Configuration to = from;
    expansion_.Take(slot, choice, usages_, to, segment_);
    Place(to, slot, Extend(trail));
  }
  return true;
}

// Takes all configurations past the return of what is in `slot`. False if none
// gets past it, or a limit was met.
bool BreadthFirst::PassReturn(uint32_t slot) {
  stuck_.Clear();
  next_.Clear();
  Configuration configuration(mask_words_);
  for (size_t i = 0; i < passed_.size(); ++i) {
    if (!passed_.IsLive(i)) continue;
    passed_.Load(i, configuration);
    // What was called since may fit at once.
    expansion_.TakeFittingReads(configuration, segment_);
    SlotSet::ForEach(
        open_.blind(), configuration.linearized, [&](uint32_t blind) {
          expansion_.SpareIfUnnoticed(blind, configuration, segment_);
        });
    Place(configuration, slot, Extend(passed_.trail(i)));
  }
  for (size_t i = 0; i < stuck_.size(); ++i) {
    if (!stuck_.IsLive(i)) continue;
    stuck_.Load(i, configuration);
    if (!Expand(configuration, slot, stuck_.trail(i))) return false;
  }
  std::swap(passed_, next_);
  return passed_.size() > 0;
}

std::vector<uint32_t> BreadthFirst::PathOf(uint32_t trail) const {
  std::vector<uint32_t> path;
  for (; trail != kNoTrail; trail = trails_[trail].rest) {
    path.push_back(trails_[trail].code);
  }
  return {path.rbegin(), path.rend()};
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
  result.is_culprit_exact = !is_widened;
  if (verdict == Verdict::kValid && is_widened) {
    result.verdict = Verdict::kUnknown;
    return result;
  }
  if (verdict == Verdict::kValid && want_linearization_) {
    size_t live = 0;
    while (!passed_.IsLive(live)) ++live;
    result.linearization =
        PathOperations(problem_.timeline, PathOf(passed_.trail(live)));
  }
  return result;
}

// False if nothing gets past the next event, or a limit was met.
bool BreadthFirst::PassEvent() {
  const TimelineEvent event = problem_.timeline.event(open_.event());
  if (event.type == TimelineEvent::Type::kReturn) {
    const uint32_t slot = problem_.timeline.operations()[event.subject].slot;
    if (IsOver() || !PassReturn(slot)) return false;
  }
  open_.Pass();
  return true;
}

SearchResult BreadthFirst::Run() {
  Plant({});
  while (open_.event() < problem_.end) {
    if (PassEvent()) continue;
    const bool is_over = limit_ || entered_ > max_configurations_;
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
    passed_.Insert(configuration, kNoTrail, width_, open_.masks(), usages_);
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
    passed_.Insert(configuration, kNoTrail, width_, open_.masks(), usages_);
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
  return BreadthFirst(problem, max_configurations, width, want_linearization)
      .Run();
}

SearchResult SweepOnward(const SearchProblem& problem,
                         std::span<const SearchSeed> seeds, uint32_t first,
                         uint32_t last, std::vector<SearchSeed>& reached) {
  constexpr size_t kUnbounded = std::numeric_limits<size_t>::max();
  return BreadthFirst(problem, kUnbounded, kUnbounded,
                      /*want_linearization=*/false)
      .RunOnward(seeds, first, last, reached);
}

}  // namespace minos::checker
