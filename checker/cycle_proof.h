// The words for the contradictions that visibility and arbitration run into.

#ifndef MINOS_CHECKER_CYCLE_PROOF_H_
#define MINOS_CHECKER_CYCLE_PROOF_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/session_history.h"
#include "checker/update_order.h"
#include "checker/verdict.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Which words a proof uses: those of the session rules, or of causality.
enum class ProofWords : uint8_t { kSession, kCausal };

// Why `read` sees `update` under `rules`, in whole sentences, one a step of the
// derivation. Adds the operations that it names to `core`, and sets `rule`,
// which is empty before, to the name of the last rule. O(n).
std::vector<std::string> WhySeen(const SessionHistory& steps, RuleSet rules,
                                 ProofWords words, Step read, Step update,
                                 std::vector<history::OpIndex>& core,
                                 std::string& rule);

// The violation that `cycle` proves: each update of it would have to come
// before the next, and the last before the first. O(n) for each demand.
Violation CycleViolation(const SessionHistory& steps, RuleSet rules,
                         ProofWords words, const std::vector<OrderEdge>& cycle);

// The violation that `read` sees `update` and did not return it nor anything
// that could come after it. O(n).
Violation UnseenViolation(const SessionHistory& steps, RuleSet rules,
                          ProofWords words, Step read, Step update);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CYCLE_PROOF_H_
