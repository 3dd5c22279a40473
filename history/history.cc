#include "history/history.h"

#include <string_view>

namespace minos::history {
namespace {

template <typename T>
size_t BytesOf(const std::vector<T>& column) {
  return column.capacity() * sizeof(T);
}

}  // namespace

ValueId History::Extra(OpIndex op, std::string_view name) const {
  const ValueId key = values_.FindString(name);
  if (key == kNoValue) return kNoValue;
  for (ValueId extras : {completion_extras(op), call_extras(op)}) {
    if (extras == kNoValue) continue;
    const ValueId found = values_.Get(extras, key);
    if (found != kNoValue) return found;
  }
  return kNoValue;
}

Operation History::operation(OpIndex op) const {
  Operation row;
  row.process = processes_[op];
  row.function = functions_[op];
  row.key = GetOr(keys_, op);
  row.argument = arguments_[op];
  row.result = results_[op];
  row.session = GetOr(sessions_, op);
  row.node = GetOr(nodes_, op);
  row.call_extras = call_extras(op);
  row.completion_extras = completion_extras(op);
  row.completion_value = completion_value(op);
  row.call = calls_[op];
  row.completion = completions_[op];
  row.call_time = GetOr(call_times_, op);
  row.completion_time = GetOr(completion_times_, op);
  row.call_line = call_lines_[op];
  row.completion_line = completion_lines_[op];
  row.outcome = outcomes_[op];
  row.is_client = is_client_[op];
  return row;
}

size_t History::MemoryBytes() const {
  return values_.MemoryBytes() + BytesOf(processes_) + BytesOf(functions_) +
         BytesOf(arguments_) + BytesOf(results_) + BytesOf(calls_) +
         BytesOf(completions_) + BytesOf(call_lines_) +
         BytesOf(completion_lines_) + BytesOf(call_columns_) +
         BytesOf(completion_columns_) + BytesOf(outcomes_) +
         is_client_.capacity() / 8 + BytesOf(keys_) + BytesOf(sessions_) +
         BytesOf(nodes_) + BytesOf(call_extras_) + BytesOf(completion_extras_) +
         BytesOf(completion_values_) + BytesOf(call_times_) +
         BytesOf(completion_times_);
}

}  // namespace minos::history
