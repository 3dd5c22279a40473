#include "checker/timeline.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace minos::checker {

using history::kNever;
using history::Position;

Timeline::Timeline(std::span<const Interval> intervals,
                   const SequentialModel& model, Budget* budget) {
  const auto is_over = [&] {
    return budget != nullptr && budget->Exhausted().has_value();
  };
  std::vector<std::pair<Position, uint32_t>> moments;
  moments.reserve(intervals.size() * 2);
  absl::flat_hash_map<ActionId, uint32_t> kind_of_action;
  for (const Interval& interval : intervals) {
    if (is_over()) return;
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
  if (!PlaceMoments(moments)) {
    events_.clear();
    std::sort(moments.begin(), moments.end());
    events_.reserve(moments.size());
    for (const auto& [position, code] : moments) events_.push_back(code);
  }
  if (!is_over()) PlaceOperations(budget);
}

void Timeline::PlaceOperations(Budget* budget) {
  std::vector<uint32_t> free;
  for (size_t i = 0; i < events_.size(); ++i) {
    if (budget != nullptr && budget->Exhausted()) return;
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

// Sorts the moments into events_ where they lie close together, which is
// quicker than to compare them. False if they do not, or two are at one
// position.
bool Timeline::PlaceMoments(
    const std::vector<std::pair<Position, uint32_t>>& moments) {
  constexpr size_t kMostSparse = 4;
  Position last = 0;
  for (const auto& moment : moments) last = std::max(last, moment.first);
  if (last >= moments.size() * kMostSparse) return false;
  events_.assign(last + size_t{1}, kNoEvent);
  for (const auto& [position, code] : moments) {
    if (events_[position] != kNoEvent) return false;
    events_[position] = code;
  }
  std::erase(events_, kNoEvent);
  return true;
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
