// minos run: drives one store once, records what happens, and judges it.

#include "generators/run.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "cli/json_text.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/promises.h"
#include "cli/quantities.h"
#include "cli/report_sinks.h"
#include "cli/run_options.h"
#include "generators/summary.h"
#include "generators/workload_registry.h"
#include "history/write.h"
#include "report/result.h"
#include "targets/target_registry.h"

namespace minos::cli {
namespace {

namespace fs = std::filesystem;

struct RunCommandFlags {
  RunFlags run;
  std::string consistency;
  std::string record;
  std::string trace;
  std::string time_limit;
  std::string memory_limit;
  ReportFlags report;
};

constexpr std::string_view kExamples = R"(Examples:
  minos run raft --seed 7
  minos run eventual --consistency linearizable --record history.jsonl
  minos run read-after-write --set window_ms=100 --consistency read-your-writes
  minos run quorum --bug ack-before-quorum --faults partition,loss

`minos list targets` prints the stores, their promises, parameters and bugs.
Exit codes: 0 valid, 1 violation, 2 error, 3 unknown, 130 interrupted.)";

absl::StatusOr<history::Format> RecordFormat(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  if (extension.empty() || extension == ".jsonl") {
    return history::Format::kJsonLines;
  }
  if (extension == ".json") return history::Format::kJson;
  if (extension == ".edn") return history::Format::kEdn;
  return absl::InvalidArgumentError(
      absl::StrCat("cannot tell the format of `", path,
                   "`; end it in .jsonl, .json or .edn"));
}

std::string Ms(targets::Nanoseconds time) {
  return absl::StrFormat("%.1f ms", static_cast<double>(time) / 1e6);
}

std::string Share(const generators::OutcomeCounts& counts) {
  if (counts.total() == 0) return "no operations";
  return absl::StrFormat("%.1f %% of %d operations ok",
                         100.0 * static_cast<double>(counts.ok) /
                             static_cast<double>(counts.total()),
                         counts.total());
}

// The summary that follows the verdict in text.
std::string SummaryText(const generators::Recipe& recipe,
                        const generators::RunSummary& summary) {
  std::string text = absl::StrFormat(
      "\n%s on %d nodes, workload %s, %d clients\n", recipe.target,
      recipe.nodes, recipe.workload, recipe.clients.size());
  for (const generators::FunctionSummary& function : summary.functions) {
    absl::StrAppendFormat(
        &text,
        "  %-12s %5d ok %4d fail %4d info   median %s, 99 %% %s, max %s\n",
        function.function, function.outcomes.ok, function.outcomes.fail,
        function.outcomes.info, Ms(function.latency_median),
        Ms(function.latency_p99), Ms(function.latency_max));
  }
  absl::StrAppendFormat(
      &text, "  rate         %.0f ok operations a second of simulated time\n",
      summary.operations_per_second);
  absl::StrAppend(&text, "  in faults    ", Share(summary.under_faults), "\n");
  absl::StrAppend(&text, "  otherwise    ", Share(summary.without_faults),
                  "\n");
  absl::StrAppendFormat(&text, "  messages     %.1f an operation\n",
                        summary.messages_per_operation);
  const generators::Staleness& staleness = summary.staleness;
  if (staleness.reads > 0) {
    absl::StrAppendFormat(&text, "  staleness    %d of %d reads, by up to %s\n",
                          staleness.stale, staleness.reads, Ms(staleness.max));
  }
  return text;
}

absl::StatusOr<checker::CheckOptions> CheckOptionsOf(
    const RunCommandFlags& flags, const generators::Recipe& recipe,
    const Promised& promised) {
  checker::CheckOptions options;
  options.consistencies = promised.judged;
  options.model = std::string(generators::FindWorkload(recipe.workload)->model);
  options.certificate = !flags.report.certificate.empty();
  options.limits.interrupted = &Interrupted();
  options.limits.memory_bytes = DefaultMemoryLimit();
  if (!flags.memory_limit.empty()) {
    auto limit = ParseByteSize(flags.memory_limit);
    if (!limit.ok()) return limit.status();
    options.limits.memory_bytes = *limit;
  }
  if (!flags.time_limit.empty()) {
    auto limit = ParseDuration(flags.time_limit);
    if (!limit.ok()) return limit.status();
    options.limits.time = *limit;
  }
  return options;
}

absl::StatusOr<Promised> ChooseConsistencies(
    const RunCommandFlags& flags, const targets::TargetInfo& target,
    const generators::RunOptions& options) {
  if (flags.consistency.empty()) {
    auto settings =
        generators::MakeSettings(target, options.parameters, options.bugs);
    if (!settings.ok()) return settings.status();
    return PromisesOf(
        target, *settings,
        options.faults.value_or(generators::BornFaults(target, *settings)));
  }
  Promised chosen;
  auto names = ParseList(flags.consistency);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    auto known = checker::FindConsistency(name);
    if (!known.ok()) return known.status();
  }
  chosen.judged = *std::move(names);
  return chosen;
}

