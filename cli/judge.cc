#include "cli/judge.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/initial_value.h"
#include "cli/interruption.h"
#include "cli/memory.h"
#include "cli/reading.h"
#include "history/problem.h"
#include "history/validate.h"

namespace minos::cli {
namespace {

using checker::UnknownReason;
using history::Problem;
using history::Severity;

// "line 3, column 12: …", or without the column where it is not known.
std::string Located(const Problem& problem) {
  std::string text;
  if (problem.position.line > 0) {
    absl::StrAppend(&text, "line ", problem.position.line);
    if (problem.position.column > 0) {
      absl::StrAppend(&text, ", column ", problem.position.column);
    }
    text.append(": ");
  }
  return text.append(problem.message);
}

// What it takes to look for hints, in bytes an operation, about.
constexpr size_t kBytesToHint = 80;

// A violation may come of how it was recorded, as of a time-out that was taken
// for a failure. Nothing is looked for any more once `should_stop` is set.
void AddHints(const std::atomic<bool>& should_stop, Judged& judged) {
  std::vector<Problem> found =
      history::FindSuspiciousReads(judged.history, &should_stop);
  judged.result.problem_count += found.size();
  std::move(found.begin(), found.end(),
            std::back_inserter(judged.result.problems));
}

}  // namespace

void SetError(std::string error, std::string hint, Judged& judged) {
  const std::string name = InputName(judged.result.file) + ": ";
  if (error.starts_with(name)) error.erase(0, name.size());
  judged.result.finding = report::Finding::kError;
  judged.result.error = std::move(error);
  judged.result.hint = std::move(hint);
}

bool AcceptRecording(history::Recording recording, Judged& judged) {
  judged.history = std::move(recording.history);
  judged.result.history = &judged.history;
  judged.result.input_format = std::string(ToString(recording.format));
  judged.result.problems = std::move(recording.problems);
  judged.result.problem_count = recording.problem_count;
  if (!recording.has_errors) return true;
  const auto& problems = judged.result.problems;
  const auto first = std::find_if(
      problems.begin(), problems.end(),
      [](const Problem& p) { return p.severity == Severity::kError; });
  if (first == problems.end()) {
    SetError("the recording has errors", "`minos validate` lists them", judged);
  } else {
    SetError(Located(*first), first->hint, judged);
  }
  return false;
}

void SetVerdict(absl::StatusOr<checker::HistoryVerdict> verdict,
                Judged& judged) {
  if (!verdict.ok()) {
    SetError(std::string(verdict.status().message()), "", judged);
    return;
  }
  judged.verdict = *std::move(verdict);
  judged.result.verdict = &judged.verdict;
  judged.result.finding = report::FindingOf(judged.verdict.verdict);
}

Judge::Judge(JudgeOptions options, std::chrono::steady_clock::time_point start)
    : options_(std::move(options)),
      start_(start),
      left_of_memory_(LeftOfMemory(options_.memory_limit)) {}

std::optional<std::chrono::nanoseconds> Judge::TimeLeft() const {
  if (!options_.time_limit) return std::nullopt;
  const auto spent = std::chrono::steady_clock::now() - start_;
  return std::max<std::chrono::nanoseconds>(*options_.time_limit - spent,
                                            std::chrono::nanoseconds(0));
}

bool Judge::TimeIsUp() const {
  const auto left = TimeLeft();
  return left && left->count() == 0;
}

void Judge::Run(const InputFile& file, Judged& judged) const {
  judged.result.file = file.path;
  try {
    ReadAndCheck(file, judged);
  } catch (const std::bad_alloc&) {
    // The system has less memory than the limit allows.
    GiveUp(UnknownReason::kMemoryLimit, judged);
  }
}

void Judge::ReadAndCheck(const InputFile& file, Judged& judged) const {
  if (Interrupted()) {
    GiveUp(UnknownReason::kInterrupted, judged);
  } else if (TimeIsUp()) {
    GiveUp(UnknownReason::kTimeLimit, judged);
  } else if (Read(file, judged)) {
    Check(judged);
  }
}

bool Judge::Read(const InputFile& file, Judged& judged) const {
  const StopTimer timer(TimeLeft());
  history::ReadOptions options;
  options.format = options_.input_format;
  options.memory_bytes = left_of_memory_;
  options.resident_bytes = &ResidentBytes;
  options.resident_limit = options_.memory_limit;
  options.jobs = options_.check.limits.threads;
  options.interrupted = &timer.ShouldStop();
  absl::StatusOr<history::Recording> recording = ReadInput(file, options);
  if (recording.ok()) {
    judged.is_skipped = IsOtherFile(file, *recording);
    return AcceptRecording(*std::move(recording), judged);
  }
  if (absl::IsResourceExhausted(recording.status())) {
    GiveUp(UnknownReason::kMemoryLimit, judged);
  } else if (absl::IsCancelled(recording.status())) {
    GiveUp(
        Interrupted() ? UnknownReason::kInterrupted : UnknownReason::kTimeLimit,
        judged);
  } else {
    SetError(std::string(recording.status().message()), "", judged);
  }
  return false;
}

void Judge::Check(Judged& judged) const {
  checker::CheckOptions options = options_.check;
  if (options_.initial) {
    absl::StatusOr<history::ValueId> initial =
        ParseValue(*options_.initial, judged.history.mutable_values());
    if (!initial.ok()) {
      SetError(std::string(initial.status().message()), "", judged);
      return;
    }
    options.initial = *initial;
  }
  options.limits.time = TimeLeft();
  options.limits.memory_bytes = left_of_memory_;
  options.limits.resident_bytes = &ResidentBytes;
  options.limits.resident_limit = options_.memory_limit;
  options.limits.interrupted = &Interrupted();
  options.limits.progress = options_.progress;
  SetVerdict(checker::CheckHistory(judged.history, options), judged);
  if (judged.result.finding == report::Finding::kViolation) Hint(judged);
}

// A hint is worth no limit: there are none where one is near.
void Judge::Hint(Judged& judged) const {
  const size_t bytes =
      judged.history.MemoryBytes() + judged.history.size() * kBytesToHint;
  if (TimeIsUp() || bytes > left_of_memory_) return;
  const StopTimer timer(TimeLeft());
  AddHints(timer.ShouldStop(), judged);
}

// A verdict for a file that was not even read to its end.
void Judge::GiveUp(UnknownReason reason, Judged& judged) const {
  checker::Unknown unknown;
  unknown.reason = reason;
  unknown.progress = "The recording was not read to its end.";
  switch (reason) {
    case UnknownReason::kMemoryLimit:
      unknown.advice =
          "Raise --memory-limit, or record and judge fewer operations at a "
          "time.";
      break;
    case UnknownReason::kTimeLimit:
      unknown.advice = "Raise --time-limit, or judge fewer files at a time.";
      break;
    default:
      unknown.advice = "Run it again to judge it.";
  }
  judged.history = history::History();
  judged.verdict = checker::HistoryVerdict();
  judged.verdict.verdict = checker::Verdict::kUnknown;
  for (const std::string& consistency : options_.check.consistencies) {
    checker::CheckResult check;
    check.consistency = consistency;
    if (options_.check.model != "auto") check.model = options_.check.model;
    check.verdict = checker::Verdict::kUnknown;
    check.unknown = unknown;
    judged.verdict.checks.push_back(std::move(check));
  }
  judged.result.history = &judged.history;
  judged.result.verdict = &judged.verdict;
  judged.result.finding = report::Finding::kUnknown;
}

}  // namespace minos::cli
