// Many runs of one store, on several threads, with findings that do not depend
// on how many.
//
// Runs have numbers, 0, 1, 2, …; a group of them (see generators/explorer.h) is
// what a thread, or a shard, takes at a time. A campaign that stops at the
// first finding means the one with the lowest number: groups below it are
// finished before it is believed.

#ifndef MINOS_CLI_CAMPAIGN_H_
#define MINOS_CLI_CAMPAIGN_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "cli/shard.h"
#include "generators/recipe.h"
#include "generators/swarm.h"
#include "targets/target.h"

namespace minos::cli {

struct CampaignOptions {
  const targets::TargetInfo* target = nullptr;
  generators::SwarmOptions swarm;
  // What is judged; what the store promises in each run if empty.
  std::vector<std::string> consistencies;
  uint64_t seed = 0;  // of run 0; run n has seed + n
  size_t runs = 0;    // of all shards together
  Shard shard;
  int jobs = 1;
  bool keep_going = false;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  checker::Limits limits;  // of the judging of one run
};

// A promise that was broken.
struct Finding {
  size_t run = 0;
  uint64_t seed = 0;
  generators::Recipe recipe;
  std::string consistency;
  std::string kind;  // of the violation
};

struct CampaignResult {
  // Of this shard; up to the first finding, unless it was to go on.
  size_t runs = 0;
  size_t broken_runs = 0;
  std::vector<size_t> unknown_runs;   // their numbers, ascending
  std::vector<size_t> unjudged_runs;  // nothing in them could be judged
  // Distinct ones in (consistency, kind), each by the first run that shows it,
  // in the order of the runs.
  std::vector<Finding> findings;
  // Time was up, or the user interrupted: not all runs were made.
  bool is_cut_short = false;
};

struct CampaignProgress {
  size_t runs = 0;
  size_t broken_runs = 0;
  // What the runs have reached together (targets/coverage.h), and how many of
  // them are in the corpus of their group; 0 where the schedule does not learn.
  size_t reached = 0;
  size_t corpus = 0;
};

// Makes the runs. `report`, if there is one, is called now and then, by one
// thread at a time. Errors are those of the first run that has one.
absl::StatusOr<CampaignResult> RunCampaign(
    const CampaignOptions& options,
    const std::function<void(const CampaignProgress&)>& report);

}  // namespace minos::cli

#endif  // MINOS_CLI_CAMPAIGN_H_
