// From a file to its verdict.

#ifndef MINOS_CLI_JUDGE_H_
#define MINOS_CLI_JUDGE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/check.h"
#include "checker/verdict.h"
#include "cli/input_files.h"
#include "history/history.h"
#include "history/read.h"
#include "report/result.h"

namespace minos::cli {

// What is asked of every file.
struct JudgeOptions {
  // `initial` and `limits` are filled in for each file.
  checker::CheckOptions check;
  std::optional<std::string> initial;  // JSON or EDN
  std::optional<history::Format> input_format;
  std::optional<std::chrono::nanoseconds> time_limit;  // for all files together
  size_t memory_limit = 0;  // bytes, of the whole process
  // What is told how far the judge is; may be null.
  checker::Progress* progress = nullptr;
};

// A file that was judged. Not movable, as the result points into it.
struct Judged {
  Judged() = default;
  Judged(const Judged&) = delete;
  Judged& operator=(const Judged&) = delete;

  history::History history;
  checker::HistoryVerdict verdict;
  report::FileResult result;
  // Found in a directory, and no history: there is nothing to report.
  bool is_skipped = false;
};

// Says in `judged` that the file cannot be judged, and why. `error` need not
// name the file, since the result does.
void SetError(std::string error, std::string hint, Judged& judged);

// Puts what was read into `judged`. False, with the error, if it must not be
// judged.
bool AcceptRecording(history::Recording recording, Judged& judged);

// Puts the verdict on what was read into `judged`, or why there is none.
void SetVerdict(absl::StatusOr<checker::HistoryVerdict> verdict,
                Judged& judged);

// Judges one file after the other within one budget.
class Judge {
 public:
  // The clock started at `start`.
  Judge(JudgeOptions options, std::chrono::steady_clock::time_point start);

  // Reads and judges `file` into `judged`. What goes wrong is its result.
  void Run(const InputFile& file, Judged& judged) const;

 private:
  void ReadAndCheck(const InputFile& file, Judged& judged) const;
  bool Read(const InputFile& file, Judged& judged) const;
  void Check(Judged& judged) const;
  void Hint(Judged& judged) const;
  void GiveUp(checker::UnknownReason reason, Judged& judged) const;
  std::optional<std::chrono::nanoseconds> TimeLeft() const;
  bool TimeIsUp() const;

  JudgeOptions options_;
  std::chrono::steady_clock::time_point start_;
  size_t left_of_memory_;  // bytes, for the history and its check
};

}  // namespace minos::cli

#endif  // MINOS_CLI_JUDGE_H_
