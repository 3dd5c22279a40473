// Which updates the reads of counters can have seen: a search.

#ifndef MINOS_CHECKER_COUNTER_SEARCH_H_
#define MINOS_CHECKER_COUNTER_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/bit_rows.h"
#include "checker/budget.h"
#include "checker/counter_pasts.h"
#include "checker/counter_updates.h"
#include "checker/effort.h"
#include "checker/session_history.h"
#include "checker/sum_range.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Looks for a set of updates for each read that makes its sum and keeps the
// rules. Complete, unless it gives up: after an effort that depends on the
// history alone, or when the budget is exhausted. See counter_search.cc.
class CounterSearch {
 public:
  enum class Answer : uint8_t { kFound, kNone, kGaveUp };
  static constexpr uint32_t kAllSessions = 0xFFFFFFFFu;

  // What it is given must live as long. `witnesses` as in counter_sums.h.
  CounterSearch(const SessionHistory& steps, RuleSet rules,
                const std::vector<bool>* witnesses, Budget& budget);
  CounterSearch(const CounterSearch&) = delete;
  CounterSearch& operator=(const CounterSearch&) = delete;

  // What it takes, but for the choices of the moment. O(n).
  static size_t BytesFor(const SessionHistory& steps);

  // Fills in what every update brings along; once, before sessions are judged
  // one by one. O(n · words).
  void PrepareUpdates();
  // Judges the reads of one session, or of all. One by one only if no rule
  // lets what a session read bear on others.
  Answer Run(uint32_t session);
  // After kNone: the read that got furthest without an explanation.
  Step culprit() const { return items_[furthest_]; }

 private:
  // The way back to a read, with the candidate at `position` left out next.
  struct Choice {
    size_t item;
    size_t position;
    int64_t need;
    std::vector<BitWord> seen;
    std::vector<BitWord> excluded;
  };

  bool IsOut() const { return effort_.IsSpent() || budget_.Exhausted(); }
  void CollectItems(uint32_t session);

  // Takes the item's step for the first time; false if nothing explains it.
  bool Advance(size_t item);
  // Goes back to the last choice, and takes the other way; `item` becomes its.
  bool Resume(size_t& item);

  // The read that is being explained.
  void See(Step read, uint32_t update);
  bool ApplyVersion(Step read);
  bool IsEligible(Step read, uint32_t update) const;
  bool IsCandidate(Step read, uint32_t update) const;
  SumRange Rest(Step read, size_t position);
  bool Explain(size_t item, size_t position, int64_t need);
  bool TryToSee(size_t item, size_t position, int64_t& need, SumRange& rest);
  bool TryToSeeWithPast(size_t item, size_t position, int64_t& need,
                        SumRange& rest);
  void Push(size_t item, size_t position, int64_t need);
  void Exclude(Step read, size_t position);
  void ExcludeEquals(Step read, size_t position);

  const SessionHistory& steps_;
  Budget& budget_;
  int64_t initial_;
  CounterUpdates updates_;
  size_t words_;
  Effort effort_;
  CounterPasts pasts_;
  std::vector<Step> items_;  // the steps to take, in their order
  std::vector<Choice> choices_;
  std::vector<BitWord> seen_;      // by the read that is being explained
  std::vector<BitWord> excluded_;  // not seen by it
  bool may_swap_ = false;          // its last candidate has equals
  size_t furthest_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_SEARCH_H_
