#include "checker/decider.h"

#include <algorithm>
#include <array>

#include "checker/deciders/deciders.h"

namespace minos::checker {

std::vector<ObservedCall> ObserveCalls(
    const history::History& history, Keying keying,
    const std::vector<history::OpIndex>& operations) {
  std::vector<ObservedCall> calls;
  calls.reserve(operations.size());
  for (const history::OpIndex op : operations) {
    calls.push_back({op, history.call(op), history.return_position(op),
                     CallOf(history, keying, op)});
  }
  return calls;
}

std::span<const DeciderInfo> AllDeciders() {
  static constexpr std::array kDeciders = {
      kZones,   kQueueOrder, kGrowth,  kPresence, kSnapshots, kCounting,
      kNesting, kPriority,   kPermits, kOffsets,  kDistinct,  kPieces};
  return kDeciders;
}

bool Decides(const DeciderInfo& decider, std::string_view model) {
  return std::find(decider.models.begin(), decider.models.end(), model) !=
         decider.models.end();
}

const DeciderInfo* FindDecider(std::string_view model) {
  for (const DeciderInfo& decider : AllDeciders()) {
    if (Decides(decider, model)) return &decider;
  }
  return nullptr;
}

}  // namespace minos::checker
