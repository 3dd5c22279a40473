// minos stats: a history in numbers.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "checker/model_inference.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/reads_from.h"
#include "checker/session_history.h"
#include "checker/session_history_builder.h"
#include "checker/statistics.h"
#include "cli/commands.h"
#include "cli/initial_value.h"
#include "cli/input_files.h"
#include "cli/output.h"
#include "cli/problem_messages.h"
#include "cli/quantities.h"
#include "cli/reading.h"
#include "history/value_text.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using checker::Distribution;
using checker::HistoryStatistics;
using checker::StalenessReport;
using checker::StalenessStatistics;
using history::History;
using Json = nlohmann::ordered_json;

struct StatsFlags {
  std::vector<std::string> files;
  std::string model = "auto";
  std::string initial;
  std::string input_format;
  std::string format = "text";
};

constexpr std::string_view kExamples = R"(Examples:
  minos stats history.edn
  minos stats --format json runs/

How stale a read was is the least that is certain: it counts the writes of its
key that began after the write it returned had returned, and that had returned
before the read was called.)";

// What is known of one file.
struct FileStatistics {
  HistoryStatistics history;
  std::optional<StalenessReport> staleness;
  std::string no_staleness;  // why there is none
};

absl::StatusOr<FileStatistics> Describe(History& history,
                                        const StatsFlags& flags) {
  FileStatistics result;
  result.history = checker::DescribeHistory(history);
  std::string name = flags.model;
  if (name == "auto") {
    const auto inferred = checker::InferModel(history);
    if (!inferred.ok()) {
      result.no_staleness = std::string(inferred.status().message());
      return result;
    }
    name = std::string(*inferred);
  }
  const auto model = checker::FindModel(name);
  if (!model.ok()) return model.status();
  const auto observation = checker::ObservationOf(**model);
  if (!observation.ok() || *observation != checker::Observation::kRegister) {
    result.no_staleness = absl::StrCat(
        "staleness is measured for registers and kv, not for a ", name);
    return result;
  }
  history::ValueId initial = history::kNoValue;
  if (!flags.initial.empty()) {
    const auto value = ParseValue(flags.initial, history.mutable_values());
    if (!value.ok()) return value.status();
    initial = *value;
  }
  const auto partitioning =
      checker::SplitByKey(history, **model, checker::KeyChoice::kAuto);
  if (!partitioning.ok()) return partitioning.status();
  auto steps = checker::BuildSessionHistory(history, *observation,
                                            *partitioning, {}, initial);
  if (!steps.ok()) return steps.status();
  checker::ResolveReads(*steps);
  result.staleness = checker::MeasureStaleness(*steps);
  return result;
}

