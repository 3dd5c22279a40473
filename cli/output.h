// Where a result goes: standard output or a file.

#ifndef MINOS_CLI_OUTPUT_H_
#define MINOS_CLI_OUTPUT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/exit_code.h"

namespace minos::cli {

// Writes to a file descriptor, at once and without a buffer. Movable.
class Output {
 public:
  // Standard output.
  Output();
  // Creates or empties the file at `path`.
  static absl::StatusOr<Output> ToFile(const std::string& path);
  ~Output();
  Output(Output&& other) noexcept;
  Output& operator=(Output&& other) noexcept;

  // Fails, in words for the user and with the name of the file, if not all of
  // `text` could be written; after that, writes nothing and fails again.
  absl::Status Write(std::string_view text);

  // Ends the file. Fails if something was lost.
  absl::Status Close();

 private:
  Output(int descriptor, std::string name);

  int descriptor_;
  std::string name_;
  absl::Status status_;
};

// Writes `text` to standard error as it is.
void PrintError(std::string_view text);

// "minos: MESSAGE" on standard error, ending with a newline.
void PrintMessage(std::string_view message);

// Prints the message of `status` as PrintMessage does; what to return then.
ExitCode Fail(const absl::Status& status);

// Writes `text` to standard output; kError, with a message, if that fails.
ExitCode PrintResult(std::string_view text);

// Whether standard output is a terminal that shows colours, as far as the
// environment (TERM, NO_COLOR) tells.
bool TerminalHasColors();

}  // namespace minos::cli

#endif  // MINOS_CLI_OUTPUT_H_
