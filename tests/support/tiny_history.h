// A history of a handful of operations, as a judge likes it that tries
// everything.

#ifndef MINOS_TESTS_SUPPORT_TINY_HISTORY_H_
#define MINOS_TESTS_SUPPORT_TINY_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "history/history.h"
#include "history/operation.h"

namespace minos::testing {

inline constexpr int kTinyNever = 1 << 20;

// The most operations of a tiny history that anybody judges by brute force.
inline constexpr size_t kMaxTinyOperations = 10;

// An operation of a tiny history. Positions are those of its call and return
// among all calls and returns.
struct TinyOp {
  int session = 0;
  int key = 0;
  bool is_read = false;
  // Of a register, 0 is the initial value. Of a counter, the amount that is
  // added or the sum that was read.
  int value = 0;
  history::Outcome outcome = history::Outcome::kOk;
  int call = 0;
  // Of an info operation, when its client gave it up; kTinyNever: not at all.
  int ret = 0;
  // What a read of a set or a list returned; sets in ascending order.
  std::vector<int> shown = {};
  // Whether it is a read that is flagged as final, and the version that it
  // recorded (0: none).
  bool is_final = false;
  int version = 0;
};

using TinyHistory = std::vector<TinyOp>;

// What the keys of a tiny history hold.
enum class TinyType : uint8_t { kRegister, kCounter, kSet, kList };

// The name of the data type for minos.
std::string DataTypeOf(TinyType type);

// The history as minos reads it: each operation by a process of its own, with
// its session in the `session` field, calls and returns in order and ten
// nanoseconds apart; unless `heal` is kTinyNever, with a fault operation of
// that name right before this position.
history::History ToHistory(const TinyHistory& history,
                           TinyType type = TinyType::kRegister,
                           int heal = kTinyNever);

// For messages.
std::string ToString(const TinyHistory& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_TINY_HISTORY_H_
