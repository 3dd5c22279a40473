// minos generate: writes a history of a given shape, to try things on.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/quantities.h"
#include "generators/families.h"
#include "history/write.h"

namespace minos::cli {
namespace {

struct GenerateFlags {
  std::string family;
  generators::FamilyOptions options;
  std::string violation = "none";
  std::string format;
  std::string output = "-";
};

// The format to write: --format, or else the extension of --output, or else
// jsonl.
absl::StatusOr<history::Format> FormatToWrite(const GenerateFlags& flags) {
  constexpr std::string_view kKnown[] = {"jsonl", "json", "edn"};
  const std::string extension =
      std::filesystem::path(flags.output).extension().string();
  std::string name = flags.format;
  if (name.empty()) name = extension.empty() ? "jsonl" : extension.substr(1);
  for (const std::string_view known : kKnown) {
    if (known == name) return *history::FormatFromName(name);
  }
  if (!flags.format.empty()) {
    return UnknownName("format to write", name, kKnown);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("`", flags.output,
                   "` does not tell the format; say --format jsonl, json or "
                   "edn"));
}

absl::StatusOr<history::History> Generate(const GenerateFlags& flags) {
  constexpr std::string_view kPlaces[] = {"none", "early", "late"};
  generators::FamilyOptions options = flags.options;
  const auto place = generators::ViolationPlaceFromName(flags.violation);
  if (!place.has_value()) {
    return UnknownName("place of a violation", flags.violation, kPlaces);
  }
  options.violation = *place;
  return generators::GenerateFamily(flags.family, options);
}

ExitCode RunGenerate(const GenerateFlags& flags) {
  const absl::StatusOr<history::Format> format = FormatToWrite(flags);
  if (!format.ok()) return Fail(format.status());
  const absl::StatusOr<history::History> history = Generate(flags);
  if (!history.ok()) return Fail(history.status());
  Output output;
  if (flags.output != "-") {
    absl::StatusOr<Output> file = Output::ToFile(flags.output);
    if (!file.ok()) return Fail(file.status());
    output = *std::move(file);
  }
  absl::Status status = WriteHistory(
      *history, *format,
      [&output](std::string_view text) { return output.Write(text); });
  status.Update(output.Close());
  return status.ok() ? ExitCode::kValid : Fail(status);
}

// How to check a history of `family`: "queue", "semaphore --initial 3".
std::string How(const generators::FamilyInfo& family) {
  std::string text(family.model);
  if (family.initial.has_value()) {
    absl::StrAppend(&text, " --initial ", *family.initial);
  }
  return text;
}

std::string Footer() {
  std::string text = "Families (and the --model to check each with):\n";
  for (const generators::FamilyInfo& family : generators::AllFamilies()) {
    absl::StrAppend(
        &text, absl::StrFormat("  %-16s %s (%s)\n", std::string(family.name),
                               std::string(family.summary), How(family)));
  }
  return text + R"(
Examples:
  minos generate queue --ops 10000 --clients 30 --output queue.jsonl
  minos generate cas --violation late --info 5 | minos check --model cas-register -)";
}

void AddFlags(CLI::App& command, GenerateFlags& flags) {
  generators::FamilyOptions& options = flags.options;
  command.add_option("FAMILY", flags.family, "What to generate; see below")
      ->required()
      ->type_name("");
  command
      .add_option("--ops", options.operations, "How many operations are called")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--clients", options.clients,
                  "How many operations are open at once, nearly always")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--info", options.info_percent,
                  "How many of 100 operations time out")
      ->type_name("PERCENT")
      ->capture_default_str();
  command
      .add_option("--keys", options.keys,
                  "Over how many keys (or registers, or accounts) operations "
                  "are spread")
      ->type_name("N");
  command
      .add_option("--seed", options.seed,
                  "Another seed gives another history, the same one the same")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--violation", flags.violation,
                  "none, or one after 5 % (early) or 95 % (late) of the "
                  "operations")
      ->type_name("PLACE")
      ->capture_default_str();
  command
      .add_option("--format", flags.format,
                  "jsonl, json or edn (default: by the name of --output, else "
                  "jsonl)")
      ->type_name("FORMAT");
  command
      .add_option("-o,--output", flags.output,
                  "Where, instead of standard output")
      ->type_name("FILE");
}

}  // namespace

void AddGenerateCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<GenerateFlags>();
  CLI::App* command = app.add_subcommand(
      "generate", "Write a history of an atomic object, to try things on");
  AddFlags(*command, *flags);
  command->footer(Footer());
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunGenerate(*flags); }; });
}

}  // namespace minos::cli
