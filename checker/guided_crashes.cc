#include "checker/guided_crashes.h"

#include <algorithm>

namespace minos::checker {

// Kinds are numbered in the order of their first calls.
std::span<const uint32_t> GuidedCrashes::CalledFor(PartId part) const {
  const auto kinds = footprints_.CrashKindsOf(part);
  const auto end = std::partition_point(
      kinds.begin(), kinds.end(),
      [&](uint32_t kind) { return open_.crashed(kind) > 0; });
  return kinds.first(static_cast<size_t>(end - kinds.begin()));
}

bool GuidedCrashes::IsLeft(const GuidedPoint& point, uint32_t kind) const {
  const uint32_t called = open_.crashed(kind);
  if (called == 0) return false;
  return counted_.Get(point.usage, kind, [&] {
    return usages_.Count(point.usage, kind);
  }) < called;
}

bool GuidedCrashes::HasFor(const GuidedPoint& point, PartId part) const {
  const auto kinds = CalledFor(part);
  return std::any_of(kinds.rbegin(), kinds.rend(),
                     [&](uint32_t kind) { return IsLeft(point, kind); });
}

bool GuidedCrashes::Use(GuidedPoint& point, uint32_t kind,
                        const OpenValues::Program& program) {
  point.usage = added_.Get(point.usage, kind,
                           [&] { return usages_.Add(point.usage, kind); });
  ++point.used;
  return std::all_of(
      program.sets.begin(), program.sets.end(), [&](const auto& set) {
        if (!reserve_.IsLimited(set.part)) return true;
        point.used_parts = part_added_.Get(point.used_parts, set.part, [&] {
          return part_usages_.Add(point.used_parts, set.part);
        });
        return part_usages_.Count(point.used_parts, set.part) <=
               reserve_.MostUsed(set.part, open_.event());
      });
}

}  // namespace minos::checker
