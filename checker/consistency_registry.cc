#include "checker/consistency_registry.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "history/nearest_name.h"

namespace minos::checker {
namespace {

constexpr ConsistencyInfo kConsistencies[] = {
    {"linearizable",
     "each operation takes effect at one moment between its call and its "
     "return"},
};

}  // namespace

std::span<const ConsistencyInfo> AllConsistencies() { return kConsistencies; }

absl::StatusOr<const ConsistencyInfo*> FindConsistency(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ConsistencyInfo& consistency : AllConsistencies()) {
    if (consistency.name == name) return &consistency;
    names.push_back(consistency.name);
  }
  return absl::NotFoundError(absl::StrFormat(
      "there is no consistency model `%s`; did you mean `%s`?",
      std::string(name), std::string(history::NearestName(name, names))));
}

}  // namespace minos::checker
