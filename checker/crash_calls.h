// The calls of info operations, in their order.

#ifndef MINOS_CHECKER_CRASH_CALLS_H_
#define MINOS_CHECKER_CRASH_CALLS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/timeline.h"

namespace minos::checker {

class CrashCalls {
 public:
  struct Call {
    uint32_t event;
    uint32_t kind;          // of Timeline::crashes()
    uint32_t of_kind;       // how many calls of the kind there are up to it
    uint32_t next_of_kind;  // the next call of the kind, or more than all
  };

  // Those before the event `end` of `timeline`, which outlives this. O(events).
  CrashCalls(const Timeline& timeline, uint32_t end);

  size_t size() const { return calls_.size(); }
  bool empty() const { return calls_.empty(); }
  const Call& operator[](size_t i) const { return calls_[i]; }
  // Whether call `i` is the last of its kind among the first `calls`.
  bool IsLastOfKind(size_t i, size_t calls) const {
    return calls_[i].next_of_kind >= calls;
  }
  // How many of `kind` are among the first `calls`. O(log n).
  uint32_t CalledOf(uint32_t kind, size_t calls) const;

 private:
  const Timeline& timeline_;
  std::vector<Call> calls_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CRASH_CALLS_H_
