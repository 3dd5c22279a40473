#include "history/history_builder.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

constexpr size_t kNameLength = 40;

// Rearranges `column` so that its new i-th entry is its old order[i]-th.
template <typename T>
void Permute(const std::vector<OpIndex>& order, std::vector<T>& column) {
  if (column.empty()) return;
  std::vector<T> permuted;
  permuted.reserve(column.size());
  for (OpIndex op : order) permuted.push_back(column[op]);
  column = std::move(permuted);
}

}  // namespace

HistoryBuilder::HistoryBuilder(std::string name) {
  history_.name_ = std::move(name);
  nemesis_ = history_.values_.String("nemesis");
}

bool HistoryBuilder::IsNumbered(ValueId process) const {
  const ValueKind kind = history_.values_.kind(process);
  return kind == ValueKind::kInteger || kind == ValueKind::kNil;
}

bool HistoryBuilder::IsClient(ValueId process, EventType call) const {
  return IsNumbered(process) ||
         (process != nemesis_ && call == EventType::kInvoke);
}

// A fault is called and completed by events of type info, in turn.
bool HistoryBuilder::StartsOperation(const Event& event,
                                     const ProcessState& process) const {
  if (event.type == EventType::kInvoke) {
    return event.process != nemesis_ || process.open == kNoOp;
  }
  return event.type == EventType::kInfo && process.open == kNoOp &&
         !IsNumbered(event.process);
}

std::string HistoryBuilder::Name(ValueId value) const {
  return ToShortText(history_.values_, value, kNameLength);
}

void HistoryBuilder::Report(Problem problem) {
  if (problem.severity == Severity::kError) ++error_count_;
  if (++problem_count_ <= kMaxProblems) problems_.push_back(std::move(problem));
}

void HistoryBuilder::Complain(Severity severity, std::string code,
                              TextPosition position, std::string message,
                              std::string hint) {
  Report({severity, std::move(code), position, std::move(message),
          std::move(hint)});
}

void HistoryBuilder::Add(const Event& original) {
  Event event = original;
  if (event.process == kNoValue) event.process = kNil;
  if (has_operations_) {
    Complain(Severity::kError, "mixed-forms", event.position,
             "an event (with `type`) in a file of whole operations (with "
             "`call` and `return`)",
             "write every line in the same form");
    return;
  }
  has_events_ = true;
  CheckOrder(event);
  ProcessState& process = processes_[ToInt(event.process)];
  if (StartsOperation(event, process)) {
    AddInvoke(event, process);
  } else {
    AddCompletion(event, process);
  }
}

void HistoryBuilder::CheckOrder(const Event& event) {
  if (event.time != kNoTime) {
    if (event.time < last_time_) {
      Complain(Severity::kWarning, "time-backwards", event.position,
               absl::StrCat("time runs backwards: ", event.time, " after ",
                            last_time_),
               "the order of the lines is taken as the order of events; sort "
               "the file if it is not");
    }
    last_time_ = event.time;
  }
  if (event.index >= 0) {
    if (event.index <= last_index_) {
      Complain(Severity::kError, "index-backwards", event.position,
               absl::StrCat("index ", event.index, " stands after index ",
                            last_index_),
               "sort the events by index: the order of the lines is the order "
               "of events");
    }
    last_index_ = event.index;
  }
}

void HistoryBuilder::AddInvoke(const Event& event, ProcessState& process) {
  if (process.open != kNoOp) {
    Complain(Severity::kError, "double-invoke", event.position,
             absl::StrCat("process ", Name(event.process), " calls ",
                          Name(event.function), " while its operation of line ",
                          history_.call_lines_[process.open], " is open"),
             "a process has one operation at a time: give each client thread a "
             "process of its own, and record the completion (or `info`)");
    process.open = kNoOp;
  }
  CheckReuse(event.position, event.process, process);
  process.open = AppendRow(event, IsClient(event.process, event.type));
}

void HistoryBuilder::CheckReuse(TextPosition position, ValueId process,
                                ProcessState& state) {
  if (!state.has_ended) return;
  state.has_ended = false;
  Complain(Severity::kWarning, "process-after-info", position,
           absl::StrCat("process ", Name(process),
                        " goes on after an operation that ended in `info`"),
           "give the client a new process id after a crash: the old operation "
           "may still take effect");
}

