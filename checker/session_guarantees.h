// The models that are sets of closure rules: the session guarantees and their
// combinations, coherence, causality (CC) and causal convergence (CCv).

#ifndef MINOS_CHECKER_SESSION_GUARANTEES_H_
#define MINOS_CHECKER_SESSION_GUARANTEES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/budget.h"
#include "checker/session_history.h"
#include "checker/verdict.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// What judging one model gave.
struct ModelOutcome {
  Verdict verdict = Verdict::kValid;
  std::optional<Unknown> unknown;  // set exactly if unknown
  std::vector<Violation> violations;
  std::vector<std::string> notes;
  size_t memory_bytes = 0;
  // For guarantees that are judged given others: the sessions that decided a
  // violation. Empty where everybody decides.
  std::vector<bool> deciding_sessions;
};

// The outcome of what was not decided.
ModelOutcome UnknownOutcome(Unknown unknown);

// The rules of a session guarantee or of a set of them, by the names of
// AllConsistencies(), or several joined by "+"; 0 if `name` is none.
RuleSet RulesOf(std::string_view name);

// Judges `rules` (with the arbitration rules among them), each session by its
// own order. Where `assumed` is not 0, a session counts only if the assumed
// rules hold for it: `violation` if one of these breaks the rules together with
// the assumed ones; `unknown: assumption-violated` if only sessions that break
// the assumption are left in question.
ModelOutcome JudgeGuarantees(const SessionHistory& steps, RuleSet rules,
                             RuleSet assumed, bool explain, Budget& budget);

// All four guarantees together; where they fail, the notes say which of the
// sixteen subsets hold: the largest that do and the smallest that do not.
ModelOutcome JudgeSession(const SessionHistory& steps, RuleSet arbitration,
                          bool explain, Budget& budget);

// All four guarantees for each key on its own, under one order for all: what
// the literature on shared memory calls coherence.
ModelOutcome JudgeCoherence(const SessionHistory& steps, RuleSet arbitration,
                            bool explain, Budget& budget);

// CC: all four guarantees, under one order for each read.
ModelOutcome JudgeCausal(const SessionHistory& steps, RuleSet arbitration,
                         bool explain, Budget& budget);

// CCv: all four guarantees, under one order for all.
ModelOutcome JudgeCausalConvergence(const SessionHistory& steps,
                                    RuleSet arbitration, bool explain,
                                    Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_GUARANTEES_H_
