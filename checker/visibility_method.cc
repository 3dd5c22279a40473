#include "checker/visibility_method.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/causal_memory.h"
#include "checker/collection_order.h"
#include "checker/counter_memory.h"
#include "checker/eventual.h"
#include "checker/session_guarantees.h"
#include "checker/strong_eventual.h"
#include "checker/visibility_rules.h"

namespace minos::checker {
namespace {

absl::StatusOr<RuleSet> AssumedRules(const std::string& name,
                                     const VisibilityOptions& options) {
  if (name != "monotonic-writes" && name != "writes-follow-reads" &&
      !options.assume) {
    return RuleSet{0};
  }
  if (!options.assume) return kMonotonicReads;
  RuleSet assumed = 0;
  for (const std::string& assumption : *options.assume) {
    if (assumption == "none") continue;
    const RuleSet rules = RulesOf(assumption);
    if (rules == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "cannot assume `", assumption,
          "`; read-your-writes, monotonic-reads, monotonic-writes, "
          "writes-follow-reads, pram, session and none can be"));
    }
    assumed |= rules;
  }
  return assumed;
}

// Adds to what `eventual` says of a counter the reads whose sum no updates
// make. That is a search; in a long history, or where it gives up, a note says
// that it was not settled. Where a limit ends it, nobody knows.
void AddThinAirSums(const SessionHistory& steps, RuleSet arbitration,
                    bool explain, Budget& budget, ModelOutcome& outcome) {
  constexpr Step kMostSteps = 4096;
  ModelOutcome sums;
  if (steps.size() <= kMostSteps) {
    sums = JudgeGuarantees(steps, arbitration, 0, explain, budget);
  } else {
    sums.verdict = Verdict::kUnknown;
  }
  const bool is_cut_short = sums.unknown && budget.Exhausted();
  if (is_cut_short && outcome.verdict == Verdict::kValid) {
    outcome.verdict = Verdict::kUnknown;
    outcome.unknown = std::move(sums.unknown);
  } else if (sums.verdict == Verdict::kUnknown) {
    outcome.notes.emplace_back(
        "whether some updates make the sum of every read was not settled");
  }
  if (sums.verdict != Verdict::kViolation) return;
  outcome.verdict = Verdict::kViolation;
  outcome.unknown.reset();
  for (Violation& violation : sums.violations) {
    outcome.violations.push_back(std::move(violation));
  }
}

// Causal memory, by what is read.
ModelOutcome JudgeMemory(const SessionHistory& steps, RuleSet arbitration,
                         bool explain, Budget& budget) {
  switch (steps.observation) {
    case Observation::kRegister:
      return JudgeCausalMemory(steps, arbitration, explain, budget);
    case Observation::kCounter:
      return JudgeCounterMemory(steps, arbitration, explain, budget);
    case Observation::kList:
    case Observation::kSet:
      break;
  }
  return JudgeCollectionOrder(steps, Serializer::kEachSession, arbitration,
                              explain, budget);
}

// It asks for no order of the updates but causality, so none can be added.
ModelOutcome JudgeCausality(const SessionHistory& steps, RuleSet, bool explain,
                            Budget& budget) {
  return JudgeCausal(steps, kInitialFirst | kSessionArbitration, explain,
                     budget);
}

ModelOutcome JudgeConvergence(const SessionHistory& steps, RuleSet arbitration,
                              bool explain, Budget& budget) {
  ModelOutcome outcome = JudgeEventual(steps);
  if (steps.observation == Observation::kCounter) {
    AddThinAirSums(steps, arbitration, explain, budget, outcome);
  }
  return outcome;
}

ModelOutcome JudgeStrongConvergence(const SessionHistory& steps,
                                    RuleSet arbitration, bool explain,
                                    Budget& budget) {
  if (steps.observation == Observation::kCounter) {
    ModelOutcome sums = JudgeGuarantees(steps, arbitration, 0, explain, budget);
    if (sums.verdict != Verdict::kValid) return sums;
  }
  return JudgeStrongEventual(steps);
}

// The models that are more than a set of rules.
struct JudgedByName {
  std::string_view consistency;
  std::string_view algorithm;
  bool needs_sources;
  ModelOutcome (*judge)(const SessionHistory& steps, RuleSet arbitration,
                        bool explain, Budget& budget);
};

constexpr JudgedByName kJudgedByName[] = {
    {"session", "saturation", true, JudgeSession},
    {"coherence", "saturation", true, JudgeCoherence},
    {"causal", "clocks", true, JudgeCausality},
    {"causal-convergence", "saturation", true, JudgeCausalConvergence},
    {"causal-memory", "ranks", true, JudgeMemory},
    {"eventual", "final-reads", false, JudgeConvergence},
    {"strong-eventual", "same-updates", false, JudgeStrongConvergence},
};

absl::StatusOr<VisibilityMethod> MethodByRules(const std::string& consistency,
                                               RuleSet rules,
                                               const VisibilityOptions& options,
                                               Budget& budget) {
  const absl::StatusOr<RuleSet> assumed = AssumedRules(consistency, options);
  if (!assumed.ok()) return assumed.status();
  const RuleSet all = rules | ArbitrationRules(options.arbitration);
  VisibilityMethod method;
  method.is_monotonic = *assumed == 0;
  method.judge = [all, assumed = *assumed, &budget](const SessionHistory& steps,
                                                    bool explain) {
    return JudgeGuarantees(steps, all, assumed, explain, budget);
  };
  return method;
}

}  // namespace

absl::StatusOr<VisibilityMethod> MethodFor(const std::string& consistency,
                                           const VisibilityOptions& options,
                                           Budget& budget) {
  const RuleSet rules = RulesOf(consistency);
  // All guarantees of a session together are judged by rules only where some
  // are assumed.
  if (rules != 0 && (consistency != "session" || options.assume)) {
    return MethodByRules(consistency, rules, options, budget);
  }
  const auto* const named =
      std::find_if(std::begin(kJudgedByName), std::end(kJudgedByName),
                   [&](const JudgedByName& known) {
                     return known.consistency == consistency;
                   });
  if (named == std::end(kJudgedByName)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "`", consistency, "` is not judged by visibility and arbitration"));
  }
  VisibilityMethod method;
  method.algorithm = std::string(named->algorithm);
  method.needs_sources = named->needs_sources;
  const RuleSet arbitration = ArbitrationRules(options.arbitration);
  method.judge = [named, arbitration, &budget](const SessionHistory& steps,
                                               bool explain) {
    return named->judge(steps, arbitration, explain, budget);
  };
  return method;
}

}  // namespace minos::checker
