// Which points of a guided search are tried first, and which not at all.

#ifndef MINOS_CHECKER_GUIDED_RATING_H_
#define MINOS_CHECKER_GUIDED_RATING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/culprits.h"
#include "checker/guided_crashes.h"
#include "checker/guided_point.h"
#include "checker/open_values.h"
#include "checker/slot_mask.h"

namespace minos::checker {

class GuidedRating {
 public:
  // All outlive this; `open` is where the points are. How much it counts that
  // info operations are used depends on `variant`.
  GuidedRating(const OpenValues& open, const GuidedCrashes& crashes,
               const Culprits& culprits, size_t parts, uint32_t variant);

  // Finds the level and the score of `point`, where those that are `unfit` do
  // not fit, of all that is open and still to be taken. O(what is open and
  // waits, and what can bring what it waits for).
  void Rate(GuidedPoint& point, SlotMask unfit);

  size_t MemoryBytes() const { return stamps_.capacity() * sizeof(uint32_t); }

 private:
  bool Await(GuidedPoint& point, PartId part, bool is_brought);
  uint32_t EffortOf(const GuidedPoint& point, SlotMask bringers,
                    SlotMask fitting) const;

  const OpenValues& open_;
  const GuidedCrashes& crashes_;
  const Culprits& culprits_;
  uint32_t level_cost_;
  // What only info operations can bring to the point that is being rated.
  uint32_t stamp_ = 0;
  std::vector<uint32_t> stamps_;  // by part
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_RATING_H_
