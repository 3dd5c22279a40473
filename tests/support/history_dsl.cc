#include "tests/support/history_dsl.h"

#include <gtest/gtest.h>

#include <utility>

#include "history/edn.h"

namespace minos::testing {

using history::Event;
using history::EventType;

TestHistory& TestHistory::Call(int process, std::string_view function,
                               std::string_view argument,
                               std::string_view key) {
  Add(EventType::kInvoke, process, function, argument, key);
  return *this;
}

TestHistory& TestHistory::Return(int process, std::string_view result) {
  Add(EventType::kOk, process, "", result, "");
  return *this;
}

TestHistory& TestHistory::Fail(int process) {
  Add(EventType::kFail, process, "", "nil", "");
  return *this;
}

TestHistory& TestHistory::Info(int process) {
  Add(EventType::kInfo, process, "", "nil", "");
  return *this;
}

TestHistory& TestHistory::Fault(std::string_view function) {
  history::ValueTable& values = builder_.values();
  for (const EventType type : {EventType::kInvoke, EventType::kInfo}) {
    Event event;
    event.type = type;
    event.process = values.Keyword("nemesis");
    event.function = values.Keyword(function);
    event.value = history::kNil;
    event.position = {++line_, 1};
    builder_.Add(event);
  }
  return *this;
}

void TestHistory::Add(EventType type, int process, std::string_view function,
                      std::string_view value, std::string_view key) {
  history::ValueTable& values = builder_.values();
  Event event;
  event.type = type;
  event.process = values.Integer(process);
  if (!function.empty()) event.function = values.Keyword(function);
  auto parsed = history::ParseEdn(value, values);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  if (parsed.ok()) event.value = *parsed;
  if (!key.empty()) {
    auto parsed_key = history::ParseEdn(key, values);
    EXPECT_TRUE(parsed_key.ok()) << parsed_key.status();
    if (parsed_key.ok()) event.key = *parsed_key;
  }
  event.position = {++line_, 1};
  builder_.Add(event);
}

history::History TestHistory::Build() {
  EXPECT_EQ(builder_.problem_count(), 0u);
  return std::move(builder_).Build();
}

}  // namespace minos::testing
