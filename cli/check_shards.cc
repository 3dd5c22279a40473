#include "cli/check_shards.h"

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "report/json.h"

namespace minos::cli {
namespace {

using report::Finding;
using Json = nlohmann::ordered_json;

Finding FindingNamed(const Json& name) {
  for (Finding finding :
       {Finding::kValid, Finding::kUnknown, Finding::kViolation}) {
    if (name == std::string(ToString(finding))) return finding;
  }
  return Finding::kError;
}

// The entries of all shards, by their numbers.
absl::StatusOr<std::map<size_t, Json>> Gather(
    const std::vector<std::string>& texts) {
  std::map<size_t, Json> histories;
  for (const std::string& text : texts) {
    const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    const bool has_histories = json.is_object() && json.contains("histories") &&
                               json["histories"].is_array();
    if (!has_histories) {
      return absl::InvalidArgumentError("a result without \"histories\"");
    }
    for (const Json& entry : json["histories"]) {
      const bool is_numbered = entry.is_object() && entry.contains("number") &&
                               entry["number"].is_number_unsigned();
      if (!is_numbered) {
        return absl::InvalidArgumentError(
            "a result that was not made with --shard");
      }
      Json whole = entry;
      whole.erase("number");
      const auto number = entry["number"].get<size_t>();
      if (!histories.emplace(number, std::move(whole)).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("file ", number, " comes twice"));
      }
    }
  }
  return histories;
}

}  // namespace

absl::StatusOr<MergedChecks> MergeChecks(
    const std::vector<std::string>& texts) {
  auto gathered = Gather(texts);
  if (!gathered.ok()) return gathered.status();
  report::Tally tally;
  Json histories = Json::array();
  for (auto& [number, entry] : *gathered) {
    tally.Count(FindingNamed(entry.value("verdict", Json())));
    histories.push_back(std::move(entry));
  }
  Json json;
  json["schema"] = report::kResultSchema;
  json["verdict"] = std::string(ToString(tally.worst()));
  json["summary"] = {{"files", tally.total()},
                     {"valid", tally.valid},
                     {"unknown", tally.unknown},
                     {"error", tally.error},
                     {"violation", tally.violation}};
  json["histories"] = std::move(histories);
  return MergedChecks{json.dump(2, ' ', /*ensure_ascii=*/false,
                                Json::error_handler_t::replace) +
                          "\n",
                      tally.worst()};
}

}  // namespace minos::cli
