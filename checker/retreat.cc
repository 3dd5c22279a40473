#include "checker/retreat.h"

namespace minos::checker {

bool Retreat::TryAgain(uint32_t event) {
  if (event > stuck_at_) {
    stuck_at_ = event;
    cycle_ = 0;
    attempt_ = 0;
    return true;
  }
  if (++attempt_ >= rule_.attempts + cycle_ * rule_.more_attempts) {
    ++cycle_;
    // The first attempt goes back least; it has just failed.
    attempt_ = 1;
  }
  return cycle_ < rule_.cycles;
}

}  // namespace minos::checker
