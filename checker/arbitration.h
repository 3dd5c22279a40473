// Is there an arbitration order for what the reads saw?
//
// The rules put updates in order: those of one session (monotonic writes, or
// the writes of one session to one key), what a session read before what it
// writes then, real time or versions where asked for, and, for each read, all
// that it sees before what it returned. There is an arbitration exactly if
// these have no cycle, and the cycle is the proof.

#ifndef MINOS_CHECKER_ARBITRATION_H_
#define MINOS_CHECKER_ARBITRATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/budget.h"
#include "checker/session_history.h"
#include "checker/verdict.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

struct ArbitrationOutcome {
  Verdict verdict = Verdict::kValid;
  std::optional<UnknownReason> unknown;  // set exactly if unknown
  // Why not all was judged, where it was not, whatever the verdict.
  std::optional<UnknownReason> cut_short;
  std::vector<Violation> violations;  // at most kMaxArbitrationViolations
  // By session: true if it is violated. Empty unless the scope is kSession.
  std::vector<bool> violated_sessions;
  size_t memory_bytes = 0;
};

inline constexpr size_t kMaxArbitrationViolations = 8;

// Judges `steps`, whose sources are resolved, by `rules`. Unresolved reads
// demand nothing. If not `explain`, the violations have no cycle and no
// sentences. O(n · chains) time; memory follows the number of demands, at most
// that. Sessions are judged one by one only where one order for all is not
// possible. If `witnesses` is not null, only sessions that are marked there are
// judged (scope kSession).
ArbitrationOutcome CheckArbitration(
    const SessionHistory& steps, RuleSet rules, ArbitrationScope scope,
    bool explain, Budget& budget, const std::vector<bool>* witnesses = nullptr);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ARBITRATION_H_
