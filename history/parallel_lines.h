// Reading the lines of one file on several threads.

#ifndef MINOS_HISTORY_PARALLEL_LINES_H_
#define MINOS_HISTORY_PARALLEL_LINES_H_

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "history/event_sink.h"
#include "history/text_cursor.h"

namespace minos::history {

// Whether reading may go on, where up to `values` further values will be
// interned, and `bytes` are occupied beside the history.
using ReadingCheck = std::function<absl::Status(size_t values, size_t bytes)>;

// Reads JSON lines on `jobs` threads, this one among them: `sink` gets what
// ReadJsonLines would give it, in the same order, from this thread. Ends with
// what `check` returns if that is not ok. Memory: about a MiB for each job.
absl::Status ReadJsonLinesInParallel(TextCursor& text, EventSink& sink,
                                     int jobs, const ReadingCheck& check);

}  // namespace minos::history

#endif  // MINOS_HISTORY_PARALLEL_LINES_H_
