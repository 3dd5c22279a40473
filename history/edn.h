// Reading one EDN form (https://github.com/edn-format/edn).

#ifndef MINOS_HISTORY_EDN_H_
#define MINOS_HISTORY_EDN_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

// How deep collections may nest, in any format.
inline constexpr int kMaxNesting = 128;

// The one form that `text` holds. Any tag is accepted and dropped.
// InvalidArgument, with line and column, if `text` is not one form. O(length).
absl::StatusOr<ValueId> ParseEdn(std::string_view text, ValueTable& values);

}  // namespace minos::history

#endif  // MINOS_HISTORY_EDN_H_
