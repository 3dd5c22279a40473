// Where a path of the guided search has led to (guided_search.cc).

#ifndef MINOS_CHECKER_GUIDED_POINT_H_
#define MINOS_CHECKER_GUIDED_POINT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "checker/crash_usage.h"
#include "checker/open_values.h"
#include "checker/slot_mask.h"
#include "checker/trails.h"

namespace minos::checker {

struct GuidedPoint {
  // The score of a point from which nothing leads to the end.
  static constexpr uint32_t kHopeless = std::numeric_limits<uint32_t>::max();

  std::span<const PartId> ValuesOf(size_t places) const {
    return std::span(values).first(places);
  }

  SlotMask linearized;
  SlotMask spare;
  UsageId usage = 0;
  UsageId used_parts = 0;  // what those set, if it is scarce
  uint32_t used = 0;       // how many info operations that is
  uint32_t trail = Trails::kNone;
  // How many info operations are used, or will certainly have to be.
  uint32_t level = 0;
  uint32_t score = 0;  // the less, the better
  std::array<PartId, OpenValues::kMostPlaces> values = {};
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_POINT_H_
