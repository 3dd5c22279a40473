// A point of the search for a linearization.

#ifndef MINOS_CHECKER_CONFIGURATION_H_
#define MINOS_CHECKER_CONFIGURATION_H_

#include <cstdint>

#include "checker/crash_usage.h"
#include "checker/sequential_model.h"
#include "checker/slot_set.h"

namespace minos::checker {

// Marks a kind of info operations where a slot or an operation might stand too.
inline constexpr uint32_t kCrashBit = 1u << 31;

// The last operation of a path, if it is an info operation that nothing has
// noticed yet; see wgl.cc.
struct Unnoticed {
  bool is_pending = false;
  uint32_t kind = 0;
  StateId before = 0;  // the state in which it was taken
};

// Where a path has led to, but for the event, which the sweep knows.
struct Configuration {
  explicit Configuration(size_t mask_words) : linearized(mask_words) {}

  StateId state = 0;
  UsageId usage = 0;
  Unnoticed unnoticed;
  // The open operations that are linearized.
  SlotSet linearized;
};

// One way on from a configuration: linearize an operation, after which the
// object is in `next`.
struct Choice {
  uint32_t subject = 0;  // a slot, or kCrashBit and a kind
  StateId next = 0;
  bool is_crash() const { return (subject & kCrashBit) != 0; }
  uint32_t kind() const { return subject & ~kCrashBit; }
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONFIGURATION_H_
