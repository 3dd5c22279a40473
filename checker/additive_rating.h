// How likely it is that a configuration of an object whose state is a sum is on
// the way to a linearization; additive_rating.cc has the essay.

#ifndef MINOS_CHECKER_ADDITIVE_RATING_H_
#define MINOS_CHECKER_ADDITIVE_RATING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/timeline.h"

namespace minos::checker {

// Ratings are logarithms: of two configurations before the same event, the one
// that is rated higher by 1 is e times as likely.
class AdditiveRating {
 public:
  // What it says of a configuration that an open seer cannot be satisfied any
  // more, but by info operations.
  static constexpr float kUnsatisfied = -2.0F;

  // For timelines of at most `slots` slots.
  explicit AdditiveRating(size_t slots);

  // What it says that an update, or a seer, that is open at `event` is
  // linearized before it.
  static float OfUpdate(const TimedOperation& operation, uint32_t event);
  static float OfSeer(const TimedOperation& operation, uint32_t event);
  // What it says that an info operation that was called at the event `called`
  // is used at `event`.
  static float OfCrash(uint32_t called, uint32_t event);

  // The logarithm of the chance of a choice of `taken` out of `available`.
  float LogChance(size_t available, size_t taken) const;
  // What is to be added to that where of `available` equal ones it does not
  // matter which are taken.
  float LogWays(size_t available, size_t taken) const {
    return -LogChance(available, taken) / kPaths;
  }
  // What the logarithm of the chance of all the paths to a configuration says.
  static float OfPaths(float log_chance) { return kPaths * log_chance; }
  // The logarithm of the chance of either, by those of both.
  static float Either(float log_chance, float other);

 private:
  static constexpr float kPaths = 0.51F;

  std::vector<float> log_factorials_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_RATING_H_
