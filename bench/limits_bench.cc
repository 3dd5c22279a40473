// Whether `minos check` keeps its limits on histories that are too much for
// them.
//
//   limits_bench --minos build/bench/minos --clients 100 --info 5
//
// Runs the program as a user does, so that reading, reporting and the end of
// the process count too. The clock of a limit is that on the wall: on a busy
// machine the program may be late because others were at work.
//
// Exit code: 0 if all limits were kept and no verdict was wrong, 1 if not, 2 if
// the program could not be run.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "generators/families.h"

namespace minos::bench {
namespace {

namespace fs = std::filesystem;

// A limit may be exceeded by so much.
constexpr double kTolerance = 1.05;

struct Flags {
  std::string minos = "build/bench/minos";
  std::string filter;
  int64_t operations = 1'000'000;
  int clients = 100;
  double info_percent = 5;
  std::vector<int> milliseconds = {2000};
  std::vector<int> mebibytes = {50, 100, 200};
};

struct Outcome {
  int status = 0;  // of wait
  double seconds = 0;
  double processor_seconds = 0;
  double mebibytes = 0;  // at the most
};

// Runs the program to its end; what it prints goes nowhere.
Outcome Run(const std::vector<std::string>& words) {
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  Outcome outcome;
  rusage usage{};
  wait4(child, &outcome.status, 0, &usage);
  const std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / 1e6;
  };
  outcome.seconds = elapsed.count();
  outcome.processor_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  outcome.mebibytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return outcome;
}

std::string VerdictOf(int status) {
  if (!WIFEXITED(status)) return "CRASH";
  switch (WEXITSTATUS(status)) {
    case 0:
      return "valid";
    case 1:
      return "violation";
    case 3:
      return "unknown";
    default:
      return "ERROR";
  }
}

// One run under one limit. Whether the limit was kept and the verdict is no
// wrong one.
bool Measure(const std::vector<std::string>& check, const std::string& limit,
             double most_seconds, double most_mebibytes, bool is_valid) {
  std::vector<std::string> words = check;
  words.push_back(limit);
  const Outcome outcome = Run(words);
  const std::string verdict = VerdictOf(outcome.status);
  const bool is_right =
      verdict == "unknown" || verdict == (is_valid ? "valid" : "violation");
  const bool is_kept = is_right &&
                       outcome.seconds <= most_seconds * kTolerance &&
                       outcome.mebibytes <= most_mebibytes * kTolerance;
  std::printf("  %-22s %-9s %5.2f s, %5.2f s of the processor, %4.0f MiB%s\n",
              limit.c_str(), verdict.c_str(), outcome.seconds,
              outcome.processor_seconds, outcome.mebibytes,
              is_kept ? "" : "  <<<");
  std::fflush(stdout);
  return is_kept;
}

// How many limits were not kept on one history; -1 if there was none.
int MeasureHistory(const Flags& flags, const generators::FamilyInfo& family,
                   std::string_view violation, const std::string& path) {
  const std::string name(family.name);
  const Outcome made = Run(
      {flags.minos, "generate", name, "--ops", absl::StrCat(flags.operations),
       "--clients", absl::StrCat(flags.clients), "--info",
       absl::StrFormat("%g", flags.info_percent), "--violation",
       std::string(violation), "--output", path});
  if (made.status != 0) return -1;
  std::printf("%s, %s\n", name.c_str(),
              violation == "none" ? "valid" : "violated late");
  std::vector<std::string> check = {flags.minos, "check", "--model",
                                    std::string(family.model), path};
  if (family.initial.has_value()) {
    check.insert(check.end(), {"--initial", absl::StrCat(*family.initial)});
  }
  constexpr double kNoLimit = 1e9;
  int failures = 0;
  const bool is_valid = violation == "none";
  for (const int milliseconds : flags.milliseconds) {
    const bool is_kept =
        Measure(check, absl::StrCat("--time-limit=", milliseconds, "ms"),
                milliseconds / 1e3, kNoLimit, is_valid);
    if (!is_kept) ++failures;
  }
  check.emplace_back("--time-limit=60s");
  for (const int mebibytes : flags.mebibytes) {
    const bool is_kept =
        Measure(check, absl::StrCat("--memory-limit=", mebibytes, "MiB"),
                kNoLimit, mebibytes, is_valid);
    if (!is_kept) ++failures;
  }
  return failures;
}

int RunAll(const Flags& flags) {
  const std::string path =
      fs::temp_directory_path() /
      absl::StrCat("minos-limits-", static_cast<int64_t>(getpid()), ".jsonl");
  int failures = 0;
  for (const generators::FamilyInfo& family : generators::AllFamilies()) {
    if (!flags.filter.empty() && family.name != flags.filter) continue;
    for (const std::string_view violation : {"none", "late"}) {
      const int missed = MeasureHistory(flags, family, violation, path);
      if (missed < 0) {
        std::fprintf(stderr, "limits_bench: cannot run `%s`\n",
                     flags.minos.c_str());
        return 2;
      }
      failures += missed;
    }
  }
  std::error_code ignored;
  fs::remove(path, ignored);
  std::printf("%d limits were not kept\n", failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace minos::bench

int main(int argc, char** argv) {
  minos::bench::Flags flags;
  CLI::App app("Runs `minos check` under limits on histories of all families.");
  app.add_option("--minos", flags.minos, "The program")->capture_default_str();
  app.add_option("--family", flags.filter, "Only this one");
  app.add_option("--ops", flags.operations)->capture_default_str();
  app.add_option("--clients", flags.clients)->capture_default_str();
  app.add_option("--info", flags.info_percent)->capture_default_str();
  app.add_option("--time", flags.milliseconds, "Limits of time, in ms")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--memory", flags.mebibytes, "Limits of memory, in MiB")
      ->delimiter(',')
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return minos::bench::RunAll(flags);
}
