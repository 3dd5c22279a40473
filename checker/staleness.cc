#include "checker/staleness.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/intervals.h"
#include "checker/recent_states.h"
#include "checker/session_history_builder.h"
#include "checker/wgl.h"
#include "history/operation_text.h"
#include "history/value_text.h"

namespace minos::checker {

using history::History;
using history::kNever;
using history::kNoTime;
using history::Nanoseconds;
using history::OpIndex;
using history::Position;
using history::ValueId;

namespace {

constexpr size_t kMaxViolations = 8;
constexpr uint32_t kMaxVersions = 64;

// Moves the calls of the reads `time` earlier. Positions are made anew from the
// times, with the old positions where times are equal.
absl::Status MoveReads(const History& history, const SequentialModel& model,
                       Nanoseconds time, std::vector<Interval>& intervals) {
  struct Moment {
    Nanoseconds time;
    bool stays;  // a read's moved call comes before what happens at that time
    Position position;
    size_t interval;
    bool is_call;
    auto operator<=>(const Moment&) const = default;
  };
  std::vector<Moment> moments;
  for (size_t i = 0; i < intervals.size(); ++i) {
    const Interval& interval = intervals[i];
    const OpIndex op = interval.operation;
    const Nanoseconds call = history.call_time(op);
    const Nanoseconds end = history.completion_time(op);
    if (call == kNoTime || (interval.end != kNever && end == kNoTime)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "line ", history.call_line(op), ": the operation has no time"));
    }
    const bool moves = time > 0 && model.IsReadOnly(interval.action);
    moments.push_back(
        {moves ? call - time : call, !moves, interval.call, i, true});
    if (interval.end != kNever) {
      moments.push_back({end, true, interval.end, i, false});
    }
  }
  std::sort(moments.begin(), moments.end());
  for (size_t p = 0; p < moments.size(); ++p) {
    Interval& interval = intervals[moments[p].interval];
    (moments[p].is_call ? interval.call : interval.end) =
        static_cast<Position>(p);
  }
  std::sort(
      intervals.begin(), intervals.end(),
      [](const Interval& a, const Interval& b) { return a.call < b.call; });
  return absl::OkStatus();
}

std::string BoundText(const StalenessBound& bound) {
  if (!bound.is_time) {
    return absl::StrCat("one of the ", bound.versions, " latest states");
  }
  return absl::StrCat("a value that was current at most ", bound.time / 1000,
                      " µs before its call");
}

Violation TooStale(const History& history, const Partition& partition,
                   const StalenessBound& bound, const SearchResult& result,
                   const SequentialModel& model,
                   const std::vector<Interval>& intervals) {
  const auto culprit = std::find_if(
      intervals.begin(), intervals.end(), [&](const Interval& interval) {
        return interval.operation == result.culprit;
      });
  Violation violation;
  violation.kind = "too-stale";
  violation.key = partition.key;
  violation.culprit = result.culprit;
  violation.core.push_back(result.culprit);
  violation.summary = absl::StrCat(
      "no order explains ", history::OperationText(history, result.culprit),
      " (", history::OperationPlace(history, result.culprit),
      ") if every read returns ", BoundText(bound));
  for (const SearchResult::DeadEnd& end : result.dead_ends) {
    violation.sentences.push_back(
        absl::StrCat("In one of the orders that explain all before it, ",
                     model.DescribeRefusal(end.state, culprit->action), "."));
  }
  return violation;
}

Unknown WithoutTimes(const absl::Status& moved) {
  return {UnknownReason::kUnsupported, std::string(moved.message()),
          "record the times of calls and completions, or bound the versions "
          "with k:N"};
}

Unknown Undecided(const SearchResult& result, size_t operations) {
  return {*result.unknown,
          absl::StrCat("passed ", result.operations_passed, " of ", operations,
                       " operations of a key"),
          "raise the limit, or split the history by key"};
}

}  // namespace

absl::StatusOr<StalenessBound> ParseStalenessBound(std::string_view text) {
  const auto error = [&] {
    return absl::InvalidArgumentError(absl::StrCat(
        "`", std::string(text),
        "` is no bound on staleness; write bounded-staleness=k:2 (versions) or "
        "bounded-staleness=t:100ms (time)"));
  };
  if (text.size() < 3 || text[1] != ':') return error();
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, code] = std::from_chars(text.data() + 2, end, number);
  const std::string_view unit(rest, static_cast<size_t>(end - rest));
  if (code != std::errc()) return error();
  StalenessBound bound;
  if (text[0] == 'k') {
    if (!unit.empty() || number == 0 || number > kMaxVersions) return error();
    bound.versions = static_cast<uint32_t>(number);
    return bound;
  }
  struct Unit {
    std::string_view name;
    uint64_t nanoseconds;
  };
  constexpr Unit kUnits[] = {{"ns", 1},
                             {"us", 1'000},
                             {"ms", 1'000'000},
                             {"s", 1'000'000'000},
                             {"m", 60'000'000'000}};
  if (text[0] != 't') return error();
  for (const Unit& known : kUnits) {
    if (known.name != unit) continue;
    if (number > std::numeric_limits<int64_t>::max() / known.nanoseconds) {
      return error();
    }
    bound.is_time = true;
    bound.time = static_cast<Nanoseconds>(number * known.nanoseconds);
    return bound;
  }
  if (number == 0 && unit.empty()) {
    bound.is_time = true;
    return bound;
  }
  return error();
}

absl::StatusOr<ModelOutcome> JudgeStaleness(const History& history,
                                            const ModelInfo& model,
                                            const Partitioning& partitioning,
                                            ValueId initial,
                                            const StalenessBound& bound,
                                            Budget& budget) {
  if (const auto observation = ObservationOf(model); !observation.ok()) {
    return observation.status();
  }
  ModelOutcome outcome;
  for (const Partition& partition : partitioning.partitions) {
    auto made = model.make(history.values(), initial);
    if (!made.ok()) return made.status();
    RecentStates recent(*std::move(made), bound.is_time ? 1 : bound.versions);
    auto intervals = MakeIntervals(history, partitioning.keying,
                                   partition.operations, recent);
    if (!intervals.ok()) return intervals.status();
    std::erase_if(*intervals, [&](const Interval& interval) {
      return interval.end == kNever && recent.IsReadOnly(interval.action);
    });
    if (bound.is_time) {
      const absl::Status moved =
          MoveReads(history, recent, bound.time, *intervals);
      if (!moved.ok()) {
        outcome.verdict = Verdict::kUnknown;
        outcome.unknown = WithoutTimes(moved);
        return outcome;
      }
    }
    const SearchResult result = SearchLinearization(*intervals, recent, budget,
                                                    {.note_dead_ends = true});
    outcome.verdict = Combine(outcome.verdict, result.verdict);
    if (result.verdict == Verdict::kUnknown) {
      outcome.unknown = Undecided(result, intervals->size());
      if (budget.Exhausted()) break;
    }
    if (result.verdict == Verdict::kViolation &&
        outcome.violations.size() < kMaxViolations) {
      outcome.violations.push_back(
          TooStale(history, partition, bound, result, recent, *intervals));
    }
  }
  if (outcome.verdict != Verdict::kUnknown) outcome.unknown.reset();
  return outcome;
}

}  // namespace minos::checker
