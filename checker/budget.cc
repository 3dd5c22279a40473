#include "checker/budget.h"

#include <limits>

namespace minos::checker {
namespace {

constexpr uint32_t kCallsPerLook = 64;

}  // namespace

Budget::Budget(const Limits& limits, size_t bytes_in_use)
    : memory_limit_(
          limits.memory_bytes.value_or(std::numeric_limits<size_t>::max())),
      interrupted_(limits.interrupted),
      progress_(limits.progress),
      bytes_(bytes_in_use),
      peak_bytes_(bytes_in_use) {
  if (limits.time) deadline_ = Clock::now() + *limits.time;
  if (bytes_in_use > memory_limit_) Stop(UnknownReason::kMemoryLimit);
}

void Budget::Stop(UnknownReason reason) {
  int running = -1;
  stopped_.compare_exchange_strong(running, static_cast<int>(reason));
}

std::optional<UnknownReason> Budget::Exhausted() {
  const int stopped = stopped_.load(std::memory_order_relaxed);
  if (stopped >= 0) return static_cast<UnknownReason>(stopped);
  // A lost update only moves the next look at the clock, so the counter needs
  // no locked instruction.
  const uint32_t calls = calls_.load(std::memory_order_relaxed);
  calls_.store(calls + 1, std::memory_order_relaxed);
  if (calls % kCallsPerLook != 0) return std::nullopt;
  if (interrupted_ != nullptr &&
      interrupted_->load(std::memory_order_relaxed)) {
    Stop(UnknownReason::kInterrupted);
  } else if (deadline_ && Clock::now() >= *deadline_) {
    Stop(UnknownReason::kTimeLimit);
  } else {
    return std::nullopt;
  }
  return static_cast<UnknownReason>(stopped_.load());
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
