// Who asks a budget seldom is told in time, too.

#include "checker/budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

namespace minos::testing {
namespace {

using checker::Budget;
using checker::Limits;
using checker::UnknownReason;
using std::chrono::milliseconds;

// Long enough for a watcher on a busy machine.
constexpr milliseconds kPatience{10'000};

// Asks now and then until it is exhausted.
std::optional<UnknownReason> WaitFor(Budget& budget) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    if (const auto reason = budget.Exhausted()) return reason;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return std::nullopt;
}

TEST(BudgetTest, TheSecondQuestionSeesThatTheTimeIsUp) {
  Limits limits;
  limits.time = milliseconds(50);
  Budget budget(limits);
  EXPECT_EQ(budget.Exhausted(), std::nullopt);
  std::this_thread::sleep_for(kPatience / 20);
  EXPECT_EQ(budget.Exhausted(), UnknownReason::kTimeLimit);
}

TEST(BudgetTest, ItIsTheSameAfterManyQuestions) {
  Limits limits;
  limits.time = milliseconds(200);
  Budget budget(limits);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(budget.Exhausted(), std::nullopt);
  std::this_thread::sleep_for(kPatience / 20);
  EXPECT_EQ(budget.Exhausted(), UnknownReason::kTimeLimit);
}

TEST(BudgetTest, WithoutAnyTimeItIsExhaustedFromTheStart) {
  Limits limits;
  limits.time = milliseconds(0);
  Budget budget(limits);
  EXPECT_EQ(budget.Exhausted(), UnknownReason::kTimeLimit);
}

TEST(BudgetTest, WhatIsNotChargedButHeldCountsToo) {
  static std::atomic<size_t> held{0};
  Limits limits;
  limits.memory_bytes = 1000;
  limits.resident_limit = 1000;
  limits.resident_bytes = [] { return held.load(); };
  Budget budget(limits);
  EXPECT_TRUE(budget.Charge(10));
  EXPECT_EQ(budget.Exhausted(), std::nullopt);
  held = 2000;
  EXPECT_EQ(WaitFor(budget), UnknownReason::kMemoryLimit);
}

TEST(BudgetTest, WhatIsFreeIsWhatIsNotCharged) {
  Limits limits;
  limits.memory_bytes = 1000;
  Budget budget(limits, 300);
  EXPECT_EQ(budget.FreeBytes(), 700u);
  EXPECT_TRUE(budget.Charge(600));
  EXPECT_EQ(budget.FreeBytes(), 100u);
  EXPECT_FALSE(budget.Charge(200));
  budget.Release(600);
  EXPECT_GE(budget.FreeBytes(), 600u);
}

TEST(BudgetTest, AnInterruptIsSeenAtOnce) {
  std::atomic<bool> interrupted{false};
  Limits limits;
  limits.interrupted = &interrupted;
  Budget budget(limits);
  EXPECT_EQ(budget.Exhausted(), std::nullopt);
  interrupted = true;
  EXPECT_EQ(budget.Exhausted(), UnknownReason::kInterrupted);
}

}  // namespace
}  // namespace minos::testing
