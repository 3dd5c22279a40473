// Builds a history in memory and asks for a verdict.

#include <cstdio>
#include <string>
#include <utility>

#include "checker/verdict.h"
#include "history/history_builder.h"

int main() {
  minos::history::HistoryBuilder builder("consumer");
  minos::history::Event event;
  event.process = builder.values().Integer(0);
  event.function = builder.values().Keyword("read");
  builder.Add(event);
  const minos::history::History history = std::move(builder).Build();
  if (history.size() != 1) return 1;
  const minos::checker::Verdict verdict = minos::checker::Combine(
      minos::checker::Verdict::kValid, minos::checker::Verdict::kUnknown);
  std::puts(std::string(minos::checker::ToString(verdict)).c_str());
  return verdict == minos::checker::Verdict::kUnknown ? 0 : 1;
}
