// What an operation of a counter returned, where that may be a pair.
//
// A counter that keeps a version returns [value version]: the sum and how many
// updates it is made of. Others return what was added with the sum, [argument
// sum]. A pair by itself may be either, [1 7] after an addition of 1; but one
// pair that cannot have the argument in front, as that of a read, tells how all
// pairs of its counter are meant.

#ifndef MINOS_CHECKER_COUNTER_PAIRS_H_
#define MINOS_CHECKER_COUNTER_PAIRS_H_

#include <cstdint>
#include <vector>

#include "checker/session_history.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

// Whether `value` is a list of two integers.
bool IsIntegerPair(const history::ValueTable& values, history::ValueId value);

// Whether the result of an operation is certainly [value version]. `argument`
// is nil for a read, and where an addition leaves it out.
bool IsVersionedPair(const history::ValueTable& values,
                     history::ValueId argument, history::ValueId result);

// By key of `partitioning`: whether its pairs are [value version]. O(n).
std::vector<bool> FindVersionedKeys(const history::History& history,
                                    const Partitioning& partitioning);

inline constexpr int64_t kNoVersion = INT64_MIN;

// The version of each step of a counter: that of the `version` field, else that
// of a pair; kNoVersion where there is none. O(n).
std::vector<int64_t> CounterVersions(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_PAIRS_H_
