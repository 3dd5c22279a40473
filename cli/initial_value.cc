#include "cli/initial_value.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "history/edn.h"

namespace minos::cli {
namespace {

using history::ValueId;
using history::ValueTable;
using Json = nlohmann::json;

bool IsTooDeep(const Json& json, int depth) {
  if (depth > history::kMaxNesting) return true;
  if (!json.is_structured()) return false;
  for (const Json& element : json) {
    if (IsTooDeep(element, depth + 1)) return true;
  }
  return false;
}

ValueId Intern(const Json& json, ValueTable& values) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return ValueTable::Bool(json.get<bool>());
    case Json::value_t::number_integer:
      return values.Integer(json.get<int64_t>());
    case Json::value_t::number_unsigned: {
      const auto number = json.get<uint64_t>();
      if (number <= std::numeric_limits<int64_t>::max()) {
        return values.Integer(static_cast<int64_t>(number));
      }
      return values.Text(history::ValueKind::kBigInteger, absl::StrCat(number));
    }
    case Json::value_t::number_float:
      return values.Float(json.get<double>());
    case Json::value_t::string:
      return values.String(json.get_ref<const std::string&>());
    case Json::value_t::array: {
      std::vector<ValueId> elements;
      for (const Json& element : json) {
        elements.push_back(Intern(element, values));
      }
      return values.List(elements);
    }
    case Json::value_t::object: {
      std::vector<ValueId> entries;
      for (const auto& [key, value] : json.items()) {
        entries.push_back(values.String(key));
        entries.push_back(Intern(value, values));
      }
      return values.Map(entries);
    }
    default:
      return history::kNil;
  }
}

}  // namespace

absl::StatusOr<ValueId> ParseValue(std::string_view text, ValueTable& values) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_discarded() && !IsTooDeep(json, 0)) return Intern(json, values);
  absl::StatusOr<ValueId> edn = history::ParseEdn(text, values);
  if (edn.ok()) return edn;
  return absl::InvalidArgumentError(absl::StrCat(
      "the value ", std::string(text),
      " is neither JSON nor EDN: ", std::string(edn.status().message())));
}

}  // namespace minos::cli
