#include "tests/support/visibility_oracle.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/causal_oracle.h"
#include "tests/support/linear_oracle.h"

namespace minos::testing {
namespace {

TinyFacts OfKeyAlone(const TinyFacts& facts, int key) {
  TinyHistory part;
  for (const TinyOp& op : facts.ops) {
    if (op.key == key) part.push_back(op);
  }
  return TinyFacts(part, facts.type);
}

// What a choice of what the reads showed means for a rule that binds only the
// sessions which keep an assumption.
struct GivenAnswer {
  bool is_broken = false;  // by a session that keeps the assumption
  bool is_skipped = false;
};

GivenAnswer AnswerGiven(const TinyFacts& facts, const Choice& choice,
                        GuaranteeRules assumed, GuaranteeRules both) {
  const GuaranteeOracle alone(facts, choice, assumed);
  const GuaranteeOracle together(facts, choice, both);
  GivenAnswer answer;
  for (const int session : facts.sessions) {
    const OpSet own = facts.OfSession(session);
    if (together.Allows(own)) continue;
    (alone.Allows(own) ? answer.is_broken : answer.is_skipped) = true;
  }
  return answer;
}

// True unless a list shows equal elements of one session in another order than
// they were appended in: no arbitration has that, and another choice returns
// the same.
bool EqualElementsAreInOrder(const TinyFacts& facts, const Choice& choice) {
  for (const Shown* shown : choice) {
    if (shown == nullptr) continue;
    for (size_t i = 0; i < shown->order.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const size_t first = shown->order[j];
        const size_t second = shown->order[i];
        if (facts.ops[first].value == facts.ops[second].value &&
            facts.session.Has(second, first)) {
          return false;
        }
      }
    }
  }
  return true;
}

}  // namespace

VisibilityOracle::VisibilityOracle(const TinyHistory& history, TinyType type)
    : facts_(history, type),
      is_hopeless_(!AnyChoice(facts_, [](const Choice&) { return true; })) {}

bool VisibilityOracle::AllowsGuarantees(GuaranteeRules rules) const {
  return AnyChoice(facts_, [&](const Choice& choice) {
    return GuaranteeOracle(facts_, choice, rules).AllowsEachSession();
  });
}

// Each key by itself keeps all rules under one arbitration.
bool VisibilityOracle::AllowsCoherence() const {
  const GuaranteeRules rules =
      ParseGuarantees("session", TinyArbitration::kSession);
  return std::all_of(facts_.keys.begin(), facts_.keys.end(), [&](int key) {
    const TinyFacts part = OfKeyAlone(facts_, key);
    return AnyChoice(part, [&](const Choice& choice) {
      return GuaranteeOracle(part, choice, rules).Allows(part.reads);
    });
  });
}

// Staleness is local: each key is judged by itself.
bool VisibilityOracle::AllowsStaleness(int versions) const {
  return std::all_of(facts_.keys.begin(), facts_.keys.end(), [&](int key) {
    const TinyFacts part = OfKeyAlone(facts_, key);
    return AllowsLinear(part, part.real_time, versions);
  });
}

bool VisibilityOracle::Allows(std::string_view model,
                              TinyArbitration arbitration) const {
  if (is_hopeless_) return false;
  if (model == "causal") return AllowsCausal(facts_, Causality::kPlain);
  if (model == "causal-convergence") {
    return AllowsCausal(facts_, Causality::kConvergence);
  }
  if (model == "causal-memory") return AllowsCausal(facts_, Causality::kMemory);
  if (model == "full:causal") {
    return AllowsSomeCausalOrder(facts_, Causality::kPlain);
  }
  if (model == "full:causal-convergence") {
    return AllowsSomeCausalOrder(facts_, Causality::kConvergence);
  }
  if (model == "full:causal-memory") {
    return AllowsSomeCausalOrder(facts_, Causality::kMemory);
  }
  if (model == "coherence") return AllowsCoherence();
  if (model == "sequential") return AllowsLinear(facts_, facts_.session);
  if (model == "linearizable") return AllowsLinear(facts_, facts_.real_time);
  if (model.starts_with("k:")) {
    return AllowsStaleness(std::stoi(std::string(model.substr(2))));
  }
  return AllowsGuarantees(ParseGuarantees(model, arbitration));
}

bool VisibilityOracle::AllowsGiven(std::string_view names,
                                   std::string_view assumed,
                                   bool& skipped) const {
  skipped = false;
  if (is_hopeless_) return false;
  const GuaranteeRules alone =
      ParseGuarantees(assumed, TinyArbitration::kSession);
  const GuaranteeRules both = ParseGuarantees(
      absl::StrCat(std::string(names), "+", std::string(assumed)),
      TinyArbitration::kSession);
  if (facts_.type == TinyType::kCounter || facts_.type == TinyType::kSet) {
    return AllowsGivenForSome(alone, both, skipped);
  }
  const bool holds = AnyChoice(facts_, [&](const Choice& choice) {
    if (!EqualElementsAreInOrder(facts_, choice)) return false;
    const GivenAnswer answer = AnswerGiven(facts_, choice, alone, both);
    if (!answer.is_broken && answer.is_skipped) skipped = true;
    return !answer.is_broken && !answer.is_skipped;
  });
  // A choice by which nobody is skipped is better than one that skips.
  if (holds) skipped = false;
  return holds;
}

// Which sessions keep the assumption is found first.
bool VisibilityOracle::AllowsGivenForSome(GuaranteeRules assumed,
                                          GuaranteeRules both,
                                          bool& skipped) const {
  std::vector<OpSet> witnesses;
  for (const int session : facts_.sessions) {
    const OpSet own = facts_.OfSession(session);
    const bool keeps = AnyChoice(facts_, [&](const Choice& choice) {
      return GuaranteeOracle(facts_, choice, assumed).Allows(own);
    });
    if (keeps) witnesses.push_back(own);
  }
  const bool holds = AnyChoice(facts_, [&](const Choice& choice) {
    const GuaranteeOracle together(facts_, choice, both);
    return std::all_of(witnesses.begin(), witnesses.end(),
                       [&](OpSet own) { return together.Allows(own); });
  });
  skipped = holds && witnesses.size() < facts_.sessions.size();
  return holds && !skipped;
}

bool VisibilityOracle::AllowsDelta(int delta) const {
  if (is_hopeless_) return false;
  TinyHistory moved = facts_.ops;
  for (TinyOp& op : moved) {
    op.call *= 2;
    if (op.ret < kTinyNever) op.ret *= 2;
    if (op.is_read) op.call -= delta;
  }
  const TinyFacts facts(moved, facts_.type);
  return AllowsLinear(facts, facts.real_time);
}

}  // namespace minos::testing
