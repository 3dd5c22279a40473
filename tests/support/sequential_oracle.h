// Sequential consistency and serializations with an arbitration, by trying
// every order: the oracle for what decides them without.

#ifndef MINOS_TESTS_SUPPORT_SEQUENTIAL_ORACLE_H_
#define MINOS_TESTS_SUPPORT_SEQUENTIAL_ORACLE_H_

#include <utility>
#include <vector>

#include "checker/visibility.h"
#include "history/history.h"
#include "tests/support/plain_history.h"
#include "tests/support/visibility_oracle.h"

namespace minos::testing {

// Is there an order of the ok operations and of some of the info ones that
// keeps the order of each session (`sessions`, by operation), that the data
// type can replay, and in which nothing looks at what was called only after it
// had returned? O(n! · n).
bool IsSequential(const PlainHistory& history,
                  const std::vector<int>& sessions);

// A history of registers with a version for each operation, 0 for none.
struct VersionedHistory {
  TinyHistory operations;
  std::vector<int> versions;
};

// The same of registers, where the order of the writes of a key also follows
// `arbitration`.
bool IsSequentialArbitrated(const VersionedHistory& history,
                            checker::ArbitrationMode arbitration);

// Is causality, of registers whose values are unique, without a cycle, and is
// there for each session an order of all writes and its own reads that keeps
// causality and follows `arbitration`?
bool IsCausalMemoryArbitrated(const VersionedHistory& history,
                              checker::ArbitrationMode arbitration);

// As minos reads it.
history::History ToHistory(const VersionedHistory& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_SEQUENTIAL_ORACLE_H_
