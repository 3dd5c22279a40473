// The operations of a partition as a search meets them: a sequence of calls and
// returns, with each open operation in a slot.
//
// A slot is a small number that an operation has to itself while it is open, so
// a set of open operations is a few bits, as many as operations are ever open
// at once, however long the history is.

#ifndef MINOS_CHECKER_TIMELINE_H_
#define MINOS_CHECKER_TIMELINE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"
#include "history/operation.h"

namespace minos::checker {

// A completed operation.
struct TimedOperation {
  history::OpIndex operation = 0;
  ActionId action = 0;
  uint32_t slot = 0;
  uint32_t call_event = 0;    // index of its call among the events
  uint32_t return_event = 0;  // index of its return among the events
  bool is_read_only = false;
  bool is_blind = false;  // SequentialModel::IsBlind
};

// All info operations with one action: they are interchangeable, but for when
// each was called.
struct CrashKind {
  ActionId action = 0;
  std::vector<history::OpIndex> operations;  // in the order of their calls
  std::vector<uint32_t> call_events;         // of these
};

struct TimelineEvent {
  enum class Type : uint8_t {
    kCall,    // of operations()[subject]
    kReturn,  // of operations()[subject]
    kCrash,   // one more of crashes()[subject] may take effect from here on
  };
  Type type;
  uint32_t subject;
};

class Timeline {
 public:
  // Info operations that say nothing (read-only or unobservable for `model`)
  // are left out. `intervals` are in the order of their calls. O(n log n).
  // Means nothing once `budget`, which may be null, is exhausted.
  Timeline(std::span<const Interval> intervals, const SequentialModel& model,
           Budget* budget = nullptr);

  size_t event_count() const { return events_.size(); }
  TimelineEvent event(size_t index) const {
    const uint32_t code = events_[index];
    return {static_cast<TimelineEvent::Type>(code >> kTypeShift),
            code & kSubjectMask};
  }
  const std::vector<TimedOperation>& operations() const { return operations_; }
  const std::vector<CrashKind>& crashes() const { return crashes_; }
  // The most completed operations that are ever open at once.
  size_t slot_count() const { return slot_count_; }
  size_t MemoryBytes() const;

 private:
  static constexpr int kTypeShift = 30;
  static constexpr uint32_t kSubjectMask = (1u << kTypeShift) - 1;
  static constexpr uint32_t kNoEvent = 0xFFFFFFFFu;  // of no type

  static uint32_t Encode(TimelineEvent::Type type, size_t subject) {
    return (static_cast<uint32_t>(type) << kTypeShift) |
           static_cast<uint32_t>(subject);
  }
  bool PlaceMoments(
      const std::vector<std::pair<history::Position, uint32_t>>& moments);
  void PlaceOperations(Budget* budget);

  std::vector<uint32_t> events_;
  std::vector<TimedOperation> operations_;
  std::vector<CrashKind> crashes_;
  size_t slot_count_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_TIMELINE_H_
