#include "targets/request.h"

namespace minos::targets {

std::string_view ToString(Function function) {
  switch (function) {
    case Function::kRead:
      return "read";
    case Function::kWrite:
      return "write";
    case Function::kCas:
      return "cas";
    case Function::kAdd:
      return "add";
    case Function::kAddAndGet:
      return "add-and-get";
    case Function::kRemove:
      return "remove";
    case Function::kEnqueue:
      return "enqueue";
    case Function::kDequeue:
      return "dequeue";
    case Function::kPush:
      return "push";
    case Function::kPop:
      return "pop";
    case Function::kAppend:
      return "append";
    case Function::kAcquire:
      return "acquire";
    case Function::kRelease:
      return "release";
    case Function::kTransfer:
      return "transfer";
  }
  return "?";
}

std::optional<Function> FunctionFromName(std::string_view name) {
  constexpr int kCount = static_cast<int>(Function::kTransfer) + 1;
  for (int i = 0; i < kCount; ++i) {
    const auto function = static_cast<Function>(i);
    if (name == ToString(function)) return function;
  }
  return std::nullopt;
}

}  // namespace minos::targets
