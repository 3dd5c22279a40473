// Attempts made ahead of their turn change the time, and nothing else.

#include "checker/speculation.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "checker/budget.h"
#include "checker/helper_threads.h"

namespace minos::testing {
namespace {

using checker::Budget;
using checker::Limits;
using checker::MakeAttempts;
using checker::Turn;

constexpr size_t kGiB = size_t{1} << 30;
// Far more than what is done before others are called.
constexpr size_t kLongWork = 1'000'000;

Limits WithThreads(int threads) {
  Limits limits;
  limits.threads = threads;
  return limits;
}

// Whether it was not stopped.
bool WorkFor(size_t work, Turn& turn) {
  for (size_t i = 0; i < work; ++i) {
    if (!turn.GoesOn()) return false;
  }
  return true;
}

// Waits until `flag` is set, as long as the attempt is wanted.
void WaitFor(const std::atomic<bool>& flag, Turn& turn) {
  while (!flag && turn.GoesOn()) std::this_thread::yield();
}

TEST(Speculation, TheFirstInTheOrderThatDecidesCountsNotTheFirstInTime) {
  for (const int threads : {1, 2, 3, 8}) {
    Budget budget(WithThreads(threads));
    std::atomic<bool> has_third_decided = threads < 3;
    const std::vector<size_t> found = MakeAttempts<size_t>(
        5, {.most = 4}, budget,
        [&](size_t attempt, Turn& turn) {
          if (attempt == 2) has_third_decided = true;
          if (attempt < 2) {
            WorkFor(kLongWork, turn);
            WaitFor(has_third_decided, turn);
          }
          return attempt;
        },
        [](const size_t& attempt) { return attempt > 0; });
    EXPECT_EQ(found, (std::vector<size_t>{0, 1})) << threads;
  }
}

TEST(Speculation, WithOneThreadNothingIsMadeAhead) {
  Budget budget(WithThreads(1));
  std::vector<size_t> made;
  MakeAttempts<size_t>(
      4, {.most = 3}, budget,
      [&](size_t attempt, Turn& turn) {
        EXPECT_TRUE(WorkFor(kLongWork, turn));
        made.push_back(attempt);
        return attempt;
      },
      [](const size_t& attempt) { return attempt == 1; });
  EXPECT_EQ(made, (std::vector<size_t>{0, 1}));
}

TEST(Speculation, WhatIsSoonDecidedCallsNoOthers) {
  Budget budget(WithThreads(8));
  std::atomic<size_t> made = 0;
  MakeAttempts<size_t>(
      8, {.most = 7}, budget,
      [&](size_t attempt, Turn& turn) {
        ++made;
        EXPECT_TRUE(WorkFor(100, turn));
        return attempt;
      },
      [](const size_t&) { return true; });
  EXPECT_EQ(made, 1u);
}

TEST(Speculation, WithoutADecisionAllAreMadeOnce) {
  for (const int threads : {1, 2, 8}) {
    Budget budget(WithThreads(threads));
    std::atomic<size_t> made = 0;
    const std::vector<size_t> found = MakeAttempts<size_t>(
        6, {.most = 5}, budget,
        [&](size_t attempt, Turn& turn) {
          ++made;
          EXPECT_TRUE(WorkFor(kLongWork, turn));
          return attempt * attempt;
        },
        [](const size_t&) { return false; });
    EXPECT_EQ(found, (std::vector<size_t>{0, 1, 4, 9, 16, 25}));
    EXPECT_EQ(made, 6u);
  }
}

TEST(Speculation, WhatWasInVainIsStopped) {
  Budget budget(WithThreads(2));
  std::atomic<bool> is_second_made = false;
  std::atomic<bool> was_stopped = false;
  MakeAttempts<size_t>(
      2, {.most = 1}, budget,
      [&](size_t attempt, Turn& turn) {
        if (attempt == 0) {
          WorkFor(kLongWork, turn);
          WaitFor(is_second_made, turn);
        } else {
          is_second_made = true;
          while (turn.GoesOn()) {
          }
          was_stopped = turn.was_stopped();
        }
        return attempt;
      },
      [](const size_t&) { return true; });
  EXPECT_TRUE(was_stopped);
}

// The second attempt is made ahead until there is little memory left, and again
// when the first has released it.
TEST(Speculation, WhereMemoryIsScarceWhatIsAheadGivesWayAndIsMadeAgain) {
  Limits limits = WithThreads(2);
  limits.memory_bytes = 4 * kGiB;
  Budget budget(limits);
  std::atomic<bool> is_second_made = false;
  std::atomic<size_t> made = 0;
  std::atomic<size_t> stopped = 0;
  const std::vector<size_t> found = MakeAttempts<size_t>(
      2, {.most = 1}, budget,
      [&](size_t attempt, Turn& turn) {
        ++made;
        if (attempt == 0) {
          WorkFor(kLongWork, turn);
          WaitFor(is_second_made, turn);
          EXPECT_TRUE(budget.Charge(3 * kGiB));
          while (stopped == 0) std::this_thread::yield();
          budget.Release(3 * kGiB);
        } else {
          is_second_made = true;
          while (made == 2 && turn.GoesOn()) {
          }
          stopped += turn.was_stopped() ? 1 : 0;
        }
        return attempt;
      },
      [](const size_t& attempt) { return attempt == 1; });
  EXPECT_EQ(found, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(stopped, 1u);
  EXPECT_EQ(made, 3u);
}

TEST(Speculation, WhereMemoryIsShortNothingIsMadeAhead) {
  Limits limits = WithThreads(2);
  limits.memory_bytes = kGiB / 2;
  Budget budget(limits);
  std::vector<size_t> made;
  MakeAttempts<size_t>(
      2, {.most = 1}, budget,
      [&](size_t attempt, Turn& turn) {
        WorkFor(kLongWork, turn);
        made.push_back(attempt);
        return attempt;
      },
      [](const size_t& attempt) { return attempt == 0; });
  EXPECT_EQ(made, (std::vector<size_t>{0}));
}

TEST(HelperThreads, AreNoMoreThanTheBudgetSpares) {
  Budget budget(WithThreads(3));
  EXPECT_TRUE(budget.TakeThread());
  EXPECT_TRUE(budget.TakeThread());
  EXPECT_FALSE(budget.TakeThread());
  budget.ReturnThread();
  std::atomic<size_t> started = 0;
  std::atomic<bool> may_end = false;
  checker::HelperThreads helpers(budget);
  helpers.Start(5, [&] {
    ++started;
    while (!may_end) std::this_thread::yield();
  });
  may_end = true;
  helpers.Join();
  EXPECT_EQ(started, 1u);
  EXPECT_TRUE(budget.TakeThread());
  EXPECT_FALSE(budget.TakeThread());
}

TEST(HelperThreads, AParallelLoopDoesEachOnce) {
  for (const int threads : {1, 2, 8}) {
    Budget budget(WithThreads(threads));
    std::vector<std::atomic<int>> done(100);
    checker::ParallelFor(done.size(), budget, [&](size_t i) { ++done[i]; });
    for (const std::atomic<int>& each : done) EXPECT_EQ(each, 1);
  }
}

}  // namespace
}  // namespace minos::testing
