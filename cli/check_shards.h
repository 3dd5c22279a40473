// Putting together what `minos check --shard K/N` gave, schema
// "minos.result/1". There each entry of "histories" has its "number" among all
// files, so that none is lost or comes twice unnoticed.

#ifndef MINOS_CLI_CHECK_SHARDS_H_
#define MINOS_CLI_CHECK_SHARDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "report/result.h"

namespace minos::cli {

struct MergedChecks {
  std::string text;  // JSON, as one process would have written it
  report::Finding finding = report::Finding::kValid;
};

// InvalidArgument if a text is no result of a shard, or a file is in two.
absl::StatusOr<MergedChecks> MergeChecks(const std::vector<std::string>& texts);

}  // namespace minos::cli

#endif  // MINOS_CLI_CHECK_SHARDS_H_
