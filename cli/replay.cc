// minos replay: runs a saved failure again, and judges it.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/failure.h"
#include "cli/failure_file.h"
#include "cli/interruption.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/report_sinks.h"
#include "cli/run_options.h"
#include "history/write.h"

namespace minos::cli {
namespace {

struct ReplayFlags {
  std::vector<std::string> files;
  std::string record;
  ReportFlags report;
};

constexpr std::string_view kExamples = R"(Examples:
  minos replay failures/raft-no-fsync-linearizable-seed-7.json
  minos replay --quiet failures/*.json
  minos replay failure.json --record history.jsonl

A failure that no longer fails is valid. Exit codes: 0 valid, 1 violation,
2 error, 3 unknown, 130 interrupted.)";

// What the history of a replay is, compared with the saved one.
std::string Comparison(const Failure& failure, const Replayed& replayed) {
  const bool is_broken =
      replayed.trial.verdict.verdict == checker::Verdict::kViolation;
  std::string bytes =
      replayed.is_same
          ? "replayed, byte for byte"
          : absl::StrCat(
                "replayed, but the history is not the one saved by "
                "minos ",
                failure.version);
  if (is_broken) return bytes;
  return absl::StrCat(bytes, "; ", failure.consistency,
                      replayed.trial.verdict.verdict == checker::Verdict::kValid
                          ? " no longer fails"
                          : " could not be decided");
}

absl::StatusOr<report::Finding> ReplayFile(const ReplayFlags& flags,
                                           const std::string& path,
                                           ReportSinks& sinks) {
  auto failure = LoadFailure(path);
  if (!failure.ok()) return failure.status();
  auto target = TargetNamed(failure->recipe.target);
  if (!target.ok()) return target.status();
  checker::Limits limits;
  limits.interrupted = &Interrupted();
  limits.memory_bytes = DefaultMemoryLimit();
  auto replayed = Replay(**target, *failure, limits);
  if (!replayed.ok()) {
    return absl::Status(
        replayed.status().code(),
        absl::StrCat(path, ": ", std::string(replayed.status().message())));
  }
  if (!flags.record.empty()) {
    absl::Status status = history::WriteHistory(
        replayed->trial.run.history, history::Format::kJsonLines, flags.record);
    if (!status.ok()) return status;
  }
  replayed->trial.verdict.notes.push_back(Comparison(*failure, *replayed));
  const report::FileResult result = ResultOf(*failure, replayed->trial, path);
  sinks.Add(result);
  return result.finding;
}

ExitCode RunReplay(const ReplayFlags& flags) {
  if (!flags.record.empty() && flags.files.size() != 1) {
    return Fail(
        absl::InvalidArgumentError("--record takes the history of one FILE"));
  }
  auto sinks = ReportSinks::Open(flags.report, flags.files.size() > 1);
  if (!sinks.ok()) return Fail(sinks.status());
  report::Finding worst = report::Finding::kValid;
  for (const std::string& path : flags.files) {
    if (Interrupted()) break;
    auto finding = ReplayFile(flags, path, *sinks);
    if (!finding.ok()) Fail(finding.status());
    worst = report::Combine(worst,
                            finding.ok() ? *finding : report::Finding::kError);
  }
  for (const absl::Status& failure : sinks->Finish()) {
    Fail(failure);
    worst = report::Combine(worst, report::Finding::kError);
  }
  if (Interrupted()) return ExitCode::kInterrupted;
  return flags.report.ExitCodeOf(worst);
}

}  // namespace

void AddReplayCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<ReplayFlags>();
  CLI::App* command =
      app.add_subcommand("replay", "Run saved failures again, and judge them");
  command->add_option("FILE", flags->files, "Failures that `minos fuzz` saved")
      ->required()
      ->type_name("");
  command
      ->add_option("--record", flags->record, "Write the history here (jsonl)")
      ->type_name("FILE");
  flags->report.AddTo(*command);
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunReplay(*flags); }; });
}

}  // namespace minos::cli
