// What an update of a counter brings along: the past that everybody sees who
// sees it, by the closure rules.

#ifndef MINOS_CHECKER_COUNTER_PASTS_H_
#define MINOS_CHECKER_COUNTER_PASTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/bit_rows.h"
#include "checker/counter_updates.h"
#include "checker/effort.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Grows as steps are taken: each after those before it in its session, and a
// read after the updates that it sees. A step may be taken again, and what has
// followed it then counts no more. What it is given must live as long.
class CounterPasts {
 public:
  // `witnesses`, if not null, marks the sessions whose reads the rules bind.
  CounterPasts(const SessionHistory& steps, const CounterUpdates& updates,
               RuleSet rules, const std::vector<bool>* witnesses,
               Effort& effort);

  // The bytes that this takes.
  static size_t BytesFor(size_t steps, size_t updates);

  // Takes what the steps before `step` in its session hand on to it. O(words).
  void Start(Step step);
  // Ends what Start began: of an update, and of a read that sees `seen`.
  // O(words), and for each update seen if the session's later updates bring
  // it along.
  void FinishUpdate(Step update);
  void FinishRead(Step read, std::span<const BitWord> seen);

  // After Start: the least that a read must see.
  std::span<const BitWord> Base(Step read) const { return bases_[read]; }
  // After FinishUpdate: the update with this number and all that it brings.
  std::span<const BitWord> Of(uint32_t update) const { return pasts_[update]; }

  // True if the rules bind the reads of the session of `step`.
  bool IsWitness(Step step) const {
    return witnesses_ == nullptr || (*witnesses_)[steps_.SessionOf(step)];
  }
  // True if `read` sees nothing but what it chooses, whatever it sees.
  bool IsPlain(Step read) const {
    return !(earlier_seen_ || reads_seen_) || !IsWitness(read);
  }
  // True if what `read` sees bears on other reads.
  bool Binds(Step read) const {
    return reads_seen_ || (seen_stays_ && IsWitness(read));
  }
  // True if what one session sees bears on others.
  bool reads_seen() const { return reads_seen_; }

 private:
  const SessionHistory& steps_;
  const CounterUpdates& updates_;
  const std::vector<bool>* witnesses_;
  Effort& effort_;
  bool own_seen_;
  bool seen_stays_;
  bool earlier_seen_;
  bool reads_seen_;
  size_t words_;
  BitRows pasts_;    // by update
  BitRows bases_;    // by step: what the session's later reads see
  BitRows brought_;  // by step: what the session's later updates bring along
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_PASTS_H_
