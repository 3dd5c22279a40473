// A point of the search for a linearization.

#ifndef MINOS_CHECKER_CONFIGURATION_H_
#define MINOS_CHECKER_CONFIGURATION_H_

#include <cstdint>

#include "checker/crash_usage.h"
#include "checker/note_table.h"
#include "checker/sequential_model.h"
#include "checker/slot_set.h"

namespace minos::checker {

// Marks a kind of info operations where a slot or an operation might stand too.
inline constexpr uint32_t kCrashBit = 1u << 31;
// Marks an operation of a path that stands there in case it is not linearized
// later: it was absorbed by what follows or precedes it.
inline constexpr uint32_t kSpareBit = 1u << 30;
// The choice to pass a return without linearizing anything.
inline constexpr uint32_t kPass = 0xFFFFFFFFu;

// Where a path has led to, but for the event, which the sweep knows.
struct Configuration {
  explicit Configuration(size_t mask_words)
      : linearized(mask_words), spare(mask_words) {}

  StateId state = 0;
  UsageId usage = 0;
  uint32_t used = 0;  // how many info operations that is
  // What is still to be noticed by the next operation.
  NoteId note = kNoNote;
  // The open operations that are linearized.
  SlotSet linearized;
  // Of those that are not, the blind updates that were absorbed: there is a
  // place behind in the path where they can stand without being noticed.
  SlotSet spare;

  bool is_pending() const { return note != kNoNote; }
};

// One way on from a configuration: linearize an operation, after which the
// object is in `next`.
struct Choice {
  uint32_t subject = 0;  // a slot, kCrashBit and a kind, or kPass
  StateId next = 0;
  bool is_pass() const { return subject == kPass; }
  bool is_crash() const { return !is_pass() && (subject & kCrashBit) != 0; }
  uint32_t kind() const { return subject & ~kCrashBit; }
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONFIGURATION_H_
