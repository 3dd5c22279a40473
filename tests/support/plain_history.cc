#include "tests/support/plain_history.h"

#include <algorithm>
#include <tuple>

#include "history/event.h"
#include "history/history_builder.h"

namespace minos::testing {

using history::ValueId;

PlainValue PlainValue::Bool(bool value) {
  PlainValue plain;
  plain.kind = Kind::kBool;
  plain.number = value ? 1 : 0;
  return plain;
}

PlainValue PlainValue::List(std::vector<PlainValue> items) {
  PlainValue plain;
  plain.kind = Kind::kList;
  plain.items = std::move(items);
  return plain;
}

PlainValue PlainValue::Map(
    std::vector<std::pair<PlainValue, PlainValue>> entries) {
  std::sort(entries.begin(), entries.end());
  PlainValue plain;
  plain.kind = Kind::kMap;
  for (auto& [key, value] : entries) {
    plain.items.push_back(List({std::move(key), std::move(value)}));
  }
  return plain;
}

bool operator<(const PlainValue& a, const PlainValue& b) {
  return std::tie(a.kind, a.number, a.text, a.items) <
         std::tie(b.kind, b.number, b.text, b.items);
}

std::string ToText(const PlainValue& value) {
  switch (value.kind) {
    case PlainValue::Kind::kNil:
      return "nil";
    case PlainValue::Kind::kBool:
      return value.number != 0 ? "true" : "false";
    case PlainValue::Kind::kInteger:
      return std::to_string(value.number);
    case PlainValue::Kind::kString:
      return '"' + value.text + '"';
    case PlainValue::Kind::kList:
    case PlainValue::Kind::kMap:
      break;
  }
  const bool is_map = value.kind == PlainValue::Kind::kMap;
  std::string text(1, is_map ? '{' : '[');
  for (const PlainValue& item : value.items) {
    if (text.size() > 1) text += ' ';
    text += is_map ? ToText(item.items[0]) + ' ' + ToText(item.items[1])
                   : ToText(item);
  }
  return text + (is_map ? '}' : ']');
}

std::string ToText(const PlainHistory& history) {
  std::string text =
      history.type + ", initially " + ToText(history.initial) + '\n';
  for (const PlainOperation& op : history.operations) {
    text += "  [" + std::to_string(op.call) + ", " +
            (op.outcome == PlainOutcome::kInfo ? "…" : std::to_string(op.end)) +
            "] " + op.function + ' ' + ToText(op.argument);
    if (op.outcome == PlainOutcome::kOk) text += " → " + ToText(op.result);
    if (op.outcome == PlainOutcome::kInfo) text += " info";
    if (op.outcome == PlainOutcome::kFail) text += " fail";
    text += '\n';
  }
  return text;
}

ValueId Intern(const PlainValue& value, history::ValueTable& values) {
  switch (value.kind) {
    case PlainValue::Kind::kNil:
      return history::kNil;
    case PlainValue::Kind::kBool:
      return history::ValueTable::Bool(value.number != 0);
    case PlainValue::Kind::kInteger:
      return values.Integer(value.number);
    case PlainValue::Kind::kString:
      return values.String(value.text);
    case PlainValue::Kind::kList:
    case PlainValue::Kind::kMap:
      break;
  }
  std::vector<ValueId> ids;
  for (const PlainValue& item : value.items) {
    if (value.kind == PlainValue::Kind::kMap) {
      ids.push_back(Intern(item.items[0], values));
      ids.push_back(Intern(item.items[1], values));
    } else {
      ids.push_back(Intern(item, values));
    }
  }
  return value.kind == PlainValue::Kind::kMap ? values.Map(ids)
                                              : values.List(ids);
}

std::pair<history::History, ValueId> ToHistory(const PlainHistory& plain) {
  history::HistoryBuilder builder("random");
  std::vector<std::pair<int, history::Event>> events;
  for (size_t i = 0; i < plain.operations.size(); ++i) {
    const PlainOperation& op = plain.operations[i];
    history::Event event;
    event.type = history::EventType::kInvoke;
    event.process = builder.values().Integer(static_cast<int64_t>(i));
    event.function = builder.values().Keyword(op.function);
    event.value = Intern(op.argument, builder.values());
    events.emplace_back(op.call, event);
    if (op.outcome == PlainOutcome::kInfo) continue;
    event.type = op.outcome == PlainOutcome::kOk ? history::EventType::kOk
                                                 : history::EventType::kFail;
    event.value = Intern(op.result, builder.values());
    events.emplace_back(op.end, event);
  }
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [position, event] : events) builder.Add(event);
  const ValueId initial = Intern(plain.initial, builder.values());
  return {std::move(builder).Build(), initial};
}

}  // namespace minos::testing
