// Bounded staleness: how old the value of a read may be.

#ifndef MINOS_CHECKER_STALENESS_H_
#define MINOS_CHECKER_STALENESS_H_

#include <cstdint>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/session_guarantees.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// At most so many versions (1: the latest only) or nanoseconds behind.
struct StalenessBound {
  bool is_time = false;
  uint32_t versions = 1;
  history::Nanoseconds time = 0;
};

// Reads "k:3" and "t:250ms" (units ns, us, ms, s, m). InvalidArgument if `text`
// is neither.
absl::StatusOr<StalenessBound> ParseStalenessBound(std::string_view text);

// Judges registers, kv, lists, sets and counters, each key on its own. Every
// update makes a new state, but one that adds 0 to a counter.
//  - t (Δ-atomicity; Golab, Li & Shah, PODC 2011): linearizable after the call
//    of each read is moved `time` earlier. Times are needed; `unsupported` if
//    the history has none.
//  - k (k-atomicity; Golab, Hurwitz & Li, ICDCS 2013): an order that contains
//    real time in which each read returns one of the `versions` latest states;
//    an operation that reads and writes at once takes the latest.
// Decided by the search of wgl.h over an object that remembers its latest
// states: exact, exponential at worst, `unknown` where the budget ends first.
absl::StatusOr<ModelOutcome> JudgeStaleness(const history::History& history,
                                            const ModelInfo& model,
                                            const Partitioning& partitioning,
                                            history::ValueId initial,
                                            const StalenessBound& bound,
                                            Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_STALENESS_H_
