#include "cli/follow.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/stream.h"
#include "cli/initial_value.h"
#include "cli/interruption.h"
#include "cli/memory.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "history/byte_source.h"
#include "history/history_builder.h"
#include "history/read.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using checker::Verdict;
using history::History;
using history::HistoryBuilder;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{50};
constexpr std::chrono::milliseconds kShow{200};
// So many operations are kept before those that are not needed are forgotten.
constexpr size_t kKept = 4096;
constexpr std::string_view kClear = "\r\x1b[K";

// A file that may still grow: its end is not the end.
class GrowingSource final : public history::ByteSource {
 public:
  GrowingSource(std::unique_ptr<ByteSource> file,
                const std::atomic<bool>& should_stop)
      : file_(std::move(file)), should_stop_(should_stop) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    while (true) {
      absl::StatusOr<size_t> count = file_->Read(buffer, size);
      if (!count.ok() || *count > 0 || should_stop_) return count;
      std::this_thread::sleep_for(kLook);
    }
  }

 private:
  std::unique_ptr<ByteSource> file_;
  const std::atomic<bool>& should_stop_;
};

class Follower {
 public:
  Follower(const FollowOptions& options, const std::atomic<bool>& should_stop)
      : options_(options),
        should_stop_(should_stop),
        budget_(LimitsOf(options)),
        start_(Clock::now()) {}
  ~Follower() {
    if (is_shown_) PrintError(kClear);
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  absl::StatusOr<history::Recording> Read();
  // What became of all that was read.
  absl::StatusOr<checker::HistoryVerdict> Finish(const History& history);
  // Whether it ended before the input did, perhaps within a line.
  bool has_cut_off() const { return has_stopped_ || is_decided_; }

 private:
  static checker::Limits LimitsOf(const FollowOptions& options) {
    checker::Limits limits;
    limits.time = options.judge.time_limit;
    limits.memory_bytes = LeftOfMemory(options.judge.memory_limit);
    limits.resident_bytes = &ResidentBytes;
    limits.resident_limit = options.judge.memory_limit;
    limits.interrupted = &Interrupted();
    return limits;
  }

  bool Watch(HistoryBuilder& builder);
  absl::Status SetUp(HistoryBuilder& builder);
  absl::Status Judge(const History& history);
  void Show();

  const FollowOptions& options_;
  const std::atomic<bool>& should_stop_;
  checker::Budget budget_;
  Clock::time_point start_;
  std::optional<Clock::time_point> shown_;
  bool is_shown_ = false;
  checker::HistoryVerdict verdict_;
  std::unique_ptr<checker::StreamChecker> checker_;
  bool is_decided_ = false;
  bool has_stopped_ = false;
  absl::Status status_;
};

absl::StatusOr<history::Recording> Follower::Read() {
  absl::StatusOr<std::unique_ptr<history::ByteSource>> source =
      history::OpenByteSource(options_.path);
  if (!source.ok()) return source.status();
  std::error_code ignored;
  if (std::filesystem::is_regular_file(options_.path, ignored)) {
    source = std::make_unique<GrowingSource>(*std::move(source), should_stop_);
  }
  history::ReadOptions reading;
  reading.format = options_.judge.input_format;
  reading.memory_bytes = LeftOfMemory(options_.judge.memory_limit);
  reading.watcher = [this](HistoryBuilder& builder) { return Watch(builder); };
  absl::StatusOr<history::Recording> recording =
      history::ReadHistory(**source, InputName(options_.path), reading);
  // A growing file ends then, too.
  has_stopped_ = should_stop_;
  if (!status_.ok()) return status_;
  return recording;
}

// Judges what has come. Whether there is anything to wait for.
bool Follower::Watch(HistoryBuilder& builder) {
  if (builder.has_operations()) {
    status_ = absl::InvalidArgumentError(
        "--follow needs events (with `type`), in the order in which they "
        "happened, not whole operations");
  }
  if (!status_.ok() || builder.has_errors() || is_decided_) return false;
  if (status_.ok() && checker_ == nullptr && builder.size() > 0) {
    status_ = SetUp(builder);
  }
  if (status_.ok()) status_ = Judge(builder.SoFar());
  if (!status_.ok() || is_decided_) return false;
  if (checker_ != nullptr && builder.size() > kKept) {
    const history::OpIndex count = checker_->Forgettable();
    if (count > kKept / 2) {
      builder.DropFirst(count);
      checker_->Forget(count);
    }
  }
  if (options_.shows_progress) Show();
  return !should_stop_;
}

// How it is read is told from what has come first.
absl::Status Follower::SetUp(HistoryBuilder& builder) {
  const auto model = checker::FindModel(options_.judge.check.model);
  if (!model.ok()) return model.status();
  if (options_.judge.initial) {
    auto initial = ParseValue(*options_.judge.initial, builder.values());
    if (!initial.ok()) return initial.status();
    verdict_.initial = *initial;
  }
  const auto partitioning =
      checker::SplitByKey(builder.SoFar(), **model, options_.judge.check.keys);
  if (!partitioning.ok()) return partitioning.status();
  verdict_.keying = partitioning->keying;
  if (!partitioning->note.empty()) {
    verdict_.notes.push_back(partitioning->note);
  }
  checker_ = std::make_unique<checker::StreamChecker>(
      **model, partitioning->keying, verdict_.initial, budget_);
  return absl::OkStatus();
}

absl::Status Follower::Judge(const History& history) {
  if (checker_ == nullptr) return absl::OkStatus();
  const absl::StatusOr<Verdict> verdict = checker_->Judge(history);
  if (!verdict.ok()) return verdict.status();
  is_decided_ = *verdict != Verdict::kValid;
  return absl::OkStatus();
}

void Follower::Show() {
  const auto now = Clock::now();
  if (checker_ == nullptr || (shown_ && now - *shown_ < kShow)) return;
  shown_ = now;
  is_shown_ = true;
  PrintError(absl::StrCat(
      std::string(kClear),
      report::Count(checker_->operations(), "operation", "operations"),
      " so far, ",
      report::Count(checker_->configurations(), "configuration",
                    "configurations"),
      ", valid"));
}

absl::StatusOr<checker::HistoryVerdict> Follower::Finish(
    const History& history) {
  if (!is_decided_) {
    if (absl::Status status = Judge(history); !status.ok()) return status;
  }
  checker::CheckResult check;
  check.consistency = "linearizable";
  check.model = options_.judge.check.model;
  check.algorithm = "wgl";
  if (checker_ != nullptr) {
    check.partitions = checker_->objects();
    check.operations = checker_->operations();
    if (checker_->violation()) {
      check.verdict = Verdict::kViolation;
      check.violations.push_back(*checker_->violation());
    } else if (checker_->unknown()) {
      check.verdict = Verdict::kUnknown;
      check.unknown = {*checker_->unknown(),
                       absl::StrCat("the first ", check.operations,
                                    " operations were followed"),
                       "record fewer operations at once on one key"};
    }
  }
  if (has_stopped_ && !is_decided_) {
    verdict_.notes.emplace_back(
        "the recording was not followed to its end; what came until then was "
        "judged");
  }
  check.memory_bytes = budget_.peak_bytes();
  check.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  verdict_.verdict = check.verdict;
  verdict_.checks.push_back(std::move(check));
  return std::move(verdict_);
}

}  // namespace

void Follow(const FollowOptions& options, Judged& judged) {
  judged.result.file = options.path;
  const StopTimer timer(options.judge.time_limit);
  Follower follower(options, timer.ShouldStop());
  absl::StatusOr<history::Recording> recording = follower.Read();
  if (!recording.ok()) {
    SetError(std::string(recording.status().message()), "", judged);
    return;
  }
  // What was cut off by stopping is no error of the recording: what is wrong
  // with it before that is seen first.
  if (follower.has_cut_off()) recording->has_errors = false;
  if (!AcceptRecording(*std::move(recording), judged)) return;
  SetVerdict(follower.Finish(judged.history), judged);
}

}  // namespace minos::cli
