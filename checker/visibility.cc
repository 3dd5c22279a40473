#include "checker/visibility.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/ambiguity.h"
#include "checker/causal_memory.h"
#include "checker/collection_order.h"
#include "checker/consistency_registry.h"
#include "checker/counter_memory.h"
#include "checker/eventual.h"
#include "checker/linearizability.h"
#include "checker/reads_from.h"
#include "checker/sequential_order.h"
#include "checker/sequential_queues.h"
#include "checker/sequential_search.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/session_history_builder.h"
#include "checker/staleness.h"
#include "checker/strong_eventual.h"
#include "checker/visibility_rules.h"

namespace minos::checker {
namespace {

using history::History;
using history::kNoValue;
using history::ValueId;

RuleSet ArbitrationRules(ArbitrationMode mode) {
  switch (mode) {
    case ArbitrationMode::kNone:
      return kInitialFirst;
    case ArbitrationMode::kSession:
      return kInitialFirst | kSessionArbitration;
    case ArbitrationMode::kRealTime:
      return kInitialFirst | kSessionArbitration | kRealTimeArbitration;
    case ArbitrationMode::kVersions:
      return kInitialFirst | kSessionArbitration | kVersionArbitration;
  }
  return kInitialFirst;
}

// Takes what reads of nil returned away where nil can never be the value of
// their key: as models/register.cc has it, they say nothing.
void SilenceReads(const ModelInfo& model, SessionHistory& steps) {
  const bool is_register =
      model.name == "register" || model.name == "cas-register";
  if (!is_register || steps.initial == history::kNil) return;
  std::vector<bool> can_be_nil(steps.key_names.size(), false);
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step) && steps.values[step] == history::kNil) {
      can_be_nil[steps.keys[step]] = true;
    }
  }
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) && steps.values[step] == history::kNil &&
        !can_be_nil[steps.keys[step]]) {
      steps.values[step] = kNoValue;
    }
  }
}

// A read of "" from a key-value store finds a missing key, or a string that is
// empty (as models/kv.cc has it). Makes both one value where no read tells one
// from the other; where one does, what reads of "" returned is left out.
void ReadMissingKeys(const ModelInfo& model, SessionHistory& steps) {
  const ValueId empty = steps.history->values().FindString("");
  if (model.name != "kv" || empty == kNoValue) return;
  std::vector<bool> can_be_empty(steps.key_names.size(),
                                 steps.initial == empty);
  std::vector<bool> is_nil_read(steps.key_names.size(), false);
  for (Step step = 0; step < steps.size(); ++step) {
    const uint32_t key = steps.keys[step];
    if (steps.IsRead(step)) {
      if (steps.values[step] == history::kNil) is_nil_read[key] = true;
    } else if (steps.values[step] == empty) {
      can_be_empty[key] = true;
    }
  }
  const auto are_told_apart = [&](Step step) {
    return can_be_empty[steps.keys[step]] && is_nil_read[steps.keys[step]];
  };
  const ValueId missing = steps.initial == empty ? empty : history::kNil;
  for (Step step = 0; step < steps.size(); ++step) {
    ValueId& value = steps.values[step];
    if (value != empty && value != history::kNil) continue;
    if (!are_told_apart(step)) {
      value = missing;
    } else if (steps.IsRead(step) && value == empty) {
      value = kNoValue;
      steps.says_more = true;
    }
  }
  const auto is_left_out = [&](const std::pair<Step, ValueId>& compared) {
    return compared.second == empty && are_told_apart(compared.first);
  };
  if (std::erase_if(steps.compared, is_left_out) > 0) steps.says_more = true;
  for (auto& [step, value] : steps.compared) {
    if (value == empty || value == history::kNil) value = missing;
  }
}

// How a model is judged once the sources of the reads are known.
struct Method {
  Judge judge;
  // See JudgeAmbiguous.
  bool is_monotonic = true;
  // False if what collections returned says all.
  bool needs_sources = true;
  std::string algorithm = "saturation";
};

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

