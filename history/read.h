// Reading a recording from a file.

#ifndef MINOS_HISTORY_READ_H_
#define MINOS_HISTORY_READ_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "history/byte_source.h"
#include "history/format.h"
#include "history/history.h"
#include "history/problem.h"

namespace minos::history {

class HistoryBuilder;

// How to read, and what that may take.
struct ReadOptions {
  std::optional<Format> format;  // found by content if absent
  // Reading ends with ResourceExhausted before the history takes more.
  std::optional<size_t> memory_bytes;
  // Tells how many bytes the whole process holds; reading ends with
  // ResourceExhausted, too, before that is more than `resident_limit`. May be
  // null.
  size_t (*resident_bytes)() = nullptr;
  size_t resident_limit = 0;
  // How many threads may read one file; the result is the same.
  int jobs = 1;
  // Reading ends with Cancelled soon after this is set; may be null.
  const std::atomic<bool>* interrupted = nullptr;
  // Asked each time before more is read, with what was read so far; where it
  // says no, the recording ends there. The format is then told from the first
  // line. May be empty.
  std::function<bool(HistoryBuilder&)> watcher;
};

// A history and what was wrong with the recording. If `problems` has an error,
// the history is what could be read of it and must not be judged.
struct Recording {
  History history;
  Format format = Format::kJsonLines;
  std::vector<Problem> problems;  // in the order of the file
  size_t problem_count = 0;       // more than are kept, if there are very many
  bool has_errors = false;
};

// Reads `path`, or standard input if it is "-"; gzip is recognized. In one
// pass, without a tree or a copy of the file; a line that is not an event is an
// error in `problems`, with its position. NotFound or PermissionDenied if there
// is no such file to be read.
absl::StatusOr<Recording> ReadHistory(const std::string& path,
                                      const ReadOptions& options);

// The same from any source of bytes; messages call it `name`.
absl::StatusOr<Recording> ReadHistory(ByteSource& source,
                                      const std::string& name,
                                      const ReadOptions& options);

}  // namespace minos::history

#endif  // MINOS_HISTORY_READ_H_
