#include "cli/matrix_result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/json_text.h"

namespace minos::cli {
namespace {

using report::Finding;
using Json = nlohmann::ordered_json;

Json CellJson(const std::string& model, const MatrixCell& cell) {
  Json json = {{"consistency", model},    {"promised", cell.is_promised},
               {"held", cell.held},       {"broken", cell.broken},
               {"unknown", cell.unknown}, {"first", nullptr}};
  if (cell.first) {
    json["first"] = {{"seed", cell.first->seed},
                     {"command", cell.first->command}};
  }
  return json;
}

Json DurationsJson(const Durations& durations) {
  Json json = Json::array();
  for (const auto& [tenth, count] : durations) {
    json.push_back({tenth, count});
  }
  return json;
}

Json CostsJson(const MatrixCosts& costs) {
  return {{"operations", costs.operations},
          {"ok", costs.ok},
          {"time", costs.time},
          {"messages", costs.messages},
          {"cut_operations", costs.cut_operations},
          {"cut_ok", costs.cut_ok},
          {"measured_reads", costs.measured_reads},
          {"stale_reads", costs.stale_reads},
          {"stalest", costs.stalest},
          {"reads", DurationsJson(costs.reads)},
          {"updates", DurationsJson(costs.updates)}};
}

Json RowJson(const MatrixResult& result, const MatrixRow& row) {
  Json json = {{"target", row.target}, {"conditions", Json::array()}};
  for (const MatrixCondition& condition : row.conditions) {
    Json cells = Json::array();
    for (size_t i = 0; i < condition.cells.size(); ++i) {
      cells.push_back(CellJson(result.models[i], condition.cells[i]));
    }
    json["conditions"].push_back({{"name", condition.name},
                                  {"faults", condition.faults},
                                  {"runs", condition.runs},
                                  {"cells", std::move(cells)}});
  }
  json["costs"] = CostsJson(row.costs);
  return json;
}

// Reads what MatrixToJson wrote. What does not fit is noted.
class MatrixReader {
 public:
  bool ok() const { return ok_; }

  size_t Number(const Json& object, const char* name) {
    const Json* member = Member(object, name);
    if (member == nullptr || !member->is_number_unsigned()) {
      ok_ = false;
      return 0;
    }
    return member->get<size_t>();
  }

  std::string Text(const Json& object, const char* name) {
    const Json* member = Member(object, name);
    if (member == nullptr || !member->is_string()) {
      ok_ = false;
      return "";
    }
    return member->get<std::string>();
  }

  const Json& List(const Json& object, const char* name) {
    static const Json* const kNone = new Json(Json::array());
    const Json* member = Member(object, name);
    if (member != nullptr && member->is_array()) return *member;
    ok_ = false;
    return *kNone;
  }

  std::vector<std::string> Texts(const Json& object, const char* name) {
    std::vector<std::string> texts;
    for (const Json& each : List(object, name)) {
      if (each.is_string()) texts.push_back(each.get<std::string>());
    }
    return texts;
  }

  MatrixRow Row(const Json& json, size_t models) {
    MatrixRow row;
    row.target = Text(json, "target");
    for (const Json& entry : List(json, "conditions")) {
      row.conditions.push_back(Condition(entry));
      ok_ = ok_ && row.conditions.back().cells.size() == models;
    }
    const Json* costs = Member(json, "costs");
    if (costs == nullptr) {
      ok_ = false;
    } else {
      row.costs = Costs(*costs);
    }
    return row;
  }

 private:
  static const Json* Member(const Json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
  }

  MatrixCondition Condition(const Json& json) {
    MatrixCondition condition;
    condition.name = Text(json, "name");
    condition.faults = Texts(json, "faults");
    condition.runs = Number(json, "runs");
    for (const Json& entry : List(json, "cells")) {
      MatrixCell cell;
      const Json* promised = Member(entry, "promised");
      cell.is_promised = promised != nullptr && *promised == true;
      cell.held = Number(entry, "held");
      cell.broken = Number(entry, "broken");
      cell.unknown = Number(entry, "unknown");
      const Json* first = Member(entry, "first");
      if (first != nullptr && first->is_object()) {
        cell.first = Shown{Number(*first, "seed"), Text(*first, "command")};
      }
      condition.cells.push_back(std::move(cell));
    }
    return condition;
  }

  MatrixCosts Costs(const Json& json) {
    MatrixCosts costs;
    costs.operations = Number(json, "operations");
    costs.ok = Number(json, "ok");
    costs.time = static_cast<int64_t>(Number(json, "time"));
    costs.messages = Number(json, "messages");
    costs.cut_operations = Number(json, "cut_operations");
    costs.cut_ok = Number(json, "cut_ok");
    costs.measured_reads = Number(json, "measured_reads");
    costs.stale_reads = Number(json, "stale_reads");
    costs.stalest = static_cast<int64_t>(Number(json, "stalest"));
    costs.reads = Histogram(json, "reads");
    costs.updates = Histogram(json, "updates");
    return costs;
  }