std::string Time(int64_t nanoseconds) {
  const auto value = static_cast<double>(nanoseconds);
  if (nanoseconds < 1'000) return absl::StrFormat("%d ns", nanoseconds);
  if (nanoseconds < 1'000'000) return absl::StrFormat("%.1f us", value / 1e3);
  if (nanoseconds < 1'000'000'000) {
    return absl::StrFormat("%.1f ms", value / 1e6);
  }
  return absl::StrFormat("%.2f s", value / 1e9);
}

std::string Number(int64_t number) { return absl::StrCat(number); }

std::string Quantiles(const Distribution& distribution,
                      std::string (*text)(int64_t)) {
  return absl::StrCat("median ", text(distribution.median), ", 90 % ",
                      text(distribution.p90), ", 99 % ", text(distribution.p99),
                      ", most ", text(distribution.maximum));
}

// One bar for each class.
std::string Histogram(const Distribution& distribution,
                      std::string (*text)(int64_t)) {
  constexpr size_t kWidth = 40;
  size_t largest = 1;
  for (const size_t count : distribution.classes) {
    largest = std::max(largest, count);
  }
  std::string out;
  for (size_t i = 0; i < distribution.classes.size(); ++i) {
    const size_t count = distribution.classes[i];
    if (count == 0) continue;
    const int64_t low = i == 0 ? 0 : int64_t{1} << (i - 1);
    const std::string bar(std::max<size_t>(1, count * kWidth / largest), '#');
    out += absl::StrFormat("    from %9s %9d %s\n", text(low), count, bar);
  }
  return out;
}

// Names of functions, keys and nodes without the quotes of strings.
std::string Name(const History& history, history::ValueId value) {
  const history::ValueTable& values = history.values();
  if (value != history::kNoValue &&
      values.kind(value) == history::ValueKind::kString) {
    return report::Printable(std::string(values.text(value)));
  }
  return report::Printable(history::ToShortText(history.values(), value, 40));
}

std::string StalenessText(const History& history,
                          const StalenessReport& report) {
  const StalenessStatistics& all = report.all;
  std::string out = absl::StrFormat(
      "  reads behind: %d of %d (at least; see `minos stats --help`)\n",
      all.stale, all.versions.count);
  if (all.stale > 0) {
    absl::StrAppend(&out,
                    "  versions behind: ", Quantiles(all.versions, Number),
                    "\n", Histogram(all.versions, Number));
  }
  if (all.time_ns.count > 0) {
    absl::StrAppend(&out,
                    "  time behind, of these: ", Quantiles(all.time_ns, Time),
                    "\n", Histogram(all.time_ns, Time));
  }
  if (report.convergence_ns.count > 0) {
    absl::StrAppend(&out, "  time to convergence, by key: ",
                    Quantiles(report.convergence_ns, Time), "\n");
  }
  if (report.unmeasured > 0) {
    absl::StrAppend(&out, "  not measured: ", report.unmeasured,
                    " reads of values that were written more than once, or by "
                    "nobody\n");
  }
  constexpr size_t kMaxGroups = 10;
  for (const auto* groups : {&report.by_key, &report.by_node}) {
    const std::string_view what = groups == &report.by_key ? "key" : "node";
    if (groups->size() < 2) continue;
    std::vector<StalenessStatistics> sorted = *groups;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) {
                       return a.versions.maximum > b.versions.maximum;
                     });
    for (size_t i = 0; i < sorted.size() && i < kMaxGroups; ++i) {
      if (sorted[i].stale == 0) break;
      out += absl::StrFormat(
          "  %s %s: %d of %d reads behind, by %d versions at most\n",
          std::string(what), Name(history, sorted[i].name), sorted[i].stale,
          sorted[i].versions.count, sorted[i].versions.maximum);
    }
  }
  return out;
}

std::string Text(const std::string& file, const History& history,
                 const FileStatistics& statistics) {
  const HistoryStatistics& all = statistics.history;
  std::string out = absl::StrFormat("%s: %d operations, %d info\n",
                                    report::Printable(InputName(file)),
                                    all.operations, all.info);
  if (all.duration_ns > 0) {
    out += absl::StrFormat("  %s, %.1f operations a second\n",
                           Time(all.duration_ns), all.operations_per_second);
  }
  out += absl::StrFormat("  open at once: %d at most, %.1f in the mean\n",
                         all.largest_concurrency, all.mean_concurrency);
  for (const checker::FunctionStatistics& function : all.functions) {
    out += absl::StrFormat("  %s: %d ok, %d fail, %d info",
                           Name(history, function.function), function.ok,
                           function.fail, function.info);
    if (function.latency_ns.count > 0) {
      absl::StrAppend(&out, "; latency ", Quantiles(function.latency_ns, Time));
    }
    out += "\n";
  }
  if (statistics.staleness) {
    out += StalenessText(history, *statistics.staleness);
  } else {
    absl::StrAppend(&out, "  no staleness: ", statistics.no_staleness, "\n");
  }
  return out;
}

Json ToJson(const Distribution& distribution) {
  Json json = {{"count", distribution.count}};
  if (distribution.count == 0) return json;
  json["minimum"] = distribution.minimum;
  json["median"] = distribution.median;
  json["p90"] = distribution.p90;
  json["p99"] = distribution.p99;
  json["maximum"] = distribution.maximum;
  json["mean"] = distribution.mean;
  json["classes"] = distribution.classes;
  return json;
}

Json ToJson(const History& history, const StalenessStatistics& group) {
  Json json;
  if (group.name != history::kNoValue) {
    json["name"] = Name(history, group.name);
  }
  json["reads"] = group.versions.count;
  json["stale"] = group.stale;
  json["versions"] = ToJson(group.versions);
  json["time_ns"] = ToJson(group.time_ns);
  return json;
}

