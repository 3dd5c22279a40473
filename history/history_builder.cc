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
}

bool HistoryBuilder::IsClient(ValueId process) const {
  const ValueKind kind = history_.values_.kind(process);
  return kind == ValueKind::kInteger || kind == ValueKind::kNil;
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
  const bool is_client = IsClient(event.process);
  // A fault is called and completed by events of type info, in turn.
  const bool is_invoke =
      is_client ? event.type == EventType::kInvoke : process.open == kNoOp;
  if (is_invoke) {
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
  if (process.ended_in_info) {
    Complain(
        Severity::kWarning, "process-after-info", event.position,
        absl::StrCat("process ", Name(event.process),
                     " goes on after an operation that ended in `info`"),
        "give the client a new process id after a crash: the old operation "
        "may still take effect");
    process.ended_in_info = false;
  }
  process.open = AppendRow(event, IsClient(event.process));
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
  process.open = kNoOp;
  const bool is_client = history_.is_client_[op];
  Outcome outcome = Outcome::kInfo;
  if (event.type == EventType::kOk) outcome = Outcome::kOk;
  if (event.type == EventType::kFail) outcome = Outcome::kFail;
  process.ended_in_info = is_client && outcome == Outcome::kInfo;
  history_.outcomes_[op] = outcome;
  history_.completions_[op] = static_cast<Position>(history_.event_count_++);
  history_.completion_lines_[op] = event.position.line;
  if (outcome == Outcome::kOk) {
    history_.results_[op] = event.value;
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

OpIndex HistoryBuilder::AppendRow(const Event& event, bool is_client) {
  const auto op = static_cast<OpIndex>(history_.size());
  history_.processes_.push_back(event.process);
  history_.functions_.push_back(event.function);
  history_.arguments_.push_back(event.value == kNoValue ? kNil : event.value);
  history_.results_.push_back(kNoValue);
  history_.calls_.push_back(static_cast<Position>(history_.event_count_++));
  history_.completions_.push_back(kNever);
  history_.call_lines_.push_back(event.position.line);
  history_.completion_lines_.push_back(0);
  history_.outcomes_.push_back(Outcome::kInfo);
  history_.is_client_.push_back(is_client);
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
  const OpIndex op = AppendRow(call, IsClient(call.process));
  history_.outcomes_[op] = operation.outcome;
  if (operation.outcome == Outcome::kOk) {
    history_.results_[op] = operation.result;
  } else {
    SetOptional(history_.completion_values_, op, operation.result);
  }
  if (operation.return_time != kNoTime) {
    history_.completion_lines_[op] = call.position.line;
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

void HistoryBuilder::PadColumns() {
  const size_t size = history_.size();
  for (auto* column : {&history_.keys_, &history_.sessions_, &history_.nodes_,
                       &history_.call_extras_, &history_.completion_extras_,
                       &history_.completion_values_}) {
    if (!column->empty()) column->resize(size, kNoValue);
  }
  for (auto* column : {&history_.call_times_, &history_.completion_times_}) {
    if (!column->empty()) column->resize(size, kNoTime);
  }
}

// Gives whole operations their positions. At one moment all calls come before
// all returns, since intervals that touch are concurrent.
void HistoryBuilder::PlaceOperations() {
  struct Moment {
    Nanoseconds time;
    bool is_return;
    OpIndex op;
    auto operator<=>(const Moment&) const = default;
  };
  std::vector<Moment> moments;
  for (OpIndex op = 0; op < history_.size(); ++op) {
    moments.push_back({history_.call_times_[op], false, op});
    if (history_.completion_time(op) != kNoTime) {
      moments.push_back({history_.completion_time(op), true, op});
    }
  }
  std::sort(moments.begin(), moments.end());
  std::vector<OpIndex> order;
  order.reserve(history_.size());
  Position position = 0;
  for (const Moment& moment : moments) {
    if (moment.is_return) {
      history_.completions_[moment.op] = position++;
    } else {
      history_.calls_[moment.op] = position++;
      order.push_back(moment.op);
    }
  }
  history_.event_count_ = position;
  for (auto* column :
       {&history_.processes_, &history_.functions_, &history_.arguments_,
        &history_.results_, &history_.keys_, &history_.sessions_,
        &history_.nodes_, &history_.call_extras_, &history_.completion_extras_,
        &history_.completion_values_}) {
    Permute(order, *column);
  }
  Permute(order, history_.calls_);
  Permute(order, history_.completions_);
  Permute(order, history_.call_lines_);
  Permute(order, history_.completion_lines_);
  Permute(order, history_.outcomes_);
  Permute(order, history_.is_client_);
  Permute(order, history_.call_times_);
  Permute(order, history_.completion_times_);
}

History HistoryBuilder::Build() && {
  PadColumns();
  if (has_operations_) PlaceOperations();
  return std::move(history_);
}

}  // namespace minos::history