// Writes what was asked for. Happens before anything is judged.
absl::Status Record(const RunCommandFlags& flags, const generators::Run& run) {
  if (!flags.record.empty()) {
    auto format = RecordFormat(flags.record);
    if (!format.ok()) return format.status();
    absl::Status status =
        history::WriteHistory(run.history, *format, flags.record);
    if (!status.ok()) return status;
  }
  if (!flags.trace.empty()) {
    return WriteTextFile(flags.trace, run.trace.ToJsonLines());
  }
  return absl::OkStatus();
}

// A run that has ended, judged and reported.
ExitCode JudgeAndReport(const RunCommandFlags& flags,
                        const generators::Recipe& recipe, uint64_t seed,
                        const Promised& promised, const generators::Run& run) {
  auto options = CheckOptionsOf(flags, recipe, promised);
  if (!options.ok()) return Fail(options.status());
  auto sinks = ReportSinks::Open(flags.report, /*several=*/false);
  if (!sinks.ok()) return Fail(sinks.status());
  auto verdict = checker::CheckHistory(run.history, *options);
  if (!verdict.ok()) return Fail(verdict.status());

  report::FileResult result;
  result.file = run.history.name();
  result.history = &run.history;
  result.input_format = "jsonl";
  result.verdict = &*verdict;
  result.finding = report::FindingOf(verdict->verdict);
  result.run = report::RunFacts{recipe.target, seed, 1};
  sinks->Add(result);
  bool is_lost = false;
  for (const absl::Status& failure : sinks->Finish()) {
    Fail(failure);
    is_lost = true;
  }
  const bool shows_summary = flags.report.format == "text" &&
                             flags.report.output.empty() && !flags.report.quiet;
  if (shows_summary) {
    PrintResult(SummaryText(recipe, generators::Summarize(run)));
  }
  if (Interrupted()) return ExitCode::kInterrupted;
  if (is_lost && result.finding != report::Finding::kViolation) {
    return ExitCode::kError;
  }
  return flags.report.ExitCodeOf(result.finding);
}

absl::Status CheckFlags(const RunCommandFlags& flags) {
  if (!flags.record.empty()) return RecordFormat(flags.record).status();
  return absl::OkStatus();
}

ExitCode Run(const RunCommandFlags& flags) {
  if (absl::Status status = CheckFlags(flags); !status.ok()) {
    return Fail(status);
  }
  auto target = TargetNamed(flags.run.target);
  if (!target.ok()) return Fail(target.status());
  auto options = RunOptionsOf(flags.run);
  if (!options.ok()) return Fail(options.status());
  auto promised = ChooseConsistencies(flags, **target, *options);
  if (!promised.ok()) return Fail(promised.status());
  auto recipe = generators::MakeRecipe(**target, *options);
  if (!recipe.ok()) return Fail(recipe.status());

  generators::ExecuteOptions execute;
  execute.trace = !flags.trace.empty();
  execute.history_name =
      flags.record.empty()
          ? absl::StrCat(recipe->target, "-seed-", options->seed)
          : flags.record;
  auto run = generators::Execute(**target, *recipe, execute);
  if (!run.ok()) return Fail(run.status());
  if (absl::Status status = Record(flags, *run); !status.ok()) {
    return Fail(status);
  }
  if (!flags.report.quiet) {
    for (const std::string& note : promised->notes) PrintMessage(note);
  }
  if (promised->judged.empty()) {
    return Fail(absl::InvalidArgumentError(
        "nothing is promised under these faults; say --consistency LIST"));
  }
  return JudgeAndReport(flags, *recipe, options->seed, *promised, *run);
}

}  // namespace

void AddRunCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<RunCommandFlags>();
  CLI::App* command =
      app.add_subcommand("run", "Drive one store once, record and judge");
  AddRunFlags(*command, flags->run);
  command
      ->add_option("-c,--consistency", flags->consistency,
                   "What to judge: a,b,c (default: what the target promises "
                   "under these faults)")
      ->type_name("LIST");
  command
      ->add_option("--record", flags->record,
                   "Write the history here before it is judged: .jsonl, .json "
                   "or .edn")
      ->type_name("FILE");
  command
      ->add_option("--trace", flags->trace,
                   "Write every step of the run here, one JSON object a line")
      ->type_name("FILE");
  command
      ->add_option("--time-limit", flags->time_limit,
                   "For the judging, as in 500ms, 30s or 5m (default: none)")
      ->type_name("TIME");
  command
      ->add_option("--memory-limit", flags->memory_limit,
                   "As in 200MiB or 2GiB (default: three quarters of the "
                   "machine's memory)")
      ->type_name("SIZE");
  flags->report.AddTo(*command);
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return Run(*flags); }; });
}

}  // namespace minos::cli
