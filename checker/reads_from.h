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

// A read whose value was written more than once, or is also the initial value;
// of a collection, one element of it that was added more than once.
struct AmbiguousRead {
  Step read = 0;
  // Of a collection: the element's place in ReadsFrom.occurrences.
  size_t occurrence = 0;
  // kInitialStep, if it may have been the initial value, and then the updates
  // in the order of their steps; at least two in all.
  std::vector<Step> candidates;
};

// What is known of the sources of all reads.
struct ReadsFrom {
  // Reads that no model allows: thin air, aborted, from the future. At most
  // kMaxFindings.
  std::vector<Violation> findings;
  size_t finding_count = 0;
  // Reads that have several candidates. The source of a register stays
  // kUnresolvedStep; a collection shows only what is resolved.
  std::vector<AmbiguousRead> ambiguous;
  // Of collections, if some are ambiguous: the update of each element that was
  // read, kUnresolvedStep where there are candidates. Those of the i-th
  // resolved read are occurrences[occurrence_begin[i]] … up to
  // occurrence_begin[i + 1].
  std::vector<Step> occurrences;
  std::vector<uint32_t> occurrence_begin;
  // What else is to be known, one sentence each.
  std::vector<std::string> notes;
};

// So many findings are kept; the others are counted.
inline constexpr size_t kMaxFindings = 16;

// Makes what the reads of collections show out of their occurrences, without
// the unresolved ones. O(their number).
void ShowOccurrences(const std::vector<Step>& occurrences,
                     const std::vector<uint32_t>& occurrence_begin,
                     SessionHistory& steps);

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
