#include "generators/recipe_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "generators/workload.h"
#include "generators/workload_registry.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

using targets::Function;
using targets::kNilValue;
using targets::kNoNode;
using targets::Operation;
using Json = nlohmann::ordered_json;

// What keeps every sum in a run far from overflowing: about three hours for a
// time, and so many operations at most.
constexpr int64_t kLongest = 10'000'000'000'000;
constexpr size_t kMostOperations = 100'000;
constexpr int64_t kMostValue = 1'000'000'000'000;
constexpr int64_t kMostKeys = 1'000'000;
constexpr int64_t kMillion = 1'000'000;

std::string Text(std::string_view view) { return std::string(view); }

Json OperationJson(const PlannedOperation& planned) {
  const Operation& operation = planned.operation;
  Json json = {{"f", Text(targets::ToString(operation.function))},
               {"key", operation.key}};
  if (operation.argument != kNilValue) json["value"] = operation.argument;
  if (operation.expected == kLastSeen) {
    json["expected"] = "last-seen";
  } else if (operation.expected != kNilValue) {
    json["expected"] = operation.expected;
  }
  if (operation.other != kNilValue) json["other"] = operation.other;
  if (planned.think != 0) json["think"] = planned.think;
  if (planned.not_before != 0) json["not_before"] = planned.not_before;
  if (planned.node != kNoNode) json["node"] = planned.node;
  return json;
}

Json ClientJson(const ClientPlan& client) {
  Json operations = Json::array();
  for (const PlannedOperation& planned : client.operations) {
    operations.push_back(OperationJson(planned));
  }
  return {{"home", client.home}, {"operations", std::move(operations)}};
}

Json FaultJson(const PlannedFault& fault) {
  Json json = {{"kind", Text(targets::ToString(fault.kind))},
               {"start", fault.start},
               {"duration", fault.duration}};
  if (fault.kind == FaultKind::kPartition) {
    json["shape"] = Text(ToString(fault.shape));
  }
  if (!fault.nodes.empty()) json["nodes"] = fault.nodes;
  if (fault.amount != 0) json["amount"] = fault.amount;
  if (fault.rate_parts != 0) json["rate"] = fault.rate_parts;
  return json;
}

Json NetworkJson(const targets::NetworkConditions& network) {
  return {{"delay_min", network.delay_min},
          {"delay_max", network.delay_max},
          {"extra_delay_max", network.extra_delay_max},
          {"loss", network.loss_parts},
          {"duplicate", network.duplicate_parts},
          {"reorder", network.reorder}};
}

// Reads members of JSON objects, and remembers the first thing that is wrong.
class Reader {
 public:
  const absl::Status& status() const { return status_; }

  void Fail(std::string_view what) {
    if (status_.ok()) status_ = absl::InvalidArgumentError(Text(what));
  }

  int64_t Integer(const Json& object, const char* name, int64_t low,
                  int64_t high, std::optional<int64_t> otherwise = {}) {
    const auto found = object.find(name);
    if (found == object.end()) {
      if (!otherwise) Fail(absl::StrCat("\"", name, "\" is missing"));
      return otherwise.value_or(low);
    }
    const bool fits = found->is_number_integer() &&
                      (!found->is_number_unsigned() ||
                       found->get<uint64_t>() <= uint64_t{INT64_MAX});
    const int64_t value = fits ? found->get<int64_t>() : low;
    if (!fits || value < low || value > high) {
      Fail(absl::StrCat("\"", name, "\" must be an integer from ", low, " to ",
                        high));
      return low;
    }
    return value;
  }

  std::string String(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_string()) {
      return found->get<std::string>();
    }
    Fail(absl::StrCat("\"", name, "\" must be a string"));
    return "";
  }

  // The elements of the array `name`; none if it is absent.
  const Json& Array(const Json& object, const char* name) {
    static const Json* const kNone = new Json(Json::array());
    const auto found = object.find(name);
    if (found == object.end()) return *kNone;
    if (found->is_array()) return *found;
    Fail(absl::StrCat("\"", name, "\" must be an array"));
    return *kNone;
  }

  // The object `name`; an empty one if it is absent.
  const Json& Object(const Json& object, const char* name) {
    static const Json* const kNone = new Json(Json::object());
    const auto found = object.find(name);
    if (found == object.end()) return *kNone;
    if (found->is_object()) return *found;
    Fail(absl::StrCat("\"", name, "\" must be an object"));
    return *kNone;
  }

  std::vector<int> Integers(const Json& object, const char* name, int high) {
    std::vector<int> numbers;
    for (const Json& element : Array(object, name)) {
      const bool fits = element.is_number_unsigned() &&
                        element.get<uint64_t>() <= static_cast<uint64_t>(high);
      if (!fits) {
        Fail(
            absl::StrCat("\"", name, "\" must hold integers from 0 to ", high));
        break;
      }
      numbers.push_back(element.get<int>());
    }
    return numbers;
  }

 private:
  absl::Status status_;
};

