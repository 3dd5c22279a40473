// Measured figures: as a table, in a file, and against those of another day.

#ifndef MINOS_BENCH_RESULTS_H_
#define MINOS_BENCH_RESULTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace minos::bench {

// One case, measured. Figures are for one operation of the history.
struct Result {
  std::string row;  // see Case::Row
  int64_t operations = 0;
  double nanoseconds = 0;  // of processor time
  double bytes = 0;        // the most that was held at once; 0 if not known
  // Empty if the work was done; else why it was not: "time-limit".
  std::string unknown;
};

// A line for each row: for each size the nanoseconds and bytes of an operation
// ("–" where it was not done), and the exponent with which the time grows from
// the smallest size that was done to the largest.
std::string Table(const std::vector<Result>& results);

// Writes or reads a JSON file, {"schema": "minos.bench/1", "results": […]}.
absl::Status WriteResults(const std::vector<Result>& results,
                          const std::string& path);
absl::StatusOr<std::vector<Result>> ReadResults(const std::string& path);

// A line for each case that takes at least a fifth more or less time or memory
// than in `before`, or that could be done only once, the worst first.
std::string Comparison(const std::vector<Result>& before,
                       const std::vector<Result>& now);

}  // namespace minos::bench

#endif  // MINOS_BENCH_RESULTS_H_
