// What a check may spend: time, memory, threads, and the user's patience.
//
// Every loop that can run long asks Exhausted() often (it costs nanoseconds)
// and every growth of a large table is announced with Charge() first. Both may
// be called from many threads at once.
//
// Where there is a limit, and the check takes more than a few milliseconds, a
// thread of the budget's own looks at the clock, and at what the process holds,
// so that whoever asks seldom is told in time too.

#ifndef MINOS_CHECKER_BUDGET_H_
#define MINOS_CHECKER_BUDGET_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "checker/verdict.h"

namespace minos::checker {

// How far a check is, for whoever wants to look from another thread. What it
// says follows the work at a distance, and decides nothing.
struct Progress {
  std::atomic<size_t> operations = 0;  // of all parts
  std::atomic<size_t> decided = 0;     // operations of parts with a verdict
  std::atomic<size_t> parts = 0;
  std::atomic<size_t> decided_parts = 0;
  std::atomic<size_t> configurations = 0;
  // How many operations the running search has got past.
  std::atomic<size_t> passed = 0;
  std::atomic<size_t> bytes = 0;
};

// What a check may spend.
struct Limits {
  // How long all checks together may take; unlimited if absent.
  std::optional<std::chrono::nanoseconds> time;
  // How many bytes may be in use at once, the history included; unlimited if
  // absent.
  std::optional<size_t> memory_bytes;
  // Tells how many bytes the whole process holds. If that comes to be more than
  // `resident_limit`, the memory limit is reached too: nothing is charged for
  // small things, and of what is free the system does not get all back. May be
  // null.
  size_t (*resident_bytes)() = nullptr;
  size_t resident_limit = 0;
  // How many threads may work at once, at least 1. Changes the time, never the
  // answer.
  int threads = 1;
  // How many times Exhausted may be asked before it says kInterrupted;
  // unlimited if absent. By this a test stops a check at each place where it
  // can be stopped. With one thread only, and no limit of time.
  std::optional<size_t> questions;
  // Set to true by whoever wants the check to end; may be null. Outlives the
  // budget.
  const std::atomic<bool>* interrupted = nullptr;
  // What is told how far the check is; may be null. Outlives the budget.
  Progress* progress = nullptr;
};

// What is left of the limits, shared by all that work on one check.
class Budget {
 public:
  // The clock starts now. `bytes_in_use` is what the history already occupies.
  explicit Budget(const Limits& limits, size_t bytes_in_use = 0);
  ~Budget();
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  // The limit that has been reached, if any; sticky.
  std::optional<UnknownReason> Exhausted();

  // Announces that `bytes` more will be in use. False, and Exhausted from then
  // on, if that is over the limit; the caller must then not allocate.
  bool Charge(size_t bytes);
  // Announces that `bytes` are free again.
  void Release(size_t bytes);

  // Tells whoever looks that a search has entered `configurations` more and got
  // past `passed` operations. O(1).
  void Tell(size_t configurations, size_t passed);
  // Tells that a part of `operations` has its verdict.
  void TellDecided(size_t operations);
  // That of the limits; may be null.
  Progress* progress() const { return progress_; }

  // Takes a thread of those that may work beside the caller's; false if all are
  // at work. What they find must not depend on how many there are. O(1).
  bool TakeThread();
  void ReturnThread();

  // How many bytes more may be charged.
  size_t FreeBytes() const {
    return memory_limit_ - std::min(memory_limit_, bytes_.load());
  }
  // The most that was in use at once, and how much may be; without a limit the
  // largest number.
  size_t peak_bytes() const { return peak_bytes_.load(); }
  size_t memory_limit() const { return memory_limit_; }

 private:
  using Clock = std::chrono::steady_clock;

  void Stop(UnknownReason reason);
  void StartWatcher();
  void LookUnwatched();
  void Watch();
  Clock::duration Look();

  std::optional<Clock::time_point> deadline_;
  size_t memory_limit_;
  size_t (*resident_bytes_)();
  size_t resident_limit_;
  std::optional<size_t> questions_;
  const std::atomic<bool>* interrupted_;
  Progress* progress_;
  std::atomic<size_t> bytes_;
  std::atomic<size_t> peak_bytes_;
  std::atomic<int> spare_threads_;
  std::atomic<int> stopped_ = -1;  // an UnknownReason, or -1

  Clock::time_point start_;
  std::atomic<bool> is_unwatched_ = false;  // though there is a limit

  std::mutex mutex_;
  std::condition_variable is_over_changed_;
  bool is_over_ = false;  // under the lock
  std::thread watcher_;
};

// Memory charged to a budget for as long as this lives.
class Allowance {
 public:
  Allowance(Budget& budget, size_t bytes)
      : budget_(budget), bytes_(budget.Charge(bytes) ? bytes : 0) {
    is_granted_ = bytes_ == bytes;
  }
  ~Allowance() { budget_.Release(bytes_); }
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

  // False if so much was not free; then nothing is charged.
  bool is_granted() const { return is_granted_; }

 private:
  Budget& budget_;
  size_t bytes_;
  bool is_granted_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_BUDGET_H_
