// A test of somebody else's store: records what its clients saw, and asks
// whether a linearizable register could have answered so.

#include <cstdio>
#include <string_view>
#include <utility>

#include "checker/check.h"
#include "history/history_builder.h"

using minos::history::Event;
using minos::history::EventType;
using minos::history::HistoryBuilder;

namespace {

void Record(HistoryBuilder& builder, EventType type, int process,
            std::string_view function, int value) {
  Event event;
  event.type = type;
  event.process = builder.values().Integer(process);
  event.function = builder.values().Keyword(function);
  event.value = builder.values().Integer(value);
  builder.Add(event);
}

}  // namespace

int main() {
  HistoryBuilder builder("test of my store");
  Record(builder, EventType::kInvoke, 0, "write", 1);
  Record(builder, EventType::kOk, 0, "write", 1);
  Record(builder, EventType::kInvoke, 1, "read", 0);
  Record(builder, EventType::kOk, 1, "read", 2);  // nobody wrote 2
  const minos::history::History history = std::move(builder).Build();

  minos::checker::CheckOptions options;
  options.model = "register";
  const auto result = minos::checker::CheckHistory(history, options);
  if (!result.ok()) return 2;
  std::printf("%s\n", ToString(result->verdict).data());
  return result->verdict == minos::checker::Verdict::kViolation ? 0 : 1;
}
