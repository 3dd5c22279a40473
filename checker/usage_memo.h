// What was asked last about multisets of info operations (CrashUsage): the
// points of a beam ask the same again and again, and the trees that hold the
// multisets are deep.
//
// Complexity: O(1).

#ifndef MINOS_CHECKER_USAGE_MEMO_H_
#define MINOS_CHECKER_USAGE_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "checker/crash_usage.h"

namespace minos::checker {

class UsageMemo {
 public:
  // What `find()` returns, or what it returned for the same `usage` and `kind`
  // before, which has to be the same.
  template <typename Find>
  uint32_t Get(UsageId usage, uint32_t kind, Find find) {
    Entry& entry = entries_[(usage * kSpread + kind) % kEntries];
    if (entry.usage != usage || entry.kind != kind) {
      entry = {usage, kind, find()};
    }
    return entry.found;
  }

  size_t MemoryBytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  static constexpr size_t kEntries = 2048;
  static constexpr uint32_t kSpread = 37;
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  struct Entry {
    UsageId usage = kNone;
    uint32_t kind = kNone;
    uint32_t found = 0;
  };

  std::vector<Entry> entries_ = std::vector<Entry>(kEntries);
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_USAGE_MEMO_H_
