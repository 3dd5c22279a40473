#include "checker/visibility_options.h"

namespace minos::checker {

std::optional<ArbitrationMode> ArbitrationModeFromName(std::string_view name) {
  if (name == "session") return ArbitrationMode::kSession;
  if (name == "none") return ArbitrationMode::kNone;
  if (name == "realtime") return ArbitrationMode::kRealTime;
  if (name == "versions") return ArbitrationMode::kVersions;
  return std::nullopt;
}

RuleSet ArbitrationRules(ArbitrationMode mode) {
  switch (mode) {
    case ArbitrationMode::kNone:
      return kInitialFirst;
    case ArbitrationMode::kSession:
      return kInitialFirst | kSessionArbitration;
    case ArbitrationMode::kRealTime:
      return kInitialFirst | kSessionArbitration | kRealTimeArbitration;
    case ArbitrationMode::kVersions:
      return kInitialFirst | kSessionArbitration | kVersionArbitration;
  }
  return kInitialFirst;
}

}  // namespace minos::checker
