// Ending in good order: on Ctrl-C, and when the time is up while reading.

#ifndef MINOS_CLI_INTERRUPTION_H_
#define MINOS_CLI_INTERRUPTION_H_

#include <atomic>
#include <chrono>
#include <optional>

namespace minos::cli {

// From now on a first SIGINT sets Interrupted(), so that what is known so far
// can be printed; a second one ends the process. Call once, before any thread
// is started.
void CatchInterrupts();

// Set by SIGINT.
const std::atomic<bool>& Interrupted();

// While one of these lives, ShouldStop() is set by SIGINT and, where there is a
// limit, when it has passed. For work that only looks at a flag, and for
// system calls that block: both signals end them with EINTR. One at a time.
class StopTimer {
 public:
  explicit StopTimer(std::optional<std::chrono::nanoseconds> limit);
  ~StopTimer();
  StopTimer(const StopTimer&) = delete;
  StopTimer& operator=(const StopTimer&) = delete;

  const std::atomic<bool>& ShouldStop() const;
};

}  // namespace minos::cli

#endif  // MINOS_CLI_INTERRUPTION_H_
