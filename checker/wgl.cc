// Linearizability by search.
//
// The idea. Wing & Gong (JPDC 1993) look for a linearization by trying, at each
// point, every operation that may come next; Lowe (2017) remembers the pairs
// (operations linearized, state) that have been tried. This search is theirs
// with three changes that make its cost follow the concurrency of the history,
// not its length.
//
// 1. Just in time (Lowe 2017, section 5). The events are swept in order, and an
//    operation is linearized only when some return forces one: at the return of
//    an operation x that is not yet linearized, some of the open operations are
//    linearized, x last, and the sweep goes on. Nothing is lost: in any
//    linearization, an operation that stands between two consecutive such x's
//    may as well be taken at the moment of the second.
// 2. A configuration is (event, linearized operations that are still open,
//    state, info operations used). What has returned is linearized, so a bit
//    for each *open* operation says all.
// 3. Several strategies. Depth first, a valid history is usually decided along
//    one path. Breadth first, the configurations of one event are all that is
//    kept, and what is dominated is seldom entered. A beam (see below) finds
//    its way where many info operations would do, and another one (see
//    guided_search.cc) among the values of a few registers. They take turns,
//    each time with more patience, so that the cost is within a constant factor
//    of the best one's.
//
// What prunes, and why no answer is lost.
//
// - Reads. An operation that leaves every state as it is (IsReadOnly) and fits
//   the current state is taken at once: take any completion of the search from
//   here and move the read to the front; the states after it do not change.
// - Equal operations. Of two open operations with one action only the one that
//   returns first is tried: in a completion that takes the other first, swap
//   the two. An info operation returns last of all, and info operations with
//   one action are a count.
// - Info operations that say nothing are dropped (Timeline).
// - Special cases first. An info operation covers another (SequentialModel::
//   Covers) if it can stand in for it everywhere: a write of 3 for a cas from 1
//   to 3. Where either would lead to the same state, only the other is tried:
//   in a completion that takes the first here, and the other later or never,
//   swap the two.
// - Absorbed updates. Let an operation be blind (SequentialModel::IsBlind) if
// it
//   fits every state and leads to the same one from all, as a write does. When
//   a blind operation is linearized, every other blind update that is open can
//   stand right before it, where nothing notices it; and so it can wherever the
//   state is the one that it leads to. It is then *spare*: at its return it may
//   be passed without a choice, and until then it can still be linearized where
//   that helps. Any set of spare operations can stand at their places together,
//   since what stands between a blind operation and the next one changes
//   nothing.
// - Domination. Of two configurations with one event and one state, one
//   dominates the other if it owes no more and has no less left: all reads that
//   the other has linearized it has too, its info operations used are among the
//   other's, each open blind update is as with the other or is spare, and the
//   other updates linearized are the same. Whatever completes the other
//   completes it. So a configuration is dropped if one that dominates it has
//   been entered before. This holds even if that one is still being explored:
//   let a solvable configuration that was entered or dropped have the shortest
//   remaining completion. If it was entered, its successor along that
//   completion is shorter; if it was dropped, what dominates it was entered and
//   is no longer. Both contradict the choice, unless the search has succeeded.
// - Unnoticed info operations. Let i be an info operation that takes the object
//   from s to s', and z what is linearized next, from s' to s". If z can go
//   from s to s" by itself, i can be left out. If z can go from s to some t
//   from which i goes to s", then i can take effect after z as well, since it
//   never returns. So only what *notices* i need be tried after it: take the
//   shortest completion, of those the one in which info operations stand
//   latest, of those the one in which neighbours that commute are in the order
//   of their kinds; every info operation in it is noticed by the next. The same
//   holds for a blind update that need not be linearized yet: if it is spare it
//   can be left out; if it is owed, what is blind itself absorbs it, and what
//   commutes with it can come first. One thing counts as notice besides: if a
//   blind operation absorbs what is owed, and something that is not blind may
//   follow, then that might tell the two apart. A configuration in which the
//   last operation is still to be noticed is *pending*; its *note* says what is
//   to be noticed.
// - Domination and notes. What is not pending dominates what is, if it does
//   otherwise. What is pending dominates only what has the same note and agrees
//   in all but the info operations used; of these it has used no others. To see
//   that this suffices, let E be, of the solvable configurations that were
//   entered or dropped and are not pending, one with the shortest completion;
//   it was entered, or the one that dominates it was. Follow the completion of
//   E that comes first in the orders above to the next configuration that is
//   not pending. It would be shorter than E; so one on the way was dropped. Not
//   in favour of one that is not pending, which would be shorter than E too; so
//   for a pending one that agrees with it in all that decides what may follow,
//   and what is noticed by what, and so has the same rest of a completion,
//   shorter than before. Follow that in its stead; it cannot go on for ever.
// - Widening. Where a history has many info operations, what differs most is
//   which of them were used, and most of that is of no consequence. So where
//   the configurations of an event are more than a *width*, the breadth-first
//   sweep replaces two that differ only in that by one that has used what both
//   have: it dominates both, so nothing is lost, but it may be that nothing
//   leads to it. If even so no configuration gets past a return, the history is
//   a violation. (It may have become one before; a search up to that return
//   tells.) If the sweep gets to the end, it says nothing, and is repeated with
//   a larger width. The first sweeps cost little more than if all info
//   operations were at hand for ever.
// - Looking ahead. A configuration from which, as far as can be told without
//   searching (look_ahead.h), nothing leads past the next return is dropped; it
//   has no completion, and all that is said above is of those that have one. So
//   is one from which some open operation cannot come before its own return.
//   Then the furthest event says less: what was dropped could have got past it.
//   Where the violation became certain is found by judging prefixes.
// - Beams. Where a history has many info operations, most choices of those that
//   were used can be completed, but there are too many. So a third sweep goes
//   breadth first and keeps only some configurations of each event, those that
//   have used the fewest info operations, and uses one only where it must, or
//   where it may help an open operation to see what it saw. Of additions it
//   takes only those that lead to what some open operation saw; the others can
//   come later. What it keeps can be reached, so if it gets to the end, the
//   history is valid; if it is stuck, it says nothing.
// - Impossible results. The first return of an operation whose result
//   contradicts the others by itself (impossible.h) ends the sweep: the history
//   is a violation, and if the events before it can be explained, this is where
//   it became certain. So much effort is spent on that, and no more.
// - Sums. Where updates only add, their order is no choice: a sweep of its own
//   (additive_search.cc) has the first turn.
//
// Evidence. The order in which operations were linearized on the successful
// path is the linearization. If no path succeeds, all configurations that can
// be reached have been entered, so the furthest return that none of them passes
// is where the violation became certain, given the results that the operations
// open there returned later, and the states met there are the ones that the
// object could have been in.
//
// Cost. O(n log n) to build the timeline; then for each configuration O(open
// operations), and O(info kinds) where there are some. There are at most
// n · 2^c · |states| configurations for c operations open at once, and a few
// for each event where the history is valid and not very contended. Memory
// follows the number of configurations (ConfigurationTable).

