#include "cli/run_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/quantities.h"
#include "generators/key_distribution.h"
#include "targets/target_registry.h"

namespace minos::cli {
namespace {

using targets::FaultSet;

void AddWorkloadFlags(CLI::App& command, RunFlags& flags) {
  command
      .add_option("--key-count", flags.key_count,
                  "How many keys (default: the workload's)")
      ->type_name("N");
  command
      .add_option("--key-distribution", flags.key_distribution,
                  "uniform, zipf or hot-spot")
      ->type_name("SHAPE")
      ->capture_default_str();
  command
      .add_option("--read-percent", flags.read_percent,
                  "Reads among the operations (default: the workload's)")
      ->type_name("PERCENT");
  command.add_flag("--repeated-values", flags.repeated_values,
                   "Write few values again and again, not unique ones");
  CLI::Option* think =
      command
          .add_option("--think-time", flags.think_time,
                      "How long a client waits between operations, on average")
          ->type_name("TIME")
          ->capture_default_str();
  command
      .add_option("--rate", flags.rate,
                  "Operations of all clients a second, whether or not earlier "
                  "ones have ended (default: clients wait)")
      ->type_name("N")
      ->excludes(think);
}

absl::Status CheckRange(std::string_view flag, int64_t value, int64_t low,
                        int64_t high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      std::string(flag), " must be from ", low, " to ", high, ", not ", value));
}

absl::Status CheckNumbers(const RunFlags& flags) {
  absl::Status status = CheckRange("--ops", flags.operations, 0, 10'000'000);
  status.Update(CheckRange("--clients", flags.clients, 1, 1000));
  if (flags.nodes != -1) {
    status.Update(CheckRange("--nodes", flags.nodes, 1, 64));
  }
  if (flags.key_count != -1) {
    status.Update(CheckRange("--key-count", flags.key_count, 1, 1'000'000));
  }
  if (flags.read_percent != -1) {
    status.Update(CheckRange("--read-percent", flags.read_percent, 0, 100));
  }
  status.Update(CheckRange("--rate", flags.rate, 0, 1'000'000'000));
  status.Update(CheckRange("--fault-intensity", flags.fault_intensity, 0, 100));
  return status;
}

absl::StatusOr<FaultSet> ParseFaults(const std::string& text) {
  if (text == "none") return FaultSet();
  if (text == "all") return FaultSet::All();
  auto names = ParseList(text);
  if (!names.ok()) return names.status();
  FaultSet faults;
  for (const std::string& name : *names) {
    const auto kind = targets::FaultFromName(name);
    if (!kind.has_value()) {
      std::vector<std::string_view> known = {"none", "all"};
      for (targets::FaultKind each : targets::kAllFaultKinds) {
        known.push_back(targets::ToString(each));
      }
      return UnknownName("fault", name, known);
    }
    faults.Insert(*kind);
  }
  return faults;
}

absl::StatusOr<targets::Nanoseconds> ParseTime(std::string_view flag,
                                               const std::string& text) {
  auto time = ParseDuration(text);
  if (!time.ok()) return time.status();
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(1);
  if (*time < std::chrono::microseconds(1) || *time > kLongest) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(flag), " must be from 1us to 1h"));
  }
  return time->count();
}

absl::Status ParseParameters(const RunFlags& flags,
                             generators::RunOptions& options) {
  for (const std::string& text : flags.parameters) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--set takes NAME=VALUE, not `", text, "`"));
    }
    options.parameters.push_back(
        {text.substr(0, equals), text.substr(equals + 1)});
  }
  return absl::OkStatus();
}

}  // namespace

void AddRunFlags(CLI::App& command, RunFlags& flags) {
  command
      .add_option("TARGET", flags.target, "A store; see `minos list targets`")
      ->required()
      ->type_name("");
  AddDriveFlags(command, flags);
}

