// The two ways in which configurations are searched; both are exact.
//
// Depth first follows one path as far as it leads: it is fast where the history
// is valid, and remembers everything it has entered. Breadth first keeps only
// the configurations of one event: it is fast where every configuration must be
// entered anyway, that is, where the history is a violation, and drops more,
// since it meets those that used few info operations before the others.

#ifndef MINOS_CHECKER_SEARCH_STRATEGIES_H_
#define MINOS_CHECKER_SEARCH_STRATEGIES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/additive_object.h"
#include "checker/budget.h"
#include "checker/crash_usage.h"
#include "checker/footprints.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"
#include "checker/wgl.h"
#include "history/operation.h"

namespace minos::checker {

// What both search: the timeline up to `end`.
struct SearchProblem {
  const Timeline& timeline;
  SequentialModel& model;
  Budget& budget;
  uint32_t end = 0;  // the sweep succeeds at this event
  // Of the timeline; null if there is nothing to look ahead by.
  const Footprints* footprints = nullptr;
  // Whether to look ahead to the returns of all open operations, not only to
  // the next one. Then a violation may become certain later than at the event
  // that nothing gets past (is_culprit_exact says so), but before `end`.
  bool looks_far = false;
  // Where the state of the object is a sum.
  const AdditiveObject* additive = nullptr;
};

// Whether nothing else is to be tried: there is a verdict, or a limit was met.
inline bool IsDecided(const SearchResult& result) {
  return result.verdict != Verdict::kUnknown || result.unknown.has_value();
}

// Ends with `unknown` and no reason if `max_configurations` were entered
// without a verdict. Fills all of the result but operations_total and what
// follows from an impossible result.
SearchResult SearchDepthFirst(const SearchProblem& problem,
                              size_t max_configurations, bool note_dead_ends);

// The same; notes no dead ends. The linearization is filled only if it is
// wanted: it costs 8 bytes for each operation of each configuration.
//
// Where an event has more than `width` configurations, they are widened
// (Frontier::Insert). A violation is one all the same, but may have become
// certain before (is_culprit_exact says so). What would be valid is unknown.
SearchResult SearchBreadthFirst(const SearchProblem& problem,
                                size_t max_configurations, size_t width,
                                bool want_linearization);

// A beam search: the same with a narrow frontier (Frontier) of at most `beam`
// configurations, in which few info operations are used at one return, and none
// where it can be passed without. Where it is stuck, it goes back a few returns
// and tries again with more. What is valid is valid; it finds no violation, but
// ends with `unknown` and no reason.
SearchResult SearchNarrowly(const SearchProblem& problem,
                            size_t max_configurations, size_t beam,
                            bool want_linearization);

inline constexpr uint32_t kMostCrashes = 2;

// Of an object whose state is a sum: chooses sets of updates, not their order
// (additive_search.cc). Of each event, `beam` configurations are expanded at
// first, and more where it is stuck. Ends with `unknown` and no reason where
// something was left out on the way, or where there are info operations and it
// is not valid. Where there are no conditions on updates, threads that the
// budget has to spare help.
SearchResult SearchAdditively(const SearchProblem& problem,
                              const AdditiveObject& object,
                              size_t max_configurations, size_t beam);

// A configuration in terms that outlive the sweep that was in it.
struct SearchSeed {
  StateId state = 0;
  // The info operations used: how many of each action.
  std::vector<std::pair<ActionId, uint32_t>> used;
  // Of the operations that were open.
  std::vector<history::OpIndex> linearized;
  std::vector<history::OpIndex> spare;
};

// Sweeps breadth first from the configurations `seeds` (none: from the initial
// state), which stand before the event `first`; no return comes before that.
// The configurations before the event `last` are put into `reached`; all
// operations that are open there have to be completed in the timeline, or else
// be called after it. A violation comes with the states that nothing got past.
SearchResult SweepOnward(const SearchProblem& problem,
                         std::span<const SearchSeed> seeds, uint32_t first,
                         uint32_t last, std::vector<SearchSeed>& reached);

// A path of a search (operations of the timeline, or kCrashBit and a kind) from
// its `first` step on, as operations of the history: the n-th use of a kind is
// the operation of that kind that was called n-th, and an operation that stands
// there with kSpareBit as well counts where it stands without.
std::vector<history::OpIndex> PathOperations(const Timeline& timeline,
                                             std::span<const uint32_t> path,
                                             size_t first = 0);

// How many completed operations return before `event`.
size_t ReturnsBefore(const Timeline& timeline, uint32_t event);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEARCH_STRATEGIES_H_
