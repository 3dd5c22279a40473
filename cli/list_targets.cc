#include "cli/list_targets.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "generators/workload_registry.h"
#include "report/words.h"
#include "targets/fault.h"
#include "targets/target_registry.h"

namespace minos::cli {
namespace {

using Json = nlohmann::ordered_json;
using targets::ParameterInfo;
using targets::TargetInfo;

std::string Text(std::string_view view) { return std::string(view); }

std::vector<std::string> Names(const std::vector<std::string_view>& views) {
  return std::vector<std::string>(views.begin(), views.end());
}

std::vector<std::string> FaultNames(targets::FaultSet faults) {
  std::vector<std::string> names;
  for (targets::FaultKind kind : targets::kAllFaultKinds) {
    if (faults.contains(kind)) names.push_back(Text(targets::ToString(kind)));
  }
  return names;
}

std::string UnderText(targets::FaultSet faults) {
  if (faults == targets::FaultSet::All()) return "every fault";
  if (faults.empty()) return "no fault";
  return absl::StrJoin(FaultNames(faults), ", ");
}

std::vector<targets::Promise> DefaultPromises(const TargetInfo& target) {
  return target.promises(targets::Settings(target.parameters, target.bugs));
}

std::string RangeText(const ParameterInfo& parameter) {
  if (!parameter.choices.empty()) {
    return absl::StrJoin(Names(parameter.choices), " or ");
  }
  return absl::StrCat(parameter.minimum, " to ", parameter.maximum);
}

std::string TargetText(const TargetInfo& target) {
  std::string text =
      absl::StrCat(Text(target.name), ": ", Text(target.summary), "\n");
  for (const targets::Promise& promise : DefaultPromises(target)) {
    absl::StrAppend(&text, "  promises   ", Text(promise.consistency),
                    " under ", UnderText(promise.under), "\n");
  }
  absl::StrAppend(&text, "  workloads  ",
                  absl::StrJoin(Names(target.workloads), ", "), "\n");
  for (const ParameterInfo& parameter : target.parameters) {
    absl::StrAppend(&text, "  --set ", Text(parameter.name), "=",
                    ValueText(parameter, parameter.default_value), ": ",
                    Text(parameter.meaning), " (", RangeText(parameter), ")\n");
  }
  for (const targets::BugInfo& bug : target.bugs) {
    absl::StrAppend(&text, "  --bug ", Text(bug.name), ": ", Text(bug.meaning),
                    " (breaks ", absl::StrJoin(Names(bug.breaks), ", "), ")\n");
  }
  return text;
}

Json ParameterJson(const ParameterInfo& parameter) {
  Json json = {{"name", Text(parameter.name)},
               {"default", nullptr},
               {"meaning", Text(parameter.meaning)}};
  if (parameter.choices.empty()) {
    json["default"] = parameter.default_value;
    json["minimum"] = parameter.minimum;
    json["maximum"] = parameter.maximum;
  } else {
    json["default"] = ValueText(parameter, parameter.default_value);
    json["choices"] = Names(parameter.choices);
  }
  return json;
}

Json TargetJson(const TargetInfo& target) {
  Json json = {{"name", Text(target.name)},
               {"summary", Text(target.summary)},
               {"nodes",
                {{"default", target.default_nodes},
                 {"minimum", target.min_nodes},
                 {"maximum", target.max_nodes}}},
               {"workloads", Names(target.workloads)}};
  json["promises"] = Json::array();
  for (const targets::Promise& promise : DefaultPromises(target)) {
    json["promises"].push_back({{"consistency", Text(promise.consistency)},
                                {"under", FaultNames(promise.under)}});
  }
  json["parameters"] = Json::array();
  for (const ParameterInfo& parameter : target.parameters) {
    json["parameters"].push_back(ParameterJson(parameter));
  }
  json["bugs"] = Json::array();
  for (const targets::BugInfo& bug : target.bugs) {
    json["bugs"].push_back({{"name", Text(bug.name)},
                            {"meaning", Text(bug.meaning)},
                            {"breaks", Names(bug.breaks)}});
  }
  return json;
}

}  // namespace

std::string TargetsText() {
  std::vector<std::string> texts;
  for (const TargetInfo& target : targets::AllTargets()) {
    texts.push_back(TargetText(target));
  }
  return absl::StrJoin(texts, "\n");
}

std::string TargetsJson() {
  Json json = Json::array();
  for (const TargetInfo& target : targets::AllTargets()) {
    json.push_back(TargetJson(target));
  }
  return json.dump();
}

std::string WorkloadsText() {
  std::string text;
  for (const generators::WorkloadInfo& workload : generators::AllWorkloads()) {
    absl::StrAppend(&text, report::Pad(workload.name, 18), " ",
                    Text(workload.summary), " (model ", Text(workload.model),
                    ")\n");
  }
  return text;
}

std::string WorkloadsJson() {
  Json json = Json::array();
  for (const generators::WorkloadInfo& workload : generators::AllWorkloads()) {
    Json functions = Json::array();
    for (const generators::MixPart& part : workload.mix) {
      functions.push_back({{"name", Text(targets::ToString(part.function))},
                           {"weight", part.weight}});
    }
    json.push_back({{"name", Text(workload.name)},
                    {"summary", Text(workload.summary)},
                    {"model", Text(workload.model)},
                    {"functions", std::move(functions)},
                    {"keys", workload.default_keys}});
  }
  return json.dump();
}

std::string FaultsText() {
  std::string text;
  for (targets::FaultKind kind : targets::kAllFaultKinds) {
    absl::StrAppend(&text, report::Pad(targets::ToString(kind), 10), " ",
                    Text(targets::Describe(kind)), "\n");
  }
  return text;
}

std::string FaultsJson() {
  Json json = Json::array();
  for (targets::FaultKind kind : targets::kAllFaultKinds) {
    json.push_back({{"name", Text(targets::ToString(kind))},
                    {"summary", Text(targets::Describe(kind))}});
  }
  return json.dump();
}

}  // namespace minos::cli