#include "checker/wgl.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "checker/configuration.h"
#include "checker/footprints.h"
#include "checker/guided_turns.h"
#include "checker/impossible.h"
#include "checker/search_strategies.h"
#include "checker/timeline.h"

namespace minos::checker {
namespace {

// The patience of the first round is this many configurations for each event,
// and more for short histories; that of each next round is larger by a factor.
constexpr size_t kFirstPatienceAnEvent = 2;
constexpr size_t kLeastPatience = 10'000;
constexpr size_t kPatienceGrowth = 4;
// A beam is so many times the width of the same round.
constexpr size_t kBeamShare = 16;
// The same where the state is a sum; there it has so many times the patience.
constexpr size_t kAdditiveBeamShare = 3;
constexpr size_t kAdditiveShare = 1000;
// A guided search has so many times the patience of the others, since what it
// enters costs it little.
constexpr size_t kGuidedShare = 8;
// What the footprints of an operation take, and finding impossible results.
constexpr size_t kBytesToLookAhead = 100;
// What may be spent on finding where a violation became certain: this many
// configurations, or so many times what was spent on finding that it is one.
constexpr size_t kLeastPinpointEffort = 2'000'000;
constexpr size_t kPinpointShare = 4;

// So many times as much, but no more than there can be.
size_t Times(size_t amount, size_t factor) {
  return std::min(amount, std::numeric_limits<size_t>::max() / factor) * factor;
}

size_t BoundOf(const SearchOptions& options) {
  return options.max_configurations == 0 ? std::numeric_limits<size_t>::max()
                                         : options.max_configurations;
}

size_t FirstWidth(const SearchOptions& options) {
  return options.first_width == 0 ? std::numeric_limits<size_t>::max()
                                  : options.first_width;
}

// The events of the returns before the end of the sweep.
std::vector<uint32_t> ReturnEvents(const SearchProblem& problem) {
  std::vector<uint32_t> returns;
  for (uint32_t i = 0; i < problem.end; ++i) {
    if (problem.timeline.event(i).type == TimelineEvent::Type::kReturn) {
      returns.push_back(i);
    }
  }
  return returns;
}

using Sweep =
    std::function<SearchResult(size_t max_configurations, size_t width)>;

// The sweeps that take turns, in their order.
std::vector<Sweep> Sweeps(const SearchProblem& problem,
                          const SearchOptions& options) {
  using Strategy = SearchOptions::Strategy;
  std::vector<Sweep> sweeps;
  const bool has_crashes = !problem.timeline.crashes().empty();
  const bool has_additions = problem.footprints->has_additions();
  if (problem.additive != nullptr && options.strategy == Strategy::kBoth) {
    sweeps.push_back([&, supposed = problem.additive->SupposeStarts(
                             problem.timeline, problem.model, problem.end)](
                         size_t share, size_t width) {
      SearchResult result = SearchAdditively(
          problem, supposed ? *supposed : *problem.additive,
          std::min(Times(share, kAdditiveShare), BoundOf(options)),
          Times(width, kAdditiveBeamShare));
      if (supposed && result.verdict == Verdict::kViolation) {
        result.verdict = Verdict::kUnknown;
      }
      return result;
    });
  }
  const bool is_deep = options.strategy == Strategy::kBoth;
  // Depth first, info operations that add are soon used up for nothing; there
  // others have the first turn.
  const bool is_deep_later = has_crashes && has_additions;
  const Sweep deep = [&](size_t share, size_t) {
    return SearchDepthFirst(problem, share, options.note_dead_ends);
  };
  const bool is_narrow = options.strategy == Strategy::kBoth ||
                         options.strategy == Strategy::kNarrow;
  const bool has_sets = problem.footprints->has_places() && !has_additions;
  // In one place, depth first soon finds its way.
  const bool is_guided = options.strategy == Strategy::kBoth &&
                         problem.footprints->place_count() > 1;
  if (has_sets && (is_guided || options.strategy == Strategy::kGuided)) {
    sweeps.push_back([&, guided = std::make_shared<GuidedTurns>(problem)](
                         size_t share, size_t) {
      return guided->Take(Times(share, kGuidedShare), BoundOf(options));
    });
  }
  if (is_deep && !is_deep_later) sweeps.push_back(deep);
  if (is_narrow && (has_crashes || has_additions)) {
    const bool is_first = !is_deep || is_deep_later;
    sweeps.push_back([&, is_first](size_t share, size_t width) {
      if (is_first) share = Times(share, kPatienceGrowth);
      return SearchNarrowly(problem, share, Times(width, kBeamShare),
                            options.want_linearization);
    });
  }
  if (is_deep && is_deep_later) sweeps.push_back(deep);
  sweeps.push_back([&](size_t share, size_t width) {
    return SearchBreadthFirst(problem, share, width,
                              options.want_linearization);
  });
  return sweeps;
}

// The verdict on the events before problem.end. Of a violation, only that it is
// one is sure.
SearchResult SearchInTurns(const SearchProblem& problem,
                           const SearchOptions& options) {
  const size_t bound = BoundOf(options);
  std::vector<Sweep> sweeps = Sweeps(problem, options);
  size_t patience =
      std::max(kLeastPatience, problem.end * size_t{kFirstPatienceAnEvent});
  size_t width = FirstWidth(options);
  size_t spent = 0;
  while (true) {
    for (Sweep& sweep : sweeps) {
      SearchResult result = sweep(std::min(patience, bound - spent), width);
      spent += std::min(bound - spent, result.configurations);
      result.configurations = spent;
      if (IsDecided(result)) return result;
      if (spent >= bound) {
        result.unknown = UnknownReason::kMemoryLimit;
        return result;
      }
    }
    patience *= kPatienceGrowth;
    if (width <= std::numeric_limits<size_t>::max() / kPatienceGrowth) {
      width *= kPatienceGrowth;
    }
  }
}

// Of a violation that `found` says something about: the return at which it
// became certain. Judges prefixes, beginning near the furthest event.
class Pinpointer {
 public:
  Pinpointer(const SearchProblem& problem, const SearchOptions& options,
             SearchResult found)
      : problem_(problem),
        options_(options),
        returns_(ReturnEvents(problem)),
        found_(std::move(found)) {
    const size_t left = BoundOf(options) - found_.configurations;
    left_ = std::min(left, std::max(kLeastPinpointEffort,
                                    found_.configurations * kPinpointShare));
    const auto furthest = std::lower_bound(returns_.begin(), returns_.end(),
                                           found_.furthest_event);
    guess_ = static_cast<size_t>(furthest - returns_.begin());
    if (!found_.is_widened) good_ = guess_;
    bad_ = found_.looked_far ? returns_.size() : guess_ + 1;
  }

