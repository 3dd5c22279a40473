// The flags of `fuzz`, and what they mean.

#ifndef MINOS_CLI_FUZZ_OPTIONS_H_
#define MINOS_CLI_FUZZ_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/campaign.h"
#include "cli/failure.h"
#include "cli/report_sinks.h"
#include "cli/run_options.h"
#include "generators/swarm.h"
#include "targets/target.h"

namespace CLI {
class App;
}

namespace minos::cli {

// As they were typed; -1 and "" where nothing was.
struct FuzzFlags {
  std::vector<std::string> targets;
  RunFlags run;
  std::string consistency;
  int64_t runs = -1;
  std::string time;
  int jobs = 0;
  bool keep_going = false;
  std::string bugs;
  std::string schedule = "directed";
  std::string save;
  std::string corpus;
  std::string shard;
  bool no_shrink = false;
  int64_t shrink_runs = 200'000;
  std::string shrink_time = "60s";
  std::string run_time_limit = "30s";
  std::string memory_limit;
  ReportFlags report;
  // Which flags were given, whose defaults are drawn if they are not.
  generators::SwarmOptions swarm;
};

// What the flags mean.
struct FuzzOptions {
  std::vector<const targets::TargetInfo*> targets;
  CampaignOptions campaign;  // but for the target and the bugs
  bool is_each_bug = false;
  bool is_promised = true;  // judged is what is promised
  ShrinkOptions shrink;
};

// Adds the flags, but for TARGET.
void AddFuzzFlags(CLI::App& command, FuzzFlags& flags);

// Notes which flags of `command`, which has been parsed, fix what is drawn for
// each run otherwise.
void NoteGivenFlags(const CLI::App& command, FuzzFlags& flags);

// InvalidArgument or NotFound, in words for the user, if a flag makes no sense.
// A deadline begins to run.
absl::StatusOr<FuzzOptions> OptionsOf(const FuzzFlags& flags);

}  // namespace minos::cli

#endif  // MINOS_CLI_FUZZ_OPTIONS_H_
