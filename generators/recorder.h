// Writes down what happens in a run, as Jepsen would.

#ifndef MINOS_GENERATORS_RECORDER_H_
#define MINOS_GENERATORS_RECORDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "generators/recipe.h"
#include "generators/workload.h"
#include "history/event.h"
#include "history/history.h"
#include "history/history_builder.h"
#include "targets/request.h"

namespace minos::generators {

// Forms of the values: a cas has [old new]; a transfer {from, to, amount}; a
// read of a bank a map of accounts to balances; sets, lists and queues are
// lists. Extras: `final` on final reads, `version` where the store keeps
// versions, `error` where an operation did not end well.
class Recorder {
 public:
  Recorder(std::string name, Keyed keyed);

  // `is_final` marks the reads after all has settled.
  void Invoke(Nanoseconds time, targets::ProcessId process,
              const targets::Operation& operation, bool is_final);
  void Ok(Nanoseconds time, targets::ProcessId process,
          const targets::Operation& operation, const targets::Answer& answer,
          bool is_final);
  // A completion that is not ok; `error` says why.
  void NotOk(Nanoseconds time, history::EventType type,
             targets::ProcessId process, const targets::Operation& operation,
             std::string_view error);
  // A fault operation, begun and done at once; `value` is of values().
  void Nemesis(Nanoseconds time, std::string_view function,
               history::ValueId value);

  history::ValueTable& values() { return builder_.values(); }
  history::ValueId NodeName(NodeId node);
  history::History Finish() &&;

 private:
  history::Event MakeEvent(Nanoseconds time, history::EventType type,
                           targets::ProcessId process,
                           const targets::Operation& operation);
  history::ValueId Argument(const targets::Operation& operation);
  history::ValueId ValueOf(const targets::Result& result);
  history::ValueId IntegerOrNil(int64_t value);
  void Add(history::Event event);

  history::HistoryBuilder builder_;
  Keyed keyed_;
  int64_t next_index_ = 0;
  std::vector<history::ValueId> function_names_;
  history::ValueId final_key_;
  history::ValueId version_key_;
  history::ValueId error_key_;
  history::ValueId nemesis_;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_RECORDER_H_
