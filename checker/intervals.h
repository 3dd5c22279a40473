// The operations of a partition as intervals with actions of a model.

#ifndef MINOS_CHECKER_INTERVALS_H_
#define MINOS_CHECKER_INTERVALS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/partition.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"
#include "history/history.h"
#include "history/operation.h"

namespace minos::checker {

// The interval of each of `operations`, whose actions are interned in `model`.
// InvalidArgument, with file and line, if one is not of the data type. Not all
// of them once `budget`, which may be null, is exhausted. O(n).
absl::StatusOr<std::vector<Interval>> MakeIntervals(
    const history::History& history, Keying keying,
    const std::vector<history::OpIndex>& operations, SequentialModel& model,
    Budget* budget = nullptr);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_INTERVALS_H_
