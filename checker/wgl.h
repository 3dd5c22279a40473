// Linearizability by search, for every data type.

#ifndef MINOS_CHECKER_WGL_H_
#define MINOS_CHECKER_WGL_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/sequential_model.h"
#include "checker/verdict.h"
#include "history/operation.h"

namespace minos::checker {

// An operation as the search sees it: an interval and an action.
struct Interval {
  history::OpIndex operation = 0;
  history::Position call = 0;
  // kNever for an info operation: it may take effect at any time, or never.
  history::Position end = history::kNever;
  ActionId action = 0;
};

struct SearchOptions {
  enum class Strategy : uint8_t {
    kBoth,  // in turn, with growing patience
    kDepthFirst,
    kBreadthFirst,
    kWidening,  // breadth first, with growing width
    kNarrow,    // breadth first and narrow, then with growing width
    kGuided,    // guided by values, then breadth first
  };
  Strategy strategy = Strategy::kBoth;
  // Ends the search as `unknown` (memory-limit) after about so many
  // configurations, whatever the machine; 0 for no such bound.
  size_t max_configurations = 0;
  // How many configurations of one event are told apart at first where they
  // differ only in the info operations used; see wgl.cc. 0: all of them.
  size_t first_width = 4;
  // Whether a violation tells where it became certain. Otherwise only that it
  // is one is of interest, which may be quicker.
  bool want_culprit = true;
  // Whether a valid result tells the linearization.
  bool want_linearization = true;
  // Whether a violation that is found depth first tells its dead ends; costs
  // O(open operations) an event.
  bool note_dead_ends = false;
};

struct SearchResult {
  Verdict verdict = Verdict::kValid;
  std::optional<UnknownReason> unknown;  // set exactly if unknown
  // valid: the operations in an order that explains them all.
  std::vector<history::OpIndex> linearization;
  // Not valid: the event of the timeline that the search did not get past.
  uint32_t furthest_event = 0;
  // violation: the operation at whose return it became certain, given the
  // results that the operations open then returned later.
  history::OpIndex culprit = 0;
  // violation: false if it may have become certain before; then the effort or
  // the budget was spent before that was known.
  bool is_culprit_exact = true;
  // violation, while it is being searched for: configurations were entered that
  // may not be reachable, so that it may have become certain earlier; some were
  // left out that could get past the furthest event, but not to the end.
  bool is_widened = false;
  bool looked_far = false;
  // violation: no state that the operations can lead to fits the culprit.
  bool culprit_is_impossible = false;
  // violation, on request: states in which the object could have been when the
  // culprit returned, each with one way there. The first kMaxDeadEnds.
  struct DeadEnd {
    StateId state = 0;
    // What was linearized after all that had returned by then, in that order.
    std::vector<history::OpIndex> path;
    // The operations that were open and not linearized, the culprit first.
    std::vector<history::OpIndex> pending;
  };
  std::vector<DeadEnd> dead_ends;
  size_t configurations = 0;  // how many were entered
  // How many completed operations there are, and how many had returned where
  // the search got furthest.
  size_t operations_total = 0;
  size_t operations_passed = 0;
};

inline constexpr size_t kMaxDeadEnds = 6;

// Is there an order of `operations` that contains real time and in which each
// result is what `model` gives? `operations` are those of one partition in the
// order of their calls, without failed ones. See wgl.cc for the algorithm and
// what it costs.
SearchResult SearchLinearization(std::span<const Interval> operations,
                                 SequentialModel& model, Budget& budget,
                                 const SearchOptions& options = {});

}  // namespace minos::checker

#endif  // MINOS_CHECKER_WGL_H_