bool IsOf(const WorkloadInfo& workload, Function function) {
  // A client that acquires releases, too.
  if (function == Function::kRelease) function = Function::kAcquire;
  return HasFunction(workload, function);
}

bool NeedsValue(Function function) {
  return !targets::IsRead(function) && function != Function::kDequeue &&
         function != Function::kPop && function != Function::kAcquire &&
         function != Function::kRelease;
}

PlannedOperation ReadOperation(const Json& json, const WorkloadInfo& workload,
                               Reader& reader) {
  PlannedOperation planned;
  Operation& operation = planned.operation;
  operation.object = workload.object;
  if (!json.is_object()) {
    reader.Fail("an operation must be an object");
    return planned;
  }
  const std::string name = reader.String(json, "f");
  const auto function = targets::FunctionFromName(name);
  if (!function || !IsOf(workload, *function)) {
    reader.Fail(absl::StrCat("the workload ", Text(workload.name),
                             " has no function \"", name, "\""));
    return planned;
  }
  operation.function = *function;
  operation.key =
      static_cast<int32_t>(reader.Integer(json, "key", 0, kMostKeys, 0));
  const bool is_transfer = *function == Function::kTransfer;
  const int64_t low = is_transfer ? 0 : -kMostValue;
  const int64_t high = is_transfer ? kAccounts - 1 : kMostValue;
  if (json.contains("value")) {
    operation.argument = reader.Integer(json, "value", -kMostValue, kMostValue);
  }
  if (is_transfer || json.contains("expected")) {
    operation.expected = json.value("expected", Json()) == "last-seen"
                             ? kLastSeen
                             : reader.Integer(json, "expected", low, high);
  }
  if (is_transfer) operation.other = reader.Integer(json, "other", low, high);
  if (NeedsValue(*function) && operation.argument == kNilValue) {
    reader.Fail(absl::StrCat("a ", name, " needs a \"value\""));
  }
  if (is_transfer && operation.expected == kLastSeen) {
    reader.Fail("a transfer needs an account in \"expected\"");
  }
  planned.think = reader.Integer(json, "think", 0, kLongest, 0);
  planned.not_before = reader.Integer(json, "not_before", 0, kLongest, 0);
  planned.node =
      static_cast<NodeId>(reader.Integer(json, "node", 0, 63, kNoNode));
  return planned;
}

void ReadClients(const Json& json, const WorkloadInfo& workload, Reader& reader,
                 Recipe& recipe) {
  size_t count = 0;
  for (const Json& entry : reader.Array(json, "clients")) {
    if (!entry.is_object()) return reader.Fail("a client must be an object");
    ClientPlan client;
    client.home = static_cast<NodeId>(reader.Integer(entry, "home", 0, 63));
    for (const Json& operation : reader.Array(entry, "operations")) {
      client.operations.push_back(ReadOperation(operation, workload, reader));
      if (!reader.status().ok()) return;
      if (++count > kMostOperations) return reader.Fail("too many operations");
    }
    recipe.clients.push_back(std::move(client));
    if (recipe.clients.size() > 1000) return reader.Fail("too many clients");
  }
}

void CheckAmount(const PlannedFault& fault, Reader& reader) {
  const bool is_chance =
      fault.kind == FaultKind::kLoss || fault.kind == FaultKind::kDuplicate;
  const bool may_be_negative = fault.kind == FaultKind::kClock;
  if (fault.kind == FaultKind::kDelay && !fault.nodes.empty() &&
      fault.nodes.size() != 2) {
    reader.Fail("the \"nodes\" of a delay must be a sender and a receiver");
  }
  if ((is_chance && fault.amount > kMillion) ||
      (!may_be_negative && fault.amount < 0)) {
    reader.Fail("the \"amount\" of a fault is out of bounds");
  }
}

void ReadFaults(const Json& json, Reader& reader, Recipe& recipe) {
  for (const Json& entry : reader.Array(json, "faults")) {
    if (!entry.is_object()) return reader.Fail("a fault must be an object");
    PlannedFault fault;
    const std::string name = reader.String(entry, "kind");
    const auto kind = targets::FaultFromName(name);
    if (!kind) {
      return reader.Fail(absl::StrCat("there is no fault \"", name, "\""));
    }
    fault.kind = *kind;
    fault.start = reader.Integer(entry, "start", 0, kLongest);
    fault.duration = reader.Integer(entry, "duration", 0, kLongest);
    if (*kind == FaultKind::kPartition) {
      const std::string shape = reader.String(entry, "shape");
      const auto known = PartitionShapeFromName(shape);
      if (!known) {
        return reader.Fail(
            absl::StrCat("there is no partition \"", shape, "\""));
      }
      fault.shape = *known;
    }
    fault.nodes = reader.Integers(entry, "nodes", 63);
    if (fault.nodes.size() > 64) return reader.Fail("a fault has 64 nodes");
    fault.amount = reader.Integer(entry, "amount", -kLongest, kLongest, 0);
    fault.rate_parts = reader.Integer(entry, "rate", -kMillion, kMillion, 0);
    CheckAmount(fault, reader);
    recipe.faults.push_back(std::move(fault));
    if (recipe.faults.size() > kMostOperations) {
      return reader.Fail("too many faults");
    }
  }
}

