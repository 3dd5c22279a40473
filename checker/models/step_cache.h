// Remembers the outcomes of steps that are not O(1).

#ifndef MINOS_CHECKER_MODELS_STEP_CACHE_H_
#define MINOS_CHECKER_MODELS_STEP_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/sequential_model.h"
#include "history/hash.h"

namespace minos::checker {

// A direct-mapped cache from (state, action) to the one successor: what is put
// in may be gone later, and what is found is right. It grows with the misses up
// to 1 MiB.
class StepCache {
 public:
  // Stands for "does not fit".
  static constexpr StateId kRefused = 0xFFFFFFFFu;

  // The successor of `state` by `action`, computed by `step()` if it is not
  // remembered.
  template <typename StepFunction>
  StateId GetOr(StateId state, ActionId action, StepFunction step) {
    if (misses_ >= entries_.size()) Grow();
    Entry& entry = entries_[SlotOf(state, action)];
    if (entry.state == state && entry.action == action) return entry.next;
    ++misses_;
    // `step` must not touch the cache.
    entry = {state, action, step()};
    return entry.next;
  }

  // Appends that successor to `successors`, if there is one.
  template <typename StepFunction>
  void Follow(StateId state, ActionId action, std::vector<StateId>& successors,
              StepFunction step) {
    const StateId next = GetOr(state, action, step);
    if (next != kRefused) successors.push_back(next);
  }

  size_t MemoryBytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  struct Entry {
    StateId state = 0;
    ActionId action = kNoAction;
    StateId next = 0;
  };
  static constexpr ActionId kNoAction = 0xFFFFFFFFu;
  static constexpr size_t kSmallest = 64;
  static constexpr size_t kLargest = (size_t{1} << 20) / 16;

  size_t SlotOf(StateId state, ActionId action) const {
    return CombineHash(state, action) & (entries_.size() - 1);
  }

  void Grow() {
    misses_ = 0;
    if (entries_.size() >= kLargest) return;
    const size_t size = entries_.empty() ? kSmallest : entries_.size() * 4;
    entries_.assign(size, Entry{});
  }

  std::vector<Entry> entries_;  // a power of two long
  size_t misses_ = 0;           // since the last growth
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_STEP_CACHE_H_
