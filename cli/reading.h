// Reading the files that a command line names.

#ifndef MINOS_CLI_READING_H_
#define MINOS_CLI_READING_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/input_files.h"
#include "history/history.h"
#include "history/read.h"

namespace minos::cli {

// What messages call the file at `path`.
std::string InputName(const std::string& path);

// How to read: in the format of that name (empty: told by the content), in the
// memory of the machine. InvalidArgument, with the nearest name, if there is no
// such format.
absl::StatusOr<history::ReadOptions> ReadingOptions(
    const std::string& input_format);

// Reads `file`. The message of a failure begins with the path.
absl::StatusOr<history::Recording> ReadInput(
    const InputFile& file, const history::ReadOptions& options);

// Whether `file` is something else that stood in a directory: not a line of it
// is an operation. An empty file is not meant: it may be a recording that
// failed.
bool IsOtherFile(const InputFile& file, const history::Recording& recording);

// Says on standard error that `file` is skipped, and why.
void PrintSkipped(const InputFile& file, const history::Recording& recording);

}  // namespace minos::cli

#endif  // MINOS_CLI_READING_H_