void HistoryBuilder::AddCompletion(const Event& event, ProcessState& process) {
  if (process.open == kNoOp) {
    Complain(Severity::kError, "orphan-completion", event.position,
             absl::StrCat("process ", Name(event.process),
                          " completes an operation that it never called"),
             "the call is missing: do not filter or cut a recording between a "
             "call and its completion");
    return;
  }
  const OpIndex op = process.open;
  CheckCompletion(event, op);
  process.open = kNoOp;
  const bool is_client = history_.is_client_[op];
  Outcome outcome = Outcome::kInfo;
  if (event.type == EventType::kOk) outcome = Outcome::kOk;
  if (event.type == EventType::kFail) outcome = Outcome::kFail;
  process.has_ended =
      is_client && (outcome == Outcome::kInfo || event.ends_process);
  history_.outcomes_[op] = outcome;
  history_.completions_[op] = static_cast<Position>(history_.event_count_++);
  SetPosition(op, event.position, history_.completion_lines_,
              history_.completion_columns_);
  if (outcome == Outcome::kOk) {
    history_.results_[op] = event.value == kNoValue ? kNil : event.value;
  } else {
    SetOptional(history_.completion_values_, op, event.value);
  }
  if (event.key != kNoValue) SetOptional(history_.keys_, op, event.key);
  if (event.session != kNoValue) {
    SetOptional(history_.sessions_, op, event.session);
  }
  if (event.node != kNoValue) SetOptional(history_.nodes_, op, event.node);
  SetOptional(history_.completion_extras_, op, event.extras);
  SetTime(history_.completion_times_, op, event.time);
}

// A completion has to repeat what its call `op` said.
void HistoryBuilder::CheckCompletion(const Event& event, OpIndex op) {
  if (event.function != kNoValue && event.function != history_.functions_[op] &&
      history_.is_client_[op]) {
    Complain(Severity::kError, "function-mismatch", event.position,
             absl::StrCat("process ", Name(event.process), " completes ",
                          Name(event.function), " but had called ",
                          Name(history_.functions_[op]), " on line ",
                          history_.call_lines_[op]),
             "a completion repeats the `f` of its call");
  }
  if (event.key != kNoValue && history_.key(op) != kNoValue &&
      event.key != history_.key(op)) {
    Complain(Severity::kError, "key-mismatch", event.position,
             absl::StrCat("process ", Name(event.process), " completes on key ",
                          Name(event.key), " but had called on key ",
                          Name(history_.key(op)), " on line ",
                          history_.call_lines_[op]),
             "a completion repeats the `key` of its call");
  }
}

OpIndex HistoryBuilder::AppendRow(const Event& event, bool is_client) {
  const auto op = static_cast<OpIndex>(history_.size());
  history_.processes_.push_back(event.process);
  history_.functions_.push_back(event.function);
  history_.arguments_.push_back(event.value == kNoValue ? kNil : event.value);
  history_.results_.push_back(kNoValue);
  history_.calls_.push_back(static_cast<Position>(history_.event_count_++));
  history_.completions_.push_back(kNever);
  history_.call_lines_.push_back(0);
  history_.completion_lines_.push_back(0);
  history_.outcomes_.push_back(Outcome::kInfo);
  history_.is_client_.push_back(is_client);
  SetPosition(op, event.position, history_.call_lines_, history_.call_columns_);
  SetOptional(history_.keys_, op, event.key);
  SetOptional(history_.sessions_, op, event.session);
  SetOptional(history_.nodes_, op, event.node);
  SetOptional(history_.call_extras_, op, event.extras);
  SetTime(history_.call_times_, op, event.time);
  return op;
}

