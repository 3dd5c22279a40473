#include "checker/timeline.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace minos::checker {

using history::kNever;
using history::Position;

Timeline::Timeline(std::span<const Interval> intervals,
                   const SequentialModel& model) {
  std::vector<std::pair<Position, uint32_t>> moments;
  moments.reserve(intervals.size() * 2);
  absl::flat_hash_map<ActionId, uint32_t> kind_of_action;
  for (const Interval& interval : intervals) {
    const bool is_read_only = model.IsReadOnly(interval.action);
    if (interval.end != kNever) {
      const size_t subject = operations_.size();
      operations_.push_back({interval.operation, interval.action, 0, 0, 0,
                             is_read_only, model.IsBlind(interval.action)});
      moments.emplace_back(interval.call,
                           Encode(TimelineEvent::Type::kCall, subject));
      moments.emplace_back(interval.end,
                           Encode(TimelineEvent::Type::kReturn, subject));
      continue;
    }
    if (is_read_only || model.IsUnobservable(interval.action)) continue;
    const auto [kind, is_new] = kind_of_action.try_emplace(
        interval.action, static_cast<uint32_t>(crashes_.size()));
    if (is_new) crashes_.push_back({interval.action, {}, {}});
    crashes_[kind->second].operations.push_back(interval.operation);
    moments.emplace_back(interval.call,
                         Encode(TimelineEvent::Type::kCrash, kind->second));
  }
  std::sort(moments.begin(), moments.end());
  events_.reserve(moments.size());
  for (const auto& [position, code] : moments) events_.push_back(code);
  PlaceOperations();
}

void Timeline::PlaceOperations() {
  std::vector<uint32_t> free;
  for (size_t i = 0; i < events_.size(); ++i) {
    const TimelineEvent current = event(i);
    const auto at = static_cast<uint32_t>(i);
    if (current.type == TimelineEvent::Type::kCrash) {
      crashes_[current.subject].call_events.push_back(at);
      continue;
    }
    TimedOperation& operation = operations_[current.subject];
    if (current.type == TimelineEvent::Type::kReturn) {
      operation.return_event = at;
      free.push_back(operation.slot);
      continue;
    }
    operation.call_event = at;
    if (free.empty()) {
      operation.slot = static_cast<uint32_t>(slot_count_++);
    } else {
      operation.slot = free.back();
      free.pop_back();
    }
  }
}

size_t Timeline::MemoryBytes() const {
  size_t bytes = events_.capacity() * sizeof(uint32_t) +
                 operations_.capacity() * sizeof(TimedOperation) +
                 crashes_.capacity() * sizeof(CrashKind);
  for (const CrashKind& kind : crashes_) {
    bytes += kind.operations.capacity() * sizeof(history::OpIndex) +
             kind.call_events.capacity() * sizeof(uint32_t);
  }
  return bytes;
}

}  // namespace minos::checker
