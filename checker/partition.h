// Splitting a history into the parts that can be judged on their own.
//
// Linearizability is local (Herlihy & Wing 1990, Theorem 1): a history is
// linearizable exactly if the part of each object is. Here an object is a key.

#ifndef MINOS_CHECKER_PARTITION_H_
#define MINOS_CHECKER_PARTITION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/model_registry.h"
#include "checker/sequential_model.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// Where an operation's key stands.
enum class Keying : uint8_t {
  kNone,   // there is one object
  kField,  // in the `key` field
  kTuple,  // in front of the value: [k v]
  // In the one micro-operation of a transaction: [[f k v]].
  kTransaction,
};

// What --keys asks for.
enum class KeyChoice : uint8_t { kAuto, kNone, kField, kTuple };

// "none", "field", "tuple", "transaction".
std::string_view ToString(Keying keying);

// The operations of one object, with the key taken off.
struct Partition {
  history::ValueId key = history::kNoValue;
  std::vector<history::OpIndex> operations;  // in the order of their calls
};

// A history in parts.
struct Partitioning {
  Keying keying = Keying::kNone;
  // What `auto` chose and why, one sentence; empty if the user chose.
  std::string note;
  std::vector<Partition> partitions;  // in the order of the first call of each
};

// The client operations of `history` that may have happened (ok and info),
// split by key as `choice` says for the data type `model`. `auto` takes
//  - no key, if the data type holds all its keys in one object;
//  - the `key` field where any operation has it;
//  - the key of the micro-operation where every operation is a transaction of
//    exactly one;
//  - a tuple where every operation has one and the data type has no meaning
//    for some operation as it stands: for a read of a register that is called
//    with [k nil], for an addition of [k 1] to a counter. (A data type that is
//    about keys, as kv, has no meaning for any.)
//  - else no key.
// InvalidArgument, with the line, if an operation has no key of the kind asked
// for. O(n).
absl::StatusOr<Partitioning> SplitByKey(const history::History& history,
                                        const ModelInfo& model,
                                        KeyChoice choice);

// The key of `op`, kNoValue if there is one object; InvalidArgument, with the
// line, if it has none where `keying` looks for it. O(1).
absl::StatusOr<history::ValueId> KeyOf(const history::History& history,
                                       Keying keying, history::OpIndex op);

// The operation `op` as a model of one object sees it, with the key taken off.
// A result that is no list may stand without the key; an ok operation without
// a result has the result nil. Fails never: SplitByKey has looked at all keys.
// O(1).
Call CallOf(const history::History& history, Keying keying,
            history::OpIndex op);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_PARTITION_H_
