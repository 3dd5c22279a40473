// A history: what happened, as columns of integers.
//
// Operations are numbered in the order of their calls. A million of them take
// about 80 bytes each, besides the values. A History is made by a
// HistoryBuilder and then does not change, but for new values being interned.
//
// Thread safety: const methods may be called from many threads at once.

#ifndef MINOS_HISTORY_HISTORY_H_
#define MINOS_HISTORY_HISTORY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "history/operation.h"
#include "history/text_position.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

class History {
 public:
  History() = default;
  History(History&&) = default;
  History& operator=(History&&) = default;
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  size_t size() const { return functions_.size(); }
  // How many calls and completions there are; every Position is smaller.
  size_t event_count() const { return event_count_; }
  // What the recording is called in messages: the path as the user gave it.
  const std::string& name() const { return name_; }

  const ValueTable& values() const { return values_; }
  ValueTable& mutable_values() { return values_; }

  // One column of one operation; see Operation for what each means.
  ValueId process(OpIndex op) const { return processes_[op]; }
  ValueId function(OpIndex op) const { return functions_[op]; }
  ValueId key(OpIndex op) const { return GetOr(keys_, op); }
  ValueId argument(OpIndex op) const { return arguments_[op]; }
  ValueId result(OpIndex op) const { return results_[op]; }
  ValueId node(OpIndex op) const { return GetOr(nodes_, op); }
  // The `session` field, or the process where there is none.
  ValueId session(OpIndex op) const {
    const ValueId session = GetOr(sessions_, op);
    return session == kNoValue ? processes_[op] : session;
  }
  Position call(OpIndex op) const { return calls_[op]; }
  Position completion(OpIndex op) const { return completions_[op]; }
  // Where the operation certainly had taken effect: its completion if it is ok
  // or fail, kNever if it is info.
  Position return_position(OpIndex op) const {
    return outcomes_[op] == Outcome::kInfo ? kNever : completions_[op];
  }
  Outcome outcome(OpIndex op) const { return outcomes_[op]; }
  bool is_client(OpIndex op) const { return is_client_[op]; }
  Nanoseconds call_time(OpIndex op) const { return GetOr(call_times_, op); }
  Nanoseconds completion_time(OpIndex op) const {
    return GetOr(completion_times_, op);
  }
  uint32_t call_line(OpIndex op) const { return call_lines_[op]; }
  uint32_t completion_line(OpIndex op) const { return completion_lines_[op]; }
  // Where the call and the completion begin in the file; the completion's line
  // is 0 if there is none.
  TextPosition call_origin(OpIndex op) const {
    return {call_lines_[op], call_columns_.empty() ? 1 : call_columns_[op]};
  }
  TextPosition completion_origin(OpIndex op) const {
    return {completion_lines_[op],
            completion_columns_.empty() ? 1 : completion_columns_[op]};
  }
  // The value of a completion that is not ok, often an error; else kNoValue.
  ValueId completion_value(OpIndex op) const {
    return GetOr(completion_values_, op);
  }
  // The further fields of the call and of the completion, as maps; kNoValue if
  // there are none.
  ValueId call_extras(OpIndex op) const { return GetOr(call_extras_, op); }
  ValueId completion_extras(OpIndex op) const {
    return GetOr(completion_extras_, op);
  }
  // A further field of the completion, or else of the call; kNoValue if neither
  // has it.
  ValueId Extra(OpIndex op, std::string_view name) const;

  // The whole row.
  Operation operation(OpIndex op) const;

  // Whether any operation has one.
  bool has_keys() const { return !keys_.empty(); }
  bool has_sessions() const { return !sessions_.empty(); }
  bool has_nodes() const { return !nodes_.empty(); }
  bool has_times() const { return !call_times_.empty(); }

  // What the columns and the values occupy.
  size_t MemoryBytes() const;

 private:
  friend class HistoryBuilder;

  // Columns that most histories lack stay empty.
  static ValueId GetOr(const std::vector<ValueId>& column, OpIndex op) {
    return column.empty() ? kNoValue : column[op];
  }
  static Nanoseconds GetOr(const std::vector<Nanoseconds>& column, OpIndex op) {
    return column.empty() ? kNoTime : column[op];
  }

  std::string name_;
  ValueTable values_;
  size_t event_count_ = 0;
  std::vector<ValueId> processes_;
  std::vector<ValueId> functions_;
  std::vector<ValueId> arguments_;
  std::vector<ValueId> results_;
  std::vector<Position> calls_;
  std::vector<Position> completions_;
  std::vector<uint32_t> call_lines_;
  std::vector<uint32_t> completion_lines_;
  std::vector<Outcome> outcomes_;
  std::vector<bool> is_client_;
  // Empty, or as long as the others.
  std::vector<uint32_t> call_columns_;
  std::vector<uint32_t> completion_columns_;
  std::vector<ValueId> keys_;
  std::vector<ValueId> sessions_;
  std::vector<ValueId> nodes_;
  std::vector<ValueId> call_extras_;
  std::vector<ValueId> completion_extras_;
  std::vector<ValueId> completion_values_;
  std::vector<Nanoseconds> call_times_;
  std::vector<Nanoseconds> completion_times_;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_HISTORY_H_
