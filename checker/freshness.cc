#include "checker/freshness.h"

#include <algorithm>
#include <array>

namespace minos::checker {

using Cell = OpenValues::Cell;

Freshness::Freshness(const Timeline& timeline, const OpenValues& values) {
  const auto& operations = timeline.operations();
  begin_.assign(operations.size() + 1, 0);
  for (size_t i = 0; i < operations.size(); ++i) {
    const auto& sees = values.OfAction(operations[i].action).sees;
    begin_[i + 1] = begin_[i] + static_cast<uint32_t>(sees.size());
  }
  since_.resize(begin_.back(), 0);
  // Of the operations that set a place and have returned: the last call.
  std::array<uint32_t, OpenValues::kMostPlaces> last = {};
  for (uint32_t i = 0; i < timeline.event_count(); ++i) {
    const TimelineEvent event = timeline.event(i);
    if (event.type == TimelineEvent::Type::kCrash) continue;
    const TimedOperation& operation = operations[event.subject];
    const OpenValues::Program& program = values.OfAction(operation.action);
    if (event.type == TimelineEvent::Type::kReturn) {
      for (const Cell& set : program.sets) {
        last[set.place] = std::max(last[set.place], operation.call_event);
      }
      continue;
    }
    uint32_t at = begin_[event.subject];
    for (const Cell& seen : program.sees) {
      since_[at++] = last[seen.place];
    }
  }
}

}  // namespace minos::checker
