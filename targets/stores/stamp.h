// Stamps that order the writes of a register: a counter, and the node that
// gave it, so that two nodes never give the same.

#ifndef MINOS_TARGETS_STORES_STAMP_H_
#define MINOS_TARGETS_STORES_STAMP_H_

#include <compare>
#include <cstdint>

#include "targets/request.h"

namespace minos::targets {

struct Stamp {
  int64_t counter = 0;
  NodeId node = 0;
  auto operator<=>(const Stamp&) const = default;
};

struct StampedValue {
  Stamp stamp;
  int64_t value = kNilValue;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_STAMP_H_
