#include "report/sarif.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "history/operation_text.h"
#include "report/result.h"
#include "report/witnesses.h"
#include "report/words.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::Violation;
using history::History;
using history::OpIndex;
using Json = nlohmann::ordered_json;

constexpr std::string_view kUnknownRule = "unknown-verdict";

// A path as a relative or absolute URI reference (RFC 3986).
std::string Uri(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 ||
        std::string_view("/-._~").find(c) != std::string_view::npos) {
      uri.push_back(c);
    } else {
      absl::StrAppendFormat(&uri, "%%%02X", byte);
    }
  }
  return uri;
}

Json Location(const std::string& file, uint32_t line) {
  Json physical = {{"artifactLocation", {{"uri", Uri(file)}}}};
  if (line > 0) physical["region"] = {{"startLine", line}};
  return {{"physicalLocation", std::move(physical)}};
}

Json Message(const std::string& text) { return {{"text", text}}; }

// The summary, and behind it the sentences that it does not repeat.
std::string FullMessage(const History& history, const Violation& violation) {
  std::string text = SummaryText(history, violation);
  for (const std::string& sentence : violation.sentences) {
    if (sentence != violation.summary) text.append("\n").append(sentence);
  }
  return text;
}

Json RelatedLocation(const FileResult& result, OpIndex op) {
  Json location = Location(result.file, MainLine(*result.history, op));
  location["message"] =
      Message(history::OperationText(*result.history, op) + " (" +
              history::OperationPlace(*result.history, op) + ")");
  return location;
}

Json ViolationResult(const FileResult& result, const CheckResult& check,
                     const Violation& violation) {
  const auto witness = MainWitness(violation);
  const uint32_t line = witness ? MainLine(*result.history, *witness) : 0;
  Json related = Json::array();
  for (OpIndex op : CoreOrWitnesses(violation)) {
    related.push_back(RelatedLocation(result, op));
  }
  return {{"ruleId", violation.kind},
          {"level", "error"},
          {"message", Message(FullMessage(*result.history, violation))},
          {"locations", Json::array({Location(result.file, line)})},
          {"relatedLocations", std::move(related)},
          {"properties",
           {{"consistency", check.consistency}, {"model", check.model}}}};
}

Json UnknownResult(const FileResult& result, const CheckResult& check) {
  return {
      {"ruleId", std::string(kUnknownRule)},
      {"level", "warning"},
      {"message", Message(VerdictText(check) + ": " + check.unknown->progress +
                          " " + check.unknown->advice)},
      {"locations", Json::array({Location(result.file, 0)})},
      {"properties",
       {{"consistency", check.consistency}, {"model", check.model}}}};
}

class SarifRenderer final : public Renderer {
 public:
  std::string Add(const FileResult& result) override {
    if (result.verdict == nullptr) {
      AddError(result);
      return "";
    }
    for (const CheckResult& check : result.verdict->checks) {
      for (const Violation& violation : check.violations) {
        rules_.insert(violation.kind);
        results_.push_back(ViolationResult(result, check, violation));
      }
      if (check.unknown) {
        rules_.insert(std::string(kUnknownRule));
        results_.push_back(UnknownResult(result, check));
      }
    }
    return "";
  }

  std::string Finish() override {
    Json rules = Json::array();
    for (const std::string& rule : rules_) rules.push_back({{"id", rule}});
    Json invocation = {
        {"executionSuccessful", notifications_.empty()},
        {"toolExecutionNotifications", std::move(notifications_)}};
    Json run = {{"tool", {{"driver", {{"name", "minos"}, {"rules", rules}}}}},
                {"invocations", Json::array({std::move(invocation)})},
                {"columnKind", "utf16CodeUnits"},
                {"results", std::move(results_)}};
    const Json log = {
        {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", Json::array({std::move(run)})}};
    return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  void AddError(const FileResult& result) {
    uint32_t line = 0;
    for (const history::Problem& problem : result.problems) {
      if (problem.severity == history::Severity::kError) {
        line = problem.position.line;
        break;
      }
    }
    notifications_.push_back(
        {{"level", "error"},
         {"message", Message(result.error)},
         {"locations", Json::array({Location(result.file, line)})}});
  }

  std::set<std::string> rules_;
  Json results_ = Json::array();
  Json notifications_ = Json::array();
};

}  // namespace

std::unique_ptr<Renderer> MakeSarifRenderer(const RenderOptions&) {
  return std::make_unique<SarifRenderer>();
}

}  // namespace minos::report
