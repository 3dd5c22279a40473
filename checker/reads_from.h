// Which update each read saw, told from the values.

#ifndef MINOS_CHECKER_READS_FROM_H_
#define MINOS_CHECKER_READS_FROM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/session_history.h"
#include "checker/verdict.h"

namespace minos::checker {

// A read whose value was written more than once, or is also the initial value.
struct AmbiguousRead {
  Step read = 0;
  // kInitialStep, if it may have been the initial value, and then the updates
  // in the order of their steps; at least two in all.
  std::vector<Step> candidates;
};

struct ReadsFrom {
  // Reads that no model allows: thin air, aborted, from the future. At most
  // kMaxFindings.
  std::vector<Violation> findings;
  size_t finding_count = 0;
  // Reads of registers that have several candidates; their source stays
  // kUnresolvedStep.
  std::vector<AmbiguousRead> ambiguous;
  // What else is to be known, one sentence each.
  std::vector<std::string> notes;
};

inline constexpr size_t kMaxFindings = 16;

// Fills the sources of `steps`. A read has for candidates the updates of its
// key and value that were called before it returned, and the initial value;
// versions recorded by both narrow them down. If there is none, the read is a
// finding and its source stays unresolved. O(n) expected, and the length of
// the lists and sets that were read.
ReadsFrom ResolveReads(SessionHistory& steps);

// "process 1's read of x (line 7)", as sentences speak of a step.
std::string StepText(const SessionHistory& steps, Step step);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_READS_FROM_H_
