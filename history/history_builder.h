// Turns events into a history: pairs each completion with its call.
//
//   HistoryBuilder builder("run.edn");
//   Event event;
//   event.process = builder.values().Integer(0);
//   …
//   builder.Add(event);
//   History history = std::move(builder).Build();
//
// What does not pair is a Problem; the builder goes on past it, so that all of
// them are found in one reading.

#ifndef MINOS_HISTORY_HISTORY_BUILDER_H_
#define MINOS_HISTORY_HISTORY_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "history/event.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/problem.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

class HistoryBuilder {
 public:
  // `name` is what messages call the recording: its path.
  explicit HistoryBuilder(std::string name);

  // Where the values of the events are interned.
  ValueTable& values() { return history_.values_; }

  // Adds the next event in the order of real time. Pairing follows Jepsen: by
  // process; a completion takes its function, key and argument from its call;
  // a process that is neither an integer nor absent is no client, and its
  // calls and completions are both of type info, in turn. Amortized O(1).
  void Add(const Event& event);

  // Adds a whole operation, in any order; positions follow the times at Build,
  // and operations that touch (one returns when another is called) are
  // concurrent. A history is built of events or of operations, not of both.
  void AddOperation(const OperationEvent& operation);

  // Records a problem that the caller found.
  void Report(Problem problem);

  // What was wrong so far, in the order of the file. At most kMaxProblems are
  // kept; `problem_count` counts them all.
  const std::vector<Problem>& problems() const { return problems_; }
  size_t problem_count() const { return problem_count_; }
  bool has_errors() const { return error_count_ > 0; }

  // How many operations there are so far, and what they occupy.
  size_t size() const { return history_.size(); }
  size_t MemoryBytes() const { return history_.MemoryBytes(); }

  // Ends the history: what is still open is info. The builder is spent.
  History Build() &&;

  static constexpr size_t kMaxProblems = 1000;

 private:
  struct ProcessState {
    OpIndex open = kNoOp;  // the operation that has not completed
    bool ended_in_info = false;
  };
  static constexpr OpIndex kNoOp = 0xFFFFFFFFu;

  void AddInvoke(const Event& event, ProcessState& process);
  void AddCompletion(const Event& event, ProcessState& process);
  void CheckOrder(const Event& event);
  OpIndex AppendRow(const Event& event, bool is_client);
  void SetOptional(std::vector<ValueId>& column, OpIndex op, ValueId value);
  void SetTime(std::vector<Nanoseconds>& column, OpIndex op, Nanoseconds time);
  void PadColumns();
  void PlaceOperations();
  void Complain(Severity severity, std::string code, TextPosition position,
                std::string message, std::string hint);
  bool IsClient(ValueId process) const;
  std::string Name(ValueId value) const;

  History history_;
  absl::flat_hash_map<uint32_t, ProcessState> processes_;
  std::vector<Problem> problems_;
  size_t problem_count_ = 0;
  size_t error_count_ = 0;
  Nanoseconds last_time_ = kNoTime;
  int64_t last_index_ = -1;
  bool has_events_ = false;
  bool has_operations_ = false;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_HISTORY_BUILDER_H_
