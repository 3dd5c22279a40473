// The happens-before of sessions that are one chain, by one number for each
// step: see ranked_session.cc.

#ifndef MINOS_CHECKER_RANKED_SESSION_H_
#define MINOS_CHECKER_RANKED_SESSION_H_

#include <cstdint>
#include <vector>

#include "checker/budget.h"
#include "checker/session_demands.h"
#include "checker/session_history.h"

namespace minos::checker {

class RankedSession {
 public:
  // All of these outlive this.
  RankedSession(const SessionHistory& steps, const WritesBefore& before,
                Budget& budget)
      : steps_(steps),
        before_(before),
        budget_(budget),
        latest_(steps.key_names.size()) {}

  // The demands of the session that `chain` is. Means nothing once the budget
  // is exhausted. O(n + own reads · chains) for each of few passes.
  SessionDemands Saturate(uint32_t chain);

 private:
  void StartRanks();

  // What real time or versions put before the own write at `position`.
  void LowerBefore(Step own, uint32_t position) {
    for (const auto& [write, other] : before_.Of(own)) Lower(other, position);
  }

  // `step` is hb before the own step at `position`.
  void Lower(Step step, uint32_t position);

  // The updates in the order of their ranks.
  void SortByRank();

  void See(Step update);

  SessionDemands Pass();

  void Judge(Step read, SessionDemands& result);

  const SessionHistory& steps_;
  const WritesBefore& before_;
  Budget& budget_;
  uint32_t chain_ = 0;
  Step begin_ = 0;
  Step end_ = 0;
  bool fell_ = false;
  std::vector<uint32_t> rank_;  // by step
  std::vector<uint32_t> bucket_;
  std::vector<Step> sorted_;
  std::vector<Step> stack_;
  std::vector<std::vector<Step>> latest_;  // by key: of each chain the latest
  std::vector<uint32_t> touched_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_RANKED_SESSION_H_
