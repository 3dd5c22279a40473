#include "cli/reading.h"

#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/quantities.h"
#include "report/words.h"

namespace minos::cli {

std::string InputName(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

absl::StatusOr<history::ReadOptions> ReadingOptions(
    const std::string& input_format) {
  history::ReadOptions options;
  options.memory_bytes = DefaultMemoryLimit();
  if (input_format.empty()) return options;
  options.format = history::FormatFromName(input_format);
  if (options.format) return options;
  constexpr std::string_view kKnown[] = {"jsonl", "json", "edn", "jepsen-log",
                                         "history-txt"};
  return UnknownName("input format", input_format, kKnown);
}

absl::StatusOr<history::Recording> ReadInput(
    const InputFile& file, const history::ReadOptions& options) {
  absl::Status status = file.status;
  if (status.ok()) {
    auto recording = history::ReadHistory(file.path, options);
    if (recording.ok()) return recording;
    status = recording.status();
  }
  const std::string message(status.message());
  const std::string prefix = InputName(file.path) + ": ";
  if (message.starts_with(prefix)) return status;
  return absl::Status(status.code(), prefix + message);
}

bool IsOtherFile(const InputFile& file, const history::Recording& recording) {
  return file.from_directory && recording.has_errors &&
         recording.history.size() == 0 && !recording.problems.empty() &&
         recording.problems.front().code != "empty";
}

void PrintSkipped(const InputFile& file, const history::Recording& recording) {
  PrintMessage(
      absl::StrCat(report::Printable(file.path), ": not a history, skipped (",
                   report::Printable(recording.problems.front().message), ")"));
}

}  // namespace minos::cli
