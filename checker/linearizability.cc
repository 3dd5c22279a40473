#include "checker/linearizability.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/call_verdict.h"
#include "checker/decider.h"
#include "checker/explanation.h"
#include "checker/helper_threads.h"
#include "checker/independence.h"
#include "checker/intervals.h"
#include "checker/sequential_model.h"
#include "checker/violated_prefix.h"
#include "checker/wgl.h"
#include "history/nearest_name.h"
#include "history/operation_text.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::History;
using history::OpIndex;

constexpr size_t kTextLength = 40;
// How many elements of initial values are copied for the sake of splitting.
constexpr size_t kMostCopied = 10'000'000;
// Where a decider does not know when a violation became certain, a search looks
// for it among so many operations at most, returns, and configurations each.
constexpr size_t kMostRefined = 1024;
constexpr int kMostSteps = 16;
constexpr size_t kMostRefining = 5'000;
constexpr std::string_view kAuto = "auto";
constexpr std::string_view kSearch = "wgl";

std::vector<AlgorithmInfo> MakeAlgorithms() {
  std::vector<AlgorithmInfo> algorithms = {
      {kAuto, "the best exact algorithm for each part of the history"},
      {kSearch,
       "search of Wing & Gong and Lowe, just in time; for every data type"},
  };
  for (const DeciderInfo& decider : AllDeciders()) {
    algorithms.push_back({decider.name, decider.summary});
  }
  return algorithms;
}

// What became of one part.
struct PartVerdict {
  absl::Status status;
  std::string_view algorithm = kSearch;
  SearchResult search;
  bool is_culprit_exact = true;  // false: the smallest prefix is not known
};

void DropUnwanted(const LinearizabilityOptions& options, SearchResult& result) {
  if (options.certificate) return;
  result.linearization.clear();
  result.linearization.shrink_to_fit();
}

absl::Status DoesNotApply(const History& history, const Partition& partition,
                          const DeciderInfo& decider,
                          const std::string& reason) {
  std::string where = history.name();
  if (partition.key != history::kNoValue) {
    absl::StrAppend(
        &where, ", key ",
        history::ToShortText(history.values(), partition.key, kTextLength));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(where, ": the algorithm `", std::string(decider.name),
                   "` does not apply: ", reason,
                   "; pass --algorithm auto, which then searches"));
}

// Judges a part with `decider`; nothing if it is to be searched instead.
std::optional<PartVerdict> DecidePart(const History& history,
                                      const ModelInfo& info, Keying keying,
                                      const Partition& partition,
                                      const DeciderInfo& decider,
                                      const LinearizabilityOptions& options,
                                      Budget& budget) {
  PartVerdict verdict;
  verdict.algorithm = decider.name;
  verdict.search.operations_total = partition.operations.size();
  const size_t bytes = partition.operations.size() * sizeof(ObservedCall);
  if (!budget.Charge(bytes)) {
    verdict.search.verdict = Verdict::kUnknown;
    verdict.search.unknown = UnknownReason::kMemoryLimit;
    return verdict;
  }
  Decision decision =
      decider.decide({ObserveCalls(history, keying, partition.operations), info,
                      history.values(), options.initial},
                     budget);
  budget.Release(bytes);
  switch (decision.kind) {
    case Decision::Kind::kNotApplicable:
      if (options.algorithm == kAuto) return std::nullopt;
      verdict.status =
          DoesNotApply(history, partition, decider, decision.reason);
      return verdict;
    case Decision::Kind::kValid:
      verdict.search.linearization = std::move(decision.linearization);
      DropUnwanted(options, verdict.search);
      return verdict;
    case Decision::Kind::kViolation:
      verdict.search.verdict = Verdict::kViolation;
      verdict.search.culprit = decision.culprit;
      verdict.is_culprit_exact = decision.is_culprit_exact;
      return verdict;
    case Decision::Kind::kUnknown:
      verdict.search.verdict = Verdict::kUnknown;
      verdict.search.unknown = decision.unknown;
      return verdict;
  }
  return std::nullopt;
}

