#include "cli/interruption.h"

#include <signal.h>
#include <sys/time.h>

#include <algorithm>

namespace minos::cli {
namespace {

// A signal handler can reach nothing but globals.
std::atomic<bool> interrupted{false};
std::atomic<bool> should_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void OnInterrupt(int) {
  interrupted.store(true);
  should_stop.store(true);
}

extern "C" void OnAlarm(int) { should_stop.store(true); }

void SetTimer(std::chrono::microseconds delay) {
  itimerval timer{};
  timer.it_value.tv_sec = delay.count() / 1'000'000;
  timer.it_value.tv_usec = delay.count() % 1'000'000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

void CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  action.sa_handler = OnAlarm;
  action.sa_flags = 0;
  sigaction(SIGALRM, &action, nullptr);
}

const std::atomic<bool>& Interrupted() { return interrupted; }

StopTimer::StopTimer(std::optional<std::chrono::nanoseconds> limit) {
  should_stop.store(interrupted.load());
  if (!limit) return;
  const auto delay =
      std::chrono::duration_cast<std::chrono::microseconds>(*limit);
  // A timer of zero would never ring.
  SetTimer(std::max(delay, std::chrono::microseconds(1)));
}

StopTimer::~StopTimer() { SetTimer(std::chrono::microseconds(0)); }

const std::atomic<bool>& StopTimer::ShouldStop() const { return should_stop; }

}  // namespace minos::cli
