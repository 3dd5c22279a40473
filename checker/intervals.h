// The operations of a partition as intervals with actions of a model.

#ifndef MINOS_CHECKER_INTERVALS_H_
#define MINOS_CHECKER_INTERVALS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "checker/partition.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"
#include "history/history.h"
#include "history/operation.h"

namespace minos::checker {

// The interval of each of `operations`, whose actions are interned in `model`.
// InvalidArgument, with file and line, if one is not of the data type. O(n).
absl::StatusOr<std::vector<Interval>> MakeIntervals(
    const history::History& history, Keying keying,
    const std::vector<history::OpIndex>& operations, SequentialModel& model);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_INTERVALS_H_