Json ToJson(const std::string& file, const History& history,
            const FileStatistics& statistics) {
  const HistoryStatistics& all = statistics.history;
  Json json = {
      {"file", InputName(file)},
      {"operations", all.operations},
      {"info", all.info},
      {"duration_ns", all.duration_ns},
      {"operations_per_second", all.operations_per_second},
      {"concurrency",
       {{"maximum", all.largest_concurrency}, {"mean", all.mean_concurrency}}}};
  json["functions"] = Json::array();
  for (const checker::FunctionStatistics& function : all.functions) {
    json["functions"].push_back({{"name", Name(history, function.function)},
                                 {"ok", function.ok},
                                 {"fail", function.fail},
                                 {"info", function.info},
                                 {"latency_ns", ToJson(function.latency_ns)}});
  }
  if (!statistics.staleness) return json;
  const StalenessReport& report = *statistics.staleness;
  Json staleness = ToJson(history, report.all);
  staleness["convergence_ns"] = ToJson(report.convergence_ns);
  staleness["unmeasured"] = report.unmeasured;
  for (const auto* groups : {&report.by_key, &report.by_node}) {
    Json list = Json::array();
    for (const StalenessStatistics& group : *groups) {
      list.push_back(ToJson(history, group));
    }
    staleness[groups == &report.by_key ? "keys" : "nodes"] = std::move(list);
  }
  json["staleness"] = std::move(staleness);
  return json;
}

// Appends what is said of `file`, as text or as an entry of `files`. Errors are
// printed; kError if there was one.
ExitCode AddFile(const InputFile& file, const history::ReadOptions& reading,
                 const StatsFlags& flags, Json& files, std::string& text) {
  auto recording = ReadInput(file, reading);
  if (!recording.ok()) return Fail(recording.status());
  if (IsOtherFile(file, *recording)) {
    PrintSkipped(file, *recording);
    return ExitCode::kValid;
  }
  if (recording->has_errors) {
    PrintMessage(absl::StrCat(
        file.path, ": the recording has errors; see `minos validate`"));
    return ExitCode::kError;
  }
  const auto statistics = Describe(recording->history, flags);
  if (!statistics.ok()) {
    return Fail(
        absl::Status(statistics.status().code(),
                     absl::StrCat(file.path, ": ",
                                  std::string(statistics.status().message()))));
  }
  if (flags.format == "json") {
    files.push_back(ToJson(file.path, recording->history, *statistics));
  } else {
    text += Text(file.path, recording->history, *statistics);
  }
  return ExitCode::kValid;
}

ExitCode RunStats(const StatsFlags& flags) {
  if (flags.format != "text" && flags.format != "json") {
    constexpr std::string_view kKnown[] = {"text", "json"};
    return Fail(UnknownName("format", flags.format, kKnown));
  }
  const auto reading = ReadingOptions(flags.input_format);
  if (!reading.ok()) return Fail(reading.status());
  Json files = Json::array();
  std::string text;
  ExitCode code = ExitCode::kValid;
  for (const InputFile& file : ExpandPaths(flags.files)) {
    const ExitCode added = AddFile(file, *reading, flags, files, text);
    if (added != ExitCode::kValid) code = added;
  }
  if (flags.format == "json") {
    text =
        Json{{"schema", "minos.stats/1"}, {"histories", files}}.dump(2) + "\n";
  }
  const ExitCode printed = PrintResult(text);
  return printed == ExitCode::kValid ? code : printed;
}

}  // namespace

void AddStatsCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<StatsFlags>();
  CLI::App* command = app.add_subcommand(
      "stats", "Say how fast, how concurrent and how stale histories are");
  command
      ->add_option("FILE", flags->files,
                   "Histories, directories of histories, or - for standard "
                   "input")
      ->required()
      ->type_name("");
  command
      ->add_option("-m,--model", flags->model,
                   "The data type; see `minos list models`")
      ->type_name("NAME")
      ->capture_default_str();
  command
      ->add_option("--initial", flags->initial,
                   "The state at the start, in JSON or EDN")
      ->type_name("VALUE");
  command
      ->add_option("--input-format", flags->input_format,
                   "How the files are written, if their content does not tell")
      ->type_name("FORMAT")
      ->check(RefuseEmpty);
  command->add_option("--format", flags->format, "text or json")
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunStats(*flags); }; });
}

}  // namespace minos::cli