void HistoryBuilder::AddOperation(const OperationEvent& operation) {
  Event call = operation.call;
  if (call.process == kNoValue) call.process = kNil;
  if (has_events_) {
    Complain(Severity::kError, "mixed-forms", call.position,
             "a whole operation (with `call` and `return`) in a file of events "
             "(with `type`)",
             "write every line in the same form");
    return;
  }
  has_operations_ = true;
  if (operation.return_time != kNoTime &&
      operation.return_time < operation.call_time) {
    Complain(Severity::kError, "time-backwards", call.position,
             absl::StrCat("the operation returns at ", operation.return_time,
                          ", before its call at ", operation.call_time),
             "`call` and `return` are times of one clock; return >= call");
    return;
  }
  call.time = operation.call_time;
  const OpIndex op =
      AppendRow(call, IsClient(call.process, EventType::kInvoke));
  history_.outcomes_[op] = operation.outcome;
  if (operation.outcome == Outcome::kOk) {
    history_.results_[op] =
        operation.result == kNoValue ? kNil : operation.result;
  } else {
    SetOptional(history_.completion_values_, op, operation.result);
  }
  if (operation.return_time != kNoTime) {
    SetPosition(op, call.position, history_.completion_lines_,
                history_.completion_columns_);
    SetTime(history_.completion_times_, op, operation.return_time);
  }
}

void HistoryBuilder::SetOptional(std::vector<ValueId>& column, OpIndex op,
                                 ValueId value) {
  if (value == kNoValue) return;
  if (column.size() <= op) column.resize(op + 1, kNoValue);
  column[op] = value;
}

void HistoryBuilder::SetTime(std::vector<Nanoseconds>& column, OpIndex op,
                             Nanoseconds time) {
  if (time == kNoTime) return;
  if (column.size() <= op) column.resize(op + 1, kNoTime);
  column[op] = time;
}

// Most events begin in column 1, which needs no column of its own.
void HistoryBuilder::SetPosition(OpIndex op, TextPosition position,
                                 std::vector<uint32_t>& lines,
                                 std::vector<uint32_t>& columns) {
  lines[op] = position.line;
  if (position.column <= 1 && columns.size() <= op) return;
  if (columns.size() <= op) columns.resize(op + 1, 1);
  columns[op] = position.column;
}

void HistoryBuilder::PadColumns() {
  const size_t size = history_.size();
  for (auto* column :
       {&history_.call_columns_, &history_.completion_columns_}) {
    if (!column->empty()) column->resize(size, 1);
  }
  for (auto* column : {&history_.keys_, &history_.sessions_, &history_.nodes_,
                       &history_.call_extras_, &history_.completion_extras_,
                       &history_.completion_values_}) {
    if (!column->empty()) column->resize(size, kNoValue);
  }
  for (auto* column : {&history_.call_times_, &history_.completion_times_}) {
    if (!column->empty()) column->resize(size, kNoTime);
  }
}

// Gives whole operations their positions, by merging the calls and the returns,
// each sorted by time. At one moment all calls come before all returns, since
// intervals that touch are concurrent.
void HistoryBuilder::PlaceOperations() {
  std::vector<OpIndex> calls(history_.size());
  std::iota(calls.begin(), calls.end(), OpIndex{0});
  std::vector<OpIndex> returns;
  for (OpIndex op : calls) {
    if (history_.completion_time(op) != kNoTime) returns.push_back(op);
  }
  const auto sort_by = [](const std::vector<Nanoseconds>& times,
                          std::vector<OpIndex>& order) {
    std::sort(order.begin(), order.end(), [&](OpIndex a, OpIndex b) {
      return times[a] != times[b] ? times[a] < times[b] : a < b;
    });
  };
  sort_by(history_.call_times_, calls);
  sort_by(history_.completion_times_, returns);
  Position position = 0;
  auto next = returns.begin();
  for (OpIndex op : calls) {
    while (next != returns.end() &&
           history_.completion_times_[*next] < history_.call_times_[op]) {
      history_.completions_[*next++] = position++;
    }
    history_.calls_[op] = position++;
  }
  while (next != returns.end()) history_.completions_[*next++] = position++;
  history_.event_count_ = position;
  PermuteRows(calls);
}

