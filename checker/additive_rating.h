// How likely it is that a configuration of an object whose state is a sum is on
// the way to a linearization; additive_rating.cc has the essay.

#ifndef MINOS_CHECKER_ADDITIVE_RATING_H_
#define MINOS_CHECKER_ADDITIVE_RATING_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/open_operations.h"
#include "checker/slot_set.h"
#include "checker/timeline.h"

namespace minos::checker {

// Ratings are logarithms: of two configurations before the same event, the one
// that is rated higher by 1 is e times as likely.
class AdditiveRating {
 public:
  // What it says of a configuration that an open seer cannot be satisfied any
  // more, but by info operations.
  static constexpr float kUnsatisfied = -2.0F;

  // `timeline` outlives this.
  explicit AdditiveRating(const Timeline& timeline);

  // Looks at the next event of `open`, the return of what is in the slot
  // `returning`. `updates` and `seers` are the slots that count. O(slots).
  void LookAt(const OpenOperations& open, uint32_t returning,
              std::span<const uint32_t> updates,
              std::span<const uint32_t> seers);

  // What it says that these open operations are linearized, and no others.
  float OfLinearized(const SlotSet& linearized) const;
  // What `slot` adds to that.
  float OfSlot(uint32_t slot) const { return slots_[slot]; }
  // What it says that an info operation of `kind` is used at this event.
  // REQUIRES: one has been called.
  float OfCrash(const OpenOperations& open, uint32_t kind) const;

  // The logarithm of the chance of a choice of `taken` out of `available`.
  float LogChance(size_t available, size_t taken) const;
  // What the logarithm of the chance of all the paths to a configuration says.
  static float OfPaths(float log_chance) { return kPaths * log_chance; }
  // The logarithm of the chance of either, by those of both.
  static float Either(float log_chance, float other);

 private:
  static constexpr float kPaths = 0.51F;

  float LogOdds(const TimedOperation& operation, uint32_t event) const;

  const Timeline& timeline_;
  std::vector<float> slots_;
  std::vector<float> log_factorials_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_RATING_H_
