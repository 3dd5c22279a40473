// One line of a recording, as the readers hand it to the builder.

#ifndef MINOS_HISTORY_EVENT_H_
#define MINOS_HISTORY_EVENT_H_

#include <cstdint>

#include "history/operation.h"
#include "history/text_position.h"
#include "history/value.h"

namespace minos::history {

// Jepsen's :type.
enum class EventType : uint8_t { kInvoke, kOk, kFail, kInfo };

// A call or a completion. kNoValue stands for a field that is absent.
struct Event {
  EventType type = EventType::kInvoke;
  ValueId process = kNoValue;
  ValueId function = kNoValue;
  ValueId value = kNoValue;
  ValueId key = kNoValue;
  ValueId session = kNoValue;
  ValueId node = kNoValue;
  ValueId extras = kNoValue;  // all fields not named here, as a map
  Nanoseconds time = kNoTime;
  int64_t index = -1;  // Jepsen's :index; -1 if absent
  // Jepsen's :end-process? — the process issues nothing more after this
  // completion, whatever its type.
  bool ends_process = false;
  TextPosition position;
};

// A whole operation on one line: a closed interval of time.
struct OperationEvent {
  Event call;  // type is ignored; `value` is the argument
  ValueId result = kNoValue;
  Nanoseconds call_time = kNoTime;
  Nanoseconds return_time = kNoTime;  // kNoTime if it never returned
  Outcome outcome = Outcome::kOk;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_EVENT_H_
