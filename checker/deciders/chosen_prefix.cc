#include "checker/deciders/chosen_prefix.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;

// The returns up to that of `last`, in their order.
std::vector<std::pair<Moment, OpIndex>> ReturnsUpTo(OpIndex last,
                                                    const DeciderInput& input) {
  std::vector<std::pair<Moment, OpIndex>> returns;
  for (const ObservedCall& call : input.calls) {
    if (call.end != kNever) {
      returns.emplace_back(MomentOf(call.end), call.operation);
    }
  }
  std::sort(returns.begin(), returns.end());
  while (returns.back().second != last) returns.pop_back();
  return returns;
}

// REQUIRES: some operation returns.
OpIndex LastToReturn(const DeciderInput& input) {
  const auto returns_before = [](const ObservedCall& a, const ObservedCall& b) {
    return (a.end == kNever ? kStart : MomentOf(a.end)) <
           (b.end == kNever ? kStart : MomentOf(b.end));
  };
  return std::max_element(input.calls.begin(), input.calls.end(),
                          returns_before)
      ->operation;
}

// Whether the prefix up to `last` is linearizable; the next return is that of
// `next`. Nothing if that is not known.
std::optional<bool> IsLinearizable(ChoosingJudge& judge, Moment last,
                                   OpIndex next) {
  if (judge.IsCertainlyValid(last, next)) return true;
  if (judge.Judge(last)) return false;
  const RemovalChoice::Kind choice = judge.Choose(last);
  if (choice == RemovalChoice::Kind::kGivenUp) return std::nullopt;
  return choice == RemovalChoice::Kind::kFound;
}

// The violation `decision`, which is certain when its culprit returns: goes
// back to where it became certain, or says that its culprit is not exact.
Decision GoBack(ChoosingJudge& judge, const DeciderInput& input,
                Decision decision, Budget& budget) {
  const Allowance allowance(
      budget, input.calls.size() * sizeof(std::pair<Moment, OpIndex>));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  const auto returns = ReturnsUpTo(decision.culprit, input);
  // The prefix of the first `good` returns is no violation, that of the first
  // `bad` is one.
  size_t good = 0;
  size_t bad = returns.size();
  bool is_halving = false;
  for (size_t step = 1; bad > good + 1 && decision.is_culprit_exact;) {
    const size_t probe =
        is_halving || step >= bad - good ? good + (bad - good) / 2 : bad - step;
    const auto is_linearizable =
        IsLinearizable(judge, returns[probe - 1].first, returns[probe].second);
    if (!is_linearizable) {
      decision.is_culprit_exact = false;
    } else if (*is_linearizable) {
      good = probe;
      is_halving = true;
    } else {
      bad = probe;
      step *= 2;
    }
  }
  decision.culprit = returns[bad - 1].second;
  return budget.Exhausted() ? OutOfBudget(budget) : decision;
}

}  // namespace

Decision DecideByChoosing(ChoosingJudge& judge, const DeciderInput& input,
                          std::string no_choice, std::string no_verdict,
                          Budget& budget) {
  const auto contradiction = judge.Judge(kNever);
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (contradiction) {
    Decision found = MakeViolation(judge, *contradiction, input.calls, budget);
    return found.kind == Decision::Kind::kViolation
               ? GoBack(judge, input, std::move(found), budget)
               : found;
  }
  const RemovalChoice::Kind choice = judge.ChooseForAll();
  if (budget.Exhausted()) return OutOfBudget(budget);
  Decision decision;
  switch (choice) {
    case RemovalChoice::Kind::kFound:
      decision.kind = Decision::Kind::kValid;
      decision.linearization = judge.Linearization();
      return decision;
    case RemovalChoice::Kind::kNone:
      decision.kind = Decision::Kind::kViolation;
      decision.culprit = LastToReturn(input);
      decision.reason = std::move(no_choice);
      return GoBack(judge, input, std::move(decision), budget);
    case RemovalChoice::Kind::kGivenUp:
      break;
  }
  return NotApplicable(std::move(no_verdict));
}

}  // namespace minos::checker
