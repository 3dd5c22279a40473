// Histories of objects that are sequentially consistent, and not linearizable.
//
// All updates go through one log. An update that returns nothing is answered
// before it is in the log; one that returns something, and every read, first
// waits until the earlier ones of its client are. A read is answered by the
// client's own replica, which follows the log and may be behind. So the log,
// with each read where its replica stood, is an order that keeps the order of
// every client and explains every result.

#ifndef MINOS_BENCH_REPLICATED_OBJECT_H_
#define MINOS_BENCH_REPLICATED_OBJECT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "history/history.h"

namespace minos::bench {

enum class ReplicatedObject : uint8_t {
  kRegister,     // unique values, one key
  kFewRegister,  // five values, one key
  kCas,          // five values, with compare-and-set
  kKeys,         // ten registers of unique values
  kFewKeys,      // ten registers of five values
  kCounter,      // additions of 1 … 5
  kUpDown,       // additions of -5 … 5
  kSet,          // add, remove, contains and read of eight elements
  kList,         // appends; one operation in ten is a read
  kQueue,        // enqueue and dequeue
  kStack,        // push and pop
};

struct ReplicatedObjectInfo {
  ReplicatedObject object;
  std::string_view name;
  std::string_view model;  // the data type to check it as
};

std::span<const ReplicatedObjectInfo> AllReplicatedObjects();

struct ReplicatedOptions {
  int operations = 1000;
  int processes = 5;
  int info_percent = 0;
  uint64_t seed = 1;
  // Once, after 95 of 100 operations, a replica goes back to what it was up to
  // 40 updates before, or a queue or stack gives out the wrong end. Whether
  // anybody can tell is for the checker to find out.
  bool is_faulty = false;
};

history::History MakeReplicatedHistory(ReplicatedObject object,
                                       const ReplicatedOptions& options);

}  // namespace minos::bench

#endif  // MINOS_BENCH_REPLICATED_OBJECT_H_
