#include "cli/matrix.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "cli/interruption.h"
#include "cli/promises.h"
#include "generators/run.h"
#include "generators/summary.h"
#include "generators/workload_registry.h"

namespace minos::cli {
namespace {

using checker::Verdict;
using generators::RunOptions;
using targets::FaultSet;
using targets::TargetInfo;

// One run in so many also tells what the store costs.
constexpr size_t kRunsPerCost = 10;
constexpr int64_t kTenth = 100'000;  // nanoseconds

std::vector<std::string> FaultNames(FaultSet faults) {
  std::vector<std::string> names;
  for (targets::FaultKind kind : targets::kAllFaultKinds) {
    if (faults.contains(kind)) {
      names.push_back(std::string(targets::ToString(kind)));
    }
  }
  return names;
}

FaultSet FaultsOf(const TargetInfo& target, bool is_calm) {
  if (is_calm) return FaultSet();
  return generators::BornFaults(
      target, targets::Settings(target.parameters, target.bugs));
}

RunOptions OptionsOf(const TargetInfo& target, uint64_t seed, FaultSet faults) {
  RunOptions options;
  options.seed = seed;
  options.workload = MatrixWorkload(target, seed);
  options.faults = faults;
  return options;
}

// The verdicts on one run. A model that one which holds implies is not judged:
// it holds too. Each of the others has its own budget, so that a hard question
// leaves the next one its time.
class RunVerdicts {
 public:
  RunVerdicts(const generators::Run& run, const std::string& data_type,
              const std::vector<std::string>& models,
              const checker::Limits& limits) {
    checker::CheckOptions check;
    check.model = data_type;
    check.explain = false;
    check.limits = limits;
    for (const std::string& model : models) {
      if (IsImplied(model)) {
        by_name_[model] = Verdict::kValid;
        continue;
      }
      check.consistencies = {model};
      const auto verdict = checker::CheckHistory(run.history, check);
      // It may not be defined for the data type.
      if (verdict.ok()) by_name_[model] = verdict->verdict;
    }
  }

  void CountInto(const std::string& model, const Shown& run,
                 MatrixCell& cell) const {
    const auto found = by_name_.find(model);
    if (found == by_name_.end()) return;
    switch (found->second) {
      case Verdict::kValid:
        ++cell.held;
        break;
      case Verdict::kUnknown:
        ++cell.unknown;
        break;
      case Verdict::kViolation:
        ++cell.broken;
        if (!cell.first || run.seed < cell.first->seed) cell.first = run;
        break;
    }
  }

 private:
  bool IsImplied(const std::string& model) const {
    return std::any_of(by_name_.begin(), by_name_.end(),
                       [&model](const auto& other) {
                         return other.second == Verdict::kValid &&
                                checker::Implies(other.first, model);
                       });
  }

  std::map<std::string, Verdict> by_name_;
};

void CountLatencies(const generators::Run& run, MatrixCosts& costs) {
  const history::History& history = run.history;
  const history::ValueId read = history.values().FindString("read");
  for (history::OpIndex op = 0; op < history.size(); ++op) {
    const bool is_counted = history.is_client(op) &&
                            history.call_time(op) <= run.load_end &&
                            history.outcome(op) == history::Outcome::kOk;
    if (!is_counted) continue;
    const int64_t tenth =
        (history.completion_time(op) - history.call_time(op)) / kTenth;
    ++(history.function(op) == read ? costs.reads : costs.updates)[tenth];
  }
}

class Measurement {
 public:
  Measurement(const MatrixOptions& options, const std::function<void()>& report)
      : options_(options), report_(report) {
    result_.shard = options.shard;
    result_.seed = options.seed;
    result_.runs = options.runs;
    result_.models = MatrixModels();
    for (const TargetInfo* target : options.targets) {
      result_.rows.push_back(EmptyRow(*target));
    }
  }

  absl::StatusOr<MatrixResult> Run() {
    std::vector<std::thread> threads;
    for (int i = 1; i < options_.jobs; ++i) {
      threads.emplace_back([this] { Work(); });
    }
    Work();
    for (std::thread& thread : threads) thread.join();
    if (!status_.ok()) return status_;
    if (Interrupted()) return absl::CancelledError("interrupted");
    return std::move(result_);
  }

 private:
  MatrixRow EmptyRow(const TargetInfo& target) const {
    MatrixRow row;
    row.target = std::string(target.name);
    for (const bool is_calm : {true, false}) {
      MatrixCondition condition;
      condition.name = is_calm ? "calm" : "faults";
      const FaultSet faults = FaultsOf(target, is_calm);
      condition.faults = FaultNames(faults);
      const Promised promised = PromisesOf(
          target, targets::Settings(target.parameters, target.bugs), faults);
      for (const std::string& model : result_.models) {
        MatrixCell cell;
        cell.is_promised =
            std::any_of(promised.judged.begin(), promised.judged.end(),
                        [&model](const std::string& name) {
                          return name == model || checker::Implies(name, model);
                        });
        condition.cells.push_back(std::move(cell));
      }
      row.conditions.push_back(std::move(condition));
    }
    return row;
  }

