#include "checker/speculation.h"

#include <algorithm>

namespace minos::checker {
namespace {

// Where less is free, nothing is made ahead.
constexpr size_t kLeastFree = size_t{1} << 30;

}  // namespace

Turns::Turns(size_t count, Budget& budget)
    : budget_(budget), wanted_(count), has_ended_(count, false) {}

std::optional<size_t> Turns::Take() {
  const std::lock_guard lock(mutex_);
  if (!IsWanted(next_)) return std::nullopt;
  return next_++;
}

void Turns::End(size_t attempt, bool decides) {
  const std::lock_guard lock(mutex_);
  if (decides) wanted_ = std::min(wanted_.load(), attempt + 1);
  has_ended_[attempt] = true;
  while (at_turn_ < has_ended_.size() && has_ended_[at_turn_]) ++at_turn_;
}

bool Turns::IsWanted(size_t attempt) {
  if (attempt >= wanted_.load(std::memory_order_relaxed)) return false;
  if (attempt <= at_turn_.load(std::memory_order_relaxed)) return true;
  // What is at its turn may need as much as what is made ahead holds.
  const size_t least_free = std::max(kLeastFree, budget_.memory_limit() / 2);
  if (budget_.FreeBytes() < least_free) is_scarce_ = true;
  return !is_scarce_;
}

bool Turn::GoesOn() {
  if (turns_ == nullptr) return true;
  if (++work_ == work_before_others_ && call_others_) call_others_();
  was_stopped_ = was_stopped_ || !turns_->IsWanted(attempt_);
  return !was_stopped_;
}

}  // namespace minos::checker
