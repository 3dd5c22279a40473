#include "cli/campaign.h"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "cli/interruption.h"
#include "cli/trial.h"
#include "generators/explorer.h"
#include "targets/coverage.h"

namespace minos::cli {
namespace {

using checker::Verdict;
using generators::kRunsPerGroup;

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// What the runs of one group gave.
struct GroupResult {
  size_t number = 0;
  size_t runs = 0;
  size_t broken_runs = 0;
  std::vector<size_t> unknown_runs;
  std::vector<size_t> unjudged_runs;
  std::vector<Finding> findings;
  bool is_cut_short = false;
  absl::Status status;
};

class Campaign {
 public:
  Campaign(const CampaignOptions& options,
           const std::function<void(const CampaignProgress&)>& report)
      : options_(options), report_(report) {}

  absl::StatusOr<CampaignResult> Run() {
    groups_ = (options_.runs + kRunsPerGroup - 1) / kRunsPerGroup;
    next_ = options_.shard.index;
    std::vector<std::thread> threads;
    const size_t workers =
        std::min(groups_, static_cast<size_t>(std::max(1, options_.jobs)));
    for (size_t i = 1; i < workers; ++i) {
      threads.emplace_back([this] { Work(); });
    }
    Work();
    for (std::thread& thread : threads) thread.join();
    return Gather();
  }

 private:
  void Work() {
    while (GroupResult* result = TakeGroup()) {
      RunGroup(result->number, *result);
      const bool ends = !result->status.ok() ||
                        (!options_.keep_going && result->broken_runs > 0);
      if (!ends) continue;
      const std::lock_guard lock(mutex_);
      last_group_ = std::min(last_group_, result->number);
    }
  }

  // The next group to explore; nullptr if there is none that matters.
  GroupResult* TakeGroup() {
    const std::lock_guard lock(mutex_);
    if (next_ >= groups_ || next_ > last_group_) return nullptr;
    if (MustStop()) {
      is_cut_short_ = true;
      return nullptr;
    }
    GroupResult& result = results_[next_];
    result.number = next_;
    next_ += options_.shard.count;
    return &result;
  }

  bool MustStop() const {
    return Interrupted() ||
           (options_.deadline.has_value() &&
            std::chrono::steady_clock::now() >= *options_.deadline);
  }

  void RunGroup(size_t group, GroupResult& result) {
    const size_t begin = group * kRunsPerGroup;
    const size_t end = std::min(options_.runs, begin + kRunsPerGroup);
    generators::Explorer explorer(*options_.target, options_.swarm,
                                  options_.seed + begin, begin);
    for (size_t run = begin; run < end; ++run) {
      result.is_cut_short = MustStop();
      if (result.is_cut_short) return;
      result.status = RunOnce(run, explorer, result);
      if (!result.status.ok()) return;
      if (!options_.keep_going && result.broken_runs > 0) return;
    }
  }

  absl::Status RunOnce(size_t number, generators::Explorer& explorer,
                       GroupResult& result) {
    auto recipe = explorer.Next();
    if (!recipe.ok()) return recipe.status();
    TrialOptions options;
    options.consistencies = options_.consistencies;
    options.limits = options_.limits;
    options.coverage = explorer.learns();
    auto trial = Try(*options_.target, *recipe, options);
    if (!trial.ok()) return trial.status();
    if (Interrupted()) {
      result.is_cut_short = true;
      return absl::OkStatus();
    }
    // What was aimed struck certain nodes, and what lay in wait began at some
    // moment. They are what the recipe stands for.
    recipe->faults = std::move(trial->run.faults);
    const bool is_kept = explorer.Learn(*recipe, trial->run.coverage);
    ++result.runs;
    if (trial->judged.empty()) result.unjudged_runs.push_back(number);
    if (trial->verdict.verdict == Verdict::kUnknown) {
      result.unknown_runs.push_back(number);
    }
    if (trial->verdict.verdict == Verdict::kViolation) {
      ++result.broken_runs;
      const checker::CheckResult& broken = *FirstBroken(trial->verdict);
      Finding finding;
      finding.run = number;
      finding.seed = options_.seed + number;
      finding.recipe = *std::move(recipe);
      finding.consistency = broken.consistency;
      finding.kind =
          broken.violations.empty() ? "" : broken.violations.front().kind;
      result.findings.push_back(std::move(finding));
    }
    Report(*trial, is_kept);
    return absl::OkStatus();
  }

  void Report(const Trial& trial, bool is_kept) {
    const std::lock_guard lock(mutex_);
    ++progress_.runs;
    if (trial.verdict.verdict == Verdict::kViolation) ++progress_.broken_runs;
    if (is_kept) ++progress_.corpus;
    if (!report_) return;
    // A run that brought its group nothing new brings the campaign nothing.
    if (is_kept && reached_.Merge(trial.run.coverage)) {
      progress_.reached = reached_.count();
    }
    report_(progress_);
  }

  absl::StatusOr<CampaignResult> Gather() {
    CampaignResult all;
    all.is_cut_short = is_cut_short_;
    for (auto& [number, group] : results_) {
      if (number > last_group_) break;
      if (!group.status.ok()) return group.status;
      all.runs += group.runs;
      all.broken_runs += group.broken_runs;
      all.unknown_runs.insert(all.unknown_runs.end(),
                              group.unknown_runs.begin(),
                              group.unknown_runs.end());
      all.unjudged_runs.insert(all.unjudged_runs.end(),
                               group.unjudged_runs.begin(),
                               group.unjudged_runs.end());
      all.is_cut_short |= group.is_cut_short;
      for (Finding& finding : group.findings) AddDistinct(finding, all);
    }
    return all;
  }

  static void AddDistinct(Finding& finding, CampaignResult& all) {
    const bool is_known =
        std::any_of(all.findings.begin(), all.findings.end(),
                    [&finding](const Finding& other) {
                      return other.consistency == finding.consistency &&
                             other.kind == finding.kind;
                    });
    if (!is_known) all.findings.push_back(std::move(finding));
  }

  const CampaignOptions& options_;
  const std::function<void(const CampaignProgress&)>& report_;
  // By number; filled in as the groups are explored.
  std::map<size_t, GroupResult> results_;
  std::mutex mutex_;
  size_t groups_ = 0;
  size_t next_ = 0;
  bool is_cut_short_ = false;
  // Groups after this one do not matter: it has the first finding or error.
  size_t last_group_ = kNone;
  CampaignProgress progress_;
  targets::Coverage reached_;
};

}  // namespace

absl::StatusOr<CampaignResult> RunCampaign(
    const CampaignOptions& options,
    const std::function<void(const CampaignProgress&)>& report) {
  return Campaign(options, report).Run();
}

}  // namespace minos::cli
