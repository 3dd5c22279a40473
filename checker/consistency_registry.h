// The table of the consistency models that minos knows, and how they imply each
// other.

#ifndef MINOS_CHECKER_CONSISTENCY_REGISTRY_H_
#define MINOS_CHECKER_CONSISTENCY_REGISTRY_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace minos::checker {

// By what a model is judged.
enum class ConsistencyFamily : uint8_t {
  kSequential,   // one order in which every result is what the data type gives
  kSession,      // what each session may rely on
  kCausal,       // what follows from what was seen
  kStaleness,    // how old a read may be
  kConvergence,  // that everybody agrees in the end
};

// "sequential", "session", "causal", "staleness", "convergence".
std::string_view ToString(ConsistencyFamily family);

// One model, as `minos list` prints it.
struct ConsistencyInfo {
  std::string_view name;
  std::string_view summary;  // one sentence without a full stop
  ConsistencyFamily family;
  // What stands after the name and `=`: "k:N or t:DURATION"; empty if nothing.
  std::string_view parameter;
  // The models that each of its histories satisfies, without those that these
  // imply in turn.
  std::span<const std::string_view> implies;
};

// All models, the strongest first; every model stands before what it implies.
std::span<const ConsistencyInfo> AllConsistencies();

// The model called `name`, which may carry a parameter (`causal`,
// `bounded-staleness=k:2`). NotFound, with the nearest name, if there is none.
absl::StatusOr<const ConsistencyInfo*> FindConsistency(std::string_view name);

// Whether every history of `stronger` satisfies `weaker`, by name; a model
// implies itself.
bool Implies(std::string_view stronger, std::string_view weaker);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONSISTENCY_REGISTRY_H_
