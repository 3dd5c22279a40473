#include "report/json.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "history/operation.h"
#include "history/value.h"
#include "history/value_text.h"
#include "report/witnesses.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::Violation;
using history::History;
using history::kNever;
using history::kNoTime;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;
using Json = nlohmann::ordered_json;

// So many operations of a violation are described, the latest. A core may have
// as many as the history, and a description takes hundreds of bytes.
constexpr size_t kMostDescribed = 1000;

// Microseconds are as much as a clock is worth here.
double Rounded(double seconds) { return std::round(seconds * 1e6) / 1e6; }

// A value of the history; null where there is none. An integer beyond 64 bits
// becomes the nearest floating-point number, as in most readers of JSON.
Json ValueJson(const History& history, ValueId value) {
  if (value == kNoValue) return nullptr;
  std::string text;
  AppendJson(history.values(), value, text);
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json(text) : json;
}

Json StringJson(std::string_view text) { return Json(std::string(text)); }

std::string_view OutcomeName(history::Outcome outcome) {
  switch (outcome) {
    case history::Outcome::kOk:
      return "ok";
    case history::Outcome::kFail:
      return "fail";
    case history::Outcome::kInfo:
      return "info";
  }
  return "info";
}

// One end of an operation: {"position", "line", "time"}, the latter two null
// where the recording does not tell.
Json MomentJson(history::Position position, uint32_t line,
                history::Nanoseconds time) {
  Json json = {{"position", position}, {"line", nullptr}, {"time", nullptr}};
  if (line > 0) json["line"] = line;
  if (time != kNoTime) json["time"] = time;
  return json;
}

Json OperationJson(const History& history, OpIndex op) {
  Json json;
  json["index"] = op;
  json["process"] = ValueJson(history, history.process(op));
  json["f"] = ValueJson(history, history.function(op));
  if (history.has_keys()) json["key"] = ValueJson(history, history.key(op));
  json["argument"] = ValueJson(history, history.argument(op));
  json["result"] = ValueJson(history, history.result(op));
  json["outcome"] = StringJson(OutcomeName(history.outcome(op)));
  json["call"] = MomentJson(history.call(op), history.call_line(op),
                            history.call_time(op));
  json["return"] = nullptr;
  if (history.completion(op) != kNever) {
    json["return"] =
        MomentJson(history.completion(op), history.completion_line(op),
                   history.completion_time(op));
  }
  return json;
}

Json ImpasseJson(const checker::Impasse& impasse) {
  Json refusals = Json::array();
  for (const auto& refusal : impasse.refusals) {
    refusals.push_back({{"operation", refusal.op}, {"reason", refusal.reason}});
  }
  return {{"state", impasse.state},
          {"path", impasse.path},
          {"refusals", std::move(refusals)}};
}

Json ViolationJson(const History& history, const Violation& violation) {
  Json json;
  json["kind"] = violation.kind;
  json["key"] = ValueJson(history, violation.key);
  json["summary"] = violation.summary;
  json["sentences"] = violation.sentences;
  json["core"] = violation.core;
  json["relaxed"] = violation.relaxed;
  json["culprit"] = violation.culprit ? Json(*violation.culprit) : Json();
  json["prefix_events"] = violation.prefix_events;
  std::vector<OpIndex> operations = AllWitnesses(violation);
  if (operations.size() > kMostDescribed) {
    json["omitted_operations"] = operations.size() - kMostDescribed;
    operations.erase(operations.begin(),
                     operations.end() - static_cast<ptrdiff_t>(kMostDescribed));
  }
  json["operations"] = Json::array();
  for (OpIndex op : operations) {
    json["operations"].push_back(OperationJson(history, op));
  }
  json["impasses"] = Json::array();
  for (const auto& impasse : violation.impasses) {
    json["impasses"].push_back(ImpasseJson(impasse));
  }
  json["cycle"] = Json::array();
  for (const auto& edge : violation.cycle) {
    json["cycle"].push_back({{"from", edge.from},
                             {"to", edge.to},
                             {"rule", edge.rule},
                             {"because", edge.because}});
  }
  return json;
}

