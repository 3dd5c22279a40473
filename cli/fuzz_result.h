// What `minos fuzz` found, schema "minos.fuzz/1": written, read back, merged.
//
//   {"schema": "minos.fuzz/1", "verdict": "violation", "target": "raft",
//    "seed": 19, "runs": 13, "shard": "1/4",
//    "bugs": {"planted": 5, "found": 5},
//    "campaigns": [{"target": "raft", "bugs": ["no-fsync"], "seed": 7,
//        "planned": 200, "runs": 13, "broken_runs": 1, "unknown_runs": [],
//        "unjudged_runs": [],
//        "keep_going": false, "cut_short": false, "verdict": "violation",
//        "findings": [{"run": 12, "seed": 19, "failure": {…}}]}],
//    "histories": [{"file": …, "checks": […]}]}
//
// "target" and "seed" are those of the first finding, or else the only target
// and the seed of its last run. A finding is a saved failure (see
// failure_file.h); "histories" has one entry for each, in their order, as in
// "minos.result/1". The "run" of a failure from the corpus is null. There are
// no wall-clock times but in the checks of "histories", so that shards that are
// merged give what one process gives.

#ifndef MINOS_CLI_FUZZ_RESULT_H_
#define MINOS_CLI_FUZZ_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/failure_file.h"
#include "cli/shard.h"
#include "report/result.h"

namespace minos::cli {

inline constexpr char kFuzzSchema[] = "minos.fuzz/1";

struct FoundFailure {
  std::optional<size_t> run;  // absent if it came from the corpus
  Failure failure;
  std::string history;  // an entry of "histories", JSON on one line
  // Not in JSON: where it was saved, and the explanation in text.
  std::string saved_as;
  std::string explanation;
};

struct CampaignRecord {
  std::string target;
  std::vector<std::string> bugs;
  uint64_t seed = 0;
  size_t planned = 0;
  size_t runs = 0;
  size_t broken_runs = 0;
  std::vector<size_t> unknown_runs;
  std::vector<size_t> unjudged_runs;
  bool keep_going = false;
  bool is_cut_short = false;
  std::vector<FoundFailure> findings;
};

struct FuzzResult {
  Shard shard;
  std::vector<CampaignRecord> campaigns;
};

report::Finding FindingOf(const CampaignRecord& campaign);
report::Finding FindingOf(const FuzzResult& result);

std::string FuzzToJson(const FuzzResult& result);
// InvalidArgument, in words for the user, if the text is no such result.
absl::StatusOr<FuzzResult> FuzzFromJson(std::string_view text);

// What one process would have found that did the work of all these shards.
// InvalidArgument if they do not belong together, or one is missing.
absl::StatusOr<FuzzResult> MergeFuzz(std::vector<FuzzResult> shards);

// For people. `quiet` leaves the explanations out.
std::string FuzzText(const FuzzResult& result, bool quiet);

}  // namespace minos::cli

#endif  // MINOS_CLI_FUZZ_RESULT_H_
