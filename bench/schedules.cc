// How many runs, and how much time, does it take to find each planted bug?
//
//   schedules --campaigns 24 --runs 400
//
// prints the table of docs/fuzzing.md. For each bug and schedule so many
// campaigns are made, each from a seed of its own, of at most so many runs; the
// figures are geometric means over the campaigns. A campaign that finds nothing
// counts as if the run after its last had found it, and its mean has a > then.
// The time is that of the processor, for drawing, driving and judging.
//
// So that only the schedules differ, every run has the default workload of the
// store and 200 operations; with --free both are drawn where the schedule draws
// them, as `minos fuzz` does.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/trial.h"
#include "generators/explorer.h"
#include "generators/swarm.h"
#include "targets/target_registry.h"

namespace minos {
namespace {

using generators::Schedule;

struct Flags {
  uint64_t seed = 0;  // of the first campaign; they are a million apart
  int campaigns = 6;
  int runs = 400;
  int jobs = 1;
  int64_t operations = 0;  // as `minos fuzz` has them, if 0
  bool is_free = false;
  bool is_verbose = false;
  std::vector<std::string> schedules = {"plain", "directed"};
  std::string only;  // bugs whose "store: bug" has this in it
};

struct Bug {
  const targets::TargetInfo* target;
  std::string name;
};

// Of one bug and schedule, over the campaigns.
struct Figures {
  double log_runs = 0;  // sums
  double log_seconds = 0;
  int missed = 0;
  std::vector<int> runs;
};

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

generators::SwarmOptions OptionsFor(const Bug& bug, Schedule schedule,
                                    const Flags& flags) {
  generators::SwarmOptions options;
  options.schedule = schedule;
  options.base.bugs = {bug.name};
  options.draws_operations = flags.operations == 0;
  if (flags.operations > 0) options.base.load.operations = flags.operations;
  if (flags.is_free) return options;
  options.base.workload = std::string(bug.target->workloads.front());
  return options;
}

// The number of the first run of the campaign that breaks a promise, from 1 on;
// 0 if none does.
int FirstBroken(const Bug& bug, const generators::SwarmOptions& options,
                uint64_t seed, int runs) {
  for (int run = 0; run < runs;) {
    generators::Explorer explorer(*bug.target, options,
                                  seed + static_cast<uint64_t>(run),
                                  static_cast<size_t>(run));
    for (size_t i = 0; i < generators::kRunsPerGroup && run < runs; ++i) {
      ++run;
      auto recipe = explorer.Next();
      if (!recipe.ok()) continue;
      cli::TrialOptions trial_options;
      trial_options.coverage = explorer.learns();
      const auto trial = cli::Try(*bug.target, *recipe, trial_options);
      if (!trial.ok()) continue;
      recipe->faults = trial->run.faults;
      explorer.Learn(*recipe, trial->run.coverage);
      if (trial->verdict.verdict == checker::Verdict::kViolation) return run;
    }
  }
  return 0;
}

Figures Measure(const Bug& bug, Schedule schedule, const Flags& flags) {
  const generators::SwarmOptions options = OptionsFor(bug, schedule, flags);
  Figures figures;
  for (int i = 0; i < flags.campaigns; ++i) {
    const double begin = ProcessorSeconds();
    const int found = FirstBroken(
        bug, options, flags.seed + 1'000'000 * static_cast<uint64_t>(i),
        flags.runs);
    figures.log_seconds += std::log(ProcessorSeconds() - begin);
    figures.log_runs += std::log(found > 0 ? found : flags.runs + 1);
    figures.missed += found > 0 ? 0 : 1;
    figures.runs.push_back(found);
  }
  return figures;
}

std::string Cell(const Figures& figures, int campaigns) {
  char text[64];
  std::snprintf(text, sizeof text, " %s%.1f | %.1f |",
                figures.missed > 0 ? "> " : "",
                std::exp(figures.log_runs / campaigns),
                1e3 * std::exp(figures.log_seconds / campaigns));
  return text;
}

std::vector<Bug> AllBugs(const std::string& only) {
  std::vector<Bug> bugs;
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    for (const targets::BugInfo& bug : target.bugs) {
      const std::string name =
          std::string(target.name) + ": " + std::string(bug.name);
      bool is_wanted = only.empty();
      for (size_t at = 0; at < only.size();) {
        const size_t end = std::min(only.find(',', at), only.size());
        is_wanted |= name.find(only.substr(at, end - at)) != std::string::npos;
        at = end + 1;
      }
      if (!is_wanted) continue;
      bugs.push_back({&target, std::string(bug.name)});
    }
  }
  return bugs;
}

// By bug, then by schedule; threads take one bug after the other.
std::vector<std::vector<Figures>> MeasureAll(
    const std::vector<Bug>& bugs, const std::vector<Schedule>& schedules,
    const Flags& flags) {
  std::vector<std::vector<Figures>> all(bugs.size(),
                                        std::vector<Figures>(schedules.size()));
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < bugs.size() * schedules.size(); i = next++) {
      const size_t bug = i / schedules.size();
      const size_t schedule = i % schedules.size();
      all[bug][schedule] = Measure(bugs[bug], schedules[schedule], flags);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < flags.jobs; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return all;
}

void Print(const std::vector<Bug>& bugs, const Flags& flags,
           const std::vector<std::vector<Figures>>& all) {
  std::string head = "| store and bug |";
  std::string rule = "|---|";
  for (const std::string& name : flags.schedules) {
    head += " " + name + ": runs | ms |";
    rule += "--:|--:|";
  }
  std::printf("%s\n%s\n", head.c_str(), rule.c_str());
  std::vector<Figures> sums(flags.schedules.size());
  for (size_t i = 0; i < bugs.size(); ++i) {
    std::printf("| `%s`: `%s` |", std::string(bugs[i].target->name).c_str(),
                bugs[i].name.c_str());
    for (size_t j = 0; j < sums.size(); ++j) {
      const Figures& figures = all[i][j];
      std::printf("%s", Cell(figures, flags.campaigns).c_str());
      sums[j].log_runs += figures.log_runs;
      sums[j].log_seconds += figures.log_seconds;
      sums[j].missed += figures.missed;
    }
    if (flags.is_verbose) {
      for (const Figures& figures : all[i]) {
        std::printf(" ;");
        for (int runs : figures.runs) std::printf(" %d", runs);
      }
    }
    std::printf("\n");
  }
  std::printf("| geometric mean |");
  for (const Figures& sum : sums) {
    const double count = flags.campaigns * static_cast<double>(bugs.size());
    std::printf(" %.2f | %.2f |", std::exp(sum.log_runs / count),
                1e3 * std::exp(sum.log_seconds / count));
  }
  std::printf("\n");
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("Runs and time to each planted bug, by schedule");
  app.add_option("--campaigns", flags.campaigns)->check(CLI::Range(1, 1000));
  app.add_option("--seed", flags.seed, "Of the first campaign");
  app.add_option("--runs", flags.runs)->check(CLI::Range(1, 1'000'000));
  app.add_option("--jobs", flags.jobs)->check(CLI::Range(1, 1024));
  app.add_option("--ops", flags.operations, "Of each run")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--schedules", flags.schedules)
      ->delimiter(',')
      ->check(CLI::IsMember({"plain", "swarm", "directed"}));
  app.add_option("--only", flags.only, "Bugs whose `store: bug` has this");
  app.add_flag("--free", flags.is_free,
               "Workloads and operations are drawn, too");
  app.add_flag("--verbose", flags.is_verbose,
               "Append the runs of each campaign");
  CLI11_PARSE(app, argc, argv);
  std::vector<Schedule> schedules;
  for (const std::string& name : flags.schedules) {
    schedules.push_back(*generators::ScheduleFromName(name));
  }
  const std::vector<Bug> bugs = AllBugs(flags.only);
  Print(bugs, flags, MeasureAll(bugs, schedules, flags));
  return 0;
}

}  // namespace
}  // namespace minos

int main(int argc, char** argv) { return minos::Main(argc, argv); }
