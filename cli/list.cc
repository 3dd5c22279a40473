// minos list: what minos knows.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/consistency_registry.h"
#include "checker/linearizability.h"
#include "checker/model_registry.h"
#include "cli/commands.h"
#include "cli/list_targets.h"
#include "cli/output.h"
#include "cli/quantities.h"
#include "report/renderer.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string Text(std::string_view view) { return std::string(view); }

// Names and summaries as two columns.
template <typename Infos>
std::string Columns(const Infos& infos) {
  size_t width = 0;
  for (const auto& info : infos) width = std::max(width, info.name.size());
  std::string text;
  for (const auto& info : infos) {
    absl::StrAppend(&text, report::Pad(info.name, width), "  ",
                    Text(info.summary), "\n");
  }
  return text;
}

template <typename Infos>
Json Objects(const Infos& infos) {
  Json json = Json::array();
  for (const auto& info : infos) {
    json.push_back(
        {{"name", Text(info.name)}, {"summary", Text(info.summary)}});
  }
  return json;
}

std::string ModelsText() {
  std::string text;
  for (const checker::ModelInfo& model : checker::AllModels()) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", Text(model.name), ": ",
                    Text(model.summary), "\n");
    for (const checker::FunctionInfo& function : model.functions) {
      absl::StrAppend(&text, "  ", report::Pad(function.name, 18), " ",
                      Text(function.argument), " → ", Text(function.result),
                      ": ", Text(function.meaning), "\n");
    }
    absl::StrAppend(&text, "  --initial          ", Text(model.initial), "\n");
  }
  return text;
}

Json ModelsJson() {
  Json json = Json::array();
  for (const checker::ModelInfo& model : checker::AllModels()) {
    Json functions = Json::array();
    for (const checker::FunctionInfo& function : model.functions) {
      functions.push_back({{"name", Text(function.name)},
                           {"argument", Text(function.argument)},
                           {"result", Text(function.result)},
                           {"meaning", Text(function.meaning)}});
    }
    json.push_back({{"name", Text(model.name)},
                    {"summary", Text(model.summary)},
                    {"functions", std::move(functions)},
                    {"initial", Text(model.initial)}});
  }
  return json;
}

// One thing that can be listed.
struct Topic {
  std::string_view name;
  std::string_view summary;
  std::string (*text)();
  Json (*json)();
};

struct InputFormatInfo {
  std::string_view name;
  std::string_view summary;
};

constexpr InputFormatInfo kInputFormats[] = {
    {"jsonl", "one event or one operation a line, in JSON"},
    {"json", "an array of them"},
    {"edn", "Jepsen's history.edn, plain or tagged"},
    {"jepsen-log", "the log of old versions of Jepsen"},
    {"history-txt", "Jepsen's history.txt"},
};

constexpr Topic kTopics[] = {
    {"models", "data types, for --model", ModelsText, ModelsJson},
    {"consistencies", "what can be promised, for --consistency",
     [] { return Columns(checker::AllConsistencies()); },
     [] { return Objects(checker::AllConsistencies()); }},
    {"algorithms", "ways to decide, for --algorithm",
     [] { return Columns(checker::AllAlgorithms()); },
     [] { return Objects(checker::AllAlgorithms()); }},
    {"formats", "formats of reports, for --format and --report",
     [] { return Columns(report::AllFormats()); },
     [] { return Objects(report::AllFormats()); }},
    {"targets", "stores, for `minos run`", TargetsText,
     [] { return Json::parse(TargetsJson()); }},
    {"workloads", "for --workload", WorkloadsText,
     [] { return Json::parse(WorkloadsJson()); }},
    {"faults", "for --faults", FaultsText,
     [] { return Json::parse(FaultsJson()); }},
    {"input-formats", "formats of histories, for --input-format and --to",
     [] { return Columns(kInputFormats); },
     [] { return Objects(kInputFormats); }},
};

struct ListFlags {
  std::string topic;
  std::string format = "text";
};

ExitCode RunList(const ListFlags& flags) {
  const absl::Status status =
      CheckName("format", flags.format, {"text", "json"});
  if (!status.ok()) return Fail(status);
  const bool as_json = flags.format == "json";
  if (flags.topic.empty()) {
    return PrintResult(as_json
                           ? Json{{"topics", Objects(kTopics)}}.dump(2) + "\n"
                           : Columns(kTopics));
  }
  std::vector<std::string_view> names;
  for (const Topic& topic : kTopics) {
    names.push_back(topic.name);
    if (topic.name != flags.topic) continue;
    return PrintResult(as_json
                           ? Json{{flags.topic, topic.json()}}.dump(2) + "\n"
                           : topic.text());
  }
  return Fail(UnknownName("topic", flags.topic, names));
}

}  // namespace

void AddListCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* command = app.add_subcommand("list", "Print what minos knows");
  command
      ->add_option("TOPIC", flags->topic,
                   "models, consistencies, algorithms, formats, targets, "
                   "workloads, faults or input-formats; without it, the "
                   "topics")
      ->type_name("");
  command->add_option("--format", flags->format, "text or json")
      ->type_name("FORMAT")
      ->capture_default_str();
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunList(*flags); }; });
}

}  // namespace minos::cli