  SearchResult Run() {
    size_t step = 1;
    size_t probe = guess_ > good_ ? guess_ : good_ + 1;
    while (good_ + 1 < bad_) {
      const Verdict verdict = Judge(std::clamp(probe, good_ + 1, bad_ - 1));
      if (verdict == Verdict::kUnknown) {
        found_.is_culprit_exact = false;
        return std::move(found_);
      }
      probe = verdict == Verdict::kValid ? good_ + step
                                         : std::max(bad_, step + 1) - step;
      step *= 2;
    }
    found_.furthest_event = returns_[bad_ - 1];
    return std::move(found_);
  }

 private:
  // Judges the prefix of the first `count` returns.
  Verdict Judge(size_t count) {
    if (left_ == 0) return Verdict::kUnknown;
    problem_.end = returns_[count - 1] + 1;
    options_.max_configurations = left_;
    const SearchResult result = SearchInTurns(problem_, options_);
    left_ -= std::min(left_, result.configurations);
    found_.configurations += result.configurations;
    if (result.verdict == Verdict::kValid) good_ = count;
    if (result.verdict == Verdict::kViolation) bad_ = count;
    return result.verdict;
  }

  SearchProblem problem_;
  SearchOptions options_;
  std::vector<uint32_t> returns_;
  SearchResult found_;
  size_t left_ = 0;  // how many configurations may still be entered
  // The prefix of the first good_ returns is no violation, that of the first
  // bad_ is one.
  size_t good_ = 0;
  size_t bad_ = 0;
  size_t guess_ = 0;
};

SearchResult SearchOnce(const SearchProblem& problem,
                        const SearchOptions& options) {
  SearchResult result =
      options.strategy == SearchOptions::Strategy::kDepthFirst
          ? SearchDepthFirst(problem, BoundOf(options), options.note_dead_ends)
          : SearchBreadthFirst(problem, BoundOf(options),
                               std::numeric_limits<size_t>::max(),
                               options.want_linearization);
  if (result.verdict == Verdict::kUnknown && !result.unknown) {
    result.unknown = UnknownReason::kMemoryLimit;
  }
  return result;
}

// What is known without a search of a history with an operation that is
// impossible: that it is violated, at the latest when that returns.
SearchResult ViolatedAtTheLatest(const SearchProblem& problem,
                                 uint32_t impossible) {
  SearchResult result;
  result.operations_total = problem.timeline.operations().size();
  result.verdict = Verdict::kViolation;
  result.is_culprit_exact = false;
  result.furthest_event = problem.end;
  result.culprit = problem.timeline.operations()[impossible].operation;
  return result;
}

// Turns what the search found of all that comes before an impossible operation
// into the violation that this is. If all of that can be explained, this is
// where it breaks; if that was not found out, it may have been broken before.
void BreakAt(uint32_t impossible, const SearchProblem& problem,
             SearchResult& result) {
  result.is_culprit_exact = result.verdict == Verdict::kValid;
  result.verdict = Verdict::kViolation;
  result.unknown.reset();
  result.linearization.clear();
  result.furthest_event = problem.end;
  result.culprit_is_impossible = problem.model.IsImpossible(
      problem.timeline.operations()[impossible].action);
}

// Says how far the search got, and what it ended with.
void TellExtent(const Timeline& timeline, SearchResult& result) {
  result.operations_total = timeline.operations().size();
  result.operations_passed =
      result.verdict == Verdict::kValid
          ? result.operations_total
          : ReturnsBefore(timeline, result.furthest_event);
  if (result.verdict == Verdict::kViolation) {
    const uint32_t culprit = timeline.event(result.furthest_event).subject;
    result.culprit = timeline.operations()[culprit].operation;
  }
}

}  // namespace

std::vector<history::OpIndex> PathOperations(const Timeline& timeline,
                                             std::span<const uint32_t> path,
                                             size_t first) {
  constexpr uint32_t kMarks = kCrashBit | kSpareBit;
  std::vector<bool> is_linearized(timeline.operations().size(), false);
  for (const uint32_t code : path) {
    if ((code & kMarks) == 0) is_linearized[code] = true;
  }
  std::vector<history::OpIndex> operations;
  std::vector<uint32_t> used(timeline.crashes().size(), 0);
  for (size_t i = 0; i < path.size(); ++i) {
    const uint32_t code = path[i];
    history::OpIndex operation = 0;
    if ((code & kCrashBit) != 0) {
      const uint32_t kind = code & ~kCrashBit;
      operation = timeline.crashes()[kind].operations[used[kind]++];
    } else if ((code & kSpareBit) == 0) {
      operation = timeline.operations()[code].operation;
    } else if (!is_linearized[code & ~kSpareBit]) {
      operation = timeline.operations()[code & ~kSpareBit].operation;
    } else {
      continue;
    }
    if (i >= first) operations.push_back(operation);
  }
  return operations;
}

size_t ReturnsBefore(const Timeline& timeline, uint32_t event) {
  return static_cast<size_t>(
      std::count_if(timeline.operations().begin(), timeline.operations().end(),
                    [=](const TimedOperation& operation) {
                      return operation.return_event < event;
                    }));
}

SearchResult SearchLinearization(std::span<const Interval> operations,
                                 SequentialModel& model, Budget& budget,
                                 const SearchOptions& options) {
  model.Settle();
  const Timeline timeline(operations, model, &budget);
  const size_t bytes =
      timeline.MemoryBytes() + timeline.operations().size() * kBytesToLookAhead;
  const Allowance allowance(budget, bytes);
  const Footprints footprints(timeline, model, &budget);
  SearchProblem problem{timeline, model, budget,
                        static_cast<uint32_t>(timeline.event_count()),
                        &footprints};
  const std::optional<uint32_t> impossible =
      FindImpossible(timeline, model, &budget);
  if (const auto reason = budget.Exhausted(); reason && !impossible) {
    SearchResult result;
    result.operations_total = timeline.operations().size();
    result.verdict = Verdict::kUnknown;
    result.unknown = reason;
    return result;
  }
  if (impossible) {
    problem.end = timeline.operations()[*impossible].return_event;
    if (!options.want_culprit) return ViolatedAtTheLatest(problem, *impossible);
  }
  const bool is_once =
      options.strategy == SearchOptions::Strategy::kDepthFirst ||
      options.strategy == SearchOptions::Strategy::kBreadthFirst;
  // Dead ends are of interest where they are.
  problem.looks_far = !is_once && !options.note_dead_ends;
  const std::optional<AdditiveObject> additive =
      AdditiveObject::Make(timeline, footprints, model);
  if (additive) problem.additive = &*additive;
  SearchOptions effort = options;
  if (impossible) {
    effort.max_configurations =
        std::min(BoundOf(options), kLeastPinpointEffort);
  }
  SearchResult result =
      is_once ? SearchOnce(problem, effort) : SearchInTurns(problem, effort);
  if (result.verdict == Verdict::kViolation && options.want_culprit &&
      (result.is_widened || result.looked_far)) {
    result = Pinpointer(problem, options, std::move(result)).Run();
  }
  if (result.verdict != Verdict::kViolation && impossible) {
    BreakAt(*impossible, problem, result);
  }
  TellExtent(timeline, result);
  return result;
}

}  // namespace minos::checker
