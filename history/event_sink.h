// Where the readers hand what they have read.

#ifndef MINOS_HISTORY_EVENT_SINK_H_
#define MINOS_HISTORY_EVENT_SINK_H_

#include "history/event.h"
#include "history/problem.h"
#include "history/value_table.h"

namespace minos::history {

class EventSink {
 public:
  virtual ~EventSink() = default;

  // Where the values of the events are interned.
  virtual ValueTable& values() = 0;
  // The next event in the order of the file.
  virtual void Add(const Event& event) = 0;
  // The next whole operation in the order of the file.
  virtual void AddOperation(const OperationEvent& operation) = 0;
  virtual void Report(Problem problem) = 0;

 protected:
  EventSink() = default;
  EventSink(const EventSink&) = default;
  EventSink& operator=(const EventSink&) = default;
  EventSink(EventSink&&) = default;
  EventSink& operator=(EventSink&&) = default;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_EVENT_SINK_H_
