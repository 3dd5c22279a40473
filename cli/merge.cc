// minos merge: puts the results of shards together.

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/check_shards.h"
#include "cli/commands.h"
#include "cli/fuzz_result.h"
#include "cli/json_text.h"
#include "cli/matrix_result.h"
#include "cli/output.h"
#include "cli/quantities.h"
#include "report/json.h"

namespace minos::cli {
namespace {

struct MergeFlags {
  std::vector<std::string> files;
  std::string format = "json";
  std::string output;
};

constexpr std::string_view kExamples = R"(Examples:
  minos fuzz all --runs 4000 --shard 1/4 --format json -o 1.json   (… 4/4)
  minos merge 1.json 2.json 3.json 4.json
  minos merge --format markdown matrix-*.json

The result is what one process would have given, and so is the exit code.)";

// What was merged.
struct Merged {
  std::string text;
  report::Finding finding = report::Finding::kValid;
};

absl::StatusOr<Merged> MergeFuzzTexts(const std::vector<std::string>& texts,
                                      const std::string& format) {
  absl::Status status =
      CheckName("format of a merged campaign", format, {"json", "text"});
  if (!status.ok()) return status;
  std::vector<FuzzResult> shards;
  for (const std::string& text : texts) {
    auto shard = FuzzFromJson(text);
    if (!shard.ok()) return shard.status();
    shards.push_back(*std::move(shard));
  }
  auto merged = MergeFuzz(std::move(shards));
  if (!merged.ok()) return merged.status();
  return Merged{format == "json" ? FuzzToJson(*merged)
                                 : FuzzText(*merged, /*quiet=*/false),
                FindingOf(*merged)};
}

absl::StatusOr<Merged> MergeMatrixTexts(const std::vector<std::string>& texts,
                                        const std::string& format) {
  absl::Status status = CheckName("format of a merged matrix", format,
                                  {"json", "text", "markdown", "html"});
  if (!status.ok()) return status;
  std::vector<MatrixResult> shards;
  for (const std::string& text : texts) {
    auto shard = MatrixFromJson(text);
    if (!shard.ok()) return shard.status();
    shards.push_back(*std::move(shard));
  }
  auto merged = MergeMatrix(std::move(shards));
  if (!merged.ok()) return merged.status();
  return Merged{format == "json" ? MatrixToJson(*merged)
                                 : MatrixDocument(*merged, format),
                FindingOf(*merged)};
}

absl::StatusOr<Merged> MergeCheckTexts(const std::vector<std::string>& texts,
                                       const std::string& format) {
  absl::Status status = CheckName("format of merged checks", format, {"json"});
  if (!status.ok()) return status;
  auto merged = MergeChecks(texts);
  if (!merged.ok()) return merged.status();
  return Merged{std::move(merged->text), merged->finding};
}

std::string SchemaOf(const std::string& text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object()) return "";
  const auto found = json.find("schema");
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : "";
}

absl::StatusOr<Merged> Merge(const MergeFlags& flags) {
  std::vector<std::string> texts;
  std::string schema;
  for (const std::string& path : flags.files) {
    auto text = ReadTextFile(path);
    if (!text.ok()) return text.status();
    const std::string its = SchemaOf(*text);
    if (schema.empty()) schema = its;
    if (its.empty() || its != schema) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": ",
          its.empty() ? "no result in JSON of fuzz, matrix or check"
                      : "not of the same command as the first file"));
    }
    texts.push_back(*std::move(text));
  }
  if (schema == kFuzzSchema) return MergeFuzzTexts(texts, flags.format);
  if (schema == kMatrixSchema) return MergeMatrixTexts(texts, flags.format);
  if (schema == report::kResultSchema) {
    return MergeCheckTexts(texts, flags.format);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("results of schema \"", schema, "\" cannot be merged"));
}

ExitCode RunMerge(const MergeFlags& flags) {
  auto merged = Merge(flags);
  if (!merged.ok()) return Fail(merged.status());
  const std::string path = flags.output.empty() ? "-" : flags.output;
  absl::Status status = WriteTextFile(path, merged->text);
  return status.ok() ? ExitCodeOf(merged->finding) : Fail(status);
}

}  // namespace

void AddMergeCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<MergeFlags>();
  CLI::App* command = app.add_subcommand(
      "merge", "Put the JSON results of all shards together");
  command
      ->add_option("FILE", flags->files,
                   "Results of fuzz, matrix or check with --shard")
      ->required()
      ->type_name("");
  command
      ->add_option("--format", flags->format,
                   "json; text for fuzz and matrix, markdown or html for "
                   "matrix")
      ->type_name("FORMAT")
      ->capture_default_str();
  command
      ->add_option("-o,--output", flags->output,
                   "Where, instead of standard output")
      ->type_name("FILE")
      ->check(RefuseEmpty);
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunMerge(*flags); }; });
}

}  // namespace minos::cli
