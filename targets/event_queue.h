// What happens next in the simulated world: a queue ordered by time, and by
// the order of arrival where times are equal. That second rule makes the order
// total, so that a run has only one course.

#ifndef MINOS_TARGETS_EVENT_QUEUE_H_
#define MINOS_TARGETS_EVENT_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/request.h"

namespace minos::targets {

enum class StepKind : uint8_t {
  kMessage,    // `slot` of the cluster's messages reaches node `to`
  kRequest,    // `slot` of the requests reaches node `to`
  kAnswer,     // `slot` of the answers reaches process `to`
  kNodeTimer,  // of node `to`; `slot` is the life of the node that set it
  kHostTimer,  // of whoever runs the world; `tag` tells him what for
};

// 40 bytes, copied freely.
struct Step {
  Nanoseconds time = 0;
  uint64_t sequence = 0;
  int64_t tag = 0;
  StepKind kind = StepKind::kMessage;
  uint8_t life = 0;  // kMessage: the life of the sender, its last bits
  int16_t from = 0;
  int32_t to = 0;
  uint32_t slot = 0;
};

// A binary heap. Push and Pop are O(log n) and allocate only while it grows.
class EventQueue {
 public:
  bool empty() const { return heap_.empty(); }
  size_t size() const { return heap_.size(); }
  Nanoseconds next_time() const { return heap_.front().time; }

  // Whether something happens at that moment. O(n).
  bool HasAt(Nanoseconds time) const {
    return std::any_of(heap_.begin(), heap_.end(),
                       [time](const Step& step) { return step.time == time; });
  }

  void Push(Step step) {
    step.sequence = next_sequence_++;
    heap_.push_back(step);
    std::push_heap(heap_.begin(), heap_.end(), Later);
  }

  // REQUIRES: not empty.
  Step Pop() {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    const Step step = heap_.back();
    heap_.pop_back();
    return step;
  }

 private:
  static bool Later(const Step& a, const Step& b) {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }

  std::vector<Step> heap_;
  uint64_t next_sequence_ = 0;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_EVENT_QUEUE_H_
