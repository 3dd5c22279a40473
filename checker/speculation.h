// Attempts that are made in a fixed order until one decides, on several
// threads.
//
// The idea. A search makes attempts, none of which needs what another one
// found, and ends with the first that decides. While one is made, the next ones
// can be made ahead of their turn, on threads that nobody else wants. What they
// find counts when it is their turn; so what is found is that of the first
// attempt in the order that decides, whoever was first in time: the same for
// any number of threads. When an attempt decides, those after it were in vain,
// and are told so.
//
// What is soon decided costs no thread: others start after some work. What is
// made ahead gives way where memory is scarce, and is made again at its turn;
// so no limit is met that would not have been met without.

#ifndef MINOS_CHECKER_SPECULATION_H_
#define MINOS_CHECKER_SPECULATION_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "checker/budget.h"
#include "checker/helper_threads.h"

namespace minos::checker {

// Which attempts have been taken, and which have ended. Thread-safe.
class Turns {
 public:
  Turns(size_t count, Budget& budget);

  // The next attempt that may be made ahead; nothing if there is none.
  std::optional<size_t> Take();
  // Says what became of an attempt that was not stopped.
  void End(size_t attempt, bool decides);
  // Whether an attempt can still count, and need not give way.
  bool IsWanted(size_t attempt);

 private:
  Budget& budget_;
  std::atomic<size_t> wanted_;       // how many may still count
  std::atomic<size_t> at_turn_ = 0;  // all before it have ended
  std::atomic<bool> is_scarce_ = false;
  std::mutex mutex_;
  size_t next_ = 0;              // under the lock
  std::vector<bool> has_ended_;  // under the lock
};

// What an attempt is told while it is made. It belongs to one thread.
class Turn {
 public:
  // Of an attempt that is made at its turn, and waits for no other.
  Turn() = default;
  // `call_others` is called once, after so much work; it may be null.
  Turn(Turns& turns, size_t attempt, size_t work_before_others,
       std::function<void()> call_others)
      : turns_(&turns),
        attempt_(attempt),
        work_before_others_(work_before_others),
        call_others_(std::move(call_others)) {}

  // To be asked for each piece of work, of about a microsecond: whether the
  // attempt is to go on. If not, whatever it returns counts for nothing.
  bool GoesOn();
  bool was_stopped() const { return was_stopped_; }

 private:
  Turns* turns_ = nullptr;
  size_t attempt_ = 0;
  size_t work_before_others_ = 0;
  std::function<void()> call_others_;
  size_t work_ = 0;
  bool was_stopped_ = false;
};

// How many attempts may be made ahead, and after how much work of one (calls of
// GoesOn): most histories are decided before. Two threads on one core slow each
// other down.
struct Ahead {
  size_t most = 0;
  size_t after = size_t{1} << 14;
};

// Makes the attempts 0, 1, … of `count`, until one decides; if the budget has
// threads to spare, some of them ahead of their turn. `make` makes one of them,
// and is called by several threads at once, unless none is made ahead. Returns
// what the attempts up to the first that decides have found, or all.
template <typename Result>
std::vector<Result> MakeAttempts(
    size_t count, const Ahead& ahead, Budget& budget,
    absl::FunctionRef<Result(size_t attempt, Turn& turn)> make,
    absl::FunctionRef<bool(const Result&)> decides) {
  std::vector<std::optional<Result>> found(count);
  Turns turns(count, budget);
  const auto work = [&](const std::function<void()>& call_others) {
    while (const std::optional<size_t> attempt = turns.Take()) {
      Turn turn(turns, *attempt, ahead.after, call_others);
      Result result = make(*attempt, turn);
      if (turn.was_stopped()) continue;
      turns.End(*attempt, decides(result));
      found[*attempt] = std::move(result);
    }
  };
  HelperThreads helpers(budget);
  work([&] { helpers.Start(ahead.most, [&] { work(nullptr); }); });
  helpers.Join();
  std::vector<Result> results;
  for (size_t i = 0; i < count; ++i) {
    Turn at_its_turn;
    results.push_back(found[i] ? *std::move(found[i]) : make(i, at_its_turn));
    if (decides(results.back())) break;
  }
  return results;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SPECULATION_H_