void AddDriveFlags(CLI::App& command, RunFlags& flags) {
  command.add_option("--seed", flags.seed, "Of all that is random")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--ops", flags.operations, "Operations of all clients")
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--clients", flags.clients, "Clients at a time")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--nodes", flags.nodes,
                  "Nodes of the store (default: the target's)")
      ->type_name("N");
  command
      .add_option("--workload", flags.workload,
                  "See `minos list workloads` (default: the target's)")
      ->type_name("NAME");
  command
      .add_option("--faults", flags.faults,
                  "a,b,c, all or none; see `minos list faults` (default: all "
                  "that the target promises to bear)")
      ->type_name("LIST");
  command
      .add_option("--fault-interval", flags.fault_interval,
                  "About how far apart faults begin")
      ->type_name("TIME")
      ->capture_default_str();
  command
      .add_option("--fault-intensity", flags.fault_intensity,
                  "Up to so many faults at once")
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--set", flags.parameters,
                  "A parameter of the target; repeatable")
      ->type_name("NAME=VALUE");
  command
      .add_option("--bug", flags.bugs, "Plant a bug of the target; repeatable")
      ->type_name("NAME");
  AddWorkloadFlags(command, flags);
}

absl::StatusOr<generators::RunOptions> RunOptionsOf(const RunFlags& flags) {
  if (absl::Status status = CheckNumbers(flags); !status.ok()) return status;
  generators::RunOptions options;
  options.seed = flags.seed;
  options.workload = flags.workload;
  options.bugs = flags.bugs;
  options.fault_intensity = flags.fault_intensity;
  options.load.operations = flags.operations;
  options.load.clients = flags.clients;
  options.load.unique_values = !flags.repeated_values;
  options.load.rate = flags.rate;
  if (flags.nodes != -1) options.nodes = flags.nodes;
  if (flags.key_count != -1) options.load.keys = flags.key_count;
  if (flags.read_percent != -1) options.load.read_percent = flags.read_percent;
  if (!flags.faults.empty()) {
    auto faults = ParseFaults(flags.faults);
    if (!faults.ok()) return faults.status();
    options.faults = *faults;
  }
  auto interval = ParseTime("--fault-interval", flags.fault_interval);
  if (!interval.ok()) return interval.status();
  options.fault_interval = *interval;
  auto think = ParseTime("--think-time", flags.think_time);
  if (!think.ok()) return think.status();
  options.load.think_time = *think;
  const auto shape = generators::KeyShapeFromName(flags.key_distribution);
  if (!shape.has_value()) {
    constexpr std::string_view kKnown[] = {"uniform", "zipf", "hot-spot"};
    return UnknownName("key distribution", flags.key_distribution, kKnown);
  }
  options.load.key_shape = *shape;
  if (absl::Status status = ParseParameters(flags, options); !status.ok()) {
    return status;
  }
  return options;
}

absl::StatusOr<const targets::TargetInfo*> TargetNamed(std::string_view name) {
  const targets::TargetInfo* target = targets::FindTarget(name);
  if (target != nullptr) return target;
  std::vector<std::string_view> known;
  for (const targets::TargetInfo& each : targets::AllTargets()) {
    known.push_back(each.name);
  }
  return UnknownName("target", name, known);
}

absl::StatusOr<std::vector<const targets::TargetInfo*>> TargetsNamed(
    const std::vector<std::string>& names) {
  std::vector<const targets::TargetInfo*> chosen;
  const auto add = [&chosen](const targets::TargetInfo* target) {
    const bool is_known =
        std::find(chosen.begin(), chosen.end(), target) != chosen.end();
    if (!is_known) chosen.push_back(target);
  };
  const auto add_all = [&add] {
    for (const targets::TargetInfo& each : targets::AllTargets()) add(&each);
  };
  if (names.empty()) add_all();
  for (const std::string& name : names) {
    if (name == "all") {
      add_all();
      continue;
    }
    auto target = TargetNamed(name);
    if (!target.ok()) return target.status();
    add(*target);
  }
  return chosen;
}

}  // namespace minos::cli
