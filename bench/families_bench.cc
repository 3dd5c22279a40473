// How long it takes to read and to check the histories of the families.
//
//   families_bench --suite quick --output today.json --compare before.json
//
// Processor time, not time on the wall, so that a busy machine disturbs less.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/cases.h"
#include "bench/results.h"
#include "checker/check.h"
#include "generators/families.h"
#include "history/read.h"
#include "history/write.h"

namespace minos::bench {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string suite = "quick";
  std::string filter;
  std::string output;
  std::string compare;
};

const generators::FamilyInfo& FamilyOf(const std::string& name) {
  const auto families = generators::AllFamilies();
  return *std::find_if(families.begin(), families.end(),
                       [&](const auto& family) { return family.name == name; });
}

// A case's history, made when it is first asked for and dropped after it.
class Material {
 public:
  explicit Material(Case what) : what_(std::move(what)) {}
  ~Material() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
  }
  Material(const Material&) = delete;
  Material& operator=(const Material&) = delete;

  const Case& what() const { return what_; }

  // Why the work was not done; empty if it was.
  const std::string& unknown() const { return unknown_; }

  void GiveUp(std::string_view why, benchmark::State& state) {
    unknown_ = why;
    state.SkipWithError(unknown_.c_str());
  }

  const history::History& History() {
    if (history_ == nullptr) {
      history_ = std::make_unique<history::History>(Generate());
    }
    return *history_;
  }

  // What the objects start with.
  history::ValueId Initial() {
    const std::optional<int> initial = FamilyOf(what_.family).initial;
    History();
    return initial.has_value() ? history_->mutable_values().Integer(*initial)
                               : history::kNoValue;
  }

  const std::string& File() {
    if (path_.empty()) {
      path_ = fs::temp_directory_path() /
              absl::StrCat("minos-bench-", what_.family, "-", what_.operations,
                           "-", getpid(), ".jsonl");
      const absl::Status status =
          history::WriteHistory(Generate(), history::Format::kJsonLines, path_);
      if (!status.ok()) Die(status);
    }
    return path_;
  }

 private:
  [[noreturn]] static void Die(const absl::Status& status) {
    std::fprintf(stderr, "families_bench: %s\n",
                 std::string(status.message()).c_str());
    std::exit(2);
  }

  history::History Generate() const {
    absl::StatusOr<history::History> history = generators::GenerateFamily(
        what_.family, {.operations = what_.operations,
                       .clients = what_.clients,
                       .info_percent = static_cast<double>(what_.info_percent),
                       .keys = what_.keys,
                       .seed = what_.seed,
                       .violation = what_.violation});
    if (!history.ok()) Die(history.status());
    return *std::move(history);
  }

  Case what_;
  std::string unknown_;
  std::unique_ptr<history::History> history_;
  std::string path_;
};

void CountLines(benchmark::State& state, Material& material) {
  const std::string path = material.File();
  std::vector<char> block(1 << 16);
  for (auto _ : state) {
    std::ifstream file(path, std::ios::binary);
    int64_t lines = 0;
    while (file.read(block.data(), static_cast<std::streamsize>(block.size())),
           file.gcount() > 0) {
      lines += std::count(block.begin(), block.begin() + file.gcount(), '\n');
    }
    benchmark::DoNotOptimize(lines);
  }
}