// Searches for a linearization of `operations`, which are those of one object
// or of an independent part of it.
PartVerdict SearchOperations(const History& history, const ModelInfo& info,
                             Keying keying,
                             const std::vector<OpIndex>& operations,
                             const LinearizabilityOptions& options,
                             Budget& budget) {
  PartVerdict verdict;
  auto model = info.make(history.values(), options.initial);
  if (!model.ok()) {
    verdict.status = model.status();
    return verdict;
  }
  const Allowance allowance(budget, operations.size() * sizeof(Interval));
  auto intervals = MakeIntervals(history, keying, operations, **model, &budget);
  if (!intervals.ok()) {
    verdict.status = intervals.status();
    return verdict;
  }
  if (const auto reason = budget.Exhausted()) {
    verdict.search.verdict = Verdict::kUnknown;
    verdict.search.unknown = reason;
    return verdict;
  }
  SearchOptions search;
  search.want_linearization = options.certificate;
  search.max_configurations = options.max_configurations;
  verdict.search = SearchLinearization(*intervals, **model, budget, search);
  verdict.is_culprit_exact = verdict.search.is_culprit_exact;
  DropUnwanted(options, verdict.search);
  return verdict;
}

// The operations called before `end`; what returned later is open. With `last`,
// the operation of the last return.
std::vector<ObservedCall> CallsBefore(history::Position end,
                                      const History& history, Keying keying,
                                      const Partition& partition,
                                      std::optional<OpIndex>& last) {
  std::vector<ObservedCall> calls =
      ObserveCalls(history, keying, partition.operations);
  std::erase_if(calls,
                [=](const ObservedCall& call) { return call.call >= end; });
  for (ObservedCall& call : calls) {
    if (call.end >= end) {
      call = StillOpen(call);
    } else if (!last || call.end > history.return_position(*last)) {
      last = call.operation;
    }
  }
  return calls;
}

// Looks for a smaller violated prefix than that up to the culprit, which may be
// late: goes back return by return as long as what is before is violated, in
// the eyes of the decider, or of a search where that does not know.
void Refine(const History& history, const ModelInfo& info, Keying keying,
            const Partition& partition, const DeciderInfo& decider,
            const LinearizabilityOptions& options, Budget& budget,
            PartVerdict& verdict) {
  if (partition.operations.size() > kMostRefined) return;
  const Allowance allowance(budget,
                            partition.operations.size() * sizeof(ObservedCall));
  for (int i = 0; i < kMostSteps && allowance.is_granted(); ++i) {
    std::optional<OpIndex> last;
    const std::vector<ObservedCall> calls =
        CallsBefore(history.return_position(verdict.search.culprit), history,
                    keying, partition, last);
    const DeciderInput input{calls, info, history.values(), options.initial};
    const Decision decision = decider.decide(input, budget);
    Verdict before = Verdict::kUnknown;
    if (decision.kind == Decision::Kind::kValid) before = Verdict::kValid;
    if (decision.kind == Decision::Kind::kViolation) {
      before = Verdict::kViolation;
      last = decision.culprit;
      verdict.is_culprit_exact = decision.is_culprit_exact;
    } else if (decision.kind == Decision::Kind::kNotApplicable) {
      const auto search = SearchCalls(input, kMostRefining, budget);
      if (!search.ok()) return;
      before = search->verdict;
      verdict.search.configurations += search->configurations;
    }
    if (before == Verdict::kValid || !last) verdict.is_culprit_exact = true;
    if (before == Verdict::kViolation && last) verdict.search.culprit = *last;
    if (before != Verdict::kViolation || verdict.is_culprit_exact) return;
  }
}

