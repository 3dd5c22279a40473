// Which elements of a stack the pops took whose outcome nobody knows.

#ifndef MINOS_CHECKER_DECIDERS_POP_CHOICE_H_
#define MINOS_CHECKER_DECIDERS_POP_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "checker/budget.h"
#include "checker/deciders/nesting.h"
#include "checker/deciders/removal_choice.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {

// When an element that is never popped ends: after all returns.
inline constexpr Moment kAtLast = history::kNever - 1;

struct PopProblem {
  // A pop that found the stack empty, at some moment after `call` and up to
  // `end`.
  struct Miss {
    Moment call;
    Moment end;
  };
  // When elements are in the stack, in the order of `earliest`. A lost one, of
  // which no pop is known, has end_from kAtLast and latest kNever.
  std::span<const Flexible> elements;
  // The calls of the pops with an unknown outcome, in their order.
  std::span<const Moment> pops;
  std::span<const Miss> misses;
};

// What a lost element becomes if it may be taken by a pop called at `pop`.
inline Flexible TakenBy(Flexible lost, Moment pop) {
  lost.end_from = pop > lost.earliest ? pop : lost.earliest;
  return lost;
}

// Chooses what the pops took, so that the intervals nest and each miss has a
// moment that no core covers. The intervals of those that are taken may begin
// to end with the call of the pop; one that is nested so that it ends at
// kAtLast is not popped. Exact; gives up if it has looked at more than `effort`
// elements. O(n log n) for each look at all elements, see removal_choice.cc.
RemovalChoice ChoosePops(const PopProblem& problem, size_t effort,
                         Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_POP_CHOICE_H_
