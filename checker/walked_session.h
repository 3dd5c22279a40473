// The happens-before of sessions that are several chains. These have no
// positions (see ranked_session.cc), so it is saturated by walking back from
// each own read, again and again: slow, and rare.

#ifndef MINOS_CHECKER_WALKED_SESSION_H_
#define MINOS_CHECKER_WALKED_SESSION_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "checker/budget.h"
#include "checker/session_demands.h"
#include "checker/session_history.h"

namespace minos::checker {

class WalkedSession {
 public:
  // All of these outlive this.
  WalkedSession(const SessionHistory& steps, const WritesBefore& given,
                Budget& budget)
      : steps_(steps), given_(given), budget_(budget) {}

  // The demands of `session`. Means nothing once the budget is exhausted.
  // O(n · own reads) for each pass, of which there are as many as demands at
  // worst.
  SessionDemands Saturate(uint32_t session);

 private:
  void FindOwnReads(uint32_t session);

  // All that is hb before `start`.
  void Walk(Step start);

  const SessionHistory& steps_;
  const WritesBefore& given_;
  Budget& budget_;
  std::vector<Step> reads_;
  std::vector<Step> seen_;
  absl::flat_hash_set<Step> marks_;
  absl::flat_hash_set<std::pair<Step, Step>> demanded_;
  absl::flat_hash_map<Step, std::vector<Step>> before_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_WALKED_SESSION_H_