// Adds what became of one independent part to the verdict of the whole.
void Include(const History& history, const PartVerdict& part,
             PartVerdict& whole) {
  const auto ends_before = [&](OpIndex a, OpIndex b) {
    return history.return_position(a) < history.return_position(b);
  };
  const SearchResult& search = part.search;
  SearchResult& total = whole.search;
  total.configurations += search.configurations;
  total.operations_total += search.operations_total;
  total.operations_passed += search.operations_passed;
  // A smaller prefix may be violated by what was not decided.
  if (search.verdict == Verdict::kUnknown || !part.is_culprit_exact) {
    whole.is_culprit_exact = false;
  }
  const bool is_first_violation = search.verdict == Verdict::kViolation &&
                                  (total.verdict != Verdict::kViolation ||
                                   ends_before(search.culprit, total.culprit));
  if (is_first_violation) total.culprit = search.culprit;
  if (!total.unknown) total.unknown = search.unknown;
  total.verdict = Combine(total.verdict, search.verdict);
  if (total.verdict == Verdict::kViolation) total.unknown.reset();
}

// How many elements the value at the start has.
size_t InitialSize(const History& history, history::ValueId initial) {
  if (initial == history::kNoValue) return 0;
  switch (history.values().kind(initial)) {
    case history::ValueKind::kList:
    case history::ValueKind::kSet:
    case history::ValueKind::kMap:
      return history.values().elements(initial).size();
    default:
      return 0;
  }
}

// Searches each independent part of one object.
PartVerdict SearchPart(const History& history, const ModelInfo& info,
                       Keying keying, const Partition& partition,
                       const LinearizabilityOptions& options, Budget& budget) {
  auto groups =
      SplitIndependent(history, info, keying, partition.operations, &budget);
  // Each group begins with the whole value.
  if (groups.size() * InitialSize(history, options.initial) > kMostCopied) {
    groups = {partition.operations};
  }
  std::vector<PartVerdict> parts(groups.size());
  ParallelFor(groups.size(), budget, [&](size_t i) {
    parts[i] =
        SearchOperations(history, info, keying, groups[i], options, budget);
  });
  PartVerdict whole;
  std::vector<std::vector<OpIndex>> linearizations;
  for (PartVerdict& part : parts) {
    if (!part.status.ok() || groups.size() == 1) return std::move(part);
    Include(history, part, whole);
    linearizations.push_back(std::move(part.search.linearization));
  }
  if (options.certificate && whole.search.verdict == Verdict::kValid) {
    whole.search.linearization = MergeLinearizations(history, linearizations);
  }
  return whole;
}

PartVerdict JudgePart(const History& history, const ModelInfo& info,
                      Keying keying, const Partition& partition,
                      const LinearizabilityOptions& options, Budget& budget) {
  for (const DeciderInfo& decider : AllDeciders()) {
    const bool is_wanted =
        options.algorithm == kAuto || options.algorithm == decider.name;
    if (!is_wanted || !Decides(decider, info.name)) continue;
    auto decided =
        DecidePart(history, info, keying, partition, decider, options, budget);
    if (!decided) continue;
    if (!decided->is_culprit_exact && options.max_configurations == 0) {
      Refine(history, info, keying, partition, decider, options, budget,
             *decided);
    }
    return *std::move(decided);
  }
  return SearchPart(history, info, keying, partition, options, budget);
}

// Judges all parts. The verdicts stand in the order of the parts, whoever
// judged them.
std::vector<PartVerdict> JudgeParts(const History& history,
                                    const ModelInfo& model,
                                    const Partitioning& partitioning,
                                    const LinearizabilityOptions& options,
                                    Budget& budget) {
  const auto& partitions = partitioning.partitions;
  std::vector<PartVerdict> verdicts(partitions.size());
  if (Progress* progress = budget.progress(); progress != nullptr) {
    progress->parts += partitions.size();
    for (const Partition& partition : partitions) {
      progress->operations += partition.operations.size();
    }
  }
  ParallelFor(partitions.size(), budget, [&](size_t i) {
    verdicts[i] = JudgePart(history, model, partitioning.keying, partitions[i],
                            options, budget);
    budget.TellDecided(partitions[i].operations.size());
  });
  return verdicts;
}

