// What the happens-before of one session (hb; see causal_memory.cc) demands of
// the order of the updates.

#ifndef MINOS_CHECKER_SESSION_DEMANDS_H_
#define MINOS_CHECKER_SESSION_DEMANDS_H_

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// `update` must come before `source`, since `read` sees it and returned that.
struct Demand {
  Step update;
  Step source;
  Step read;
};

// What a session's hb demands.
struct SessionDemands {
  std::vector<Demand> demands;
  // A read of the initial value that sees an update, and the update.
  Step blind_read = kNoStep;
  Step seen_update = kNoStep;
};

// The writes that real time or versions put right before each write.
class WritesBefore {
 public:
  // None, unless `arbitration` has such a rule. O(n log n).
  WritesBefore(const SessionHistory& steps, RuleSet arbitration);

  // Pairs of `write` and one that comes before it.
  std::span<const std::pair<Step, Step>> Of(Step write) const;
  bool empty() const { return pairs_.empty(); }

 private:
  std::vector<std::pair<Step, Step>> pairs_;
  std::vector<size_t> begin_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_DEMANDS_H_
