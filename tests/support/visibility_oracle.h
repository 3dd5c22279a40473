// Judges tiny histories of registers, counters, sets and lists by enumerating
// what the definitions speak of: what the reads showed, visibilities,
// arbitrations, causal orders and linear orders. It shares nothing with the
// checker but the words.

#ifndef MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_
#define MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_

#include <string_view>

#include "tests/support/guarantee_oracle.h"
#include "tests/support/tiny_facts.h"
#include "tests/support/tiny_history.h"

namespace minos::testing {

class VisibilityOracle {
 public:
  explicit VisibilityOracle(const TinyHistory& history,
                            TinyType type = TinyType::kRegister);

  // True if some read returned what no update that it may have seen explains:
  // then no model allows the history.
  bool IsHopeless() const { return is_hopeless_; }

  // Whether a model allows the history: "read-your-writes", "monotonic-reads",
  // "monotonic-writes" and "writes-follow-reads" as bare rules; several joined
  // by "+"; "pram", "session"; "causal", "causal-convergence", "causal-memory",
  // "coherence", "sequential", "linearizable", "k:N" (each read returns one of
  // the N latest states). The causal ones as "full:causal", … by all partial
  // orders, of at most 6 operations.
  bool Allows(std::string_view model,
              TinyArbitration arbitration = TinyArbitration::kSession) const;

  // The rules `names` hold for every session in which `assumed` hold; sets
  // `skipped` if some session breaks the assumption and the rules with it.
  // Of counters and sets a session breaks the assumption if no choice of what
  // its reads saw keeps it; of other types, each choice is judged by itself.
  bool AllowsGiven(std::string_view names, std::string_view assumed,
                   bool& skipped) const;

  // Δ-atomicity: linearizable after the calls of the reads are moved earlier by
  // `delta` half positions.
  bool AllowsDelta(int delta) const;

  const TinyFacts& facts() const { return facts_; }

 private:
  bool AllowsGuarantees(GuaranteeRules rules) const;
  bool AllowsCoherence() const;
  bool AllowsStaleness(int versions) const;
  bool AllowsGivenForSome(GuaranteeRules assumed, GuaranteeRules both,
                          bool& skipped) const;

  TinyFacts facts_;
  bool is_hopeless_;
};

// For a single question.
inline bool OracleAllows(
    const TinyHistory& history, std::string_view model,
    TinyArbitration arbitration = TinyArbitration::kSession,
    TinyType type = TinyType::kRegister) {
  return VisibilityOracle(history, type).Allows(model, arbitration);
}

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_VISIBILITY_ORACLE_H_