std::string ProgressSentence(const std::vector<PartVerdict>& verdicts) {
  size_t undecided = 0;
  size_t passed = 0;
  size_t total = 0;
  for (const PartVerdict& part : verdicts) {
    if (part.search.verdict != Verdict::kUnknown) continue;
    ++undecided;
    passed = std::max(passed, part.search.operations_passed);
    total = std::max(total, part.search.operations_total);
  }
  return absl::StrCat(undecided, " of ", verdicts.size(),
                      verdicts.size() == 1 ? " part" : " parts",
                      " undecided; the search got past ", passed,
                      " of at most ", total, " completed operations");
}

std::string Advice(UnknownReason reason) {
  switch (reason) {
    case UnknownReason::kTimeLimit:
      return "raise --time-limit, or record fewer operations at once on one "
             "key";
    case UnknownReason::kMemoryLimit:
      return "raise --memory-limit, or record fewer operations at once on one "
             "key";
    default:
      return "run it again and let it finish";
  }
}

// InvalidArgument if there is no such algorithm, or not for this data type.
absl::Status CheckAlgorithm(std::string_view name, const ModelInfo& model) {
  std::vector<std::string_view> names;
  for (const AlgorithmInfo& algorithm : AllAlgorithms()) {
    names.push_back(algorithm.name);
  }
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "unknown algorithm `", std::string(name), "`; is `",
        std::string(history::NearestName(name, names)), "` meant?"));
  }
  if (name == kAuto || name == kSearch) return absl::OkStatus();
  for (const DeciderInfo& decider : AllDeciders()) {
    if (decider.name == name && Decides(decider, model.name)) {
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the algorithm `", std::string(name), "` does not decide a ",
                   std::string(model.name), "; pass --algorithm auto"));
}

// The names of the algorithms that judged the parts, each once, in the order of
// the table, joined by "+".
std::string AlgorithmsOf(const std::vector<PartVerdict>& verdicts) {
  std::string names;
  for (const AlgorithmInfo& algorithm : AllAlgorithms()) {
    const bool is_used = std::any_of(
        verdicts.begin(), verdicts.end(),
        [&](const auto& part) { return part.algorithm == algorithm.name; });
    if (!is_used) continue;
    absl::StrAppend(&names, names.empty() ? "" : "+",
                    std::string(algorithm.name));
  }
  return names.empty() ? std::string(kSearch) : names;
}

void Summarize(const History& history, std::vector<PartVerdict>& verdicts,
               CheckResult& result) {
  for (const PartVerdict& part : verdicts) {
    result.verdict = Combine(result.verdict, part.search.verdict);
    result.configurations += part.search.configurations;
  }
  if (result.verdict == Verdict::kValid) {
    std::vector<std::vector<OpIndex>> orders;
    for (PartVerdict& part : verdicts) {
      orders.push_back(std::move(part.search.linearization));
    }
    result.linearization = orders.size() == 1
                               ? std::move(orders.front())
                               : MergeLinearizations(history, orders);
  }
  if (result.verdict != Verdict::kUnknown) return;
  const auto part =
      std::find_if(verdicts.begin(), verdicts.end(),
                   [](const PartVerdict& each) { return each.search.unknown; });
  const UnknownReason reason = *part->search.unknown;
  result.unknown = {reason, ProgressSentence(verdicts), Advice(reason)};
}

// A violation with what the search knows by itself.
Violation Unexplained(const History& history, const Partition& partition,
                      const SearchResult& search) {
  Violation violation;
  violation.kind = "not-linearizable";
  violation.key = partition.key;
  violation.culprit = search.culprit;
  violation.core = {search.culprit};
  violation.summary =
      absl::StrCat("`", history::OperationText(history, search.culprit), "` (",
                   history::OperationPlace(history, search.culprit),
                   ") fits no order of the operations");
  return violation;
}