absl::StatusOr<Method> MethodByRules(const std::string& consistency,
                                     RuleSet rules,
                                     const VisibilityOptions& options,
                                     Budget& budget) {
  const absl::StatusOr<RuleSet> assumed = AssumedRules(consistency, options);
  if (!assumed.ok()) return assumed.status();
  const RuleSet all = rules | ArbitrationRules(options.arbitration);
  Method method;
  method.is_monotonic = *assumed == 0;
  method.judge = [all, assumed = *assumed, &budget](const SessionHistory& steps,
                                                    bool explain) {
    return JudgeGuarantees(steps, all, assumed, explain, budget);
  };
  return method;
}

absl::StatusOr<Method> MethodFor(const std::string& consistency,
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
  Method method;
  method.algorithm = std::string(named->algorithm);
  method.needs_sources = named->needs_sources;
  const RuleSet arbitration = ArbitrationRules(options.arbitration);
  method.judge = [named, arbitration, &budget](const SessionHistory& steps,
                                               bool explain) {
    return named->judge(steps, arbitration, explain, budget);
  };
  return method;
}

// How many configurations the search for a linearization may enter for each
// operation, and at most, before the search for a sequential order takes over.
constexpr size_t kLinearConfigurations = 1000;
constexpr size_t kMaxLinearConfigurations = 1'000'000;

// True if the history is linearizable, which was found without much effort:
// then it is sequentially consistent. Not asked where versions order updates,
// since a linearization need not follow them.
absl::StatusOr<bool> IsPlainlyLinearizable(const History& history,
                                           const ModelInfo& model,
                                           const Partitioning& partitioning,
                                           const VisibilityOptions& options,
                                           Budget& budget) {
  if (options.arbitration == ArbitrationMode::kVersions) return false;
  LinearizabilityOptions linearizability;
  linearizability.initial = options.initial;
  linearizability.explain = false;
  linearizability.max_configurations = std::min(
      kMaxLinearConfigurations, kLinearConfigurations * (history.size() + 1));
  const absl::StatusOr<CheckResult> result =
      CheckLinearizable(history, model, partitioning, linearizability, budget);
  if (!result.ok()) return result.status();
  return result->verdict == Verdict::kValid;
}

// What the order of the steps says of sequential consistency: nullopt if that
// is nothing. Of registers it is causal convergence first, which is implied and
// has shorter proofs.
std::optional<ModelOutcome> JudgeSequentialByOrder(
    SessionHistory& steps, const ReadsFrom& reads,
    const VisibilityOptions& options, Budget& budget) {
  const RuleSet rules = ArbitrationRules(options.arbitration);
  ModelOutcome outcome;
  switch (steps.observation) {
    case Observation::kRegister:
      // Unresolved reads demand nothing, so a violation stands.
      outcome = JudgeCausalConvergence(steps, rules | kSessionArbitration,
                                       options.explain, budget);
      if (outcome.verdict != Verdict::kValid) return outcome;
      outcome = JudgeSequentialOrder(steps, reads.ambiguous, rules,
                                     options.explain, budget);
      if (outcome.verdict == Verdict::kValid && steps.says_more) {
        return std::nullopt;
      }
      break;
    case Observation::kList:
    case Observation::kSet:
      outcome = JudgeAmbiguous(
          steps, reads, true, true,
          [&](const SessionHistory& chosen, bool explain) {
            return JudgeCollectionOrder(chosen, Serializer::kEverybody, rules,
                                        explain, budget);
          },
          options.explain, budget);
      if (outcome.verdict == Verdict::kValid && steps.says_more) {
        return std::nullopt;
      }
      break;
    case Observation::kCounter:
      outcome = JudgeCausal(steps, rules | kSessionArbitration, options.explain,
                            budget);
      // It is weaker, so nothing else follows; which sums were seen need not be
      // settled for the search.
      if (outcome.verdict != Verdict::kViolation) return std::nullopt;
      break;
  }
  return outcome;
}

