#include "cli/fuzz_options.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/consistency_registry.h"
#include "cli/interruption.h"
#include "cli/memory.h"
#include "cli/quantities.h"
#include "cli/shard.h"
#include "cli/threads.h"

namespace minos::cli {
namespace {

constexpr size_t kDefaultRuns = 1000;
// Without --runs, but with --for: so many runs end by the time.
constexpr size_t kEndlessRuns = 1'000'000'000;

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

}  // namespace

void AddFuzzFlags(CLI::App& command, FuzzFlags& flags) {
  AddDriveFlags(command, flags.run);
  AddBudgetFlags(command, flags);
  AddFindingFlags(command, flags);
  flags.report.AddTo(command);
}

void NoteGivenFlags(const CLI::App& command, FuzzFlags& flags) {
  generators::SwarmOptions& swarm = flags.swarm;
  swarm.draws_operations = command.count("--ops") == 0;
  swarm.draws_clients = command.count("--clients") == 0;
  swarm.draws_key_shape = command.count("--key-distribution") == 0;
  swarm.draws_think_time =
      command.count("--think-time") == 0 && command.count("--rate") == 0;
  swarm.draws_fault_interval = command.count("--fault-interval") == 0;
  swarm.draws_fault_intensity = command.count("--fault-intensity") == 0;
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

}  // namespace minos::cli
