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
#include "history/event_sink.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/problem.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

class HistoryBuilder final : public EventSink {
 public:
  // `name` is what messages call the recording: its path.
  explicit HistoryBuilder(std::string name);

  // Where the values of the events are interned.
  ValueTable& values() override { return history_.values_; }

  // Adds the next event in the order of real time. Pairing follows Jepsen: by
  // process; a completion takes its function, key and argument from its call.
  // A process that is an integer or absent is a client. One with a name is a
  // client if it calls with type invoke and is not the `nemesis`; else it makes
  // faults, whose calls and completions are of type info, in turn. An ok
  // completion without a value has the value nil. Amortized O(1).
  void Add(const Event& event) override;

  // Adds a whole operation, in any order; positions follow the times at Build,
  // and operations that touch (one returns when another is called) are
  // concurrent. A history is built of events or of operations, not of both.
  void AddOperation(const OperationEvent& operation) override;

  // Ends the reading: finds what can be seen only at the end (whole operations
  // of one process that overlap), and sorts the problems by position. Build
  // does it where the caller has not.
  void Finish();

  // Records a problem that the caller found.
  void Report(Problem problem) override;

  // What was wrong so far, after Finish in the order of the file. At most
  // kMaxProblems are kept; `problem_count` counts them all.
  const std::vector<Problem>& problems() const { return problems_; }
  size_t problem_count() const { return problem_count_; }
  bool has_errors() const { return error_count_ > 0; }
  // Whether it is built of whole operations.
  bool has_operations() const { return has_operations_; }

  // How many operations there are so far, and what they occupy.
  size_t size() const { return history_.size(); }
  size_t MemoryBytes() const;
  // How much more it might be after `values` further values.
  size_t GrowthBytes(size_t values) const;
  size_t value_count() const { return history_.values_.size(); }

  // What was read so far: what has not completed is info. Valid until the next
  // call. O(1), but for columns that few operations have.
  const History& SoFar();

  // Forgets the first `count` operations; the others are numbered anew, but
  // keep their positions. REQUIRES: none of them is open, and the history is
  // built of events. O(operations that stay).
  void DropFirst(OpIndex count);

  // Ends the history: what is still open is info. The builder is spent.
  History Build() &&;

  static constexpr size_t kMaxProblems = 1000;

 private:
  struct ProcessState {
    OpIndex open = kNoOp;    // the operation that has not completed
    bool has_ended = false;  // by info, or by saying so
  };
  static constexpr OpIndex kNoOp = 0xFFFFFFFFu;

  void AddInvoke(const Event& event, ProcessState& process);
  void AddCompletion(const Event& event, ProcessState& process);
  void CheckCompletion(const Event& event, OpIndex op);
  void CheckOrder(const Event& event);
  OpIndex AppendRow(const Event& event, bool is_client);
  void SetOptional(std::vector<ValueId>& column, OpIndex op, ValueId value);
  void SetTime(std::vector<Nanoseconds>& column, OpIndex op, Nanoseconds time);
  void PadColumns();
  void PlaceOperations();
  void PermuteRows(const std::vector<OpIndex>& order);
  void CheckOverlaps();
  void CheckReuse(TextPosition position, ValueId process, ProcessState& state);
  bool StartsOperation(const Event& event, const ProcessState& process) const;
  void SetPosition(OpIndex op, TextPosition position,
                   std::vector<uint32_t>& lines,
                   std::vector<uint32_t>& columns);
  void Complain(Severity severity, std::string code, TextPosition position,
                std::string message, std::string hint);
  bool IsNumbered(ValueId process) const;
  bool IsClient(ValueId process, EventType call) const;
  std::string Name(ValueId value) const;

  History history_;
  ValueId nemesis_;
  absl::flat_hash_map<uint32_t, ProcessState> processes_;
  std::vector<Problem> problems_;
  size_t problem_count_ = 0;
  size_t error_count_ = 0;
  Nanoseconds last_time_ = kNoTime;
  int64_t last_index_ = -1;
  bool has_events_ = false;
  bool has_operations_ = false;
  bool finished_ = false;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_HISTORY_BUILDER_H_
