// Which data type a history speaks of, where the user did not say.

#ifndef MINOS_CHECKER_MODEL_INFERENCE_H_
#define MINOS_CHECKER_MODEL_INFERENCE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "history/history.h"

namespace minos::checker {

// The name of the one data type whose functions are those of the history's
// client operations; where `add` and `read` fit several, the results of the
// reads tell. InvalidArgument, with the data types to choose from, where the
// history does not tell. O(n).
absl::StatusOr<std::string_view> InferModel(const history::History& history);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODEL_INFERENCE_H_
