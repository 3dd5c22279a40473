#include "generators/recorder.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

namespace minos::generators {

using history::Event;
using history::EventType;
using history::kNil;
using history::ValueId;
using targets::Function;
using targets::Operation;
using targets::ProcessId;
using targets::Result;

Recorder::Recorder(std::string name, Keyed keyed)
    : builder_(std::move(name)), keyed_(keyed) {
  for (int f = 0; f <= static_cast<int>(Function::kTransfer); ++f) {
    function_names_.push_back(
        values().Keyword(targets::ToString(static_cast<Function>(f))));
  }
  final_key_ = values().Keyword("final");
  version_key_ = values().Keyword("version");
  error_key_ = values().Keyword("error");
  nemesis_ = values().Keyword("nemesis");
}

ValueId Recorder::IntegerOrNil(int64_t value) {
  return value == targets::kNilValue ? kNil : values().Integer(value);
}

ValueId Recorder::NodeName(NodeId node) {
  return values().String(absl::StrCat("n", node + 1));
}

ValueId Recorder::Argument(const Operation& operation) {
  if (operation.function == Function::kCas) {
    const std::array pair = {IntegerOrNil(operation.expected),
                             IntegerOrNil(operation.argument)};
    return values().List(pair);
  }
  if (operation.function == Function::kTransfer) {
    const std::array entries = {
        values().Keyword("from"),   IntegerOrNil(operation.expected),
        values().Keyword("to"),     IntegerOrNil(operation.other),
        values().Keyword("amount"), IntegerOrNil(operation.argument)};
    return values().Map(entries);
  }
  return IntegerOrNil(operation.argument);
}

ValueId Recorder::ValueOf(const Result& result) {
  if (result.kind == Result::Kind::kNil) return kNil;
  if (result.kind == Result::Kind::kInteger) {
    return values().Integer(result.integer);
  }
  std::vector<ValueId> elements;
  for (int64_t element : result.elements) {
    elements.push_back(IntegerOrNil(element));
  }
  return result.kind == Result::Kind::kList ? values().List(elements)
                                            : values().Map(elements);
}

Event Recorder::MakeEvent(Nanoseconds time, EventType type, ProcessId process,
                          const Operation& operation) {
  Event event;
  event.type = type;
  event.process = values().Integer(process);
  event.function = function_names_[static_cast<size_t>(operation.function)];
  event.value = Argument(operation);
  if (keyed_ == Keyed::kYes) event.key = values().Integer(operation.key);
  event.time = time;
  return event;
}

void Recorder::Add(Event event) {
  event.index = next_index_++;
  // The line on which the event stands when the history is written.
  event.position.line = static_cast<uint32_t>(next_index_);
  event.position.column = 1;
  builder_.Add(event);
}

void Recorder::Invoke(Nanoseconds time, ProcessId process,
                      const Operation& operation, bool is_final) {
  Event event = MakeEvent(time, EventType::kInvoke, process, operation);
  if (is_final) {
    const std::array entries = {final_key_, history::kTrue};
    event.extras = values().Map(entries);
  }
  Add(event);
}

void Recorder::Ok(Nanoseconds time, ProcessId process,
                  const Operation& operation, const targets::Answer& answer,
                  bool is_final) {
  Event event = MakeEvent(time, EventType::kOk, process, operation);
  // Updates that return nothing repeat their argument, as Jepsen's do.
  const bool has_result = operation.function == Function::kRead ||
                          operation.function == Function::kAddAndGet ||
                          operation.function == Function::kDequeue ||
                          operation.function == Function::kPop;
  if (has_result) event.value = ValueOf(answer.result);
  event.node = NodeName(answer.node);
  std::vector<ValueId> extras;
  if (is_final) extras.insert(extras.end(), {final_key_, history::kTrue});
  if (answer.result.version >= 0) {
    extras.insert(extras.end(),
                  {version_key_, values().Integer(answer.result.version)});
  }
  if (!extras.empty()) event.extras = values().Map(extras);
  Add(event);
}

void Recorder::NotOk(Nanoseconds time, EventType type, ProcessId process,
                     const Operation& operation, std::string_view error) {
  Event event = MakeEvent(time, type, process, operation);
  const std::array entries = {error_key_, values().Keyword(error)};
  event.extras = values().Map(entries);
  Add(event);
}

void Recorder::Nemesis(Nanoseconds time, std::string_view function,
                       ValueId value) {
  Event event;
  event.type = EventType::kInfo;
  event.process = nemesis_;
  event.function = values().Keyword(function);
  event.value = value;
  event.time = time;
  Add(event);
  Add(event);
}

history::History Recorder::Finish() && { return std::move(builder_).Build(); }

}  // namespace minos::generators
