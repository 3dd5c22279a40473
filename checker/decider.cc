#include "checker/decider.h"

#include <algorithm>
#include <array>

#include "checker/deciders/deciders.h"

namespace minos::checker {

std::span<const DeciderInfo> AllDeciders() {
  static constexpr std::array kDeciders = {kZones};
  return kDeciders;
}

const DeciderInfo* FindDecider(std::string_view model) {
  for (const DeciderInfo& decider : AllDeciders()) {
    if (std::find(decider.models.begin(), decider.models.end(), model) !=
        decider.models.end()) {
      return &decider;
    }
  }
  return nullptr;
}

}  // namespace minos::checker