void Read(benchmark::State& state, Material& material) {
  const std::string path = material.File();
  size_t bytes = 0;
  for (auto _ : state) {
    const auto recording = history::ReadHistory(path, {});
    if (!recording.ok() || recording->has_errors) {
      return material.GiveUp("the file cannot be read", state);
    }
    bytes = recording->history.MemoryBytes();
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}

void Check(benchmark::State& state, Material& material,
           std::chrono::milliseconds time_limit) {
  checker::CheckOptions options;
  options.model = std::string(FamilyOf(material.what().family).model);
  options.initial = material.Initial();
  options.explain = false;
  options.limits.time = time_limit;
  options.limits.memory_bytes = size_t{4} << 30;
  const checker::Verdict expected =
      material.what().violation == generators::ViolationPlace::kNone
          ? checker::Verdict::kValid
          : checker::Verdict::kViolation;
  const history::History& history = material.History();
  size_t bytes = 0;
  for (auto _ : state) {
    const auto verdict = checker::CheckHistory(history, options);
    if (!verdict.ok()) {
      return material.GiveUp(std::string(verdict.status().message()), state);
    }
    const checker::CheckResult& check = verdict->checks.front();
    bytes = std::max(check.memory_bytes, history.MemoryBytes());
    if (check.verdict == checker::Verdict::kUnknown) {
      return material.GiveUp(checker::ToString(check.unknown->reason), state);
    }
    if (check.verdict != expected) {
      return material.GiveUp("wrong verdict", state);
    }
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}

// Takes the figures of one case, and shows them.
class Collector : public benchmark::BenchmarkReporter {
 public:
  explicit Collector(const Material& material) : material_(material) {
    result_.row = material.what().Row();
    result_.operations = material.what().operations;
  }

  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    const auto operations = static_cast<double>(result_.operations);
    result_.unknown = material_.unknown();
    std::string figure = result_.unknown;
    if (figure.empty()) {
      const Run& run = runs.front();
      result_.nanoseconds = run.GetAdjustedCPUTime() / operations;
      const auto bytes = run.counters.find("bytes");
      if (bytes != run.counters.end()) {
        result_.bytes = bytes->second.value / operations;
      }
      figure = absl::StrFormat("%.0f ns an operation", result_.nanoseconds);
    }
    std::fprintf(stderr, "%s, %lld operations: %s\n", result_.row.c_str(),
                 static_cast<long long>(result_.operations), figure.c_str());
  }

  const Result& result() const { return result_; }

 private:
  const Material& material_;
  Result result_;
};

void Do(benchmark::State& state, Material& material,
        std::chrono::milliseconds time_limit) {
  switch (material.what().work) {
    case Work::kCountLines:
      return CountLines(state, material);
    case Work::kRead:
      return Read(state, material);
    case Work::kCheck:
      return Check(state, material, time_limit);
  }
}

// Measures one case after another, so that one history is held at a time.
std::vector<Result> Measure(const Suite& suite) {
  std::vector<Result> results;
  for (const Case& what : suite.cases) {
    Material material(what);
    Collector collector(material);
    benchmark::RegisterBenchmark(
        what.Row().c_str(),
        [&](benchmark::State& state) { Do(state, material, suite.time_limit); })
        ->MinTime(0.05)
        ->Unit(benchmark::kNanosecond);
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();
    results.push_back(collector.result());
  }
  return results;
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "families_bench: %s\n", message.c_str());
  return 2;
}

int Run(const Flags& flags) {
  std::optional<Suite> suite = FindSuite(flags.suite);
  if (!suite.has_value()) {
    return Fail("there is no suite `" + flags.suite +
                "`; there are quick, full, search, deciders, classic and "
                "crowd");
  }
  std::erase_if(suite->cases, [&](const Case& what) {
    return !absl::StrContains(what.Row(), flags.filter);
  });
  std::vector<Result> before;
  if (!flags.compare.empty()) {
    absl::StatusOr<std::vector<Result>> read = ReadResults(flags.compare);
    if (!read.ok()) return Fail(std::string(read.status().message()));
    before = *std::move(read);
  }
  const std::vector<Result> results = Measure(*suite);
  std::printf("%s", Table(results).c_str());
  if (!flags.output.empty()) {
    const absl::Status status = WriteResults(results, flags.output);
    if (!status.ok()) return Fail(std::string(status.message()));
  }
  if (!flags.compare.empty()) {
    std::printf("\nAgainst %s:\n%s", flags.compare.c_str(),
                Comparison(before, results).c_str());
  }
  return 0;
}

}  // namespace
}  // namespace minos::bench

int main(int argc, char** argv) {
  minos::bench::Flags flags;
  CLI::App app("Measures reading and checking histories of all families.");
  app.add_option("--suite", flags.suite,
                 "quick, full, search, deciders, classic or crowd")
      ->capture_default_str();
  app.add_option("--filter", flags.filter,
                 "Only rows with this text, such as \"check queue\"");
  app.add_option("--output", flags.output, "Write the figures to this file");
  app.add_option("--compare", flags.compare,
                 "Show what changed since this file was written");
  CLI11_PARSE(app, argc, argv);
  char* no_arguments[] = {argv[0], nullptr};
  int count = 1;
  benchmark::Initialize(&count, no_arguments);
  return minos::bench::Run(flags);
}