Json UnknownJson(const std::optional<checker::Unknown>& unknown) {
  if (!unknown) return nullptr;
  return {{"reason", StringJson(ToString(unknown->reason))},
          {"progress", unknown->progress},
          {"advice", unknown->advice}};
}

Json CheckJson(const History& history, const CheckResult& check) {
  Json json;
  json["consistency"] = check.consistency;
  json["model"] = check.model.empty() ? Json() : Json(check.model);
  json["verdict"] = StringJson(ToString(check.verdict));
  json["algorithm"] = check.algorithm;
  json["partitions"] = check.partitions;
  json["operations"] = check.operations;
  json["seconds"] = Rounded(check.seconds);
  json["configurations"] = check.configurations;
  json["memory_bytes"] = check.memory_bytes;
  json["violations"] = Json::array();
  for (const Violation& violation : check.violations) {
    json["violations"].push_back(ViolationJson(history, violation));
  }
  json["unknown"] = UnknownJson(check.unknown);
  json["notes"] = check.notes;
  return json;
}

Json ChecksArray(const History& history,
                 const std::vector<CheckResult>& checks) {
  Json json = Json::array();
  for (const CheckResult& check : checks) {
    json.push_back(CheckJson(history, check));
  }
  return json;
}

Json ProblemJson(const history::Problem& problem) {
  const bool is_error = problem.severity == history::Severity::kError;
  return {{"severity", is_error ? "error" : "warning"},
          {"code", problem.code},
          {"line", problem.position.line},
          {"column", problem.position.column},
          {"message", problem.message},
          {"hint", problem.hint}};
}

Json ResultJson(const FileResult& result) {
  Json json;
  json["file"] = result.file;
  if (result.number) json["number"] = *result.number;
  json["verdict"] = StringJson(ToString(result.finding));
  json["format"] =
      result.input_format.empty() ? Json() : Json(result.input_format);
  json["operations"] = result.history ? result.history->size() : 0;
  if (!result.error.empty()) {
    json["error"] = result.error;
    json["hint"] = result.hint;
  }
  json["notes"] = result.verdict ? Json(result.verdict->notes) : Json::array();
  json["problems"] = Json::array();
  for (const auto& problem : result.problems) {
    json["problems"].push_back(ProblemJson(problem));
  }
  json["checks"] = result.verdict
                       ? ChecksArray(*result.history, result.verdict->checks)
                       : Json::array();
  return json;
}

// Bytes that are not UTF-8 (a file's name may have some) are replaced.
std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

class JsonRenderer final : public Renderer {
 public:
  std::string Add(const FileResult& result) override {
    tally_.Count(result.finding);
    histories_.push_back(ResultJson(result));
    if (result.run) run_ = result.run;
    return "";
  }

  std::string Finish() override {
    Json json;
    json["schema"] = kResultSchema;
    json["verdict"] = StringJson(ToString(tally_.worst()));
    if (run_) {
      json["target"] = run_->target;
      json["seed"] = run_->seed;
      json["runs"] = run_->runs;
    }
    json["summary"] = {{"files", tally_.total()},
                       {"valid", tally_.valid},
                       {"unknown", tally_.unknown},
                       {"error", tally_.error},
                       {"violation", tally_.violation}};
    json["histories"] = std::move(histories_);
    return Dump(json, 2) + "\n";
  }

 private:
  Tally tally_;
  std::optional<RunFacts> run_;
  Json histories_ = Json::array();
};

}  // namespace

std::unique_ptr<Renderer> MakeJsonRenderer(const RenderOptions&) {
  return std::make_unique<JsonRenderer>();
}

std::string HistoryJson(const FileResult& result) {
  return Dump(ResultJson(result), -1);
}

std::string ChecksJson(const History& history,
                       const std::vector<CheckResult>& checks) {
  return Dump(ChecksArray(history, checks), -1);
}

}  // namespace minos::report
