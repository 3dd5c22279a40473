// Events of a part of a file, which somebody adds to a history later.

#ifndef MINOS_HISTORY_EVENT_BATCH_H_
#define MINOS_HISTORY_EVENT_BATCH_H_

#include <vector>

#include "history/event.h"
#include "history/event_sink.h"
#include "history/problem.h"
#include "history/value_table.h"

namespace minos::history {

class EventBatch final : public EventSink {
 public:
  ValueTable& values() override { return values_; }
  void Add(const Event& event) override { events_.push_back(event); }
  void AddOperation(const OperationEvent& operation) override {
    operations_.push_back(operation);
  }
  void Report(Problem) override { has_problems_ = true; }

  // Whether adding it elsewhere does what reading there would have done: there
  // were no problems, and all is of one form.
  bool is_plain() const {
    return !has_problems_ && (events_.empty() || operations_.empty());
  }
  // How many values there are.
  size_t value_count() const { return values_.size(); }

  // Adds everything to `sink`, whose values get the same ids as if they had
  // been read there. REQUIRES: is_plain(). O(values + events).
  void AddTo(EventSink& sink) const;

 private:
  ValueTable values_;
  std::vector<Event> events_;
  std::vector<OperationEvent> operations_;
  bool has_problems_ = false;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_EVENT_BATCH_H_