absl::StatusOr<ModelOutcome> JudgeSequential(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    const VisibilityOptions& options, ReadsFrom& reads, CheckResult& result,
    Budget& budget) {
  const absl::StatusOr<Observation> observation = ObservationOf(model);
  absl::StatusOr<SessionHistory> steps = absl::UnimplementedError("");
  if (observation.ok()) {
    steps = BuildSessionHistory(history, *observation, partitioning, sessions,
                                options.initial);
  }
  // A data type may have functions that are neither reads nor updates.
  if (steps.ok()) {
    SilenceReads(model, *steps);
    ReadMissingKeys(model, *steps);
    reads = ResolveReads(*steps);
    result.operations = steps->size();
    if (!reads.findings.empty()) return ModelOutcome{};
  }
  const absl::StatusOr<bool> is_linearizable =
      IsPlainlyLinearizable(history, model, partitioning, options, budget);
  if (!is_linearizable.ok()) return is_linearizable.status();
  if (*is_linearizable) {
    result.algorithm = "linearization";
    return ModelOutcome{};
  }
  result.algorithm = "forced-order";
  if (!observation.ok()) {
    std::optional<ModelOutcome> outcome = JudgeSequentialQueues(
        history, model, partitioning, sessions, options.initial, budget);
    if (outcome) return *std::move(outcome);
  } else if (steps.ok() && steps->removals.empty()) {
    std::optional<ModelOutcome> outcome =
        JudgeSequentialByOrder(*steps, reads, options, budget);
    if (outcome) return *std::move(outcome);
  }
  result.algorithm = "interleaving-search";
  return SearchSequentialOrder(history, model, partitioning, sessions,
                               options.initial,
                               ArbitrationRules(options.arbitration), budget);
}

ModelOutcome WithRemovals(const std::string& consistency) {
  return UnknownOutcome(
      {UnknownReason::kUnsupported,
       "where elements are removed, a read of a set does not tell which "
       "updates it saw",
       absl::StrCat("check eventual, sequential or linearizable instead of ",
                    consistency, ", or record a run that only adds")});
}

// True if results that the data type heeds are no part of the steps: whether an
// element is there, or that a compare-and-set was refused.
bool SaysMoreThanSteps(const ModelInfo& model, const SessionHistory& steps) {
  const bool is_ignored = model.name == "g-set" || model.name == "counter" ||
                          model.name == "list-append";
  return steps.says_more && !is_ignored;
}

// What was valid as far as the steps go, where they leave something out.
ModelOutcome WithLeftOut(const std::string& consistency) {
  return UnknownOutcome(
      {UnknownReason::kUnsupported,
       "all but what some operations say of one value holds: whether an "
       "element is in a set, or that a compare-and-set was refused",
       absl::StrCat("check sequential or linearizable instead of ", consistency,
                    ", which heed that, or record whole reads")});
}

