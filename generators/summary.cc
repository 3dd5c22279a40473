#include "generators/summary.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "history/value.h"

namespace minos::generators {
namespace {

using history::History;
using history::OpIndex;
using history::Outcome;
using history::ValueId;

void Count(Outcome outcome, OutcomeCounts& counts) {
  switch (outcome) {
    case Outcome::kOk:
      ++counts.ok;
      break;
    case Outcome::kFail:
      ++counts.fail;
      break;
    case Outcome::kInfo:
      ++counts.info;
      break;
  }
}

bool IsUnderFault(const Run& run, Nanoseconds time) {
  return std::any_of(run.fault_times.begin(), run.fault_times.end(),
                     [time](const auto& span) {
                       return span.first <= time && time <= span.second;
                     });
}

// The element below which `percent` of a sorted list lie.
Nanoseconds Percentile(const std::vector<Nanoseconds>& sorted, size_t percent) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

std::vector<FunctionSummary> SummarizeFunctions(const History& history) {
  struct Gathered {
    OutcomeCounts outcomes;
    std::vector<Nanoseconds> latencies;
  };
  std::map<std::string, Gathered, std::less<>> by_name;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    Gathered& gathered =
        by_name[std::string(history.values().text(history.function(op)))];
    Count(history.outcome(op), gathered.outcomes);
    if (history.outcome(op) == Outcome::kOk) {
      gathered.latencies.push_back(history.completion_time(op) -
                                   history.call_time(op));
    }
  }
  std::vector<FunctionSummary> functions;
  for (auto& [name, gathered] : by_name) {
    std::sort(gathered.latencies.begin(), gathered.latencies.end());
    FunctionSummary summary;
    summary.function = name;
    summary.outcomes = gathered.outcomes;
    summary.latency_median = Percentile(gathered.latencies, 50);
    summary.latency_p99 = Percentile(gathered.latencies, 99);
    summary.latency_max = Percentile(gathered.latencies, 100);
    functions.push_back(std::move(summary));
  }
  return functions;
}

// The writes of one key, for finding out when a value was out of date.
struct KeyWrites {
  struct Write {
    Nanoseconds call;
    Nanoseconds end;
  };
  std::map<uint32_t, Write> by_value;
  // ok writes by call, each with the earliest end among it and later ones.
  std::vector<Write> by_call;
};

std::map<uint32_t, KeyWrites> GatherWrites(const History& history,
                                           ValueId write) {
  std::map<uint32_t, KeyWrites> keys;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (history.function(op) != write || history.outcome(op) != Outcome::kOk) {
      continue;
    }
    const KeyWrites::Write times = {history.call_time(op),
                                    history.completion_time(op)};
    KeyWrites& key = keys[ToInt(history.key(op))];
    key.by_value[ToInt(history.argument(op))] = times;
    key.by_call.push_back(times);
  }
  for (auto& [id, key] : keys) {
    for (size_t i = key.by_call.size(); i > 1; --i) {
      key.by_call[i - 2].end =
          std::min(key.by_call[i - 2].end, key.by_call[i - 1].end);
    }
  }
  return keys;
}

// When the first write that began after `after` ended; -1 if there is none.
Nanoseconds OverwrittenAt(const KeyWrites& key, Nanoseconds after) {
  const auto later = std::upper_bound(
      key.by_call.begin(), key.by_call.end(), after,
      [](Nanoseconds time, const auto& write) { return time < write.call; });
  return later == key.by_call.end() ? -1 : later->end;
}

// A read is stale if a write that began after the one it returned had ended,
// had ended itself before the read began.
Staleness MeasureStaleness(const History& history) {
  Staleness staleness;
  const ValueId read = history.values().FindString("read");
  const ValueId write = history.values().FindString("write");
  if (write == history::kNoValue) return staleness;
  const std::map<uint32_t, KeyWrites> keys = GatherWrites(history, write);
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (history.function(op) != read || history.outcome(op) != Outcome::kOk) {
      continue;
    }
    const auto key = keys.find(ToInt(history.key(op)));
    if (key == keys.end()) continue;
    Nanoseconds written_at = -1;  // nil was there from the beginning
    if (history.result(op) != history::kNil) {
      const auto source = key->second.by_value.find(ToInt(history.result(op)));
      if (source == key->second.by_value.end()) continue;
      written_at = source->second.end;
    }
    ++staleness.reads;
    const Nanoseconds overwritten = OverwrittenAt(key->second, written_at);
    if (overwritten < 0 || overwritten >= history.call_time(op)) continue;
    ++staleness.stale;
    staleness.max =
        std::max(staleness.max, history.call_time(op) - overwritten);
  }
  return staleness;
}

}  // namespace

RunSummary Summarize(const Run& run) {
  const History& history = run.history;
  RunSummary summary;
  OutcomeCounts load;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    Count(history.outcome(op), summary.outcomes);
    if (history.call_time(op) > run.load_end) continue;
    Count(history.outcome(op), load);
    Count(history.outcome(op), IsUnderFault(run, history.call_time(op))
                                   ? summary.under_faults
                                   : summary.without_faults);
  }
  summary.functions = SummarizeFunctions(history);
  summary.load_time = run.load_end;
  if (run.load_end > 0) {
    summary.operations_per_second =
        static_cast<double>(load.ok) * 1e9 / static_cast<double>(run.load_end);
  }
  if (summary.outcomes.total() > 0) {
    summary.messages_per_operation =
        static_cast<double>(run.counters.messages) /
        static_cast<double>(summary.outcomes.total());
  }
  summary.staleness = MeasureStaleness(history);
  return summary;
}

}  // namespace minos::generators
