// Writing a history, so that it reads back as the same.

#ifndef MINOS_HISTORY_WRITE_H_
#define MINOS_HISTORY_WRITE_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "history/format.h"
#include "history/history.h"

namespace minos::history {

// Takes the next part of a text.
using TextSink = std::function<absl::Status(std::string_view)>;

// Writes `history` as jsonl or edn, one event a line, or as a json array with
// one event a line; events are numbered 0, 1, 2, … in `index`. All columns and
// further fields are written, faults and open operations too. JSON cannot hold
// what AppendJson says; EDN holds everything.
//
// Operations of one process that touch (one returns at the moment at which the
// next is called) have no order of events, and one that goes on while an
// operation of it is open reads as a mistake. A history with such is written as
// whole operations instead, one a line.
//
// InvalidArgument for the formats that are only read; else what `sink` returns.
// O(events), and 4 bytes an event of memory.
absl::Status WriteHistory(const History& history, Format format,
                          const TextSink& sink);

// The same into the file `path`, or standard output if it is "-".
absl::Status WriteHistory(const History& history, Format format,
                          const std::string& path);

}  // namespace minos::history

#endif  // MINOS_HISTORY_WRITE_H_