absl::StatusOr<ModelOutcome> JudgeSteps(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    const std::string& consistency, const VisibilityOptions& options,
    ReadsFrom& reads, CheckResult& result, Budget& budget) {
  absl::StatusOr<Method> method = MethodFor(consistency, options, budget);
  if (!method.ok()) return method.status();
  const absl::StatusOr<Observation> observation = ObservationOf(model);
  if (!observation.ok()) return observation.status();
  absl::StatusOr<SessionHistory> steps = BuildSessionHistory(
      history, *observation, partitioning, sessions, options.initial);
  if (!steps.ok()) return steps.status();
  if (consistency != "eventual") SilenceReads(model, *steps);
  ReadMissingKeys(model, *steps);
  reads = ResolveReads(*steps);
  result.algorithm = method->algorithm;
  result.operations = steps->size();
  result.memory_bytes = steps->MemoryBytes();
  if (*observation == Observation::kCounter && consistency != "eventual") {
    result.algorithm = "sums";
  }
  if (!steps->removals.empty() && consistency != "eventual") {
    return WithRemovals(consistency);
  }
  ModelOutcome outcome =
      *observation != Observation::kRegister && !method->needs_sources
          ? method->judge(*steps, options.explain)
          : JudgeAmbiguous(*steps, reads, method->is_monotonic,
                           options.arbitration != ArbitrationMode::kNone,
                           method->judge, options.explain, budget);
  const bool looks_at_all =
      consistency != "eventual" && consistency != "strong-eventual";
  if (outcome.verdict == Verdict::kValid && looks_at_all &&
      SaysMoreThanSteps(model, *steps)) {
    return WithLeftOut(consistency);
  }
  return outcome;
}

// Adds what judging gave to `result`.
void Assemble(ReadsFrom reads, ModelOutcome outcome, CheckResult& result) {
  result.verdict = outcome.verdict;
  result.violations = std::move(reads.findings);
  for (Violation& violation : outcome.violations) {
    result.violations.push_back(std::move(violation));
  }
  if (!result.violations.empty()) result.verdict = Verdict::kViolation;
  if (result.verdict == Verdict::kUnknown) {
    result.unknown = std::move(outcome.unknown);
  }
  if (reads.finding_count > kMaxFindings) {
    result.notes.push_back(absl::StrCat(
        "of ", reads.finding_count, " reads that nothing explains, the first ",
        kMaxFindings, " are shown"));
  }
  for (std::vector<std::string>* notes : {&reads.notes, &outcome.notes}) {
    result.notes.insert(result.notes.end(), notes->begin(), notes->end());
  }
  result.partitions = 1;
  result.memory_bytes += outcome.memory_bytes;
}

}  // namespace

std::optional<ArbitrationMode> ArbitrationModeFromName(std::string_view name) {
  if (name == "session") return ArbitrationMode::kSession;
  if (name == "none") return ArbitrationMode::kNone;
  if (name == "realtime") return ArbitrationMode::kRealTime;
  if (name == "versions") return ArbitrationMode::kVersions;
  return std::nullopt;
}

absl::StatusOr<CheckResult> CheckVisibility(const History& history,
                                            const ModelInfo& model,
                                            const Partitioning& partitioning,
                                            const SessionChoice& sessions,
                                            const std::string& consistency,
                                            const VisibilityOptions& options,
                                            Budget& budget) {
  const auto start = std::chrono::steady_clock::now();
  if (RulesOf(consistency) == 0) {
    const absl::StatusOr<const ConsistencyInfo*> info =
        FindConsistency(consistency);
    if (!info.ok()) return info.status();
  }
  CheckResult result;
  result.consistency = consistency;
  result.model = std::string(model.name);
  ReadsFrom reads;
  absl::StatusOr<ModelOutcome> outcome = ModelOutcome{};
  const std::string bare = consistency.substr(0, consistency.find('='));
  if (bare == "sequential") {
    outcome = JudgeSequential(history, model, partitioning, sessions, options,
                              reads, result, budget);
  } else if (bare == "bounded-staleness") {
    const absl::StatusOr<StalenessBound> bound = ParseStalenessBound(
        std::string_view(consistency)
            .substr(std::min(consistency.size(), bare.size() + 1)));
    if (!bound.ok()) return bound.status();
    result.algorithm = "wgl";
    outcome = JudgeStaleness(history, model, partitioning, options.initial,
                             *bound, budget);
  } else {
    outcome = JudgeSteps(history, model, partitioning, sessions, consistency,
                         options, reads, result, budget);
  }
  if (!outcome.ok()) return outcome.status();
  Assemble(std::move(reads), *std::move(outcome), result);
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return result;
}

}  // namespace minos::checker
