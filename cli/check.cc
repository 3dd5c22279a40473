// minos check: judges recorded histories.

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/consistency_registry.h"
#include "checker/linearizability.h"
#include "checker/model_registry.h"
#include "checker/visibility.h"
#include "cli/check_progress.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/initial_value.h"
#include "cli/input_files.h"
#include "cli/interruption.h"
#include "cli/judge.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/problem_messages.h"
#include "cli/quantities.h"
#include "cli/reading.h"
#include "cli/report_sinks.h"
#include "cli/shard.h"
#include "cli/threads.h"

namespace minos::cli {
namespace {

// The flags as they were typed.
struct CheckFlags {
  std::vector<std::string> files;
  std::string model = "auto";
  std::string consistency = "linearizable";
  std::string keys = "auto";
  std::string initial;
  std::string input_format;
  std::string algorithm = "auto";
  std::string arbitration = "session";
  std::string assume;
  std::string session_by;
  std::string time_limit = "none";
  std::string memory_limit = "auto";
  std::optional<int> jobs;
  std::string shard;
  bool follow = false;
  std::string progress = "auto";
  ReportFlags report;
};

constexpr std::string_view kExamples = R"(Examples:
  minos check history.edn
  minos check --model cas-register --initial 0 runs/
  zcat history.json.gz | minos check --format json -
  run-the-test | minos check --follow --model register -
  minos check --time-limit 30s --report junit=results.xml runs/*.edn

Exit codes: 0 valid, 1 violation, 2 error, 3 unknown, 130 interrupted.)";

void AddFlags(CLI::App& command, CheckFlags& flags) {
  command
      .add_option("FILE", flags.files,
                  "Histories, directories of histories, or - for standard "
                  "input")
      ->required()
      ->type_name("");
  command
      .add_option("-m,--model", flags.model,
                  "The data type; see `minos list models`")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("-c,--consistency", flags.consistency,
                  "What was promised, one or several: a,b,c, or all; see "
                  "`minos list consistencies`")
      ->type_name("LIST")
      ->capture_default_str();
  command
      .add_option("--keys", flags.keys,
                  "Where the key of an operation stands: auto, none, field or "
                  "tuple (in front of the value: [k v])")
      ->type_name("WHERE")
      ->capture_default_str();
  command
      .add_option("--initial", flags.initial,
                  "The state at the start, in JSON or EDN")
      ->type_name("VALUE")
      ->check(RefuseEmpty);
  command
      .add_option("--input-format", flags.input_format,
                  "How the files are written, if their content does not tell")
      ->type_name("FORMAT")
      ->check(RefuseEmpty);
  command
      .add_option("--algorithm", flags.algorithm,
                  "How it is decided; see `minos list algorithms`")
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--arbitration", flags.arbitration,
                  "What every order of the updates of a key respects, for "
                  "sequential and the models below it that speak of one (not "
                  "causal): session, none, realtime or versions")
      ->type_name("ORDER")
      ->capture_default_str();
  command
      .add_option("--assume", flags.assume,
                  "Guarantees taken for granted where monotonic-writes or "
                  "writes-follow-reads is judged: a,b or none (default: "
                  "monotonic-reads)")
      ->type_name("LIST");
  command
      .add_option("--session-by", flags.session_by,
                  "What tells the sessions: process, session, node, thread or "
                  "another field (default: the session field, or else the "
                  "process)")
      ->type_name("FIELD");
  command
      .add_option("--time-limit", flags.time_limit,
                  "For all files together, as in 500ms, 30s, 5m or 1h")
      ->type_name("TIME")
      ->capture_default_str();
  command
      .add_option("--memory-limit", flags.memory_limit,
                  "As in 200MiB or 2GiB; auto: three quarters of the machine's "
                  "memory")
      ->type_name("SIZE")
      ->capture_default_str();
  command
      .add_option("-j,--jobs", flags.jobs,
                  "Threads; they change the time, never the verdict (default: "
                  "the machine's, with less than 256 MiB for each fewer)")
      ->type_name("N");
  command.add_flag("--follow", flags.follow,
                   "Judge while events arrive, and stop at the one that makes "
                   "a violation certain; a file is taken to grow until Ctrl-C");
  command
      .add_option("--progress", flags.progress,
                  "Whether to show how far it is: auto (on a terminal), always "
                  "or never")
      ->type_name("WHEN")
      ->capture_default_str();
  command
      .add_option("--shard", flags.shard,
                  "The K-th of N parts of the files; see `minos merge`")
      ->type_name("K/N")
      ->check(RefuseEmpty);
  flags.report.AddTo(command);
  command.footer(std::string(kExamples));
}

template <typename Infos>
std::vector<std::string_view> NamesOf(const Infos& infos) {
  std::vector<std::string_view> names;
  for (const auto& info : infos) names.push_back(info.name);
  return names;
}

// Says what is wrong with the names of `flags` before any file is read.
absl::Status CheckNames(const CheckFlags& flags) {
  absl::Status status;
  if (flags.model != "auto") status = checker::FindModel(flags.model).status();
  status.Update(CheckName("algorithm", flags.algorithm,
                          NamesOf(checker::AllAlgorithms())));
  status.Update(CheckName("value of --keys", flags.keys,
                          {"auto", "none", "field", "tuple"}));
  status.Update(CheckName("value of --progress", flags.progress,
                          {"auto", "always", "never"}));
  return status;
}

checker::KeyChoice KeyChoiceOf(const std::string& keys) {
  if (keys == "none") return checker::KeyChoice::kNone;
  if (keys == "field") return checker::KeyChoice::kField;
  if (keys == "tuple") return checker::KeyChoice::kTuple;
  return checker::KeyChoice::kAuto;
}

absl::StatusOr<JudgeOptions> OptionsOf(const CheckFlags& flags) {
  if (absl::Status status = CheckNames(flags); !status.ok()) return status;
  JudgeOptions options;
  auto consistencies = ParseList(flags.consistency);
  if (!consistencies.ok()) return consistencies.status();
  for (const std::string& name : *consistencies) {
    if (name == "all") continue;
    auto known = checker::FindConsistency(name);
    if (!known.ok()) return known.status();
  }
  options.check.consistencies = *std::move(consistencies);
  const auto arbitration = checker::ArbitrationModeFromName(flags.arbitration);
  if (!arbitration) {
    constexpr std::string_view kKnown[] = {"session", "none", "realtime",
                                           "versions"};
    return UnknownName("value of --arbitration", flags.arbitration, kKnown);
  }
  options.check.arbitration = *arbitration;
  if (!flags.assume.empty()) {
    auto assumed = ParseList(flags.assume);
    if (!assumed.ok()) return assumed.status();
    options.check.assume = *std::move(assumed);
  }
  options.check.session_by = flags.session_by;
  options.check.model = flags.model;
  options.check.algorithm = flags.algorithm;
  options.check.keys = KeyChoiceOf(flags.keys);
  options.check.certificate = !flags.report.certificate.empty();
  auto reading = ReadingOptions(flags.input_format);
  if (!reading.ok()) return reading.status();
  options.input_format = reading->format;
  if (!flags.initial.empty()) {
    history::ValueTable scratch;
    auto value = ParseValue(flags.initial, scratch);
    if (!value.ok()) return value.status();
    options.initial = flags.initial;
  }
  if (flags.time_limit != "none") {
    auto limit = ParseDuration(flags.time_limit);
    if (!limit.ok()) return limit.status();
    options.time_limit = *limit;
  }
  options.memory_limit = DefaultMemoryLimit();
  if (flags.memory_limit != "auto") {
    auto limit = ParseByteSize(flags.memory_limit);
    if (!limit.ok()) return limit.status();
    options.memory_limit = *limit;
  }
  int& threads = options.check.limits.threads;
  threads = flags.jobs.value_or(ThreadsFor(options.memory_limit));
  if (threads < 1) {
    return absl::InvalidArgumentError("--jobs must be at least 1");
  }
  return options;
}

// What --follow cannot do.
absl::Status CheckFollow(const CheckFlags& flags,
                         const std::vector<InputFile>& files) {
  std::string refused;
  if (files.size() != 1 || files.front().from_directory) {
    refused = "follows one file, or standard input";
  } else if (flags.model == "auto") {
    refused = "needs --model: the first operations do not tell the data type";
  } else if (flags.consistency != "linearizable") {
    refused = "judges whether a history is linearizable, and nothing else";
  } else if (flags.algorithm != "auto" && flags.algorithm != "wgl") {
    refused = "takes no --algorithm: it searches";
  } else if (!flags.report.certificate.empty()) {
    refused = "writes no --certificate: it does not keep what it has judged";
  } else if (!flags.shard.empty()) {
    refused = "takes no --shard: there is one file";
  } else if (flags.jobs.value_or(1) != 1) {
    refused = "takes no --jobs: it waits for the input most of the time";
  }
  if (refused.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("--follow " + refused);
}

bool ShowsProgress(const CheckFlags& flags) {
  if (flags.progress != "auto") return flags.progress == "always";
  return !flags.report.quiet && IsProgressSeen();
}

// Everything that one run writes.
class CheckRun {
 public:
  CheckRun(const CheckFlags& flags, JudgeOptions options, ReportSinks sinks)
      : flags_(flags),
        options_(std::move(options)),
        start_(std::chrono::steady_clock::now()),
        sinks_(std::move(sinks)) {}

  ExitCode Run(const std::vector<InputFile>& files, const Shard& shard) {
    for (size_t i = 0; i < files.size(); ++i) {
      if (shard.Has(i)) RunFile(files[i], i, shard);
    }
    // A shard may get none.
    if (tally_.total() == 0 && shard.is_whole()) {
      PrintMessage("there is no history to judge");
      tally_.Count(report::Finding::kError);
    }
    for (const absl::Status& failure : sinks_.Finish()) Lose(failure);
    if (Interrupted()) return ExitCode::kInterrupted;
    return flags_.report.ExitCodeOf(tally_.worst());
  }

 private:
  void RunFile(const InputFile& file, size_t number, const Shard& shard) {
    Judged judged;
    if (flags_.follow) {
      Follow({options_, file.path, ShowsProgress(flags_)}, judged);
    } else {
      JudgeFile(file, judged);
    }
    if (!shard.is_whole()) judged.result.number = number;
    if (judged.is_skipped) {
      if (!flags_.report.quiet) {
        PrintMessage(absl::StrCat(file.path, ": not a history, skipped (",
                                  judged.result.error, ")"));
      }
      return;
    }
    tally_.Count(judged.result.finding);
    PrintErrors(judged.result);
    sinks_.Add(judged.result);
  }

  void JudgeFile(const InputFile& file, Judged& judged) {
    checker::Progress progress;
    std::optional<CheckProgress> line;
    JudgeOptions options = options_;
    if (ShowsProgress(flags_)) {
      options.progress = &progress;
      line.emplace(progress);
    }
    Judge(std::move(options), start_).Run(file, judged);
  }

  // A report that could not be written is an error, but changes no verdict.
  void Lose(const absl::Status& failure) {
    Fail(failure);
    tally_.Count(report::Finding::kError);
  }

  const CheckFlags& flags_;
  JudgeOptions options_;
  std::chrono::steady_clock::time_point start_;
  ReportSinks sinks_;
  report::Tally tally_;
};

ExitCode RunCheck(const CheckFlags& flags) {
  absl::StatusOr<JudgeOptions> options = OptionsOf(flags);
  if (!options.ok()) return Fail(options.status());
  Shard shard;
  if (!flags.shard.empty()) {
    auto parsed = ParseShard(flags.shard);
    if (!parsed.ok()) return Fail(parsed.status());
    shard = *parsed;
  }
  const std::vector<InputFile> files = ExpandPaths(flags.files);
  if (flags.follow) {
    const absl::Status status = CheckFollow(flags, files);
    if (!status.ok()) return Fail(status);
  }
  const bool several = files.size() != 1 || files.front().from_directory;
  absl::StatusOr<ReportSinks> sinks = ReportSinks::Open(flags.report, several);
  if (!sinks.ok()) return Fail(sinks.status());
  CheckRun run(flags, *std::move(options), *std::move(sinks));
  return run.Run(files, shard);
}

}  // namespace

void AddCheckCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command = app.add_subcommand("check", "Judge recorded histories");
  AddFlags(*command, *flags);
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunCheck(*flags); }; });
}

}  // namespace minos::cli
