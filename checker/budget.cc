#include "checker/budget.h"

#include <algorithm>
#include <limits>

namespace minos::checker {
namespace {

using std::chrono::milliseconds;

// How often the watcher looks at what the process holds: as often as it may
// have taken half of what is left.
constexpr size_t kFastestBytesAMillisecond = size_t{2} << 20;
constexpr milliseconds kShortestNap{1};
constexpr milliseconds kLongestNap{50};
// A check that is over within this time, as most of a campaign are, is not
// worth a thread; until then whoever asks looks.
constexpr milliseconds kUnwatched{5};

}  // namespace

Budget::Budget(const Limits& limits, size_t bytes_in_use)
    : memory_limit_(
          limits.memory_bytes.value_or(std::numeric_limits<size_t>::max())),
      resident_bytes_(limits.resident_bytes),
      resident_limit_(limits.resident_limit),
      questions_(limits.questions),
      interrupted_(limits.interrupted),
      progress_(limits.progress),
      bytes_(bytes_in_use),
      peak_bytes_(bytes_in_use),
      spare_threads_(std::max(limits.threads, 1) - 1),
      start_(Clock::now()) {
  if (limits.time) deadline_ = start_ + *limits.time;
  if (bytes_in_use > memory_limit_) Stop(UnknownReason::kMemoryLimit);
  if (!deadline_ && resident_bytes_ == nullptr && !questions_) return;
  // What has no time at all is told so at once.
  Look();
  is_unwatched_ = true;
  if (resident_bytes_ != nullptr) StartWatcher();
}

Budget::~Budget() {
  if (!watcher_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  is_over_changed_.notify_one();
  watcher_.join();
}

void Budget::StartWatcher() {
  const bool is_first = is_unwatched_.exchange(false);
  if (is_first) watcher_ = std::thread([this] { Watch(); });
}

void Budget::LookUnwatched() {
  if (questions_) {
    if (*questions_ == 0) return Stop(UnknownReason::kInterrupted);
    --*questions_;
    return;
  }
  Look();
  if (Clock::now() - start_ > kUnwatched) StartWatcher();
}

void Budget::Watch() {
  std::unique_lock lock(mutex_);
  while (!is_over_ && stopped_.load(std::memory_order_relaxed) < 0) {
    is_over_changed_.wait_for(lock, Look());
  }
}

// Stops what is over a limit. How long it need not be looked at again.
Budget::Clock::duration Budget::Look() {
  Clock::duration nap = std::chrono::hours(1);
  if (resident_bytes_ != nullptr) {
    const size_t bytes = resident_bytes_();
    if (bytes > resident_limit_) Stop(UnknownReason::kMemoryLimit);
    const size_t left = resident_limit_ - std::min(bytes, resident_limit_);
    nap = std::clamp(milliseconds(left / 2 / kFastestBytesAMillisecond),
                     kShortestNap, kLongestNap);
  }
  if (deadline_) {
    const auto now = Clock::now();
    if (now >= *deadline_) Stop(UnknownReason::kTimeLimit);
    nap = std::min(nap, *deadline_ - now);
  }
  return nap;
}

void Budget::Stop(UnknownReason reason) {
  int running = -1;
  stopped_.compare_exchange_strong(running, static_cast<int>(reason));
}

std::optional<UnknownReason> Budget::Exhausted() {
  int stopped = stopped_.load(std::memory_order_relaxed);
  if (stopped >= 0) return static_cast<UnknownReason>(stopped);
  if (interrupted_ != nullptr &&
      interrupted_->load(std::memory_order_relaxed)) {
    Stop(UnknownReason::kInterrupted);
  } else if (is_unwatched_.load(std::memory_order_relaxed)) {
    LookUnwatched();
  } else {
    return std::nullopt;
  }
  stopped = stopped_.load();
  if (stopped < 0) return std::nullopt;
  return static_cast<UnknownReason>(stopped);
}

void Budget::Tell(size_t configurations, size_t passed) {
  if (progress_ == nullptr) return;
  progress_->configurations.fetch_add(configurations,
                                      std::memory_order_relaxed);
  progress_->passed.store(passed, std::memory_order_relaxed);
  progress_->bytes.store(bytes_.load(std::memory_order_relaxed),
                         std::memory_order_relaxed);
}

void Budget::TellDecided(size_t operations) {
  if (progress_ == nullptr) return;
  progress_->decided.fetch_add(operations, std::memory_order_relaxed);
  progress_->decided_parts.fetch_add(1, std::memory_order_relaxed);
  progress_->passed.store(0, std::memory_order_relaxed);
}

bool Budget::TakeThread() {
  int spare = spare_threads_.load();
  while (spare > 0 && !spare_threads_.compare_exchange_weak(spare, spare - 1)) {
  }
  return spare > 0;
}

void Budget::ReturnThread() { ++spare_threads_; }

bool Budget::Charge(size_t bytes) {
  const size_t now = bytes_.fetch_add(bytes) + bytes;
  if (now > memory_limit_) {
    bytes_.fetch_sub(bytes);
    Stop(UnknownReason::kMemoryLimit);
    return false;
  }
  size_t peak = peak_bytes_.load();
  while (peak < now && !peak_bytes_.compare_exchange_weak(peak, now)) {
  }
  return true;
}

void Budget::Release(size_t bytes) { bytes_.fetch_sub(bytes); }

}  // namespace minos::checker
