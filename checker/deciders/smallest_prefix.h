// From "some prefix is violated" to the smallest one that is.
//
// A prefix of a history is what had happened at some moment: what was called
// later is not there, and what returned later is still open, so that nobody
// knows its result or whether it took effect. A linearization of a history
// yields one of each prefix, so violation is monotone: there is one return at
// which it becomes certain.
//
// A decider judges whole prefixes, and says of a contradiction by which moment
// it was certain. That is usually the answer already. So the search walks back
// from there (or on from a moment that the decider guesses) with doubling steps
// and halves only the last one: two judgements in the usual case, O(log n)
// always.
//
// Where it is not, a decider may name a few operations that are a contradiction
// by themselves. When these became one is found by halving, which costs little;
// and the prefix before that, judged whole, usually is no violation.

#ifndef MINOS_CHECKER_DECIDERS_SMALLEST_PREFIX_H_
#define MINOS_CHECKER_DECIDERS_SMALLEST_PREFIX_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/decider.h"
#include "history/operation.h"

namespace minos::checker {

// A position plus one, so that 0 is before everything; kNever is kNever.
using Moment = uint32_t;
inline constexpr Moment kStart = 0;
constexpr Moment MomentOf(history::Position position) {
  return position == history::kNever ? history::kNever : position + 1;
}

// Why a prefix is violated. What `rule`, `first` and `second` mean is up to the
// decider, which puts them into words only when asked.
struct Contradiction {
  Moment certain = history::kNever;  // the prefix up to here is violated
  int rule = 0;
  uint32_t first = 0;
  uint32_t second = 0;
  // Where it probably was certain already; worth looking at first.
  Moment guess = history::kNever;
};

// Judges any prefix of one history.
class PrefixJudge {
 public:
  virtual ~PrefixJudge() = default;

  // A contradiction in the events up to `last`, and not later certain; nothing
  // if there is none, or if the budget ran out.
  virtual std::optional<Contradiction> Judge(Moment last) = 0;
  // From now on looks at a few operations only, those that make what the last
  // judgement found a contradiction: what contradicts itself among them does so
  // among all. What is found may then be certain at any moment up to `last`,
  // not only at a return. False, and nothing has changed, if there are no such
  // few operations.
  virtual bool Focus() { return false; }
  // Looks at all operations again.
  virtual void Unfocus() {}
  // One sentence without a full stop.
  virtual std::string Describe(const Contradiction& contradiction) const = 0;
};

// Why a decider that is stuck hands the history to the search. Its proof says
// that this never happens, and the tests hold it to that.
inline constexpr std::string_view kStuck = "the decider contradicts itself";

// The earliest contradiction, given that `found` is one. Empty if the budget
// ran out. `calls` are those of the history that `judge` judges.
std::optional<Contradiction> FindEarliest(PrefixJudge& judge,
                                          Contradiction found,
                                          std::span<const ObservedCall> calls,
                                          Budget& budget);

// The decision that `found` amounts to: walks back to the earliest one.
Decision MakeViolation(PrefixJudge& judge, const Contradiction& found,
                       std::span<const ObservedCall> calls, Budget& budget);

inline Decision NotApplicable(std::string reason) {
  Decision decision;
  decision.reason = std::move(reason);
  return decision;
}

// The decision where `budget` is exhausted.
Decision OutOfBudget(Budget& budget);

// The decision on the whole history by `judge`, a PrefixJudge that also has
// Prepare(), why its precondition does not hold (empty if it does, or if the
// budget was exhausted first), and
// Linearization() of a history without a contradiction, which may be none only
// where the decider is stuck.
template <typename Decider>
Decision DecideWhole(Decider& judge, const DeciderInput& input,
                     Budget& budget) {
  std::string problem = judge.Prepare();
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (!problem.empty()) return NotApplicable(std::move(problem));
  const auto contradiction = judge.Judge(history::kNever);
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (contradiction) {
    return MakeViolation(judge, *contradiction, input.calls, budget);
  }
  std::optional<std::vector<history::OpIndex>> linearization =
      judge.Linearization();
  if (!linearization) return NotApplicable(std::string(kStuck));
  Decision decision;
  decision.kind = Decision::Kind::kValid;
  decision.linearization = *std::move(linearization);
  return decision;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_SMALLEST_PREFIX_H_
