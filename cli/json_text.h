// JSON that people read as well.

#ifndef MINOS_CLI_JSON_TEXT_H_
#define MINOS_CLI_JSON_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace minos::cli {

// `json` laid out: what fits on a line of 100 columns stands on one, the rest
// is broken up and indented. Ends with a newline. REQUIRES: `json` is JSON.
std::string LaidOut(std::string_view json);

// The text of the file at `path`, of 64 MiB at most; "-" is standard input.
// Errors name the file.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// Creates or replaces the file at `path` ("-" is standard output).
absl::Status WriteTextFile(const std::string& path, std::string_view text);

}  // namespace minos::cli

#endif  // MINOS_CLI_JSON_TEXT_H_
