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
// 3. Two strategies. Depth first, a valid history is usually decided along one
//    path. Breadth first, the configurations of one event are all that is kept,
//    and what is dominated is seldom entered. The two take turns, each time
//    with more patience, so that the cost is within a constant factor of the
//    better one's.
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
// - Impossible results. The first return of an operation whose result no
//   reachable state gives (SequentialModel::IsImpossible) ends the sweep: if
//   the events before it can be explained, it is the violation.
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
#include <limits>
#include <utility>

#include "checker/configuration.h"
#include "checker/search_strategies.h"
#include "checker/timeline.h"

namespace minos::checker {
namespace {

// The patience of the first round is this many configurations for each event,
// and more for short histories; that of each next round is larger by a factor.
constexpr size_t kFirstPatienceAnEvent = 2;
constexpr size_t kLeastPatience = 10'000;
constexpr size_t kPatienceGrowth = 4;
// What may be spent on finding where a violation became certain: this many
// configurations, or so many times what was spent on finding that it is one.
constexpr size_t kLeastPinpointEffort = 2'000'000;
constexpr size_t kPinpointShare = 4;

constexpr uint32_t kNoOperation = 0xFFFFFFFFu;

// The operation that returns first of those that no reachable state fits.
uint32_t FindImpossible(const Timeline& timeline,
                        const SequentialModel& model) {
  uint32_t impossible = kNoOperation;
  const auto& operations = timeline.operations();
  for (uint32_t i = 0; i < operations.size(); ++i) {
    const bool is_earlier =
        impossible == kNoOperation ||
        operations[i].return_event < operations[impossible].return_event;
    if (is_earlier && model.IsImpossible(operations[i].action)) impossible = i;
  }
  return impossible;
}

size_t BoundOf(const SearchOptions& options) {
  return options.max_configurations == 0 ? std::numeric_limits<size_t>::max()
                                         : options.max_configurations;
}

size_t FirstWidth(const SearchOptions& options) {
  return options.first_width == 0 ? std::numeric_limits<size_t>::max()
                                  : options.first_width;
}

SearchResult SearchInTurns(const SearchProblem& problem,
                           const SearchOptions& options);

// Of a violation that is certain at the latest where `found` says: where it
// became certain.
SearchResult Pinpoint(SearchProblem problem, SearchOptions options,
                      SearchResult found) {
  const size_t left = BoundOf(options) - found.configurations;
  options.max_configurations = std::min(
      left,
      std::max(kLeastPinpointEffort, found.configurations * kPinpointShare));
  if (options.max_configurations == 0) return found;
  problem.end = found.furthest_event;
  SearchResult before = SearchInTurns(problem, options);
  before.configurations += found.configurations;
  if (before.verdict == Verdict::kViolation) return before;
  found.configurations = before.configurations;
  found.is_culprit_exact = before.verdict == Verdict::kValid;
  return found;
}

SearchResult SearchInTurns(const SearchProblem& problem,
                           const SearchOptions& options) {
  const size_t bound = BoundOf(options);
  size_t patience =
      std::max(kLeastPatience, problem.end * size_t{kFirstPatienceAnEvent});
  size_t width = FirstWidth(options);
  size_t spent = 0;
  while (true) {
    for (const bool is_depth_first : {true, false}) {
      if (is_depth_first &&
          options.strategy == SearchOptions::Strategy::kWidening) {
        continue;
      }
      const size_t share = std::min(patience, bound - spent);
      SearchResult result =
          is_depth_first
              ? SearchDepthFirst(problem, share, options.note_dead_ends)
              : SearchBreadthFirst(problem, share, width,
                                   options.want_linearization);
      spent += result.configurations;
      result.configurations = spent;
      if (result.verdict == Verdict::kViolation && !result.is_culprit_exact) {
        return Pinpoint(problem, options, std::move(result));
      }
      if (result.verdict != Verdict::kUnknown || result.unknown) return result;
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
  const Timeline timeline(operations, model);
  const size_t bytes = timeline.MemoryBytes();
  SearchResult result;
  result.operations_total = timeline.operations().size();
  if (!budget.Charge(bytes)) {
    result.verdict = Verdict::kUnknown;
    result.unknown = UnknownReason::kMemoryLimit;
    return result;
  }
  SearchProblem problem{timeline, model, budget,
                        static_cast<uint32_t>(timeline.event_count())};
  const uint32_t impossible = FindImpossible(timeline, model);
  if (impossible != kNoOperation) {
    problem.end = timeline.operations()[impossible].return_event;
  }
  const bool is_once =
      options.strategy == SearchOptions::Strategy::kDepthFirst ||
      options.strategy == SearchOptions::Strategy::kBreadthFirst;
  result =
      is_once ? SearchOnce(problem, options) : SearchInTurns(problem, options);
  budget.Release(bytes);
  if (result.verdict == Verdict::kValid && impossible != kNoOperation) {
    // All that comes before can be explained, so this is where it breaks.
    result.verdict = Verdict::kViolation;
    result.linearization.clear();
    result.furthest_event = problem.end;
    result.culprit_is_impossible = true;
  }
  result.operations_total = timeline.operations().size();
  result.operations_passed =
      result.verdict == Verdict::kValid
          ? result.operations_total
          : ReturnsBefore(timeline, result.furthest_event);
  if (result.verdict == Verdict::kViolation) {
    const uint32_t culprit = timeline.event(result.furthest_event).subject;
    result.culprit = timeline.operations()[culprit].operation;
  }
  return result;
}

}  // namespace minos::checker
