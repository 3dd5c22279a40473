// How far a long command is, on standard error, where that is a terminal.

#ifndef MINOS_CLI_PROGRESS_H_
#define MINOS_CLI_PROGRESS_H_

#include <chrono>
#include <cstddef>
#include <string>

namespace minos::cli {

// One line, written over and over at most five times a second, and wiped out in
// the end. Writes nothing if standard error is no terminal. Not thread-safe.
class Progress {
 public:
  explicit Progress(bool is_wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Begins a part of the work, called `name`, of `total` steps.
  void Begin(std::string name, size_t total);
  // `done` steps are; `more` says what else is known.
  void Show(size_t done, const std::string& more);

 private:
  void Wipe();

  bool is_shown_;
  bool has_line_ = false;
  std::string name_;
  size_t total_ = 0;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace minos::cli

#endif  // MINOS_CLI_PROGRESS_H_
