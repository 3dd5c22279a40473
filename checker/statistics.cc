// Staleness is counted with a Fenwick tree for each key. Writes enter it, under
// the rank of their call, in the order of their returns; a read asks, when all
// that had returned before its call are in, how many have a rank above the
// return of the write that it got. The first of those to return is a minimum
// over the writes sorted by call, kept from the back.

#include "checker/statistics.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <utility>

#include "checker/fenwick_tree.h"

namespace minos::checker {

using history::History;
using history::kNever;
using history::kNoTime;
using history::kNoValue;
using history::Nanoseconds;
using history::OpIndex;
using history::Outcome;
using history::Position;
using history::ValueId;

namespace {

// The smallest number that at least `share` of all are not above.
int64_t Quantile(const std::vector<int64_t>& sorted, double share) {
  const double rank = share * static_cast<double>(sorted.size());
  auto index = static_cast<size_t>(rank);
  if (static_cast<double>(index) == rank && index > 0) --index;
  return sorted[std::min(index, sorted.size() - 1)];
}

// One read and how far it was behind.
struct Lag {
  Step read;
  int64_t versions;
  int64_t time_ns;  // kNoTime if unknown
};

// The ok writes of one key and the reads of it.
class KeyMeter {
 public:
  KeyMeter(const SessionHistory& steps, std::vector<Step> writes)
      : steps_(steps),
        by_call_(std::move(writes)),
        entered_above_(by_call_.size()) {
    std::sort(by_call_.begin(), by_call_.end(),
              [&](Step a, Step b) { return steps_.call(a) < steps_.call(b); });
    by_end_ = by_call_;
    std::sort(by_end_.begin(), by_end_.end(),
              [&](Step a, Step b) { return steps_.end(a) < steps_.end(b); });
    first_end_.assign(by_call_.size() + 1, kNoStep);
    for (size_t i = by_call_.size(); i-- > 0;) {
      const Step next = first_end_[i + 1];
      first_end_[i] =
          next == kNoStep || steps_.end(by_call_[i]) < steps_.end(next)
              ? by_call_[i]
              : next;
    }
  }

  // REQUIRES: reads come in the order of their calls.
  Lag Measure(Step read) {
    while (entered_ < by_end_.size() &&
           steps_.end(by_end_[entered_]) < steps_.call(read)) {
      entered_above_.Add(RankAbove(steps_.call(by_end_[entered_])), 1);
      ++entered_;
    }
    const Step source = steps_.sources[read];
    const bool overlaps_all = IsStep(source) && steps_.end(source) == kNever;
    if (overlaps_all) return {read, 0, kNoTime};
    const size_t rank = IsStep(source) ? RankAbove(steps_.end(source)) : 0;
    const size_t versions = entered_above_.From(rank);
    if (versions == 0) return {read, 0, kNoTime};
    const History& history = *steps_.history;
    const Nanoseconds since =
        history.completion_time(steps_.operations[first_end_[rank]]);
    const Nanoseconds call = history.call_time(steps_.operations[read]);
    return {read, static_cast<int64_t>(versions),
            since == kNoTime || call == kNoTime
                ? kNoTime
                : std::max<Nanoseconds>(0, call - since)};
  }

 private:
  // The rank of the first write that was called at `position` or later.
  size_t RankAbove(Position position) const {
    return static_cast<size_t>(
        std::lower_bound(
            by_call_.begin(), by_call_.end(), position,
            [&](Step step, Position at) { return steps_.call(step) < at; }) -
        by_call_.begin());
  }

  const SessionHistory& steps_;
  std::vector<Step> by_call_;
  std::vector<Step> by_end_;
  std::vector<Step> first_end_;  // by rank: of this and later, first to return
  FenwickTree<size_t> entered_above_;  // by rank: how many entered
  size_t entered_ = 0;
};

StalenessStatistics Summarize(ValueId name, const std::vector<Lag>& lags) {
  StalenessStatistics result;
  result.name = name;
  std::vector<int64_t> versions;
  std::vector<int64_t> times;
  for (const Lag& lag : lags) {
    versions.push_back(lag.versions);
    if (lag.versions > 0) ++result.stale;
    if (lag.time_ns != kNoTime) times.push_back(lag.time_ns);
  }
  result.versions = Distribute(std::move(versions));
  result.time_ns = Distribute(std::move(times));
  return result;
}

// How long after the last update the reads of a key went on to differ.
Nanoseconds ConvergenceTime(const SessionHistory& steps,
                            const std::vector<Step>& writes,
                            const std::vector<Step>& reads) {
  const History& history = *steps.history;
  Position last_end = 0;
  Nanoseconds since = kNoTime;
  for (const Step write : writes) {
    if (steps.end(write) < last_end) continue;
    last_end = steps.end(write);
    since = history.completion_time(steps.operations[write]);
  }
  if (reads.empty() || since == kNoTime ||
      steps.call(reads.back()) < last_end) {
    return kNoTime;
  }
  Nanoseconds until = since;
  for (const Step read : reads) {
    const Nanoseconds call = history.call_time(steps.operations[read]);
    if (steps.call(read) < last_end || call == kNoTime) continue;
    if (steps.values[read] != steps.values[reads.back()]) {
      until = std::max(until, call);
    }
  }
  return until - since;
}

// Goes through the client operations of a history, in the order of their calls.
class HistoryMeter {
 public:
  explicit HistoryMeter(const History& history) : history_(history) {}

