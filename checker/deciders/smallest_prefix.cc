#include "checker/deciders/smallest_prefix.h"

#include <algorithm>

namespace minos::checker {
namespace {

using history::kNever;

// The moments of the returns that come before `end`, in order.
std::vector<Moment> ReturnsBefore(Moment end,
                                  std::span<const ObservedCall> calls) {
  std::vector<Moment> returns;
  for (const ObservedCall& call : calls) {
    if (call.end != kNever && MomentOf(call.end) < end) {
      returns.push_back(MomentOf(call.end));
    }
  }
  std::sort(returns.begin(), returns.end());
  return returns;
}

// How many of `returns` are at or before `moment`.
size_t CountUpTo(const std::vector<Moment>& returns, Moment moment) {
  return static_cast<size_t>(
      std::upper_bound(returns.begin(), returns.end(), moment) -
      returns.begin());
}

}  // namespace

std::optional<Contradiction> FindEarliest(PrefixJudge& judge,
                                          Contradiction found,
                                          std::span<const ObservedCall> calls,
                                          Budget& budget) {
  const Allowance allowance(budget, calls.size() * sizeof(Moment));
  if (!allowance.is_granted()) return std::nullopt;
  const std::vector<Moment> returns = ReturnsBefore(found.certain, calls);
  // The prefix of the first `good` returns is no violation, that of the first
  // `bad` and whatever made `found` certain is one.
  size_t good = 0;
  size_t bad = returns.size() + 1;
  size_t step = 1;
  bool is_walking_back = true;
  size_t guess = CountUpTo(returns, found.guess);
  while (bad > good + 1) {
    size_t probe = good + (bad - good) / 2;
    if (guess > good && guess < bad) {
      probe = guess;
    } else if (is_walking_back) {
      probe = std::max(bad, good + 1 + step) - step;
    }
    guess = 0;
    const auto earlier = judge.Judge(returns[probe - 1]);
    if (budget.Exhausted()) return std::nullopt;
    if (earlier) {
      found = *earlier;
      bad = CountUpTo(returns, found.certain);
      step *= 2;
    } else {
      is_walking_back = is_walking_back && probe + step < bad;
      good = probe;
    }
  }
  return found;
}

Decision MakeViolation(PrefixJudge& judge, const Contradiction& found,
                       std::span<const ObservedCall> calls, Budget& budget) {
  const auto earliest = FindEarliest(judge, found, calls, budget);
  if (!earliest) return OutOfBudget(budget);
  Decision decision;
  decision.kind = Decision::Kind::kViolation;
  decision.reason = judge.Describe(*earliest);
  for (const ObservedCall& call : calls) {
    if (call.end != kNever && MomentOf(call.end) == earliest->certain) {
      decision.culprit = call.operation;
    }
  }
  return decision;
}

Decision OutOfBudget(Budget& budget) {
  Decision decision;
  decision.kind = Decision::Kind::kUnknown;
  decision.unknown = budget.Exhausted().value_or(UnknownReason::kTimeLimit);
  return decision;
}

}  // namespace minos::checker