  // A piece of work is one store and one seed; stores take turns.
  void Work() {
    const size_t stores = options_.targets.size();
    while (!Interrupted()) {
      const size_t piece = next_++;
      if (stores == 0 || piece / stores >= options_.runs) return;
      const size_t number = piece / stores;
      if (!options_.shard.Has(number)) continue;
      const absl::Status status = Measure(piece % stores, number);
      if (status.ok()) continue;
      const std::lock_guard lock(mutex_);
      status_.Update(status);
      return;
    }
  }

  absl::Status Measure(size_t row, size_t number) {
    const TargetInfo& target = *options_.targets[row];
    const uint64_t seed = options_.seed + number;
    absl::Status status;
    for (const bool is_calm : {true, false}) {
      status.Update(Judge(target, seed, is_calm, row));
    }
    if (number % kRunsPerCost == 0) status.Update(Cost(target, seed, row));
    return status;
  }

  absl::Status Judge(const TargetInfo& target, uint64_t seed, bool is_calm,
                     size_t row) {
    const RunOptions run = OptionsOf(target, seed, FaultsOf(target, is_calm));
    auto made = Execute(target, run);
    if (!made.ok()) return made.status();
    const RunVerdicts verdicts(
        *made, std::string(generators::FindWorkload(run.workload)->model),
        result_.models, options_.limits);
    if (Interrupted()) return absl::OkStatus();
    const std::lock_guard lock(mutex_);
    MatrixCondition& condition = result_.rows[row].conditions[is_calm ? 0 : 1];
    ++condition.runs;
    for (size_t i = 0; i < result_.models.size(); ++i) {
      const std::string& model = result_.models[i];
      const Shown shown = {
          seed, absl::StrCat("minos run ", std::string(target.name), " --seed ",
                             seed, " --workload ", run.workload,
                             is_calm ? " --faults none" : "", " --consistency ",
                             model)};
      verdicts.CountInto(model, shown, condition.cells[i]);
    }
    report_();
    return absl::OkStatus();
  }

  // How fast it is when clients hurry, and how it fares while links are cut.
  absl::Status Cost(const TargetInfo& target, uint64_t seed, size_t row) {
    RunOptions hurried = OptionsOf(target, seed, FaultSet());
    hurried.workload = std::string(target.workloads.front());
    hurried.load.think_time = targets::kMillisecond;
    auto quick = Execute(target, hurried);
    if (!quick.ok()) return quick.status();
    RunOptions cut = hurried;
    cut.faults = FaultSet({targets::FaultKind::kPartition});
    cut.load.think_time = RunOptions().load.think_time;
    auto parted = Execute(target, cut);
    if (!parted.ok()) return parted.status();
    const generators::RunSummary speed = generators::Summarize(*quick);
    const generators::RunSummary under = generators::Summarize(*parted);
    const std::lock_guard lock(mutex_);
    MatrixCosts& costs = result_.rows[row].costs;
    CountLatencies(*quick, costs);
    const generators::OutcomeCounts& counted = speed.without_faults;
    costs.operations += counted.total();
    costs.ok += counted.ok;
    costs.time += quick->load_end;
    costs.messages += quick->counters.messages;
    costs.cut_operations += under.under_faults.total();
    costs.cut_ok += under.under_faults.ok;
    costs.measured_reads += under.staleness.reads;
    costs.stale_reads += under.staleness.stale;
    costs.stalest = std::max(costs.stalest, under.staleness.max);
    return absl::OkStatus();
  }

  static absl::StatusOr<generators::Run> Execute(const TargetInfo& target,
                                                 const RunOptions& options) {
    auto recipe = generators::MakeRecipe(target, options);
    if (!recipe.ok()) return recipe.status();
    return generators::Execute(target, *recipe, {});
  }

  const MatrixOptions& options_;
  const std::function<void()>& report_;
  MatrixResult result_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  absl::Status status_;
};

}  // namespace

std::vector<std::string> MatrixModels() {
  std::vector<std::string> models;
  for (const checker::ConsistencyInfo& info : checker::AllConsistencies()) {
    if (info.parameter.empty()) models.push_back(std::string(info.name));
  }
  return models;
}

std::string MatrixWorkload(const TargetInfo& target, uint64_t seed) {
  return std::string(target.workloads[seed % target.workloads.size()]);
}

absl::StatusOr<MatrixResult> MeasureMatrix(
    const MatrixOptions& options, const std::function<void()>& report) {
  return Measurement(options, report).Run();
}

}  // namespace minos::cli
