// minos fuzz: many runs of many kinds; what breaks a promise is shrunk, saved
// and explained.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/campaign.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/fuzz_options.h"
#include "cli/fuzz_result.h"
#include "cli/interruption.h"
#include "cli/json_text.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/report_sinks.h"
#include "report/json.h"
#include "report/renderer.h"
#include "targets/target.h"

namespace minos::cli {
namespace {

namespace fs = std::filesystem;
using targets::TargetInfo;

constexpr std::string_view kExamples =
    R"(What no flag fixes is drawn anew for each run: workload, cluster, parameters,
faults, clients, keys.

Examples:
  minos fuzz eventual --runs 1000 --save failures
  minos fuzz raft quorum --for 5m --keep-going --corpus failures
  minos fuzz all --bugs each --runs 200
  minos fuzz all --runs 100000 --shard 3/8 --format json -o 3.json

Exit codes: 0 valid, 1 violation, 2 error, 3 unknown, 130 interrupted.)";

// The saved failures below `directory`, in the order of their names.
absl::StatusOr<std::vector<std::pair<std::string, Failure>>> LoadCorpus(
    const std::string& directory) {
  std::vector<std::pair<std::string, Failure>> corpus;
  if (directory.empty()) return corpus;
  std::error_code error;
  fs::create_directories(directory, error);
  std::vector<std::string> paths;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".json") paths.push_back(it->path().string());
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat(directory, ": ", error.message()));
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    auto failure = LoadFailure(path);
    if (!failure.ok()) return failure.status();
    corpus.push_back({path, *std::move(failure)});
  }
  return corpus;
}

std::string ProgressText(const CampaignProgress& now) {
  std::string text = absl::StrCat(", ", now.broken_runs, " broken");
  if (now.reached == 0) return text;
  return absl::StrCat(text, ", ", now.reached, " states, corpus of ",
                      now.corpus);
}

// Everything that one command does.
class Fuzzer {
 public:
  Fuzzer(const FuzzFlags& flags, FuzzOptions options)
      : flags_(flags),
        options_(std::move(options)),
        progress_(!flags.report.quiet) {
    result_.shard = options_.campaign.shard;
  }

  absl::Status Open() {
    for (const std::string& directory : {flags_.save, flags_.corpus}) {
      std::error_code error;
      if (!directory.empty()) fs::create_directories(directory, error);
      if (error) {
        return absl::InvalidArgumentError(
            absl::StrCat(directory, ": ", error.message()));
      }
    }
    auto corpus = LoadCorpus(flags_.corpus);
    if (!corpus.ok()) return corpus.status();
    corpus_ = *std::move(corpus);
    if (IsOwnFormat()) return absl::OkStatus();
    auto sinks = ReportSinks::Open(flags_.report, /*several=*/true);
    if (!sinks.ok()) return sinks.status();
    sinks_.emplace(*std::move(sinks));
    return absl::OkStatus();
  }

  absl::StatusOr<ExitCode> Run() {
    for (const TargetInfo* target : options_.targets) {
      absl::Status status;
      if (options_.is_each_bug) {
        for (const targets::BugInfo& bug : target->bugs) {
          status.Update(RunOne(*target, {std::string(bug.name)}));
        }
      } else {
        status = RunOne(*target, flags_.run.bugs);
      }
      if (!status.ok()) return status;
    }
    return Finish();
  }

 private:
  // Formats of this command; the others show the histories.
  bool IsOwnFormat() const {
    return flags_.report.reports.empty() && flags_.report.certificate.empty() &&
           (flags_.report.format == "text" || flags_.report.format == "json");
  }

  absl::Status RunOne(const TargetInfo& target,
                      const std::vector<std::string>& bugs) {
    CampaignRecord record;
    record.target = std::string(target.name);
    record.bugs = bugs;
    record.seed = options_.campaign.seed;
    record.planned = options_.campaign.runs;
    record.keep_going = options_.campaign.keep_going;
    absl::Status status = ReplayCorpus(target, record);
    const bool goes_on = record.keep_going || record.findings.empty();
    if (status.ok() && goes_on) status = Explore(target, record);
    result_.campaigns.push_back(std::move(record));
    return status;
  }

