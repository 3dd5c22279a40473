// Judges tiny histories of registers by enumerating what the definitions speak
// of: sources of the reads, visibilities, arbitrations, causal orders and
// linear orders. It shares nothing with the checker but the words.

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
  int value = 0;  // 0 is the initial value
  history::Outcome outcome = history::Outcome::kOk;
  int call = 0;
  int ret = 0;
};

using TinyHistory = std::vector<TinyOp>;

inline constexpr int kTinyNever = 1 << 20;

// Which arbitration rules a tiny history is judged with.
enum class TinyArbitration : uint8_t { kSession, kNone, kRealTime };

// What the oracle knows: "read-your-writes", "monotonic-reads",
// "monotonic-writes" and "writes-follow-reads" as bare rules; several joined by
// "+"; "pram", "session"; "causal", "causal-convergence", "causal-memory" (of
// at most 6 operations that are not failed), "coherence", "sequential",
// "linearizable", "k:N" (each read returns one of the N latest writes).
bool OracleAllows(const TinyHistory& history, std::string_view model,
                  TinyArbitration arbitration = TinyArbitration::kSession);

// The rules `names` hold for every session in which `assumed` hold; sets
// `skipped` if some session breaks the assumption and the rules with it.
bool OracleAllowsGiven(const TinyHistory& history, std::string_view names,
                       std::string_view assumed, bool& skipped);

// Δ-atomicity: linearizable after the calls of the reads are moved earlier by
// `delta` half positions.
bool OracleAllowsDelta(const TinyHistory& history, int delta);

// The history as minos reads it: each operation by a process of its own, with
// its session in the `session` field, calls and returns in order.
history::History ToHistory(const TinyHistory& history);

// For messages.
std::string ToString(const TinyHistory& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_