  void Add(OpIndex op) {
    ++result_.operations;
    const auto [entry, is_new] =
        index_.try_emplace(history_.function(op), result_.functions.size());
    if (is_new) {
      result_.functions.emplace_back();
      result_.functions.back().function = history_.function(op);
      latencies_.emplace_back();
    }
    FunctionStatistics& function = result_.functions[entry->second];
    const Outcome outcome = history_.outcome(op);
    ++(outcome == Outcome::kOk     ? function.ok
       : outcome == Outcome::kFail ? function.fail
                                   : function.info);
    const Nanoseconds call = history_.call_time(op);
    const Nanoseconds end = history_.completion_time(op);
    if (call != kNoTime) {
      if (first_ == kNoTime) first_ = call;
      last_ = std::max({last_, call, end});
    }
    changes_.emplace_back(history_.call(op), 1);
    if (outcome == Outcome::kInfo) {
      ++result_.info;
      crashed_.push_back(history_.call(op));
      return;
    }
    changes_.emplace_back(history_.completion(op), -1);
    if (call != kNoTime && end >= call) {
      latencies_[entry->second].push_back(end - call);
    }
  }

  HistoryStatistics Finish() && {
    for (size_t i = 0; i < latencies_.size(); ++i) {
      result_.functions[i].latency_ns = Distribute(std::move(latencies_[i]));
    }
    MeasureConcurrency();
    if (first_ != kNoTime && last_ > first_) {
      result_.duration_ns = last_ - first_;
      result_.operations_per_second = static_cast<double>(result_.operations) *
                                      1e9 /
                                      static_cast<double>(result_.duration_ns);
    }
    return std::move(result_);
  }

 private:
  void MeasureConcurrency() {
    std::sort(changes_.begin(), changes_.end());
    size_t open = 0;
    size_t crashed_before = 0;
    double sum = 0;
    for (const auto& [position, change] : changes_) {
      open = static_cast<size_t>(static_cast<int64_t>(open) + change);
      if (crashed_before < crashed_.size() &&
          crashed_[crashed_before] <= position) {
        ++crashed_before;
      }
      result_.largest_concurrency = std::max(result_.largest_concurrency, open);
      sum += static_cast<double>(open - crashed_before);
    }
    if (!changes_.empty()) {
      result_.mean_concurrency = sum / static_cast<double>(changes_.size());
    }
  }

  const History& history_;
  HistoryStatistics result_;
  std::map<ValueId, size_t> index_;  // by function, among those of the result
  std::vector<std::vector<int64_t>> latencies_;    // by that index
  std::vector<std::pair<Position, int>> changes_;  // of how many are open
  std::vector<Position> crashed_;                  // calls
  Nanoseconds first_ = kNoTime;
  Nanoseconds last_ = kNoTime;
};

}  // namespace

Distribution Distribute(std::vector<int64_t> numbers) {
  Distribution result;
  result.count = numbers.size();
  if (numbers.empty()) return result;
  std::sort(numbers.begin(), numbers.end());
  result.minimum = numbers.front();
  result.median = Quantile(numbers, 0.5);
  result.p90 = Quantile(numbers, 0.9);
  result.p99 = Quantile(numbers, 0.99);
  result.maximum = numbers.back();
  double sum = 0;
  for (const int64_t number : numbers) {
    sum += static_cast<double>(number);
    const auto width =
        static_cast<size_t>(std::bit_width(static_cast<uint64_t>(number)));
    if (width >= result.classes.size()) result.classes.resize(width + 1, 0);
    ++result.classes[width];
  }
  result.mean = sum / static_cast<double>(numbers.size());
  return result;
}

HistoryStatistics DescribeHistory(const History& history) {
  HistoryMeter meter(history);
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (history.is_client(op)) meter.Add(op);
  }
  return std::move(meter).Finish();
}

StalenessReport MeasureStaleness(const SessionHistory& steps) {
  StalenessReport report;
  std::vector<std::vector<Step>> writes(steps.key_names.size());
  std::vector<std::vector<Step>> reads(steps.key_names.size());
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step)) {
      reads[steps.keys[step]].push_back(step);
    } else if (steps.end(step) != kNever) {
      writes[steps.keys[step]].push_back(step);
    }
  }
  std::vector<Lag> all;
  std::map<ValueId, std::vector<Lag>> by_node;
  std::vector<int64_t> convergence;
  for (size_t key = 0; key < reads.size(); ++key) {
    std::sort(reads[key].begin(), reads[key].end(),
              [&](Step a, Step b) { return steps.call(a) < steps.call(b); });
    const Nanoseconds time = ConvergenceTime(steps, writes[key], reads[key]);
    if (time != kNoTime) convergence.push_back(time);
    KeyMeter meter(steps, std::move(writes[key]));
    std::vector<Lag> lags;
    for (const Step read : reads[key]) {
      if (steps.sources[read] == kUnresolvedStep) {
        ++report.unmeasured;
        continue;
      }
      lags.push_back(meter.Measure(read));
      const ValueId node = steps.history->node(steps.operations[read]);
      if (node != kNoValue) by_node[node].push_back(lags.back());
    }
    if (!lags.empty()) {
      report.by_key.push_back(Summarize(steps.key_names[key], lags));
    }
    all.insert(all.end(), lags.begin(), lags.end());
  }
  report.all = Summarize(kNoValue, all);
  for (const auto& [node, lags] : by_node) {
    report.by_node.push_back(Summarize(node, lags));
  }
  report.convergence_ns = Distribute(std::move(convergence));
  return report;
}

}  // namespace minos::checker
