// What is wrong or suspicious about a recording, all of it at once.

#ifndef MINOS_HISTORY_VALIDATE_H_
#define MINOS_HISTORY_VALIDATE_H_

#include <atomic>
#include <vector>

#include "history/history.h"
#include "history/problem.h"
#include "history/read.h"

namespace minos::history {

// The problems found in reading, and those of FindSuspiciousReads if reading
// found no error; in the order of the file.
std::vector<Problem> Validate(const Recording& recording);

// Reads that returned what no operation can have written, as warnings at their
// completions, once for each key and value:
//   "unwritten-read"  no write of the value was ever called;
//   "aborted-read"    the only writes of it failed, which is an aborted read,
//   or
//                     a time-out that was recorded as `fail`.
//
// Histories whose client operations are all of one of these families are looked
// at, others give nothing: reads, writes and cas of registers; adds and reads
// of sets; enqueues, dequeues and drains; transactions of reads, writes and
// appends. Keys are told apart by the `key` field, or as the first of a pair if
// every value is one. A value that was read before any write had returned may
// be the initial one, and is not reported. Nothing is found once `interrupted`,
// which may be null, is set. O(size of the history).
std::vector<Problem> FindSuspiciousReads(
    const History& history, const std::atomic<bool>* interrupted = nullptr);

}  // namespace minos::history

#endif  // MINOS_HISTORY_VALIDATE_H_
