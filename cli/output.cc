#include "cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace minos::cli {
namespace {

constexpr int kClosed = -1;

absl::Status WriteFailed(const std::string& name, int error) {
  return absl::UnavailableError(
      absl::StrCat("cannot write to ", name, ": ", std::strerror(error)));
}

}  // namespace

Output::Output() : Output(STDOUT_FILENO, "standard output") {}

Output::Output(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)) {}

absl::StatusOr<Output> Output::ToFile(const std::string& path) {
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return WriteFailed(path, errno);
  return Output(descriptor, path);
}

Output::~Output() { Close().IgnoreError(); }

Output::Output(Output&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, kClosed)),
      name_(std::move(other.name_)),
      status_(std::move(other.status_)) {}

Output& Output::operator=(Output&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(name_, other.name_);
  std::swap(status_, other.status_);
  return *this;
}

absl::Status Output::Write(std::string_view text) {
  while (status_.ok() && !text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      status_ = WriteFailed(name_, errno);
    }
  }
  return status_;
}

absl::Status Output::Close() {
  const int descriptor = std::exchange(descriptor_, kClosed);
  if (descriptor == kClosed || descriptor == STDOUT_FILENO) return status_;
  if (close(descriptor) != 0 && status_.ok()) {
    status_ = WriteFailed(name_, errno);
  }
  return status_;
}

void PrintError(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // there is nobody to tell
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
}

void PrintMessage(std::string_view message) {
  PrintError(std::string("minos: ").append(message).append("\n"));
}

ExitCode Fail(const absl::Status& status) {
  PrintMessage(std::string(status.message()));
  return ExitCode::kError;
}

ExitCode PrintResult(std::string_view text) {
  const absl::Status status = Output().Write(text);
  return status.ok() ? ExitCode::kValid : Fail(status);
}

bool TerminalHasColors() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

}  // namespace minos::cli
