// What a history looks like in numbers: how much, how fast, how stale.

#ifndef MINOS_CHECKER_STATISTICS_H_
#define MINOS_CHECKER_STATISTICS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/session_history.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// Some numbers, by their quantiles (the nearest rank) and in classes that
// double: 0, 1, 2–3, 4–7, …
struct Distribution {
  size_t count = 0;
  int64_t minimum = 0;
  int64_t median = 0;
  int64_t p90 = 0;
  int64_t p99 = 0;
  int64_t maximum = 0;
  double mean = 0;
  std::vector<size_t> classes;  // class i > 0: 2^(i-1) up to 2^i - 1
};

// The distribution of `numbers`, none negative. O(n log n).
Distribution Distribute(std::vector<int64_t> numbers);

// The client operations of one function.
struct FunctionStatistics {
  history::ValueId function = history::kNoValue;
  size_t ok = 0;
  size_t fail = 0;
  size_t info = 0;
  Distribution latency_ns;  // of those that are not info and have times
};

// A history in numbers.
struct HistoryStatistics {
  size_t operations = 0;  // of clients
  size_t info = 0;
  history::Nanoseconds duration_ns = 0;  // from the first to the last event
  double operations_per_second = 0;      // 0 without times
  size_t largest_concurrency = 0;        // open at once; info stays open
  double mean_concurrency = 0;           // over the events, without info
  std::vector<FunctionStatistics> functions;  // in the order of first use
};

// O(n log n).
HistoryStatistics DescribeHistory(const history::History& history);

// How far behind the reads of one group were.
struct StalenessStatistics {
  history::ValueId name = history::kNoValue;  // of the key or the node
  Distribution versions;
  Distribution time_ns;  // of reads that were behind, where there are times
  size_t stale = 0;      // how many reads were behind at all
};

// Measured staleness. A read counts as behind by each write of its key that
// began after the write it returned had returned, and that had itself returned
// before the read was called: so each number is the least that is certain,
// whatever order the store gave to writes that overlap. The time behind is the
// time from the first of those returns to the call of the read.
struct StalenessReport {
  StalenessStatistics all;
  std::vector<StalenessStatistics> by_key;
  std::vector<StalenessStatistics> by_node;  // empty without nodes
  // For each key whose last updates were followed by reads: the time from the
  // last return of an update to the call of the last read that did not return
  // the value of the last read of all; 0 if there was none.
  Distribution convergence_ns;
  size_t unmeasured = 0;  // reads whose source is not known
};

// Registers and kv with resolved sources. O(n log n).
StalenessReport MeasureStaleness(const SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_STATISTICS_H_
