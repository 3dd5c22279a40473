// Judges tiny histories of registers, counters, sets and lists by enumerating
// what the definitions speak of: what the reads saw, visibilities,
// arbitrations, causal orders and linear orders. It shares nothing with the
// checker but the words.

#ifndef MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_
#define MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/history.h"
#include "history/operation.h"

namespace minos::testing {

// An operation of a tiny history. Positions are those of its call and return
// among all calls and returns; an info operation returns never.
struct TinyOp {
  int session = 0;
  int key = 0;
  bool is_read = false;
  // Of a register, 0 is the initial value. Of a counter, the amount that is
  // added or the sum that was read.
  int value = 0;
  history::Outcome outcome = history::Outcome::kOk;
  int call = 0;
  int ret = 0;
  // What a read of a set or a list returned; sets in ascending order.
  std::vector<int> shown = {};
};

using TinyHistory = std::vector<TinyOp>;

// What the keys of a tiny history hold.
enum class TinyType : uint8_t { kRegister, kCounter, kSet, kList };

inline constexpr int kTinyNever = 1 << 20;

// Which arbitration rules a tiny history is judged with.
enum class TinyArbitration : uint8_t { kSession, kNone, kRealTime };

// What the oracle knows: "read-your-writes", "monotonic-reads",
// "monotonic-writes" and "writes-follow-reads" as bare rules; several joined by
// "+"; "pram", "session"; "causal", "causal-convergence", "causal-memory" (of
// at most 6 operations that are not failed), "coherence", "sequential",
// "linearizable", "k:N" (each read returns one of the N latest writes).
bool OracleAllows(const TinyHistory& history, std::string_view model,
                  TinyArbitration arbitration = TinyArbitration::kSession,
                  TinyType type = TinyType::kRegister);

// The rules `names` hold for every session in which `assumed` hold; sets
// `skipped` if some session breaks the assumption and the rules with it.
// Of counters and sets a session breaks the assumption if no choice of what its
// reads saw keeps it; of other types, each choice is judged by itself.
bool OracleAllowsGiven(const TinyHistory& history, std::string_view names,
                       std::string_view assumed, bool& skipped,
                       TinyType type = TinyType::kRegister);

// Δ-atomicity: linearizable after the calls of the reads are moved earlier by
// `delta` half positions.
bool OracleAllowsDelta(const TinyHistory& history, int delta,
                       TinyType type = TinyType::kRegister);

// The history as minos reads it: each operation by a process of its own, with
// its session in the `session` field, calls and returns in order.
history::History ToHistory(const TinyHistory& history,
                           TinyType type = TinyType::kRegister);

// For messages.
std::string ToString(const TinyHistory& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_
