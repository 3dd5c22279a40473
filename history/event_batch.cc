#include "history/event_batch.h"

namespace minos::history {
namespace {

void Translate(const std::vector<ValueId>& ids, ValueId& id) {
  if (id != kNoValue) id = ids[ToInt(id)];
}

void Translate(const std::vector<ValueId>& ids, Event& event) {
  for (ValueId* id : {&event.process, &event.function, &event.value, &event.key,
                      &event.session, &event.node, &event.extras}) {
    Translate(ids, *id);
  }
}

}  // namespace

void EventBatch::AddTo(EventSink& sink) const {
  const std::vector<ValueId> ids = sink.values().Include(values_);
  for (Event event : events_) {
    Translate(ids, event);
    sink.Add(event);
  }
  for (OperationEvent operation : operations_) {
    Translate(ids, operation.call);
    Translate(ids, operation.result);
    sink.AddOperation(operation);
  }
}

}  // namespace minos::history
