#include "generators/family_trace.h"

#include <algorithm>
#include <utility>

namespace minos::generators {

void Trace::Call(TraceOperation operation, history::Nanoseconds time) {
  operation.call = events.size();
  operation.call_time = time;
  events.push_back({static_cast<uint32_t>(operations.size()), true});
  operations.push_back(operation);
}

void Trace::Complete(uint32_t operation, history::Nanoseconds time) {
  operations[operation].completion = events.size();
  operations[operation].completion_time = time;
  events.push_back({operation, false});
}

void Trace::ReturnBeforeCall(uint32_t operation, uint32_t other) {
  const size_t from = operations[operation].completion;
  const size_t to = operations[other].call;
  operations[operation].completion_time = operations[other].call_time;
  std::rotate(events.begin() + static_cast<ptrdiff_t>(to),
              events.begin() + static_cast<ptrdiff_t>(from),
              events.begin() + static_cast<ptrdiff_t>(from) + 1);
  for (size_t i = to; i <= from; ++i) {
    TraceOperation& moved = operations[events[i].operation];
    (events[i].is_call ? moved.call : moved.completion) = i;
  }
}

std::optional<uint32_t> FindNearest(size_t size, size_t mark,
                                    const std::function<bool(uint32_t)>& test) {
  const auto holds = [&](size_t i) {
    return i < size && test(static_cast<uint32_t>(i));
  };
  for (size_t distance = 0; distance <= size; ++distance) {
    if (holds(mark + distance)) return static_cast<uint32_t>(mark + distance);
    if (distance <= mark && holds(mark - distance)) {
      return static_cast<uint32_t>(mark - distance);
    }
  }
  return std::nullopt;
}

}  // namespace minos::generators
