#include "cli/progress.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/output.h"

namespace minos::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPeriod(200);

}  // namespace

Progress::Progress(bool is_wanted)
    : is_shown_(is_wanted && isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { Wipe(); }

void Progress::Begin(std::string name, size_t total) {
  name_ = std::move(name);
  total_ = total;
  begun_ = Clock::now();
  shown_ = begun_;
}

void Progress::Show(size_t done, const std::string& more) {
  const Clock::time_point now = Clock::now();
  if (!is_shown_ || now - shown_ < kPeriod) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  PrintError(absl::StrCat("\r\x1b[K", name_,
                          absl::StrFormat(": %d of %d, %.0f a second, %d left",
                                          done, total_, rate, total_ - done),
                          more));
  has_line_ = true;
}

void Progress::Wipe() {
  if (has_line_) PrintError("\r\x1b[K");
  has_line_ = false;
}

}  // namespace minos::cli