  Durations Histogram(const Json& json, const char* name) {
    Durations durations;
    for (const Json& entry : List(json, name)) {
      const bool fits = entry.is_array() && entry.size() == 2 &&
                        entry[0].is_number_unsigned() &&
                        entry[1].is_number_unsigned();
      if (fits) durations[entry[0].get<int64_t>()] = entry[1].get<size_t>();
      ok_ = ok_ && fits;
    }
    return durations;
  }

  bool ok_ = true;
};

void AddCell(const MatrixCell& from, MatrixCell& to) {
  to.held += from.held;
  to.broken += from.broken;
  to.unknown += from.unknown;
  const bool is_first =
      from.first && (!to.first || from.first->seed < to.first->seed);
  if (is_first) to.first = from.first;
}

void AddDurations(const Durations& from, Durations& to) {
  for (const auto& [tenth, count] : from) to[tenth] += count;
}

void AddCosts(const MatrixCosts& from, MatrixCosts& to) {
  AddDurations(from.reads, to.reads);
  AddDurations(from.updates, to.updates);
  to.operations += from.operations;
  to.ok += from.ok;
  to.time += from.time;
  to.messages += from.messages;
  to.cut_operations += from.cut_operations;
  to.cut_ok += from.cut_ok;
  to.measured_reads += from.measured_reads;
  to.stale_reads += from.stale_reads;
  to.stalest = std::max(to.stalest, from.stalest);
}

// False if the rows are not of the same store under the same conditions.
bool AddRow(const MatrixRow& from, MatrixRow& to) {
  if (from.target != to.target ||
      from.conditions.size() != to.conditions.size()) {
    return false;
  }
  for (size_t i = 0; i < from.conditions.size(); ++i) {
    const MatrixCondition& source = from.conditions[i];
    MatrixCondition& sum = to.conditions[i];
    if (source.name != sum.name || source.cells.size() != sum.cells.size()) {
      return false;
    }
    sum.runs += source.runs;
    for (size_t j = 0; j < source.cells.size(); ++j) {
      AddCell(source.cells[j], sum.cells[j]);
    }
  }
  AddCosts(from.costs, to.costs);
  return true;
}

bool AddResult(const MatrixResult& from, MatrixResult& to) {
  const bool fits = from.seed == to.seed && from.runs == to.runs &&
                    from.models == to.models &&
                    from.rows.size() == to.rows.size();
  if (!fits) return false;
  for (size_t i = 0; i < from.rows.size(); ++i) {
    if (!AddRow(from.rows[i], to.rows[i])) return false;
  }
  return true;
}

}  // namespace

Finding FindingOf(const MatrixResult& result) {
  Finding worst = Finding::kValid;
  for (const MatrixRow& row : result.rows) {
    for (const MatrixCondition& condition : row.conditions) {
      for (const MatrixCell& cell : condition.cells) {
        if (!cell.is_promised) continue;
        if (cell.unknown > 0) worst = Combine(worst, Finding::kUnknown);
        if (cell.broken > 0) worst = Combine(worst, Finding::kViolation);
      }
    }
  }
  return worst;
}

std::string MatrixToJson(const MatrixResult& result) {
  Json json;
  json["schema"] = kMatrixSchema;
  json["verdict"] = std::string(ToString(FindingOf(result)));
  json["seed"] = result.seed;
  json["runs"] = result.runs;
  if (!result.shard.is_whole()) json["shard"] = ShardText(result.shard);
  json["models"] = result.models;
  json["targets"] = Json::array();
  for (const MatrixRow& row : result.rows) {
    json["targets"].push_back(RowJson(result, row));
  }
  return LaidOut(json.dump());
}

absl::StatusOr<MatrixResult> MatrixFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("schema", Json()) != kMatrixSchema) {
    return absl::InvalidArgumentError(
        absl::StrCat("its \"schema\" must be \"", kMatrixSchema, "\""));
  }
  MatrixReader reader;
  MatrixResult result;
  result.seed = reader.Number(json, "seed");
  result.runs = reader.Number(json, "runs");
  if (json.contains("shard")) {
    auto shard = ParseShard(reader.Text(json, "shard"));
    if (!shard.ok()) return shard.status();
    result.shard = *shard;
  }
  result.models = reader.Texts(json, "models");
  for (const Json& entry : reader.List(json, "targets")) {
    result.rows.push_back(reader.Row(entry, result.models.size()));
  }
  if (!reader.ok()) {
    return absl::InvalidArgumentError("something is missing in it");
  }
  return result;
}

absl::StatusOr<MatrixResult> MergeMatrix(std::vector<MatrixResult> shards) {
  std::vector<Shard> names;
  for (const MatrixResult& shard : shards) names.push_back(shard.shard);
  if (absl::Status status = CheckComplete(names); !status.ok()) return status;
  MatrixResult merged = std::move(shards.front());
  merged.shard = Shard();
  for (size_t i = 1; i < shards.size(); ++i) {
    if (!AddResult(shards[i], merged)) {
      return absl::InvalidArgumentError(
          "the shards are not of one matrix: their targets, models, seeds and "
          "runs must be the same");
    }
  }
  return merged;
}

}  // namespace minos::cli
