#include "tests/support/tiny_history.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "history/event.h"
#include "history/history_builder.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::testing {

using history::Event;
using history::EventType;
using history::Outcome;
using history::ValueId;
using history::ValueTable;

namespace {

std::string_view FunctionOf(TinyType type, const TinyOp& op) {
  if (op.is_read) return "read";
  switch (type) {
    case TinyType::kRegister:
      return "write";
    case TinyType::kCounter:
    case TinyType::kSet:
      return "add";
    case TinyType::kList:
      return "append";
  }
  return "";
}

ValueId ValueOf(TinyType type, const TinyOp& op, ValueTable& values) {
  const bool is_collection = type == TinyType::kSet || type == TinyType::kList;
  if (op.is_read && is_collection) {
    std::vector<ValueId> elements;
    for (const int element : op.shown) {
      elements.push_back(values.Integer(element));
    }
    return type == TinyType::kSet ? values.Set(elements)
                                  : values.List(elements);
  }
  if (type == TinyType::kRegister && op.value == 0) return history::kNil;
  return values.Integer(op.value);
}

// The further fields of the completion of `op`.
ValueId ExtrasOf(const TinyOp& op, ValueTable& values) {
  std::vector<ValueId> fields;  // names and values in turn
  if (op.is_final) {
    fields.insert(fields.end(), {values.Keyword("final"), history::kTrue});
  }
  if (op.version != 0) {
    fields.insert(fields.end(),
                  {values.Keyword("version"), values.Integer(op.version)});
  }
  return fields.empty() ? history::kNoValue : values.Map(fields);
}

EventType CompletionOf(const TinyOp& op) {
  switch (op.outcome) {
    case Outcome::kOk:
      return EventType::kOk;
    case Outcome::kFail:
      return EventType::kFail;
    case Outcome::kInfo:
      return EventType::kInfo;
  }
  return EventType::kInfo;
}

struct Moment {
  int position;
  bool is_return;
  size_t op;
};

std::vector<Moment> MomentsOf(const TinyHistory& tiny) {
  std::vector<Moment> moments;
  for (size_t i = 0; i < tiny.size(); ++i) {
    moments.push_back({tiny[i].call, false, i});
    if (tiny[i].ret < kTinyNever) moments.push_back({tiny[i].ret, true, i});
  }
  std::sort(
      moments.begin(), moments.end(),
      [](const Moment& a, const Moment& b) { return a.position < b.position; });
  return moments;
}

}  // namespace

std::string DataTypeOf(TinyType type) {
  switch (type) {
    case TinyType::kRegister:
      return "register";
    case TinyType::kCounter:
      return "counter";
    case TinyType::kSet:
      return "g-set";
    case TinyType::kList:
      return "list-append";
  }
  return "";
}

history::History ToHistory(const TinyHistory& tiny, TinyType type, int heal) {
  history::HistoryBuilder builder("tiny");
  ValueTable& values = builder.values();
  uint32_t line = 0;
  bool is_healed = heal == kTinyNever;
  const auto add_heal = [&] {
    is_healed = true;
    for (int end = 0; end < 2; ++end) {
      Event event;
      event.position = {++line, 1};
      event.process = values.Keyword("nemesis");
      event.time = int64_t{heal} * 10;
      event.type = EventType::kInfo;
      event.function = values.Keyword("heal");
      builder.Add(event);
    }
  };
  for (const Moment& moment : MomentsOf(tiny)) {
    if (!is_healed && heal <= moment.position) add_heal();
    const TinyOp& op = tiny[moment.op];
    Event event;
    event.time = int64_t{moment.position} * 10;
    event.position = {++line, 1};
    event.process = values.Integer(static_cast<int64_t>(moment.op));
    event.value = ValueOf(type, op, values);
    if (!moment.is_return) {
      event.type = EventType::kInvoke;
      event.function = values.Keyword(FunctionOf(type, op));
      if (op.is_read) event.value = history::kNil;
      event.key = values.String(op.key == 0 ? "x" : "y");
      event.session = values.Integer(op.session);
    } else {
      event.type = CompletionOf(op);
      event.extras = ExtrasOf(op, values);
    }
    builder.Add(event);
  }
  if (!is_healed) add_heal();
  return std::move(builder).Build();
}

std::string ToString(const TinyHistory& tiny) {
  std::string out;
  for (const TinyOp& op : tiny) {
    absl::StrAppend(
        &out, "s", op.session, " ", op.is_read ? "r" : "w",
        op.key == 0 ? "(x)" : "(y)", op.value,
        op.shown.empty() ? std::string()
                         : absl::StrCat("{", absl::StrJoin(op.shown, ","), "}"),
        " [", op.call, ",", op.ret, "] ",
        op.outcome == Outcome::kOk     ? "ok"
        : op.outcome == Outcome::kFail ? "fail"
                                       : "info",
        op.is_final ? " final" : "",
        op.version == 0 ? std::string() : absl::StrCat(" version ", op.version),
        "\n");
  }
  return out;
}

}  // namespace minos::testing
