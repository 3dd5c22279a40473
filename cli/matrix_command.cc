// minos matrix: every store by every model, measured.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "cli/json_text.h"
#include "cli/matrix.h"
#include "cli/matrix_result.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/quantities.h"
#include "cli/run_options.h"
#include "cli/threads.h"

namespace minos::cli {
namespace {

struct MatrixFlags {
  std::vector<std::string> targets;
  uint64_t seed = 0;
  int64_t runs = 20;
  int jobs = 0;
  std::string shard;
  std::string time_limit = "2s";
  std::string format = "text";
  std::string output;
  bool quiet = false;
};

constexpr std::string_view kExamples = R"(Examples:
  minos matrix
  minos matrix raft eventual quorum --runs 50
  minos matrix --runs 200 --format markdown --output matrix.md

Exit codes: 0 every promise held, 1 one was broken, 2 error, 3 one could not be
judged, 130 interrupted.)";

absl::StatusOr<MatrixOptions> OptionsOf(const MatrixFlags& flags) {
  MatrixOptions options;
  auto targets = TargetsNamed(flags.targets);
  if (!targets.ok()) return targets.status();
  options.targets = *std::move(targets);
  if (flags.runs < 1 || flags.runs > 1'000'000) {
    return absl::InvalidArgumentError("--runs must be from 1 to 1000000");
  }
  if (flags.jobs < 0 || flags.jobs > 1024) {
    return absl::InvalidArgumentError("--jobs must be from 1 to 1024");
  }
  options.seed = flags.seed;
  options.runs = static_cast<size_t>(flags.runs);
  options.jobs = flags.jobs > 0 ? flags.jobs : MachineThreads();
  if (!flags.shard.empty()) {
    auto shard = ParseShard(flags.shard);
    if (!shard.ok()) return shard.status();
    options.shard = *shard;
  }
  auto time = ParseDuration(flags.time_limit);
  if (!time.ok()) return time.status();
  options.limits.time = *time;
  options.limits.interrupted = &Interrupted();
  options.limits.memory_bytes =
      DefaultMemoryLimit() / static_cast<size_t>(options.jobs);
  absl::Status status = CheckName("format of a matrix", flags.format,
                                  {"text", "markdown", "json", "html"});
  if (!status.ok()) return status;
  return options;
}

ExitCode RunMatrix(const MatrixFlags& flags) {
  auto options = OptionsOf(flags);
  if (!options.ok()) return Fail(options.status());
  Progress progress(!flags.quiet);
  const size_t total =
      2 * options->targets.size() * options->runs / options->shard.count;
  progress.Begin("matrix", total);
  size_t done = 0;
  auto result = MeasureMatrix(
      *options, [&] { progress.Show(std::min(total, ++done), ""); });
  if (Interrupted()) return ExitCode::kInterrupted;
  if (!result.ok()) return Fail(result.status());
  const std::string text = flags.format == "json"
                               ? MatrixToJson(*result)
                               : MatrixDocument(*result, flags.format);
  absl::Status status =
      WriteTextFile(flags.output.empty() ? "-" : flags.output, text);
  if (!status.ok()) return Fail(status);
  return ExitCodeOf(FindingOf(*result));
}

}  // namespace

void AddMatrixCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<MatrixFlags>();
  CLI::App* command = app.add_subcommand(
      "matrix", "Measure stores: what each keeps, breaks and costs");
  command
      ->add_option("TARGET", flags->targets,
                   "Stores; all of them if none is named")
      ->type_name("");
  command
      ->add_option("--runs", flags->runs,
                   "Of each store without faults, and as many with")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--seed", flags->seed, "Of the first run")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("-j,--jobs", flags->jobs,
                   "Threads; they change the time, never the result (default: "
                   "the machine's)")
      ->type_name("N");
  command
      ->add_option("--shard", flags->shard,
                   "The K-th of N parts of the runs; see `minos merge`")
      ->type_name("K/N");
  command
      ->add_option("--time-limit", flags->time_limit,
                   "For judging one run by one model; beyond it, it is unknown")
      ->type_name("TIME")
      ->capture_default_str();
  command->add_option("--format", flags->format, "text, markdown, json or html")
      ->type_name("FORMAT")
      ->capture_default_str();
  command
      ->add_option("-o,--output", flags->output,
                   "Where, instead of standard output")
      ->type_name("FILE")
      ->check(RefuseEmpty);
  command->add_flag("-q,--quiet", flags->quiet, "No progress");
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunMatrix(*flags); }; });
}

}  // namespace minos::cli