void ReadNetwork(const Json& json, Reader& reader, Recipe& recipe) {
  const Json& entry = reader.Object(json, "network");
  targets::NetworkConditions& network = recipe.network;
  network.delay_min =
      reader.Integer(entry, "delay_min", 0, kLongest, network.delay_min);
  network.delay_max =
      reader.Integer(entry, "delay_max", network.delay_min, kLongest,
                     std::max(network.delay_min, network.delay_max));
  network.extra_delay_max =
      reader.Integer(entry, "extra_delay_max", 0, kLongest, 0);
  network.loss_parts = reader.Integer(entry, "loss", 0, kMillion, 0);
  network.duplicate_parts = reader.Integer(entry, "duplicate", 0, kMillion, 0);
  const auto reorder = entry.find("reorder");
  if (reorder == entry.end()) return;
  if (!reorder->is_boolean()) {
    return reader.Fail("\"reorder\" must be true or false");
  }
  network.reorder = reorder->get<bool>();
}

void ReadSettings(const Json& json, Reader& reader, Recipe& recipe) {
  for (const auto& [name, value] : reader.Object(json, "parameters").items()) {
    if (!value.is_string()) {
      return reader.Fail(
          absl::StrCat("the parameter \"", name, "\" must be a string"));
    }
    recipe.parameters.push_back({name, value.get<std::string>()});
  }
  for (const Json& bug : reader.Array(json, "bugs")) {
    if (!bug.is_string()) return reader.Fail("a bug must be a string");
    recipe.bugs.push_back(bug.get<std::string>());
  }
}

// The workload of the recipe, if its target serves it.
const WorkloadInfo* ReadWorkload(Reader& reader, const Recipe& recipe) {
  const targets::TargetInfo* target = targets::FindTarget(recipe.target);
  if (target == nullptr) {
    reader.Fail(absl::StrCat("there is no target \"", recipe.target, "\""));
    return nullptr;
  }
  const bool serves =
      std::find(target->workloads.begin(), target->workloads.end(),
                recipe.workload) != target->workloads.end();
  if (!serves) {
    reader.Fail(absl::StrCat(recipe.target, " does not serve the workload \"",
                             recipe.workload, "\""));
    return nullptr;
  }
  return FindWorkload(recipe.workload);
}

}  // namespace

std::string RecipeToJson(const Recipe& recipe) {
  Json json;
  json["target"] = recipe.target;
  json["workload"] = recipe.workload;
  json["parameters"] = Json::object();
  for (const auto& [name, value] : recipe.parameters) {
    json["parameters"][name] = value;
  }
  json["bugs"] = recipe.bugs;
  json["nodes"] = recipe.nodes;
  json["seed"] = recipe.seed;
  if (recipe.luck == LuckBy::kTime) json["luck"] = "by-time";
  json["network"] = NetworkJson(recipe.network);
  json["clients"] = Json::array();
  for (const ClientPlan& client : recipe.clients) {
    json["clients"].push_back(ClientJson(client));
  }
  json["faults"] = Json::array();
  for (const PlannedFault& fault : recipe.faults) {
    json["faults"].push_back(FaultJson(fault));
  }
  json["settle_time"] = recipe.settle_time;
  json["final_keys"] = recipe.final_keys;
  return json.dump();
}

absl::StatusOr<Recipe> RecipeFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return absl::InvalidArgumentError("a recipe must be a JSON object");
  }
  Reader reader;
  Recipe recipe;
  recipe.target = reader.String(json, "target");
  recipe.workload = reader.String(json, "workload");
  const WorkloadInfo* workload =
      reader.status().ok() ? ReadWorkload(reader, recipe) : nullptr;
  if (workload == nullptr) return reader.status();
  ReadSettings(json, reader, recipe);
  recipe.nodes = static_cast<int>(reader.Integer(json, "nodes", 1, 64));
  const auto seed = json.find("seed");
  if (seed == json.end() || !seed->is_number_unsigned()) {
    reader.Fail("\"seed\" must be an integer from 0 to 2^64-1");
  } else {
    recipe.seed = seed->get<uint64_t>();
  }
  if (json.contains("luck")) {
    if (reader.String(json, "luck") != "by-time") {
      reader.Fail("\"luck\" must be \"by-time\", or absent");
    }
    recipe.luck = LuckBy::kTime;
  }
  ReadNetwork(json, reader, recipe);
  ReadClients(json, *workload, reader, recipe);
  ReadFaults(json, reader, recipe);
  recipe.settle_time = reader.Integer(json, "settle_time", 0, kLongest);
  recipe.final_keys = reader.Integers(json, "final_keys", kMostKeys);
  if (!reader.status().ok()) return reader.status();
  return recipe;
}

}  // namespace minos::generators
