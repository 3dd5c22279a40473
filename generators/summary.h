// What a run looked like, in numbers.

#ifndef MINOS_GENERATORS_SUMMARY_H_
#define MINOS_GENERATORS_SUMMARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "generators/run.h"

namespace minos::generators {

// How often something ended how.
struct OutcomeCounts {
  size_t ok = 0;
  size_t fail = 0;
  size_t info = 0;
  size_t total() const { return ok + fail + info; }
};

// The operations of one function.
struct FunctionSummary {
  std::string function;
  OutcomeCounts outcomes;
  // Of the ok ones, in simulated nanoseconds; 0 where there is none.
  Nanoseconds latency_median = 0;
  Nanoseconds latency_p99 = 0;
  Nanoseconds latency_max = 0;
};

// How old what reads of registers returned was.
struct Staleness {
  size_t reads = 0;     // ok reads of keys whose writes are unique
  size_t stale = 0;     // of these: a newer write had ended before they began
  Nanoseconds max = 0;  // how long before, at most
};

// A run in numbers.
struct RunSummary {
  OutcomeCounts outcomes;                  // of all client operations
  std::vector<FunctionSummary> functions;  // in the order of their names
  Nanoseconds load_time = 0;  // simulated, without settling and final reads
  double operations_per_second = 0;  // ok ones, of simulated load time
  // Called while a fault was active, or while none was; without final reads.
  OutcomeCounts under_faults;
  OutcomeCounts without_faults;
  double messages_per_operation = 0;  // between nodes
  Staleness staleness;
};

// O(n log n).
RunSummary Summarize(const Run& run);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_SUMMARY_H_
