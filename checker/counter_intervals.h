// What the reads of counters can have returned, told from intervals.

#ifndef MINOS_CHECKER_COUNTER_INTERVALS_H_
#define MINOS_CHECKER_COUNTER_INTERVALS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "checker/session_history.h"
#include "checker/sum_range.h"
#include "checker/verdict.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Finds the reads whose sums no updates make, and those that break
// read-your-writes or monotonic reads whatever they saw. It does not find all
// that is wrong. See counter_intervals.cc.
class CounterIntervals {
 public:
  // O(n log n). `steps` must live as long. `witnesses`, if not null, marks the
  // sessions whose reads the rules bind. Violations are empty if not `explain`.
  CounterIntervals(const SessionHistory& steps, RuleSet rules, bool explain,
                   const std::vector<bool>* witnesses);

  // Tells `report` what breaks an interval: the read and the violation.
  // O(n · (log n + keys of a session)).
  using Report = absl::FunctionRef<void(Step read, Violation violation)>;
  void Run(Report report);

 private:
  // What a chain has done to a key.
  struct Past {
    uint32_t key;
    SumRange own;         // its updates
    SumRange own_before;  // those before its last read
    Step read = kNoStep;
  };

  void SumUp(uint32_t key);
  Past& PastOf(uint32_t key);
  void Sweep(uint32_t chain, Report report);
  void Judge(Step read, const Past& past, Report report) const;
  bool Divides(Step read) const;
  SumRange PossibleFor(Step read) const;
  SumRange OwnSeenBy(Step read, const Past& past) const;

  Violation Unreachable(Step read, const SumRange& possible) const;
  Violation WithoutOwn(Step read, const SumRange& own,
                       const SumRange& others) const;
  Violation WrongChange(Step read, Step before, const SumRange& between,
                        const SumRange& others) const;
  std::vector<Step> OwnUpdates(Step read, Step after) const;

  const SessionHistory& steps_;
  RuleSet rules_;
  bool explain_;
  const std::vector<bool>* witnesses_;
  int64_t initial_;
  // By key.
  std::vector<std::vector<Step>> by_call_;     // its updates
  std::vector<std::vector<SumRange>> ranges_;  // of the first i of these
  std::vector<int64_t> divisors_;
  std::vector<Past> pasts_;  // of one chain
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_INTERVALS_H_
