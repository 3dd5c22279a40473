// Linearizability of a whole history: split it, judge the parts, explain.

#ifndef MINOS_CHECKER_LINEARIZABILITY_H_
#define MINOS_CHECKER_LINEARIZABILITY_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/value.h"

namespace minos::checker {

// A way to decide linearizability, as --algorithm names it.
struct AlgorithmInfo {
  std::string_view name;
  std::string_view summary;
};

// All of them, "auto" first.
std::span<const AlgorithmInfo> AllAlgorithms();

struct LinearizabilityOptions {
  std::string_view algorithm = "auto";
  history::ValueId initial = history::kNoValue;
  bool explain = true;
  bool certificate = false;
  // A search of a part ends as `unknown` after about so many configurations; 0
  // for no such bound.
  size_t max_configurations = 0;
};

// Is each part of `partitioning` linearizable as a `model`? Threads that the
// budget has to spare help; the result is the same for any number. At most
// kMaxExplained violations are explained, in the order of the parts; a note
// counts the rest. InvalidArgument, with the line, if an operation is not one
// of the data type, or the initial value is not a state of it.
absl::StatusOr<CheckResult> CheckLinearizable(
    const history::History& history, const ModelInfo& model,
    const Partitioning& partitioning, const LinearizabilityOptions& options,
    Budget& budget);

inline constexpr size_t kMaxExplained = 5;

}  // namespace minos::checker

#endif  // MINOS_CHECKER_LINEARIZABILITY_H_
