#include "checker/open_operations.h"

namespace minos::checker {

OpenOperations::OpenOperations(const Timeline& timeline)
    : timeline_(timeline),
      reads_(SlotSet::WordsFor(timeline.slot_count())),
      updates_(SlotSet::WordsFor(timeline.slot_count())),
      blind_(SlotSet::WordsFor(timeline.slot_count())),
      occupant_(timeline.slot_count(), 0),
      crashed_(timeline.crashes().size(), 0) {}

void OpenOperations::Open(uint32_t operation) {
  const TimedOperation& opened = timeline_.operations()[operation];
  (opened.is_read_only ? reads_ : updates_).Insert(opened.slot);
  if (opened.is_blind) blind_.Insert(opened.slot);
  occupant_[opened.slot] = operation;
}

void OpenOperations::Close(uint32_t operation) {
  const TimedOperation& closed = timeline_.operations()[operation];
  (closed.is_read_only ? reads_ : updates_).Erase(closed.slot);
  if (closed.is_blind) blind_.Erase(closed.slot);
}

void OpenOperations::Pass() {
  const TimelineEvent passed = timeline_.event(event_++);
  switch (passed.type) {
    case TimelineEvent::Type::kCall:
      Open(passed.subject);
      break;
    case TimelineEvent::Type::kReturn:
      Close(passed.subject);
      break;
    case TimelineEvent::Type::kCrash:
      ++crashed_[passed.subject];
      break;
  }
}

void OpenOperations::RewindTo(uint32_t event) {
  while (event_ > event) {
    const TimelineEvent undone = timeline_.event(--event_);
    switch (undone.type) {
      case TimelineEvent::Type::kCall:
        Close(undone.subject);
        break;
      case TimelineEvent::Type::kReturn:
        Open(undone.subject);
        break;
      case TimelineEvent::Type::kCrash:
        --crashed_[undone.subject];
        break;
    }
  }
}

}  // namespace minos::checker
