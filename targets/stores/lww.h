// Registers whose last writer wins, as a state that merges (see crdt.h).
//
// Each write gets a stamp (counter, replica), the counter greater than any that
// the replica has seen; the merge keeps the greater stamp.

#ifndef MINOS_TARGETS_STORES_LWW_H_
#define MINOS_TARGETS_STORES_LWW_H_

#include <algorithm>
#include <cstdint>
#include <map>

#include "targets/request.h"

namespace minos::targets {

struct Stamped {
  int64_t value = kNilValue;
  int64_t counter = 0;
  NodeId replica = 0;
  bool Wins(const Stamped& other) const {
    return counter != other.counter ? counter > other.counter
                                    : replica > other.replica;
  }
};

struct LwwRegisters {
  std::map<int32_t, Stamped> keys;
  int64_t counter = 0;  // the greatest seen

  void Write(int32_t key, int64_t value, NodeId replica) {
    keys[key] = {value, ++counter, replica};
  }
  void Learn(int32_t key, const Stamped& theirs) {
    counter = std::max(counter, theirs.counter);
    Stamped& mine = keys[key];
    if (theirs.Wins(mine)) mine = theirs;
  }
  void Merge(const LwwRegisters& other) {
    counter = std::max(counter, other.counter);
    for (const auto& [key, theirs] : other.keys) Learn(key, theirs);
  }
  Stamped Get(int32_t key) const {
    const auto found = keys.find(key);
    return found == keys.end() ? Stamped() : found->second;
  }
  Result Read(int32_t key) const { return Result::Integer(Get(key).value); }
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_LWW_H_
