// The objects that a replicated log serves: registers with compare-and-set,
// counters, sets, queues, stacks, lists, locks, and a bank.
//
// Deterministic: the same operations in the same order give the same results
// and the same state on every replica.

#ifndef MINOS_TARGETS_STORES_STATE_MACHINE_H_
#define MINOS_TARGETS_STORES_STATE_MACHINE_H_

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "targets/request.h"

namespace minos::targets {

// What became of one operation.
struct Effect {
  AnswerStatus status = AnswerStatus::kOk;
  Result result;
};

class StateMachine {
 public:
  Effect Apply(const Operation& operation);
  // REQUIRES: operation.function is kRead.
  Result Read(const Operation& operation) const;

  static constexpr int64_t kAccounts = 5;
  static constexpr int64_t kInitialBalance = 10;

 private:
  Effect Cas(const Operation& operation);
  Effect Take(const Operation& operation);
  Effect Transfer(const Operation& operation);
  Result Accounts() const;

  std::map<int32_t, int64_t> integers_;  // registers and counters
  std::map<int32_t, std::set<int64_t>> sets_;
  std::map<int32_t, std::deque<int64_t>> sequences_;  // queues, stacks, lists
  std::set<int32_t> held_locks_;
  std::map<int64_t, int64_t> moved_;  // by account: what came and went
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_STATE_MACHINE_H_
