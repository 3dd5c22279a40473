// Something wrong with a recording, and what to do about it.

#ifndef MINOS_HISTORY_PROBLEM_H_
#define MINOS_HISTORY_PROBLEM_H_

#include <cstdint>
#include <string>

#include "history/event.h"

namespace minos::history {

// Whether the recording can be judged all the same.
enum class Severity : uint8_t {
  kError,    // the recording cannot be judged
  kWarning,  // it can, but something is suspicious
};

// What is wrong, and where.
struct Problem {
  Severity severity = Severity::kError;
  std::string code;  // a stable name such as "orphan-completion"
  TextPosition position;
  std::string message;  // one sentence without a full stop
  std::string hint;     // what to do; may be empty
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_PROBLEM_H_
