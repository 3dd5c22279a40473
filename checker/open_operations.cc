#include "checker/open_operations.h"

namespace minos::checker {

OpenOperations::OpenOperations(const Timeline& timeline)
    : timeline_(timeline),
      reads_(SlotSet::WordsFor(timeline.slot_count())),
      updates_(SlotSet::WordsFor(timeline.slot_count())),
      occupant_(timeline.slot_count(), 0),
      crashed_(timeline.crashes().size(), 0) {}

void OpenOperations::Pass() {
  const TimelineEvent passed = timeline_.event(event_++);
  if (passed.type == TimelineEvent::Type::kCrash) {
    ++crashed_[passed.subject];
    return;
  }
  const TimedOperation& operation = timeline_.operations()[passed.subject];
  SlotSet& open = operation.is_read_only ? reads_ : updates_;
  if (passed.type == TimelineEvent::Type::kCall) {
    open.Insert(operation.slot);
    occupant_[operation.slot] = passed.subject;
  } else {
    open.Erase(operation.slot);
  }
}

void OpenOperations::RewindTo(uint32_t event) {
  while (event_ > event) {
    const TimelineEvent undone = timeline_.event(--event_);
    if (undone.type == TimelineEvent::Type::kCrash) {
      --crashed_[undone.subject];
      continue;
    }
    const TimedOperation& operation = timeline_.operations()[undone.subject];
    SlotSet& open = operation.is_read_only ? reads_ : updates_;
    if (undone.type == TimelineEvent::Type::kCall) {
      open.Erase(operation.slot);
    } else {
      open.Insert(operation.slot);
      occupant_[operation.slot] = undone.subject;
    }
  }
}

}  // namespace minos::checker
