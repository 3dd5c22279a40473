// Which points of a guided search are tried first, and which not at all.

#ifndef MINOS_CHECKER_GUIDED_RATING_H_
#define MINOS_CHECKER_GUIDED_RATING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/guided_crashes.h"
#include "checker/guided_point.h"
#include "checker/open_values.h"

namespace minos::checker {

class GuidedRating {
 public:
  // All outlive this; `open` is where the points are.
  GuidedRating(const OpenValues& open, const GuidedCrashes& crashes,
               size_t parts)
      : open_(open), crashes_(crashes), stamps_(parts, 0) {}

  // Another order of preference; there are a few, which come again and again.
  void TakeTaste(size_t number) { taste_ = number; }

  // Finds the level and the score of `point`. O(what is open and waits).
  void Rate(GuidedPoint& point);

  size_t MemoryBytes() const { return stamps_.capacity() * sizeof(uint32_t); }

 private:
  bool Await(const GuidedPoint& point, PartId part, uint32_t bringers);

  const OpenValues& open_;
  const GuidedCrashes& crashes_;
  size_t taste_ = 0;
  // What a point waits for, as it is being rated.
  uint32_t stamp_ = 0;
  std::vector<uint32_t> stamps_;  // by part
  std::array<uint32_t, 4> awaited_ = {};
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_RATING_H_
