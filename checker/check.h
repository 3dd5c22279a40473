// The one call that judges a history.

#ifndef MINOS_CHECKER_CHECK_H_
#define MINOS_CHECKER_CHECK_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/partition.h"
#include "checker/session_choice.h"
#include "checker/verdict.h"
#include "checker/visibility.h"
#include "history/history.h"
#include "history/value.h"

namespace minos::checker {

// What is judged, and how.
struct CheckOptions {
  // Names of consistency models (see AllConsistencies), or "all" (see
  // lattice.h).
  std::vector<std::string> consistencies = {"linearizable"};
  // Name of a data type, or "auto" to infer it from the functions.
  std::string model = "auto";
  // How linearizability is decided; see AllAlgorithms.
  std::string algorithm = "auto";
  KeyChoice keys = KeyChoice::kAuto;
  // The initial value, interned in the table of the history; kNoValue for the
  // default of the data type.
  history::ValueId initial = history::kNoValue;
  Limits limits;
  // Whether a violation is reduced to a small core.
  bool explain = true;
  // For the models below sequential: what every arbitration respects, which
  // guarantees are assumed (see VisibilityOptions), and what tells the sessions
  // (see SessionsBy).
  ArbitrationMode arbitration = ArbitrationMode::kSession;
  std::optional<std::vector<std::string>> assume;
  std::string session_by;
  // Whether a valid sequential check returns its linearization.
  bool certificate = false;
};

// The verdicts on one history.
struct HistoryVerdict {
  Verdict verdict = Verdict::kValid;  // of all the checks together
  // How the history was read: what `auto` chose, one sentence each.
  std::vector<std::string> notes;
  std::vector<CheckResult> checks;
  // Where the keys were found that split the history, and the initial value
  // that was asked for (kNoValue: the default of the data type).
  Keying keying = Keying::kNone;
  history::ValueId initial = history::kNoValue;
};

// Judges `history`. InvalidArgument, in words for the user, if a name is
// unknown (with the nearest one) or the history does not fit the data type. The
// result is a function of the arguments alone, but for what a limit cut short.
absl::StatusOr<HistoryVerdict> CheckHistory(const history::History& history,
                                            const CheckOptions& options);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CHECK_H_
