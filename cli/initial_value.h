// Values on the command line.

#ifndef MINOS_CLI_INITIAL_VALUE_H_
#define MINOS_CLI_INITIAL_VALUE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::cli {

// The value that `text` holds: JSON if it is JSON, else EDN. InvalidArgument,
// in words for the user, if it is neither. O(length).
absl::StatusOr<history::ValueId> ParseValue(std::string_view text,
                                            history::ValueTable& values);

}  // namespace minos::cli

#endif  // MINOS_CLI_INITIAL_VALUE_H_
