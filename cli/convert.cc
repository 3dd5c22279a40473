// minos convert: writes a recording in another format.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/problem_messages.h"
#include "cli/quantities.h"
#include "cli/reading.h"
#include "history/write.h"

namespace minos::cli {
namespace {

namespace fs = std::filesystem;

struct ConvertFlags {
  std::string file;
  std::string input_format;
  std::string to;
  std::string output;
};

constexpr std::string_view kExamples = R"(Examples:
  minos convert history.edn --to jsonl --output history.jsonl
  minos convert - --to edn < jepsen.log)";

// The format to write: --to, or else the extension of --output, or else jsonl.
absl::StatusOr<history::Format> FormatToWrite(const ConvertFlags& flags) {
  constexpr std::string_view kKnown[] = {"jsonl", "json", "edn"};
  std::string name = flags.to;
  if (name.empty()) {
    name = fs::path(flags.output).extension().string();
    name = name.empty() ? "jsonl" : name.substr(1);
  }
  for (std::string_view known : kKnown) {
    if (known == name) return *history::FormatFromName(name);
  }
  if (flags.to.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "`", flags.output,
        "` does not tell the format; say --to jsonl, json or edn"));
  }
  return UnknownName("format to write", name, kKnown);
}

absl::Status CheckOutput(const ConvertFlags& flags) {
  std::error_code ignored;
  if (!flags.output.empty() &&
      fs::equivalent(flags.file, flags.output, ignored)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "`", flags.output, "` is the file to be read; name another one"));
  }
  return absl::OkStatus();
}

// The errors of a recording; nothing is written then.
ExitCode Refuse(const ConvertFlags& flags,
                const history::Recording& recording) {
  report::FileResult result;
  result.file = flags.file;
  result.error = "the recording has errors";
  result.problems = recording.problems;
  PrintErrors(result);
  return ExitCode::kError;
}

ExitCode Write(const ConvertFlags& flags, history::Format format,
               const history::History& history) {
  Output output;
  if (!flags.output.empty() && flags.output != "-") {
    auto file = Output::ToFile(flags.output);
    if (!file.ok()) return Fail(file.status());
    output = *std::move(file);
  }
  absl::Status status = WriteHistory(
      history, format,
      [&output](std::string_view text) { return output.Write(text); });
  status.Update(output.Close());
  return status.ok() ? ExitCode::kValid : Fail(status);
}

ExitCode RunConvert(const ConvertFlags& flags) {
  absl::StatusOr<history::Format> format = FormatToWrite(flags);
  if (!format.ok()) return Fail(format.status());
  if (absl::Status status = CheckOutput(flags); !status.ok()) {
    return Fail(status);
  }
  auto options = ReadingOptions(flags.input_format);
  if (!options.ok()) return Fail(options.status());
  const StopTimer timer(std::nullopt);
  options->interrupted = &timer.ShouldStop();
  const InputFile file{flags.file, false, absl::OkStatus()};
  absl::StatusOr<history::Recording> recording = ReadInput(file, *options);
  if (Interrupted()) return ExitCode::kInterrupted;
  if (!recording.ok()) return Fail(recording.status());
  if (recording->has_errors) return Refuse(flags, *recording);
  return Write(flags, *format, recording->history);
}

}  // namespace

void AddConvertCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<ConvertFlags>();
  CLI::App* command =
      app.add_subcommand("convert", "Write a recording in another format");
  command->add_option("FILE", flags->file, "A history, or - for standard input")
      ->required()
      ->type_name("");
  command
      ->add_option("--to,--format", flags->to,
                   "jsonl, json or edn (default: by the name of --output, else "
                   "jsonl)")
      ->type_name("FORMAT")
      ->check(RefuseEmpty);
  command
      ->add_option("-o,--output", flags->output,
                   "Where, instead of standard output")
      ->type_name("FILE")
      ->check(RefuseEmpty);
  command
      ->add_option("--input-format", flags->input_format,
                   "How the file is written, if its content does not tell")
      ->type_name("FORMAT")
      ->check(RefuseEmpty);
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunConvert(*flags); }; });
}

}  // namespace minos::cli
