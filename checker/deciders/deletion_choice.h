// Which elements of a priority queue the delete-mins took whose outcome nobody
// knows.

#ifndef MINOS_CHECKER_DECIDERS_DELETION_CHOICE_H_
#define MINOS_CHECKER_DECIDERS_DELETION_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "checker/budget.h"
#include "checker/deciders/removal_choice.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {

struct DeletionProblem {
  // An element from the gap before `in_end` on, until it is taken out in a gap
  // from `out_call` on and before `out_end`; meanwhile no larger one is taken.
  // A lost element, of which no delete-min is known, has out_end kNever, and
  // out_call is the call of its insert. A delete-min that found nothing is an
  // element larger than all with in_end kNever.
  struct Stay {
    Moment in_end;
    Moment out_call;
    Moment out_end;
    uint32_t size;  // the smaller, the smaller it is; equal for equal ones
    bool is_lost() const { return out_end == history::kNever; }
  };
  std::span<const Stay> stays;  // the smallest first
  // The calls of the delete-mins with an unknown outcome, in their order.
  std::span<const Moment> deletions;
};

// Chooses what the delete-mins took, so that each of the others has a gap in
// which no smaller element is there. Exact; gives up if it has looked at more
// than `effort` elements. O(n log n) for each look at all elements, see
// deletion_choice.cc; about 60 bytes an element.
RemovalChoice ChooseDeletions(const DeletionProblem& problem, size_t effort,
                              Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_DELETION_CHOICE_H_
