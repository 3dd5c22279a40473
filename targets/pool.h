// Slots for what is under way: a message, a request, an answer. Freed slots
// are used again, so that a long run allocates no more than a short one.

#ifndef MINOS_TARGETS_POOL_H_
#define MINOS_TARGETS_POOL_H_

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace minos::targets {

template <typename T>
class Pool {
 public:
  // Where `item` lies from now on. References to other items stay valid.
  uint32_t Put(T item) {
    if (free_.empty()) {
      items_.push_back(std::move(item));
      return static_cast<uint32_t>(items_.size() - 1);
    }
    const uint32_t slot = free_.back();
    free_.pop_back();
    items_[slot] = std::move(item);
    return slot;
  }

  T& operator[](uint32_t slot) { return items_[slot]; }
  const T& operator[](uint32_t slot) const { return items_[slot]; }

  // REQUIRES: `slot` is in use.
  void Free(uint32_t slot) { free_.push_back(slot); }

 private:
  std::deque<T> items_;
  std::vector<uint32_t> free_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_POOL_H_
