// The table of the consistency models that minos knows.

#ifndef MINOS_CHECKER_CONSISTENCY_REGISTRY_H_
#define MINOS_CHECKER_CONSISTENCY_REGISTRY_H_

#include <span>
#include <string_view>

#include "absl/status/statusor.h"

namespace minos::checker {

// A consistency model, as --consistency names it.
struct ConsistencyInfo {
  std::string_view name;
  std::string_view summary;
};

// All of them, the strongest first, in the order in which `minos list
// consistencies` prints them.
std::span<const ConsistencyInfo> AllConsistencies();

// The model called `name`; NotFound, with the nearest name, if there is none.
absl::StatusOr<const ConsistencyInfo*> FindConsistency(std::string_view name);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONSISTENCY_REGISTRY_H_
