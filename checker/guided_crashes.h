// Which info operations the points of a guided search have used, and which they
// have left.

#ifndef MINOS_CHECKER_GUIDED_CRASHES_H_
#define MINOS_CHECKER_GUIDED_CRASHES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "checker/crash_reserve.h"
#include "checker/crash_usage.h"
#include "checker/freshness.h"
#include "checker/guided_point.h"
#include "checker/open_values.h"
#include "checker/search_strategies.h"
#include "checker/usage_memo.h"

namespace minos::checker {

class GuidedCrashes {
 public:
  // All outlive this. `open` is where the points are.
  GuidedCrashes(const SearchProblem& problem, const OpenValues& open,
                const Freshness& freshness)
      : footprints_(*problem.footprints),
        open_(open),
        usages_(problem.timeline.crashes().size()),
        part_usages_(problem.footprints->part_count()),
        reserve_(problem, open, freshness) {}

  // The kinds that set `part` of which some have been called.
  std::span<const uint32_t> CalledFor(PartId part) const;
  // Whether one of a kind is left.
  bool IsLeft(const GuidedPoint& point, uint32_t kind) const;
  // Whether one is left that sets `part`.
  bool HasFor(const GuidedPoint& point, PartId part) const;
  // Uses one of `kind`, which sets what `program` says. False if then too few
  // are left for what certainly needs them. REQUIRES: one is left.
  bool Use(GuidedPoint& point, uint32_t kind,
           const OpenValues::Program& program);

  size_t MemoryBytes() const {
    return usages_.MemoryBytes() + part_usages_.MemoryBytes() +
           reserve_.MemoryBytes() + added_.MemoryBytes() +
           part_added_.MemoryBytes() + counted_.MemoryBytes();
  }

 private:
  const Footprints& footprints_;
  const OpenValues& open_;
  CrashUsage usages_;
  CrashUsage part_usages_;  // of parts, not of kinds
  UsageMemo added_;
  UsageMemo part_added_;
  mutable UsageMemo counted_;
  CrashReserve reserve_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_CRASHES_H_