void HistoryBuilder::PermuteRows(const std::vector<OpIndex>& order) {
  for (auto* column :
       {&history_.processes_, &history_.functions_, &history_.arguments_,
        &history_.results_, &history_.keys_, &history_.sessions_,
        &history_.nodes_, &history_.call_extras_, &history_.completion_extras_,
        &history_.completion_values_}) {
    Permute(order, *column);
  }
  for (auto* column :
       {&history_.calls_, &history_.completions_, &history_.call_lines_,
        &history_.completion_lines_, &history_.call_columns_,
        &history_.completion_columns_}) {
    Permute(order, *column);
  }
  Permute(order, history_.outcomes_);
  Permute(order, history_.is_client_);
  Permute(order, history_.call_times_);
  Permute(order, history_.completion_times_);
}

// A process has one operation at a time, though one may return at the very
// moment at which the next is called.
void HistoryBuilder::CheckOverlaps() {
  absl::flat_hash_map<uint32_t, OpIndex> last;
  for (OpIndex op = 0; op < history_.size(); ++op) {
    if (!history_.is_client(op)) continue;
    const ValueId process = history_.process(op);
    const auto [it, is_first] = last.try_emplace(ToInt(process), op);
    if (is_first) continue;
    const OpIndex before = it->second;
    it->second = op;
    const Nanoseconds end = history_.completion_time(before);
    if (history_.outcome(before) == Outcome::kInfo) {
      ProcessState ended{kNoOp, true};
      CheckReuse(history_.call_origin(op), process, ended);
    } else if (end > history_.call_time(op)) {
      Complain(
          Severity::kError, "double-invoke", history_.call_origin(op),
          absl::StrCat("process ", Name(process), " calls ",
                       Name(history_.function(op)), " at ",
                       history_.call_time(op), " while its operation of line ",
                       history_.call_line(before), " is open until ", end),
          "a process has one operation at a time: give each client thread "
          "a process of its own");
    }
  }
}

size_t HistoryBuilder::MemoryBytes() const {
  return history_.MemoryBytes() +
         processes_.capacity() * sizeof(decltype(processes_)::value_type) +
         problems_.capacity() * sizeof(Problem);
}

size_t HistoryBuilder::GrowthBytes(size_t values) const {
  // All columns grow in one row, one after the other, and each is copied.
  constexpr size_t kFewestCharactersARow = 32;
  constexpr size_t kBytesCopied = 2 * sizeof(Nanoseconds);
  const auto& rows = history_.calls_;
  const bool grows =
      rows.size() + values / kFewestCharactersARow > rows.capacity();
  return history_.values_.GrowthBytes(values) +
         (grows ? rows.size() * kBytesCopied : 0);
}

const History& HistoryBuilder::SoFar() {
  PadColumns();
  return history_;
}

void HistoryBuilder::DropFirst(OpIndex count) {
  const auto drop = [count](auto& column) {
    // Columns that most histories lack may be shorter than the others.
    const size_t dropped = std::min<size_t>(count, column.size());
    column.erase(column.begin(),
                 column.begin() + static_cast<ptrdiff_t>(dropped));
  };
  for (auto* column :
       {&history_.processes_, &history_.functions_, &history_.arguments_,
        &history_.results_, &history_.keys_, &history_.sessions_,
        &history_.nodes_, &history_.call_extras_, &history_.completion_extras_,
        &history_.completion_values_}) {
    drop(*column);
  }
  for (auto* column :
       {&history_.calls_, &history_.completions_, &history_.call_lines_,
        &history_.completion_lines_, &history_.call_columns_,
        &history_.completion_columns_}) {
    drop(*column);
  }
  drop(history_.outcomes_);
  drop(history_.is_client_);
  drop(history_.call_times_);
  drop(history_.completion_times_);
  for (auto& [process, state] : processes_) {
    if (state.open != kNoOp) state.open -= count;
  }
}

void HistoryBuilder::Finish() {
  if (finished_) return;
  finished_ = true;
  PadColumns();
  if (has_operations_) {
    PlaceOperations();
    CheckOverlaps();
  }
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const Problem& a, const Problem& b) {
                     return a.position < b.position;
                   });
}

History HistoryBuilder::Build() && {
  Finish();
  return std::move(history_);
}

}  // namespace minos::history