  absl::Status ReplayCorpus(const TargetInfo& target, CampaignRecord& record) {
    for (size_t i = 0; i < corpus_.size(); ++i) {
      const auto& [path, failure] = corpus_[i];
      const bool is_meant = failure.recipe.target == target.name &&
                            failure.recipe.bugs == record.bugs &&
                            options_.campaign.shard.Has(i);
      if (!is_meant || Interrupted()) continue;
      auto replayed = Replay(target, failure, options_.campaign.limits);
      if (!replayed.ok()) return replayed.status();
      if (replayed->trial.verdict.verdict != checker::Verdict::kViolation) {
        continue;
      }
      FoundFailure found;
      found.failure = failure;
      found.saved_as = path;
      Show(replayed->trial, path, found);
      record.findings.push_back(std::move(found));
      if (!record.keep_going) return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  absl::Status Explore(const TargetInfo& target, CampaignRecord& record) {
    CampaignOptions campaign = options_.campaign;
    campaign.target = &target;
    campaign.swarm.base.bugs = record.bugs;
    progress_.Begin(absl::StrCat(record.target, record.bugs.empty() ? "" : " ",
                                 absl::StrJoin(record.bugs, ",")),
                    campaign.runs / campaign.shard.count);
    auto made = RunCampaign(campaign, [this](const CampaignProgress& now) {
      progress_.Show(now.runs, ProgressText(now));
    });
    if (!made.ok()) return made.status();
    record.runs = made->runs;
    record.broken_runs = made->broken_runs;
    record.unknown_runs = std::move(made->unknown_runs);
    record.unjudged_runs = std::move(made->unjudged_runs);
    record.is_cut_short = made->is_cut_short;
    for (const Finding& finding : made->findings) {
      absl::Status status = Take(target, finding, record);
      if (!status.ok()) return status;
      if (!record.keep_going) break;
    }
    return absl::OkStatus();
  }

  // Shrinks, saves and explains a finding.
  absl::Status Take(const TargetInfo& target, const Finding& finding,
                    CampaignRecord& record) {
    auto failure = MakeFailure(target, finding, options_.is_promised,
                               options_.shrink, options_.campaign.limits);
    if (!failure.ok()) return failure.status();
    FoundFailure found;
    found.run = finding.run;
    found.failure = *std::move(failure);
    const std::string& directory =
        flags_.save.empty() ? flags_.corpus : flags_.save;
    if (!directory.empty()) {
      found.saved_as =
          (fs::path(directory) / FailureFileName(found.failure)).string();
      absl::Status status = SaveFailure(found.failure, found.saved_as);
      if (!status.ok()) return status;
    }
    auto replayed = Replay(target, found.failure, options_.campaign.limits);
    if (!replayed.ok()) return replayed.status();
    Show(replayed->trial, FailureFileName(found.failure), found);
    record.findings.push_back(std::move(found));
    return absl::OkStatus();
  }

  // Puts a failure that was run again into the reports.
  void Show(const Trial& trial, const std::string& name, FoundFailure& found) {
    const report::FileResult result = ResultOf(found.failure, trial, name);
    found.history = report::HistoryJson(result);
    if (sinks_) sinks_->Add(result);
    if (!IsOwnFormat() || flags_.report.quiet) return;
    const report::RenderOptions plain;
    auto renderer = report::MakeRenderer("text", plain);
    if (!renderer.ok()) return;
    found.explanation = (*renderer)->Add(result);
    found.explanation += (*renderer)->Finish();
  }

  ExitCode Finish() {
    bool is_lost = false;
    if (sinks_) {
      for (const absl::Status& failure : sinks_->Finish()) {
        Fail(failure);
        is_lost = true;
      }
    } else {
      const std::string text = flags_.report.format == "json"
                                   ? FuzzToJson(result_)
                                   : FuzzText(result_, flags_.report.quiet);
      const std::string path =
          flags_.report.output.empty() ? "-" : flags_.report.output;
      if (absl::Status status = WriteTextFile(path, text); !status.ok()) {
        Fail(status);
        is_lost = true;
      }
    }
    if (Interrupted()) return ExitCode::kInterrupted;
    const report::Finding finding = FindingOf(result_);
    if (is_lost && finding != report::Finding::kViolation) {
      return ExitCode::kError;
    }
    return flags_.report.ExitCodeOf(finding);
  }

  const FuzzFlags& flags_;
  FuzzOptions options_;
  Progress progress_;
  std::vector<std::pair<std::string, Failure>> corpus_;
  std::optional<ReportSinks> sinks_;
  FuzzResult result_;
};

ExitCode RunFuzz(const FuzzFlags& flags) {
  auto options = OptionsOf(flags);
  if (!options.ok()) return Fail(options.status());
  Fuzzer fuzzer(flags, *std::move(options));
  if (absl::Status status = fuzzer.Open(); !status.ok()) return Fail(status);
  auto code = fuzzer.Run();
  return code.ok() ? *code : Fail(code.status());
}

}  // namespace

void AddFuzzCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<FuzzFlags>();
  CLI::App* command = app.add_subcommand(
      "fuzz", "Drive stores with many seeds, and look for broken promises");
  command
      ->add_option("TARGET", flags->targets,
                   "Stores, or all; see `minos list targets`")
      ->required()
      ->type_name("");
  AddFuzzFlags(*command, *flags);
  command->footer(std::string(kExamples));
  command->callback([flags, command, &chosen] {
    NoteGivenFlags(*command, *flags);
    chosen = [flags] { return RunFuzz(*flags); };
  });
}

}  // namespace minos::cli
