// What a client asks of a store, and what it is told.

#ifndef MINOS_TARGETS_REQUEST_H_
#define MINOS_TARGETS_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "history/operation.h"

namespace minos::targets {

using history::Nanoseconds;

// Units of simulated time.
inline constexpr Nanoseconds kMicrosecond = 1'000;
inline constexpr Nanoseconds kMillisecond = 1'000'000;
inline constexpr Nanoseconds kSecond = 1'000'000'000;

// A node of the store, 0 … n-1.
using NodeId = int;
// A process of the clients, 0, 1, 2, …
using ProcessId = int;

// No node in particular.
inline constexpr NodeId kNoNode = -1;

// What an operation does; named as Jepsen names it.
enum class Function : uint8_t {
  kRead,       // of a register, counter, set, list, or all bank accounts
  kWrite,      // argument
  kCas,        // expected → argument
  kAdd,        // argument, to a counter or set
  kAddAndGet,  // argument, to a counter; returns the sum
  kRemove,     // argument, from a set
  kEnqueue,    // argument
  kDequeue,    // result
  kPush,       // argument
  kPop,        // result
  kAppend,     // argument, to a list
  kAcquire,    // a lock
  kRelease,    // a lock
  kTransfer,   // argument, from account `expected` to account `other`
};

// "read", "write", …
std::string_view ToString(Function function);
// nullopt if no function is called so.
std::optional<Function> FunctionFromName(std::string_view name);

// True if the function cannot change anything.
constexpr bool IsRead(Function function) { return function == Function::kRead; }

// The kind of object that an operation speaks of, where the function does not
// say it.
enum class ObjectType : uint8_t { kRegister, kCounter, kSet, kList, kBank };

// Stands for nil where an integer is expected.
inline constexpr int64_t kNilValue = INT64_MIN;

// What a client asks for.
struct Operation {
  Function function = Function::kRead;
  ObjectType object = ObjectType::kRegister;
  int32_t key = 0;
  int64_t argument = kNilValue;
  int64_t expected = kNilValue;  // of cas and transfer
  int64_t other = kNilValue;     // of transfer
  bool operator==(const Operation&) const = default;
};

// The value that an operation returned.
struct Result {
  enum class Kind : uint8_t {
    kNil,
    kInteger,   // `integer`
    kList,      // `elements`
    kAccounts,  // `elements` alternate account and balance
  };
  Kind kind = Kind::kNil;
  int64_t integer = 0;
  std::vector<int64_t> elements;
  // The version of what was read or written, -1 where the store keeps none.
  int64_t version = -1;

  static Result Nil() { return {}; }
  // kNilValue gives nil.
  static Result Integer(int64_t value, int64_t version = -1) {
    Result result;
    if (value != kNilValue) {
      result.kind = Kind::kInteger;
      result.integer = value;
    }
    result.version = version;
    return result;
  }
  static Result List(std::vector<int64_t> elements) {
    Result result;
    result.kind = Kind::kList;
    result.elements = std::move(elements);
    return result;
  }
};

// One attempt of one operation, as a node gets it.
struct Request {
  uint64_t id = 0;  // of the operation; its attempts share it
  ProcessId process = 0;
  int64_t sequence = 0;  // 1, 2, 3, … among the operations of the process
  int attempt = 0;       // 0, 1, 2, …
  Operation operation;
  // What the client's session sends along: a token, a version vector, a mark.
  std::vector<int64_t> token;
};

// What became of an attempt.
enum class AnswerStatus : uint8_t {
  kOk,        // it took effect
  kFail,      // it certainly did not, and never will
  kRedirect,  // it did not here; try `redirect`, or another node if kNoNode
};

// What a node tells a client about an attempt.
struct Answer {
  uint64_t request = 0;
  AnswerStatus status = AnswerStatus::kOk;
  NodeId node = kNoNode;      // who answers
  NodeId redirect = kNoNode;  // kRedirect: whom to ask
  Result result;
  std::vector<int64_t> token;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_REQUEST_H_
