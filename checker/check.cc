#include "checker/check.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/lattice.h"
#include "checker/linearizability.h"
#include "checker/model_inference.h"
#include "checker/model_registry.h"
#include "checker/session_guarantees.h"
#include "checker/session_history_builder.h"
#include "checker/visibility.h"

namespace minos::checker {
namespace {

using history::History;

absl::StatusOr<const ModelInfo*> ChooseModel(const History& history,
                                             const CheckOptions& options,
                                             HistoryVerdict& verdict) {
  if (options.model != "auto") return FindModel(options.model);
  absl::StatusOr<std::string_view> inferred = InferModel(history);
  if (!inferred.ok()) return inferred.status();
  verdict.notes.push_back(absl::StrCat("model ", std::string(*inferred),
                                       ", told from the functions"));
  return FindModel(*inferred);
}

// What all checks of a history share.
struct Setting {
  const ModelInfo* model = nullptr;
  Partitioning partitioning;
  SessionChoice sessions;
};

absl::StatusOr<Setting> Prepare(const History& history,
                                const CheckOptions& options,
                                HistoryVerdict& verdict) {
  Setting setting;
  absl::StatusOr<const ModelInfo*> model =
      ChooseModel(history, options, verdict);
  if (!model.ok()) return model.status();
  setting.model = *model;
  absl::StatusOr<Partitioning> partitioning =
      SplitByKey(history, **model, options.keys);
  if (!partitioning.ok()) return partitioning.status();
  setting.partitioning = *std::move(partitioning);
  absl::StatusOr<SessionChoice> sessions =
      SessionsBy(history, options.session_by);
  if (!sessions.ok()) return sessions.status();
  setting.sessions = *std::move(sessions);
  for (const std::string& note :
       {setting.partitioning.note, setting.sessions.note}) {
    if (!note.empty()) verdict.notes.push_back(note);
  }
  return setting;
}

// Why --arbitration, which is not the default, has no part in the check of
// `consistency`; empty if it has.
std::string WhyNotArbitrated(const std::string& consistency,
                             ArbitrationMode arbitration,
                             const ModelInfo& model) {
  const bool is_causal_order =
      consistency == "causal-convergence" || consistency == "causal-memory";
  if (consistency == "linearizable") {
    return "its one order is that of real time";
  }
  if (consistency == "causal") {
    return "it asks for no order of the updates but causality";
  }
  if (consistency == "sequential") {
    if (arbitration == ArbitrationMode::kNone) {
      return "its one order keeps that of each session anyway";
    }
    return ObservationOf(model).ok()
               ? ""
               : "it orders the updates of what has reads, and a " +
                     std::string(model.name) + " has none";
  }
  if (!is_causal_order && consistency != "coherence" &&
      RulesOf(consistency) == 0) {
    return "it speaks of no order of the updates";
  }
  if (model.name == "counter") {
    return "which additions came first cannot be told from what was seen";
  }
  return is_causal_order && arbitration == ArbitrationMode::kNone
             ? "causality keeps the order of each session anyway"
             : "";
}

// Says which of the options that shape the models below linearizable had no
// part in the check of `consistency`.
void NoteUnusedOptions(const std::string& consistency,
                       const CheckOptions& options, const ModelInfo& model,
                       CheckResult& result) {
  if (options.arbitration != ArbitrationMode::kSession) {
    const std::string why =
        WhyNotArbitrated(consistency, options.arbitration, model);
    if (!why.empty()) {
      result.notes.push_back(absl::StrCat("--arbitration had no part in ",
                                          consistency, ": ", why));
    }
  }
  if (options.assume && RulesOf(consistency) == 0) {
    result.notes.push_back(absl::StrCat(
        "--assume had no part in ", consistency,
        ": it says what is taken for granted for a session guarantee"));
  }
}

absl::StatusOr<CheckResult> CheckOne(const History& history,
                                     const Setting& setting,
                                     const std::string& consistency,
                                     const CheckOptions& options,
                                     Budget& budget) {
  const auto with_notes = [&](absl::StatusOr<CheckResult> result) {
    if (result.ok()) {
      NoteUnusedOptions(consistency, options, *setting.model, *result);
    }
    return result;
  };
  if (consistency == "linearizable") {
    LinearizabilityOptions linearizability;
    linearizability.algorithm = options.algorithm;
    linearizability.initial = options.initial;
    linearizability.explain = options.explain;
    linearizability.certificate = options.certificate;
    return with_notes(CheckLinearizable(history, *setting.model,
                                        setting.partitioning, linearizability,
                                        budget));
  }
  VisibilityOptions visibility;
  visibility.arbitration = options.arbitration;
  visibility.assume = options.assume;
  visibility.initial = options.initial;
  visibility.explain = options.explain;
  return with_notes(CheckVisibility(history, *setting.model,
                                    setting.partitioning, setting.sessions,
                                    consistency, visibility, budget));
}

}  // namespace

absl::StatusOr<HistoryVerdict> CheckHistory(const History& history,
                                            const CheckOptions& options) {
  HistoryVerdict verdict;
  Budget budget(options.limits, history.MemoryBytes());
  absl::StatusOr<Setting> setting = Prepare(history, options, verdict);
  if (!setting.ok()) return setting.status();
  verdict.keying = setting->partitioning.keying;
  verdict.initial = options.initial;
  for (const std::string& consistency : options.consistencies) {
    if (consistency == "all") {
      LatticeResult lattice = CheckLattice([&](const std::string& name) {
        return CheckOne(history, *setting, name, options, budget);
      });
      for (CheckResult& check : lattice.checks) {
        verdict.verdict = Combine(verdict.verdict, check.verdict);
        verdict.checks.push_back(std::move(check));
      }
      for (std::string& note : lattice.notes) {
        verdict.notes.push_back(std::move(note));
      }
      continue;
    }
    absl::StatusOr<CheckResult> result =
        CheckOne(history, *setting, consistency, options, budget);
    if (!result.ok()) return result.status();
    verdict.verdict = Combine(verdict.verdict, result->verdict);
    verdict.checks.push_back(*std::move(result));
  }
  return verdict;
}

}  // namespace minos::checker
