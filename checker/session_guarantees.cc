// CC, CCv and the session guarantees differ in nothing but whose order the
// arbitration is. All four rules together make M, what a read must see, its
// causal past: own writes (read-your-writes), what was read (monotonic reads)
// and, from each update seen, what precedes it in its session (monotonic
// writes) and what that session had read (writes-follow-reads). And they put
// every update after its causal past, so every arbitration contains co. Then
//  - one order for all, with w before rf(r) for each w of the key that r sees,
//    is exactly "no cycle in co and CF": CCv (Bouajjani et al., POPL 2017);
//  - one order for each read leaves only the cycles rf(r) co w co r: CC;
//  - one order for each session lies between them.

#include "checker/session_guarantees.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "checker/arbitration.h"

namespace minos::checker {
namespace {

struct NamedRules {
  std::string_view name;
  RuleSet rules;
};

constexpr NamedRules kNamedRules[] = {
    {"read-your-writes", kReadYourWrites},
    {"monotonic-reads", kMonotonicReads},
    {"monotonic-writes", kMonotonicWrites},
    {"writes-follow-reads", kWritesFollowReads},
    {"pram", kReadYourWrites | kMonotonicReads | kMonotonicWrites},
    {"session", kAllSessionRules},
};
constexpr size_t kGuarantees = 4;  // the first so many of them are single

ModelOutcome FromArbitration(ArbitrationOutcome arbitration) {
  ModelOutcome outcome;
  outcome.verdict = arbitration.verdict;
  outcome.violations = std::move(arbitration.violations);
  outcome.memory_bytes = arbitration.memory_bytes;
  if (arbitration.unknown) {
    outcome.unknown = Unknown{*arbitration.unknown, "", ""};
    if (arbitration.unknown == UnknownReason::kAmbiguousValues) {
      outcome.unknown->progress =
          "too many choices of updates make the sums that the reads returned";
      outcome.unknown->advice =
          "record a `version` with each operation, or judge a shorter history";
    }
  }
  return outcome;
}

// Where not all was judged, nobody knows who bears witness.
ModelOutcome WithoutWitnesses(UnknownReason reason, size_t memory_bytes) {
  ArbitrationOutcome outcome;
  outcome.verdict = Verdict::kUnknown;
  outcome.unknown = reason;
  outcome.memory_bytes = memory_bytes;
  return FromArbitration(std::move(outcome));
}

Unknown AssumptionViolated(RuleSet assumed) {
  std::vector<std::string> names;
  for (size_t i = 0; i < kGuarantees; ++i) {
    if (Has(assumed, kNamedRules[i].rules)) {
      names.emplace_back(kNamedRules[i].name);
    }
  }
  return {UnknownReason::kAssumptionViolated,
          absl::StrCat("every session that may break it breaks ",
                       absl::StrJoin(names, " or "),
                       " itself, so it cannot bear witness"),
          "check the assumed guarantee first, or pass --assume none for the "
          "bare rule"};
}

}  // namespace

ModelOutcome UnknownOutcome(Unknown unknown) {
  ModelOutcome outcome;
  outcome.verdict = Verdict::kUnknown;
  outcome.unknown = std::move(unknown);
  return outcome;
}

RuleSet RulesOf(std::string_view name) {
  const size_t plus = name.find('+');
  if (plus != std::string_view::npos) {
    const RuleSet first = RulesOf(name.substr(0, plus));
    const RuleSet rest = RulesOf(name.substr(plus + 1));
    return first == 0 || rest == 0 ? 0 : first | rest;
  }
  for (const NamedRules& named : kNamedRules) {
    if (named.name == name) return named.rules;
  }
  return 0;
}

namespace {

// Of counters, where a session keeps the assumption if some choice of what its
// reads saw does.
ModelOutcome JudgeCounterGiven(const SessionHistory& steps, RuleSet rules,
                               RuleSet assumed, bool explain, Budget& budget) {
  const ArbitrationOutcome alone = CheckArbitration(
      steps, assumed, ArbitrationScope::kSession, false, budget);
  if (alone.cut_short) {
    return WithoutWitnesses(*alone.cut_short, alone.memory_bytes);
  }
  std::vector<bool> witnesses = alone.violated_sessions;
  witnesses.flip();
  ModelOutcome outcome = FromArbitration(
      CheckArbitration(steps, rules | assumed, ArbitrationScope::kSession,
                       explain, budget, &witnesses));
  outcome.deciding_sessions = std::move(witnesses);
  if (outcome.verdict == Verdict::kValid &&
      alone.verdict == Verdict::kViolation) {
    outcome.verdict = Verdict::kUnknown;
    outcome.unknown = AssumptionViolated(assumed);
  }
  return outcome;
}

}  // namespace

ModelOutcome JudgeGuarantees(const SessionHistory& steps, RuleSet rules,
                             RuleSet assumed, bool explain, Budget& budget) {
  if (steps.observation == Observation::kCounter && assumed != 0) {
    return JudgeCounterGiven(steps, rules, assumed, explain, budget);
  }
  ArbitrationOutcome together = CheckArbitration(
      steps, rules | assumed, ArbitrationScope::kSession, explain, budget);
  if (assumed == 0 || together.verdict != Verdict::kViolation) {
    return FromArbitration(std::move(together));
  }
  const RuleSet arbitration = rules & ~kAllSessionRules;
  const ArbitrationOutcome alone = CheckArbitration(
      steps, assumed | arbitration, ArbitrationScope::kSession, false, budget);
  if (alone.cut_short) {
    return WithoutWitnesses(*alone.cut_short, alone.memory_bytes);
  }
  ModelOutcome outcome;
  outcome.memory_bytes = std::max(together.memory_bytes, alone.memory_bytes);
  outcome.deciding_sessions = together.violated_sessions;
  bool is_violated = false;
  for (size_t s = 0; s < steps.session_names.size(); ++s) {
    if (alone.violated_sessions[s]) outcome.deciding_sessions[s] = false;
    is_violated = is_violated || outcome.deciding_sessions[s];
  }
  if (!is_violated) {
    outcome.verdict = Verdict::kUnknown;
    outcome.unknown = AssumptionViolated(assumed);
    return outcome;
  }
  outcome.verdict = Verdict::kViolation;
  // The evidence of sessions that bear witness, and only theirs.
  outcome.violations =
      CheckArbitration(steps, rules | assumed, ArbitrationScope::kSession,
                       explain, budget, &outcome.deciding_sessions)
          .violations;
  if (outcome.violations.empty()) {
    // The budget ran out before the evidence was found again.
    return WithoutWitnesses(
        budget.Exhausted().value_or(UnknownReason::kTimeLimit),
        outcome.memory_bytes);
  }
  return outcome;
}

namespace {

// A set of guarantees as bits in the order of kNamedRules.
using Subset = unsigned;
constexpr Subset kSubsets = 1u << kGuarantees;

RuleSet RulesOfSubset(Subset subset) {
  RuleSet rules = 0;
  for (size_t i = 0; i < kGuarantees; ++i) {
    if ((subset >> i & 1) != 0) rules |= kNamedRules[i].rules;
  }
  return rules;
}

std::string SubsetText(Subset subset) {
  std::vector<std::string> names;
  for (size_t i = 0; i < kGuarantees; ++i) {
    if ((subset >> i & 1) != 0) names.emplace_back(kNamedRules[i].name);
  }
  return names.empty() ? "none of them" : absl::StrJoin(names, " + ");
}

// The notes on which subsets hold; `holds` is closed under taking subsets.
std::vector<std::string> DescribeSubsets(
    const std::array<bool, kSubsets>& holds) {
  std::vector<std::string> largest;
  std::vector<std::string> smallest;
  for (Subset subset = 0; subset < kSubsets; ++subset) {
    bool has_larger = false;
    bool has_smaller = false;
    for (size_t i = 0; i < kGuarantees; ++i) {
      const Subset other = subset ^ (1u << i);
      if (other > subset && holds[other]) has_larger = true;
      if (other < subset && !holds[other]) has_smaller = true;
    }
    if (holds[subset] && !has_larger) largest.push_back(SubsetText(subset));
    if (!holds[subset] && !has_smaller) smallest.push_back(SubsetText(subset));
  }
  return {absl::StrCat("hold together: ", absl::StrJoin(largest, "; ")),
          absl::StrCat("cannot hold", smallest.size() > 1 ? ", each" : "", ": ",
                       absl::StrJoin(smallest, "; "))};
}

}  // namespace

ModelOutcome JudgeSession(const SessionHistory& steps, RuleSet arbitration,
                          bool explain, Budget& budget) {
  ModelOutcome outcome = JudgeGuarantees(steps, kAllSessionRules | arbitration,
                                         0, explain, budget);
  if (outcome.verdict != Verdict::kViolation || !explain) return outcome;
  std::array<bool, kSubsets> holds{};
  holds[0] = true;
  for (Subset subset = 1; subset + 1 < kSubsets; ++subset) {
    bool may_hold = true;
    for (size_t i = 0; i < kGuarantees; ++i) {
      if ((subset >> i & 1) != 0 && !holds[subset ^ (1u << i)]) {
        may_hold = false;
      }
    }
    if (!may_hold) continue;
    const Verdict verdict =
        JudgeGuarantees(steps, RulesOfSubset(subset) | arbitration, 0, false,
                        budget)
            .verdict;
    if (verdict == Verdict::kUnknown) return outcome;
    holds[subset] = verdict == Verdict::kValid;
  }
  for (std::string& note : DescribeSubsets(holds)) {
    outcome.notes.push_back(std::move(note));
  }
  return outcome;
}

ModelOutcome JudgeCoherence(const SessionHistory& steps, RuleSet arbitration,
                            bool explain, Budget& budget) {
  std::vector<std::vector<Step>> by_key(steps.key_names.size());
  for (Step step = 0; step < steps.size(); ++step) {
    by_key[steps.keys[step]].push_back(step);
  }
  ModelOutcome outcome;
  for (std::vector<Step>& selected : by_key) {
    const SessionHistory part = RestrictTo(steps, selected);
    selected = {};
    ModelOutcome of_key = FromArbitration(
        CheckArbitration(part, kAllSessionRules | arbitration,
                         ArbitrationScope::kGlobal, explain, budget));
    outcome.verdict = Combine(outcome.verdict, of_key.verdict);
    if (of_key.unknown) outcome.unknown = of_key.unknown;
    outcome.memory_bytes = std::max(outcome.memory_bytes, of_key.memory_bytes);
    for (Violation& violation : of_key.violations) {
      if (outcome.violations.size() >= kMaxArbitrationViolations) break;
      outcome.violations.push_back(std::move(violation));
    }
  }
  if (outcome.verdict != Verdict::kUnknown) outcome.unknown.reset();
  return outcome;
}

ModelOutcome JudgeCausal(const SessionHistory& steps, RuleSet arbitration,
                         bool explain, Budget& budget) {
  return FromArbitration(CheckArbitration(steps, kAllSessionRules | arbitration,
                                          ArbitrationScope::kRead, explain,
                                          budget));
}

ModelOutcome JudgeCausalConvergence(const SessionHistory& steps,
                                    RuleSet arbitration, bool explain,
                                    Budget& budget) {
  return FromArbitration(CheckArbitration(steps, kAllSessionRules | arbitration,
                                          ArbitrationScope::kGlobal, explain,
                                          budget));
}

}  // namespace minos::checker
