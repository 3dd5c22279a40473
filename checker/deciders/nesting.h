// Choosing intervals that nest.

#ifndef MINOS_CHECKER_DECIDERS_NESTING_H_
#define MINOS_CHECKER_DECIDERS_NESTING_H_

#include <cstdint>
#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {

// An interval to be chosen: it begins after `earliest` and not after
// `begin_by`, and ends not before `end_from` and before `latest`. No two of
// these moments of different intervals are equal, but for kNever and
// kNever - 1.
struct Flexible {
  Moment earliest;
  Moment begin_by;
  Moment end_from;
  Moment latest;
  // It can be chosen so short that it contains nothing else.
  bool is_trivial() const { return begin_by >= end_from; }
};

// Where an interval was put: just before the moment `begin` and just after
// `end`. Of two with the same begin or end the one with the smaller depth is
// outside.
struct Nested {
  Moment begin = kStart;
  Moment end = kStart;
  uint32_t depth = 0;
};

struct Nesting {
  bool exists = true;
  // By interval; trivial ones are not placed.
  std::vector<Nested> places;
  // If there is none: intervals that cannot be nested, whatever the others.
  std::vector<uint32_t> conflict;
  // On request: others, each by themselves.
  std::vector<std::vector<uint32_t>> more_conflicts;
};

// Intervals of which any two are disjoint or one contains the other. See
// nesting.cc for how they are found. Means nothing if `budget` is exhausted
// afterwards. O(n log n) time, about 100 bytes an interval.
Nesting Nest(std::span<const Flexible> intervals, Budget& budget,
             bool want_all_conflicts = false);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_NESTING_H_
