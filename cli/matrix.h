// The runs behind `minos matrix`.

#ifndef MINOS_CLI_MATRIX_H_
#define MINOS_CLI_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "cli/matrix_result.h"
#include "cli/shard.h"
#include "targets/target.h"

namespace minos::cli {

struct MatrixOptions {
  std::vector<const targets::TargetInfo*> targets;
  uint64_t seed = 0;  // of the first run of each store and condition
  size_t runs = 0;
  int jobs = 1;
  Shard shard;
  checker::Limits limits;  // of the judging of one run by one model
};

// The models that a matrix has: those that take no parameter.
std::vector<std::string> MatrixModels();

// The workload of the run with this seed: all that the store serves take turns.
std::string MatrixWorkload(const targets::TargetInfo& target, uint64_t seed);

// Makes the runs of the shard: run i is `minos run TARGET --seed i --workload
// …`, without faults and with all that the store bears, judged by every model.
// `report` is called after each run, by one thread at a time. If the user
// interrupts, the error is Cancelled.
absl::StatusOr<MatrixResult> MeasureMatrix(const MatrixOptions& options,
                                           const std::function<void()>& report);

}  // namespace minos::cli

#endif  // MINOS_CLI_MATRIX_H_
