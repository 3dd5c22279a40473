// What happened in a simulated family, before it becomes a history.

#ifndef MINOS_GENERATORS_FAMILY_TRACE_H_
#define MINOS_GENERATORS_FAMILY_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "history/operation.h"
#include "history/value.h"

namespace minos::generators {

// What a client asks for.
struct Request {
  // As it is recorded. `key` is kNoValue where there is one object only.
  history::ValueId function = history::kNoValue;
  history::ValueId key = history::kNoValue;
  history::ValueId argument = history::kNil;
  // As the objects see it; what each number means is their affair.
  int client = 0;
  uint8_t kind = 0;
  uint32_t object = 0;
  int64_t a = 0;
  int64_t b = 0;
  // Whether the client may give up on it.
  bool may_time_out = true;
};

struct TraceOperation {
  Request request;
  int64_t process = 0;
  history::Outcome outcome = history::Outcome::kInfo;
  history::ValueId result = history::kNil;  // if ok
  bool is_scripted = false;
  // Among the events; each operation has both, also if its outcome is info.
  size_t call = 0;
  size_t completion = 0;
  history::Nanoseconds call_time = 0;
  history::Nanoseconds completion_time = 0;

  bool is_ok() const { return outcome == history::Outcome::kOk; }
};

// A call or a completion.
struct TraceEvent {
  uint32_t operation;
  bool is_call;
};

// Operations in the order of their calls, and the events in order.
struct Trace {
  std::vector<TraceOperation> operations;
  std::vector<TraceEvent> events;

  // Records that operation number operations.size() is called.
  void Call(TraceOperation operation, history::Nanoseconds time);
  void Complete(uint32_t operation, history::Nanoseconds time);

  // True if `a` certainly took effect before `b` could.
  bool Precedes(uint32_t a, uint32_t b) const {
    return operations[a].is_ok() &&
           operations[a].completion < operations[b].call;
  }

  // Makes `operation` return just before the call of `other`, which comes
  // earlier than it did. REQUIRES: it was called before that. O(events
  // between).
  void ReturnBeforeCall(uint32_t operation, uint32_t other);
};

// Of 0 … size-1 the number nearest to `mark` for which `test` holds.
std::optional<uint32_t> FindNearest(size_t size, size_t mark,
                                    const std::function<bool(uint32_t)>& test);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAMILY_TRACE_H_
