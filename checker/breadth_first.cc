// Breadth-first search for a linearization; wgl.cc has the essay.

#include <utility>
#include <vector>

#include "checker/configuration.h"
#include "checker/expansion.h"
#include "checker/frontier.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNoTrail = 0;
// How many configurations may be entered before what they occupy is charged.
constexpr size_t kEntriesPerCharge = 64;

class BreadthFirst {
 public:
  BreadthFirst(const SearchProblem& problem, size_t max_configurations,
               bool want_linearization);
  ~BreadthFirst() { problem_.budget.Release(charged_); }
  BreadthFirst(const BreadthFirst&) = delete;
  BreadthFirst& operator=(const BreadthFirst&) = delete;

  SearchResult Run();

 private:
  // A path, as a list that grows at its head and shares its tail.
  struct Trail {
    uint32_t rest;
    uint32_t code;
  };

  bool PassReturn(uint32_t slot);
  void Place(const Configuration& configuration, uint32_t slot, uint32_t trail);
  bool Expand(const Configuration& from, uint32_t slot, uint32_t trail);
  uint32_t Extend(uint32_t trail);
  bool ChargeGrowth();
  bool IsOver();
  SearchResult Finish(Verdict verdict);
  std::vector<uint32_t> PathOf(uint32_t trail) const;

  SearchProblem problem_;
  size_t max_configurations_;
  bool want_linearization_;
  size_t mask_words_;
  CrashUsage usages_;
  OpenOperations open_;
  Expansion expansion_;
  size_t charged_ = 0;
  size_t entered_ = 0;
  std::optional<UnknownReason> limit_;

  Frontier passed_;  // those that have passed the last return
  Frontier stuck_;   // those that have not linearized what returns next
  Frontier next_;    // those that have
  std::vector<uint32_t> segment_;  // what the last step linearized
  std::vector<Trail> trails_ = {{0, 0}};
};

BreadthFirst::BreadthFirst(const SearchProblem& problem,
                           size_t max_configurations, bool want_linearization)
    : problem_(problem),
      max_configurations_(max_configurations),
      want_linearization_(want_linearization),
      mask_words_(SlotSet::WordsFor(problem.timeline.slot_count())),
      usages_(problem.timeline.crashes().size()),
      open_(problem.timeline),
      expansion_(problem.timeline, open_, usages_, problem.model),
      passed_(mask_words_),
      stuck_(mask_words_),
      next_(mask_words_) {}

bool BreadthFirst::ChargeGrowth() {
  const size_t bytes = usages_.MemoryBytes() + problem_.model.MemoryBytes() +
                       passed_.MemoryBytes() + stuck_.MemoryBytes() +
                       next_.MemoryBytes() + trails_.capacity() * sizeof(Trail);
  if (bytes > charged_ && !problem_.budget.Charge(bytes - charged_)) {
    return false;
  }
  if (bytes < charged_) problem_.budget.Release(charged_ - bytes);
  charged_ = bytes;
  return true;
}

bool BreadthFirst::IsOver() {
  if (entered_++ >= max_configurations_) return true;
  if (entered_ % kEntriesPerCharge == 1 && !ChargeGrowth()) {
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
    stuck_.Insert(configuration, trail, open_.masks(), usages_);
    return;
  }
  Configuration passed = configuration;
  passed.linearized.Erase(slot);
  next_.Insert(passed, trail, open_.masks(), usages_);
}

// Places the successors of `from`; those that are pending are expanded in turn.
// False if a limit was met.
bool BreadthFirst::Expand(const Configuration& from, uint32_t slot,
                          uint32_t trail) {
  if (IsOver()) return false;
  const std::vector<Choice> choices = expansion_.Choices(from, slot);
  for (const Choice& choice : choices) {
    Configuration to = from;
    expansion_.Take(slot, choice, usages_, to, segment_);
    const uint32_t extended = Extend(trail);
    if (!to.unnoticed.is_pending) {
      Place(to, slot, extended);
    } else if (!Expand(to, slot, extended)) {
      return false;
    }
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
  if (verdict == Verdict::kValid && want_linearization_) {
    size_t live = 0;
    while (!passed_.IsLive(live)) ++live;
    result.linearization =
        PathOperations(problem_.timeline, PathOf(passed_.trail(live)));
  }
  return result;
}

SearchResult BreadthFirst::Run() {
  Configuration initial(mask_words_);
  initial.state = problem_.model.InitialState();
  passed_.Insert(initial, kNoTrail, open_.masks(), usages_);
  while (open_.event() < problem_.end) {
    const TimelineEvent event = problem_.timeline.event(open_.event());
    if (event.type == TimelineEvent::Type::kReturn) {
      const uint32_t slot = problem_.timeline.operations()[event.subject].slot;
      if (IsOver()) return Finish(Verdict::kUnknown);
      if (!PassReturn(slot)) {
        const bool is_over = limit_ || entered_ > max_configurations_;
        return Finish(is_over ? Verdict::kUnknown : Verdict::kViolation);
      }
    }
    open_.Pass();
  }
  return Finish(Verdict::kValid);
}

}  // namespace

SearchResult SearchBreadthFirst(const SearchProblem& problem,
                                size_t max_configurations,
                                bool want_linearization) {
  return BreadthFirst(problem, max_configurations, want_linearization).Run();
}

}  // namespace minos::checker
