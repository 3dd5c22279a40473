#include "cli/check_progress.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "cli/output.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kFirstLook{500};
constexpr std::chrono::milliseconds kLook{200};
// Of the work that must be done before it tells anything of the rest.
constexpr double kLeastShare = 0.02;
constexpr size_t kMebibyte = size_t{1} << 20;
// Back to the beginning of the line, and clear it.
constexpr std::string_view kClear = "\r\x1b[K";

// "4 s", "3 min".
std::string Left(double seconds) {
  constexpr double kMinute = 60;
  if (seconds < 2 * kMinute) {
    return absl::StrCat(static_cast<size_t>(seconds + 1), " s");
  }
  return absl::StrCat(static_cast<size_t>(seconds / kMinute + 1), " min");
}

}  // namespace

std::string CheckProgressText(const checker::Progress& progress,
                              Seconds elapsed) {
  const size_t total = progress.operations;
  const size_t done =
      std::min(total, progress.decided.load() + progress.passed.load());
  std::string text = absl::StrCat(
      done, " of ", report::Count(total, "operation", "operations"));
  if (progress.parts > 1) {
    absl::StrAppend(&text, ", ", progress.decided_parts.load(), " of ",
                    report::Count(progress.parts, "key", "keys"));
  }
  if (progress.configurations > 0) {
    absl::StrAppend(&text, ", ",
                    report::Count(progress.configurations, "configuration",
                                  "configurations"),
                    ", ", progress.bytes / kMebibyte, " MiB");
  }
  const double share =
      total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
  if (share >= kLeastShare && share < 1) {
    absl::StrAppend(&text, ", about ",
                    Left(elapsed.count() * (1 - share) / share), " left");
  }
  return text;
}

CheckProgress::CheckProgress(const checker::Progress& progress)
    : progress_(progress),
      start_(std::chrono::steady_clock::now()),
      thread_([this] { Run(); }) {}

CheckProgress::~CheckProgress() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (is_shown_) PrintError(kClear);
}

void CheckProgress::Run() {
  // Signals are for the thread that reads: they end its waiting.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock<std::mutex> lock(mutex_);
  std::chrono::milliseconds wait = kFirstLook;
  while (!changed_.wait_for(lock, wait, [this] { return is_over_; })) {
    wait = kLook;
    const Seconds elapsed = std::chrono::steady_clock::now() - start_;
    PrintError(absl::StrCat(std::string(kClear),
                            CheckProgressText(progress_, elapsed)));
    is_shown_ = true;
  }
}

bool IsProgressSeen() { return isatty(STDERR_FILENO) == 1; }

}  // namespace minos::cli
