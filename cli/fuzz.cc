// minos fuzz: many runs of many kinds; what breaks a promise is shrunk, saved
// and explained.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
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
#include "checker/consistency_registry.h"
#include "cli/campaign.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/fuzz_result.h"
#include "cli/interruption.h"
#include "cli/json_text.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/quantities.h"
#include "cli/report_sinks.h"
#include "cli/run_options.h"
#include "cli/threads.h"
#include "report/json.h"
#include "report/renderer.h"
#include "targets/target.h"

namespace minos::cli {
namespace {

namespace fs = std::filesystem;
using targets::TargetInfo;

constexpr size_t kDefaultRuns = 1000;
// Without --runs, but with --for: so many runs end by the time.
constexpr size_t kEndlessRuns = 1'000'000'000;

struct FuzzFlags {
  std::vector<std::string> targets;
  RunFlags run;
  std::string consistency;
  int64_t runs = -1;
  std::string time;
  int jobs = 0;
  bool keep_going = false;
  std::string bugs;
  std::string schedule = "directed";
  std::string save;
  std::string corpus;
  std::string shard;
  bool no_shrink = false;
  int64_t shrink_runs = 200'000;
  std::string shrink_time = "60s";
  std::string run_time_limit = "30s";
  std::string memory_limit;
  ReportFlags report;
  // Which flags were given, whose defaults are drawn if they are not.
  generators::SwarmOptions swarm;
};

constexpr std::string_view kExamples =
    R"(What no flag fixes is drawn anew for each run: workload, cluster, parameters,
faults, clients, keys.

Examples:
  minos fuzz eventual --runs 1000 --save failures
  minos fuzz raft quorum --for 5m --keep-going --corpus failures
  minos fuzz all --bugs each --runs 200
  minos fuzz all --runs 100000 --shard 3/8 --format json -o 3.json

Exit codes: 0 valid, 1 violation, 2 error, 3 unknown, 130 interrupted.)";

// What the flags mean.
struct FuzzOptions {
  std::vector<const TargetInfo*> targets;
  CampaignOptions campaign;  // but for the target and the bugs
  bool is_each_bug = false;
  bool is_promised = true;  // judged is what is promised
  ShrinkOptions shrink;
};

absl::Status ReadConsistencies(const std::string& text, FuzzOptions& options) {
  if (text.empty()) return absl::OkStatus();
  auto names = ParseList(text);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    auto known = checker::FindConsistency(name);
    if (!known.ok()) return known.status();
  }
  options.is_promised = false;
  options.campaign.consistencies = *std::move(names);
  return absl::OkStatus();
}

absl::Status ReadLimits(const FuzzFlags& flags, FuzzOptions& options) {
  auto time = ParseDuration(flags.run_time_limit);
  if (!time.ok()) return time.status();
  options.campaign.limits.time = *time;
  options.campaign.limits.interrupted = &Interrupted();
  options.campaign.limits.memory_bytes =
      DefaultMemoryLimit() / static_cast<size_t>(options.campaign.jobs);
  if (!flags.memory_limit.empty()) {
    auto memory = ParseByteSize(flags.memory_limit);
    if (!memory.ok()) return memory.status();
    options.campaign.limits.memory_bytes = *memory;
  }
  auto shrink = ParseDuration(flags.shrink_time);
  if (!shrink.ok()) return shrink.status();
  options.shrink.time = *shrink;
  options.shrink.runs = static_cast<size_t>(flags.shrink_runs);
  options.shrink.is_wanted = !flags.no_shrink;
  return absl::OkStatus();
}

absl::Status ReadBudget(const FuzzFlags& flags, FuzzOptions& options) {
  CampaignOptions& campaign = options.campaign;
  campaign.runs = kDefaultRuns;
  if (!flags.time.empty()) {
    auto time = ParseDuration(flags.time);
    if (!time.ok()) return time.status();
    campaign.deadline = std::chrono::steady_clock::now() + *time;
    campaign.runs = kEndlessRuns;
  }
  if (flags.runs != -1) campaign.runs = static_cast<size_t>(flags.runs);
  if (!flags.shard.empty()) {
    auto shard = ParseShard(flags.shard);
    if (!shard.ok()) return shard.status();
    campaign.shard = *shard;
  }
  return absl::OkStatus();
}

absl::Status CheckNumbers(const FuzzFlags& flags) {
  if (flags.runs < -1 || flags.runs > static_cast<int64_t>(kEndlessRuns)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--runs must be from 0 to ", kEndlessRuns));
  }
  if (flags.jobs < 0 || flags.jobs > 1024) {
    return absl::InvalidArgumentError("--jobs must be from 1 to 1024");
  }
  if (flags.shrink_runs < 0) {
    return absl::InvalidArgumentError("--shrink-runs must not be negative");
  }
  absl::Status status = flags.report.Validate();
  status.Update(
      CheckName("schedule", flags.schedule, {"plain", "swarm", "directed"}));
  if (!flags.bugs.empty()) {
    status.Update(CheckName("value of --bugs", flags.bugs, {"each", "none"}));
  }
  return status;
}