// Says how many events are a violation, if that is known, and with which one it
// became certain, if that is not the one that cannot be explained.
absl::Status TellPrefix(const ObjectHistory& object, const PartVerdict& verdict,
                        Budget& budget, Violation& violation) {
  violation.prefix_events = 0;
  if (!verdict.is_culprit_exact) return absl::OkStatus();
  const OpIndex culprit = verdict.search.culprit;
  const auto last = FindViolatedPrefix(object, culprit, violation,
                                       verdict.search.configurations, budget);
  if (!last.ok()) return last.status();
  if (!*last) return absl::OkStatus();
  violation.prefix_events = **last + size_t{1};
  const History& history = object.history;
  if (**last == history.completion(culprit)) return absl::OkStatus();
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (history.completion(op) != **last) continue;
    violation.sentences.push_back(
        absl::StrCat("Until `", history::OperationText(history, op), "` (",
                     history::OperationPlace(history, op),
                     ") completed, what it did could have explained this."));
  }
  return absl::OkStatus();
}

absl::Status Explain(const History& history, const ModelInfo& model,
                     const Partitioning& partitioning,
                     const std::vector<PartVerdict>& verdicts,
                     const LinearizabilityOptions& options, Budget& budget,
                     CheckResult& result) {
  size_t violations = 0;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].search.verdict != Verdict::kViolation) continue;
    if (++violations > kMaxExplained) continue;
    auto violation =
        options.explain
            ? ExplainNotLinearizable(history, model, options.initial,
                                     partitioning.keying,
                                     partitioning.partitions[i],
                                     verdicts[i].search.culprit, budget)
            : absl::StatusOr<Violation>(Unexplained(
                  history, partitioning.partitions[i], verdicts[i].search));
    if (!violation.ok()) return violation.status();
    absl::Status status =
        TellPrefix({history, model, options.initial, partitioning.keying,
                    partitioning.partitions[i]},
                   verdicts[i], budget, *violation);
    if (!status.ok()) return status;
    result.violations.push_back(*std::move(violation));
  }
  if (violations > kMaxExplained) {
    result.notes.push_back(absl::StrCat(violations,
                                        " parts are violated; the first ",
                                        kMaxExplained, " are explained"));
  }
  return absl::OkStatus();
}

}  // namespace

std::span<const AlgorithmInfo> AllAlgorithms() {
  static const std::vector<AlgorithmInfo> kAlgorithms = MakeAlgorithms();
  return kAlgorithms;
}

absl::StatusOr<CheckResult> CheckLinearizable(
    const History& history, const ModelInfo& model,
    const Partitioning& partitioning, const LinearizabilityOptions& options,
    Budget& budget) {
  const auto start = std::chrono::steady_clock::now();
  if (absl::Status status = CheckAlgorithm(options.algorithm, model);
      !status.ok()) {
    return status;
  }
  CheckResult result;
  result.consistency = "linearizable";
  result.model = model.name;
  result.partitions = partitioning.partitions.size();
  for (const Partition& partition : partitioning.partitions) {
    result.operations += partition.operations.size();
  }
  std::vector<PartVerdict> verdicts =
      JudgeParts(history, model, partitioning, options, budget);
  for (const PartVerdict& part : verdicts) {
    if (!part.status.ok()) return part.status;
  }
  result.algorithm = AlgorithmsOf(verdicts);
  Summarize(history, verdicts, result);
  if (result.verdict == Verdict::kViolation) {
    const absl::Status status = Explain(history, model, partitioning, verdicts,
                                        options, budget, result);
    if (!status.ok()) return status;
  }
  result.memory_bytes = budget.peak_bytes();
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return result;
}

}  // namespace minos::checker
