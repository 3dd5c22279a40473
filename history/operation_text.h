// An operation in a few words, for messages and reports.

#ifndef MINOS_HISTORY_OPERATION_TEXT_H_
#define MINOS_HISTORY_OPERATION_TEXT_H_

#include <cstddef>
#include <string>

#include "history/history.h"
#include "history/operation.h"

namespace minos::history {

// What was called and what came back: "write 3", "read → 3", "cas [1 2]",
// "x: read → 3" where there is a key field. A result is shown where it says
// more than the argument; "?" stands for the result of an info operation, and
// "✗" marks a failed one. Values are cut to `max_value_length` bytes.
std::string OperationText(const History& history, OpIndex op,
                          size_t max_value_length = 40);

// Who did it and where that stands: "process 1, lines 12-14"; without the lines
// where the history has none.
std::string OperationPlace(const History& history, OpIndex op);

}  // namespace minos::history

#endif  // MINOS_HISTORY_OPERATION_TEXT_H_
