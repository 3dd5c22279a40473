#include "checker/final_reads.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace minos::checker {

using history::History;
using history::kNever;
using history::kNoValue;
using history::OpIndex;
using history::Position;
using history::ValueKind;

namespace {

bool IsFlagged(const History& history, OpIndex op) {
  return history.Extra(op, "final") == history::kTrue ||
         history.Extra(op, "final?") == history::kTrue;
}

// The last completion of a fault that ends trouble, if there is one.
std::optional<Position> QuietSince(const History& history) {
  std::optional<Position> quiet;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (history.is_client(op) || history.function(op) == kNoValue) continue;
    const history::ValueTable& values = history.values();
    if (values.kind(history.function(op)) != ValueKind::kString) continue;
    const std::string_view name = values.text(history.function(op));
    if (name != "heal" && name != "quiesce") continue;
    const Position end = history.completion(op) == kNever
                             ? history.call(op)
                             : history.completion(op);
    quiet = std::max(quiet.value_or(0), end);
  }
  return quiet;
}

}  // namespace

std::vector<Step> FinalReads(const SessionHistory& steps) {
  const History& history = *steps.history;
  std::vector<Step> flagged;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) && IsFlagged(history, steps.operations[step])) {
      flagged.push_back(step);
    }
  }
  if (!flagged.empty()) return flagged;
  const std::optional<Position> quiet = QuietSince(history);
  if (!quiet) return {};
  Position last = *quiet;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step)) continue;
    const Position end = history.completion(steps.operations[step]);
    last = std::max(last, end == kNever ? steps.call(step) : end);
  }
  for (const Removal& removal : steps.removals) {
    const Position end = history.completion(removal.operation);
    last =
        std::max(last, end == kNever ? history.call(removal.operation) : end);
  }
  std::vector<Step> reads;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) && steps.call(step) > last) reads.push_back(step);
  }
  return reads;
}

}  // namespace minos::checker
