#include "checker/explanation.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "checker/call_verdict.h"
#include "checker/decider.h"
#include "checker/reducer.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"
#include "history/operation_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::OpIndex;
using history::ValueId;

// The search that shows where the core leads nowhere.
constexpr size_t kMaxConfigurationsAtLast = 20'000;
// A core of more operations is not listed: writing it would take longer than
// finding the violation.
constexpr size_t kMostListed = 10'000;

std::string Place(const History& history, OpIndex op) {
  return absl::StrCat("`", history::OperationText(history, op), "` (",
                      history::OperationPlace(history, op), ")");
}

Impasse MakeImpasse(const SearchResult::DeadEnd& dead_end,
                    const PosedCalls& instance) {
  const SequentialModel& model = *instance.model;
  Impasse impasse{model.DescribeState(dead_end.state), dead_end.path, {}};
  for (const OpIndex op : dead_end.pending) {
    const auto interval = std::find_if(
        instance.intervals.begin(), instance.intervals.end(),
        [=](const Interval& each) { return each.operation == op; });
    std::vector<StateId> successors;
    instance.model->Step(dead_end.state, interval->action, successors);
    if (!successors.empty()) continue;  // it fits, but leads to another impasse
    impasse.refusals.push_back(
        {op, model.DescribeRefusal(dead_end.state, interval->action)});
  }
  return impasse;
}

// `reason` is what the decider said of the core, `search` what the search did.
std::vector<std::string> Sentences(const History& history,
                                   const Violation& violation,
                                   std::string reason,
                                   const SearchResult& search) {
  const OpIndex culprit = *violation.culprit;
  std::vector<std::string> sentences;
  if (!reason.empty()) {
    reason.front() = absl::ascii_toupper(reason.front());
    sentences.push_back(reason + ".");
  }
  if (search.culprit_is_impossible) {
    sentences.push_back(
        absl::StrCat("Nothing that was called before ", Place(history, culprit),
                     " returned could have led to its result, in any order."));
    return sentences;
  }
  if (search.verdict == Verdict::kViolation && !search.is_culprit_exact) {
    sentences.push_back(
        absl::StrCat("No choice of the operations that may have come before ",
                     Place(history, culprit), " gives its result."));
  } else if (search.verdict == Verdict::kViolation) {
    sentences.push_back(absl::StrCat(
        "Every order of these ", violation.core.size(),
        " operations that keeps real time was tried; none gets past the return "
        "of ",
        Place(history, culprit), "."));
  }
  return sentences;
}

// What is known of the violation by itself.
Violation Unreduced(const Partition& partition, OpIndex culprit) {
  Violation violation;
  violation.kind = "not-linearizable";
  violation.key = partition.key;
  violation.culprit = culprit;
  return violation;
}

std::string Summary(const History& history, OpIndex culprit) {
  return absl::StrCat(Place(history, culprit),
                      " fits no order of the operations");
}

// Where there is no core to be shown.
std::string SentenceWithoutCore(const History& history, OpIndex culprit) {
  return absl::StrCat(
      "No small part was found that is a violation by itself: "
      "all that happened until ",
      Place(history, culprit), " returned is one.");
}

// Adds the core, and where a search that goes through its orders is stuck.
absl::Status AddCore(const History& history,
                     const std::vector<RelaxedCall>& core, Reducer& reducer,
                     Budget& budget, Violation& violation) {
  for (const RelaxedCall& item : core) {
    violation.core.push_back(item.call.operation);
    if (item.is_relaxed()) violation.relaxed.push_back(item.call.operation);
  }
  const std::optional<Decision> decision = reducer.Decide(core);
  absl::StatusOr<PosedCalls> instance = reducer.Pose(core);
  if (!instance.ok()) return instance.status();
  SearchOptions options;
  options.note_dead_ends = true;
  options.strategy = SearchOptions::Strategy::kDepthFirst;
  options.max_configurations = kMaxConfigurationsAtLast;
  const SearchResult result = SearchLinearization(
      instance->intervals, *instance->model, budget, options);
  // The core may become a violation earlier than the whole.
  if (result.verdict == Verdict::kViolation) violation.culprit = result.culprit;
  for (const SearchResult::DeadEnd& dead_end : result.dead_ends) {
    violation.impasses.push_back(MakeImpasse(dead_end, *instance));
  }
  violation.sentences =
      Sentences(history, violation, decision ? decision->reason : "", result);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Violation> ExplainNotLinearizable(const History& history,
                                                 const ModelInfo& model,
                                                 ValueId initial, Keying keying,
                                                 const Partition& partition,
                                                 OpIndex culprit,
                                                 Budget& budget) {
  Violation violation = Unreduced(partition, culprit);
  const Allowance allowance(budget,
                            partition.operations.size() * kBytesARelaxedCall);
  Reducer reducer(history, model, initial, keying, budget);
  absl::StatusOr<std::vector<RelaxedCall>> core =
      reducer.ViolatedPrefix(partition, culprit);
  absl::Status status =
      core.ok() ? reducer.Reduce(*core, culprit) : core.status();
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  if (core.ok() && core->size() <= kMostListed) {
    status = AddCore(history, *core, reducer, budget, violation);
    if (!status.ok() && !absl::IsCancelled(status)) return status;
  } else {
    violation.sentences.push_back(SentenceWithoutCore(history, culprit));
  }
  violation.summary = Summary(history, *violation.culprit);
  return violation;
}

}  // namespace minos::checker
