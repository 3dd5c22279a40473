// minos validate: says all that is wrong with recordings.

#include "history/validate.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/input_files.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/problem_messages.h"
#include "cli/quantities.h"
#include "cli/reading.h"
#include "history/read.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using history::Recording;
using history::Severity;
using Json = nlohmann::ordered_json;

struct ValidateFlags {
  std::vector<std::string> files;
  std::string input_format;
  std::string format = "text";
  bool quiet = false;
};

constexpr std::string_view kExamples = R"(Examples:
  minos validate history.edn
  minos validate --format json runs/

Exit codes: 0 every file can be judged (there may be warnings), 2 some cannot.)";

struct Counts {
  size_t errors = 0;
  size_t warnings = 0;
};

Counts CountProblems(const Recording& recording) {
  Counts counts;
  for (const auto& problem : recording.problems) {
    (problem.severity == Severity::kError ? counts.errors : counts.warnings)++;
  }
  return counts;
}

// "run.edn: 2 errors, 1 warning (edn, 12 operations)".
std::string SummaryLine(const std::string& file, const Recording& recording) {
  const Counts counts = CountProblems(recording);
  std::string text = report::Printable(InputName(file)) + ": ";
  if (recording.problems.empty()) text.append("no problems");
  if (counts.errors > 0) {
    text.append(report::Count(counts.errors, "error", "errors"));
    if (counts.warnings > 0) text.append(", ");
  }
  if (counts.warnings > 0) {
    text.append(report::Count(counts.warnings, "warning", "warnings"));
  }
  if (recording.problem_count > recording.problems.size()) {
    absl::StrAppend(&text, " of ", recording.problem_count, " problems");
  }
  return absl::StrCat(
      text, " (", std::string(ToString(recording.format)), ", ",
      report::Count(recording.history.size(), "operation", "operations"),
      ")\n");
}

std::string RecordingText(const std::string& file, const Recording& recording,
                          bool quiet) {
  std::string text;
  if (!quiet) {
    for (const auto& problem : recording.problems) {
      text.append(ProblemText(file, problem));
    }
  }
  return text.append(SummaryLine(file, recording));
}

Json RecordingJson(const std::string& file, const Recording& recording) {
  Json problems = Json::array();
  for (const auto& problem : recording.problems) {
    const bool is_error = problem.severity == Severity::kError;
    problems.push_back({{"severity", is_error ? "error" : "warning"},
                        {"code", problem.code},
                        {"line", problem.position.line},
                        {"column", problem.position.column},
                        {"message", problem.message},
                        {"hint", problem.hint}});
  }
  return {{"file", file},
          {"format", std::string(ToString(recording.format))},
          {"operations", recording.history.size()},
          {"usable", !recording.has_errors},
          {"problem_count", recording.problem_count},
          {"problems", std::move(problems)}};
}

class ValidateRun {
 public:
  explicit ValidateRun(const ValidateFlags& flags) : flags_(flags) {}

  ExitCode Run() {
    auto options = ReadingOptions(flags_.input_format);
    if (!options.ok()) return Fail(options.status());
    for (const InputFile& file : ExpandPaths(flags_.files)) {
      if (!Interrupted()) RunFile(file, *options);
    }
    if (flags_.format == "json") {
      const Json json = {{"schema", "minos.validation/1"},
                         {"usable", all_usable_},
                         {"histories", std::move(histories_)}};
      Write(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    }
    if (Interrupted()) return ExitCode::kInterrupted;
    return all_usable_ && all_written_ ? ExitCode::kValid : ExitCode::kError;
  }

 private:
  void RunFile(const InputFile& file, history::ReadOptions options) {
    const StopTimer timer(std::nullopt);
    options.interrupted = &timer.ShouldStop();
    auto recording = ReadInput(file, options);
    if (!recording.ok()) {
      Fail(recording.status());
      all_usable_ = false;
      return;
    }
    if (IsOtherFile(file, *recording)) {
      if (!flags_.quiet) PrintSkipped(file, *recording);
      return;
    }
    recording->problems = history::Validate(*recording);
    recording->problem_count =
        std::max(recording->problem_count, recording->problems.size());
    all_usable_ = all_usable_ && !recording->has_errors;
    if (flags_.format == "json") {
      histories_.push_back(RecordingJson(file.path, *recording));
    } else {
      Write(RecordingText(file.path, *recording, flags_.quiet));
    }
  }

  void Write(std::string_view text) {
    if (all_written_) all_written_ = PrintResult(text) == ExitCode::kValid;
  }

  const ValidateFlags& flags_;
  Json histories_ = Json::array();
  bool all_usable_ = true;
  bool all_written_ = true;
};

ExitCode RunValidate(const ValidateFlags& flags) {
  const absl::Status status =
      CheckName("format of `validate`", flags.format, {"text", "json"});
  if (!status.ok()) return Fail(status);
  return ValidateRun(flags).Run();
}

}  // namespace

void AddValidateCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<ValidateFlags>();
  CLI::App* command =
      app.add_subcommand("validate", "Say all that is wrong with recordings");
  command
      ->add_option("FILE", flags->files,
                   "Histories, directories of histories, or - for standard "
                   "input")
      ->required()
      ->type_name("");
  command
      ->add_option("--input-format", flags->input_format,
                   "How the files are written, if their content does not tell")
      ->type_name("FORMAT")
      ->check(RefuseEmpty);
  command->add_option("--format", flags->format, "text or json")
      ->type_name("FORMAT")
      ->capture_default_str();
  command->add_flag("-q,--quiet", flags->quiet, "One line a file");
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunValidate(*flags); }; });
}

}  // namespace minos::cli
