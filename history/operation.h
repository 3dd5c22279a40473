// What one operation is: a call by a process, and what became of it.

#ifndef MINOS_HISTORY_OPERATION_H_
#define MINOS_HISTORY_OPERATION_H_

#include <cstdint>
#include <limits>

#include "history/value.h"

namespace minos::history {

// An operation of a History: 0, 1, 2, … in the order of the calls.
using OpIndex = uint32_t;

// A moment of a history: calls and returns are numbered 0, 1, 2, … together.
// The operation a precedes b in real time exactly if a's return position is
// smaller than b's call position.
using Position = uint32_t;
// Later than every moment.
inline constexpr Position kNever = std::numeric_limits<Position>::max();

// Nanoseconds since the start of the recording.
using Nanoseconds = int64_t;
// No time was recorded.
inline constexpr Nanoseconds kNoTime = -1;

// What became of an operation.
enum class Outcome : uint8_t {
  kOk,    // it took effect, and the result is known
  kFail,  // it certainly did not take effect, and never will
  kInfo,  // nobody knows: it may take effect any time after its call, or never
};

// One operation with all its columns; a History hands them out by value.
struct Operation {
  ValueId process = kNil;
  ValueId function = kNoValue;
  ValueId key = kNoValue;      // the `key` field; kNoValue if there is none
  ValueId argument = kNil;     // the value of the invocation
  ValueId result = kNoValue;   // the value of the completion, where it is ok
  ValueId session = kNoValue;  // the `session` field; kNoValue if none
  ValueId node = kNoValue;     // the `node` field; kNoValue if none
  // Further fields as a map, kNoValue if none: of the call and the completion.
  ValueId call_extras = kNoValue;
  ValueId completion_extras = kNoValue;
  // The value of a completion that is not ok (often an error), else kNoValue.
  ValueId completion_value = kNoValue;
  Position call = 0;
  // Where the completion was recorded, whatever its outcome; kNever if none.
  Position completion = kNever;
  Nanoseconds call_time = kNoTime;
  Nanoseconds completion_time = kNoTime;
  uint32_t call_line = 0;        // 1-based; 0 where there is no file
  uint32_t completion_line = 0;  // 0 if there is no completion
  Outcome outcome = Outcome::kInfo;
  // False for faults (Jepsen's nemesis), which no model judges.
  bool is_client = true;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_OPERATION_H_
