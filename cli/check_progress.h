// How far a check is, in one line on the terminal.

#ifndef MINOS_CLI_CHECK_PROGRESS_H_
#define MINOS_CLI_CHECK_PROGRESS_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "checker/budget.h"

namespace minos::cli {

// "12,000 of 40,000 operations, 3 of 10 keys, 51,200 configurations, 12 MiB,
// about 4 s left". An estimate is made where enough is done to go by.
std::string CheckProgressText(const checker::Progress& progress,
                              std::chrono::duration<double> elapsed);

// While one of these lives, what `progress` says stands in the last line of
// standard error, from the moment on at which somebody may have become
// impatient. The line is taken away at the end.
class CheckProgress {
 public:
  // `progress` outlives this.
  explicit CheckProgress(const checker::Progress& progress);
  ~CheckProgress();
  CheckProgress(const CheckProgress&) = delete;
  CheckProgress& operator=(const CheckProgress&) = delete;

 private:
  void Run();

  const checker::Progress& progress_;
  std::chrono::steady_clock::time_point start_;
  bool is_shown_ = false;  // by the thread alone
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_over_ = false;  // guarded by mutex_
  std::thread thread_;
};

// Whether standard error is a terminal.
bool IsProgressSeen();

}  // namespace minos::cli

#endif  // MINOS_CLI_CHECK_PROGRESS_H_
