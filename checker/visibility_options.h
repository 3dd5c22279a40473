// What the user asks of the models of visibility and arbitration.

#ifndef MINOS_CHECKER_VISIBILITY_OPTIONS_H_
#define MINOS_CHECKER_VISIBILITY_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/visibility_rules.h"
#include "history/value.h"

namespace minos::checker {

// What every arbitration order respects: see docs/consistency-models.md.
enum class ArbitrationMode : uint8_t { kSession, kNone, kRealTime, kVersions };

// The mode called `name` (session, none, realtime, versions); nullopt if there
// is none.
std::optional<ArbitrationMode> ArbitrationModeFromName(std::string_view name);

// The rules that every arbitration order of that mode keeps.
RuleSet ArbitrationRules(ArbitrationMode mode);

struct VisibilityOptions {
  ArbitrationMode arbitration = ArbitrationMode::kSession;
  // Names of the session guarantees that are taken for granted when
  // monotonic-writes or writes-follow-reads is judged; absent: monotonic-reads.
  std::optional<std::vector<std::string>> assume;
  // The value before every update; kNoValue for the default.
  history::ValueId initial = history::kNoValue;
  // Whether a violation is explained, or only stated.
  bool explain = true;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VISIBILITY_OPTIONS_H_
