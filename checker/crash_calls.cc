#include "checker/crash_calls.h"

#include <algorithm>
#include <limits>

namespace minos::checker {

CrashCalls::CrashCalls(const Timeline& timeline, uint32_t end)
    : timeline_(timeline) {
  constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
  std::vector<uint32_t> last(timeline.crashes().size(), kNone);
  for (uint32_t i = 0; i < end; ++i) {
    const TimelineEvent event = timeline.event(i);
    if (event.type != TimelineEvent::Type::kCrash) continue;
    const auto call = static_cast<uint32_t>(calls_.size());
    uint32_t of_kind = 1;
    uint32_t& last_of_kind = last[event.subject];
    if (last_of_kind != kNone) {
      of_kind += calls_[last_of_kind].of_kind;
      calls_[last_of_kind].next_of_kind = call;
    }
    last_of_kind = call;
    calls_.push_back({i, event.subject, of_kind, kNone});
  }
}

uint32_t CrashCalls::CalledOf(uint32_t kind, size_t calls) const {
  if (calls == 0) return 0;
  const std::vector<uint32_t>& events = timeline_.crashes()[kind].call_events;
  const auto end =
      std::upper_bound(events.begin(), events.end(), calls_[calls - 1].event);
  return static_cast<uint32_t>(end - events.begin());
}

}  // namespace minos::checker
