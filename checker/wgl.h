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

struct WglResult {
  Verdict verdict = Verdict::kValid;
  std::optional<UnknownReason> unknown;  // set exactly if unknown
  // valid: the operations in an order that explains them all.
  std::vector<history::OpIndex> linearization;
  // violation: the operation at whose return it became certain. The events up
  // to that return are the smallest violated prefix.
  history::OpIndex culprit = 0;
  // violation: the states in which the object could have been at that return,
  // each with one way there; at most kMaxImpasses.
  struct DeadEnd {
    StateId state = 0;
    // The operations linearized since the last return before the culprit's
    // that every way passes.
    std::vector<history::OpIndex> path;
    // The operations that were open and not linearized, the culprit among them.
    std::vector<Interval> pending;
  };
  std::vector<DeadEnd> dead_ends;
  size_t configurations = 0;  // how many were remembered
  // How many of the operations had returned where the search got furthest.
  size_t operations_passed = 0;
};

inline constexpr size_t kMaxDeadEnds = 8;

// Is there an order of `operations` that contains real time and in which each
// result is what `model` gives? `operations` are those of one partition in the
// order of their calls, without failed ones. `max_configurations`, if not 0,
// ends the search with `unknown` (reason kMemoryLimit) after so many, whatever
// the machine. See wgl.cc for the algorithm and what it costs.
WglResult SearchLinearization(std::span<const Interval> operations,
                              SequentialModel& model, Budget& budget,
                              size_t max_configurations = 0);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_WGL_H_