absl::StatusOr<FuzzOptions> OptionsOf(const FuzzFlags& flags) {
  if (absl::Status status = CheckNumbers(flags); !status.ok()) return status;
  FuzzOptions options;
  auto targets = TargetsNamed(flags.targets);
  if (!targets.ok()) return targets.status();
  options.targets = *std::move(targets);
  auto base = RunOptionsOf(flags.run);
  if (!base.ok()) return base.status();
  options.campaign.swarm = flags.swarm;
  options.campaign.swarm.base = *std::move(base);
  options.campaign.swarm.schedule =
      *generators::ScheduleFromName(flags.schedule);
  options.campaign.seed = flags.run.seed;
  options.campaign.keep_going = flags.keep_going;
  options.campaign.jobs = flags.jobs > 0 ? flags.jobs : MachineThreads();
  options.is_each_bug = flags.bugs == "each";
  if (options.is_each_bug && !flags.run.bugs.empty()) {
    return absl::InvalidArgumentError(
        "--bugs each plants each bug in turn; leave --bug out");
  }
  if (absl::Status status = ReadConsistencies(flags.consistency, options);
      !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadBudget(flags, options); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadLimits(flags, options); !status.ok()) {
    return status;
  }
  return options;
}

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

void AddBudgetFlags(CLI::App& command, FuzzFlags& flags) {
  command
      .add_option("--runs", flags.runs,
                  "Runs of each target (default: 1000, or as many as --for "
                  "allows)")
      ->type_name("N");
  command
      .add_option("--for,--time", flags.time,
                  "Begin no run after this time, as in 30s or 5m, for all "
                  "targets together")
      ->type_name("TIME");
  command
      .add_option("-j,--jobs", flags.jobs,
                  "Threads; they change the time, never what is found "
                  "(default: the machine's)")
      ->type_name("N");
  command
      .add_option("--shard", flags.shard,
                  "The K-th of N parts of the runs; see `minos merge`")
      ->type_name("K/N");
  command
      .add_option("--time-limit", flags.run_time_limit,
                  "For the judging of one run; beyond it, it is unknown")
      ->type_name("TIME")
      ->capture_default_str();
  command
      .add_option("--memory-limit", flags.memory_limit,
                  "For the judging of one run, as in 200MiB")
      ->type_name("SIZE");
}

void AddFindingFlags(CLI::App& command, FuzzFlags& flags) {
  command
      .add_option("-c,--consistency", flags.consistency,
                  "What to judge: a,b,c (default: what the target promises in "
                  "each run)")
      ->type_name("LIST");
  command.add_flag("--keep-going", flags.keep_going,
                   "Do not stop at the first finding; report distinct ones");
  command
      .add_option("--bugs", flags.bugs,
                  "each: plant every bug of the targets, one after the other")
      ->type_name("WHICH");
  command
      .add_option("--schedule", flags.schedule,
                  "directed: towards rare interleavings; swarm: drawn blindly; "
                  "plain: only the seed differs, as in `minos run`")
      ->type_name("HOW")
      ->capture_default_str();
  command.add_option("--save", flags.save, "Save failures into this directory")
      ->type_name("DIR");
  command
      .add_option("--corpus", flags.corpus,
                  "Replay the failures saved here first; new ones are saved "
                  "here too, unless --save names another place")
      ->type_name("DIR");
  command.add_flag("--no-shrink", flags.no_shrink,
                   "Report failures as they were found");
  command
      .add_option("--shrink-runs", flags.shrink_runs,
                  "Runs for shrinking one failure, at most")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--shrink-time", flags.shrink_time,
                  "Time for shrinking one failure, at most")
      ->type_name("TIME")
      ->capture_default_str();
}

// What was not given is drawn.
void NoteGivenFlags(const CLI::App& command, generators::SwarmOptions& swarm) {
  swarm.draws_operations = command.count("--ops") == 0;
  swarm.draws_clients = command.count("--clients") == 0;
  swarm.draws_key_shape = command.count("--key-distribution") == 0;
  swarm.draws_think_time =
      command.count("--think-time") == 0 && command.count("--rate") == 0;
  swarm.draws_fault_interval = command.count("--fault-interval") == 0;
  swarm.draws_fault_intensity = command.count("--fault-intensity") == 0;
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
  AddDriveFlags(*command, flags->run);
  AddBudgetFlags(*command, *flags);
  AddFindingFlags(*command, *flags);
  flags->report.AddTo(*command);
  command->footer(std::string(kExamples));
  command->callback([flags, command, &chosen] {
    NoteGivenFlags(*command, flags->swarm);
    chosen = [flags] { return RunFuzz(*flags); };
  });
}

}  // namespace minos::cli
