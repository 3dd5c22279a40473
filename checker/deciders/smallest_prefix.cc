#include "checker/deciders/smallest_prefix.h"

#include <algorithm>

namespace minos::checker {
namespace {

using history::kNever;

// How often a few operations are looked at before all are halved.
constexpr int kMostFoci = 8;

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

// The earliest contradiction by halving among all moments. Means nothing if the
// budget ran out.
Contradiction HalveMoments(PrefixJudge& judge, Contradiction found,
                           Budget& budget) {
  Moment good = kStart;
  while (found.certain > good + 1 && !budget.Exhausted()) {
    const Moment middle = good + (found.certain - good) / 2;
    if (const auto earlier = judge.Judge(middle)) {
      found = *earlier;
    } else {
      good = middle;
    }
  }
  return found;
}

// The earliest contradiction by halving among the returns.
std::optional<Contradiction> HalveReturns(PrefixJudge& judge,
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
  enum class Walk { kBack, kForth, kHalve } walk = Walk::kBack;
  size_t step = 1;
  size_t probe = CountUpTo(returns, found.guess);
  if (probe <= good || probe >= bad) probe = bad - 1;
  const size_t first_probe = probe;
  while (bad > good + 1) {
    const auto earlier = judge.Judge(returns[probe - 1]);
    if (budget.Exhausted()) return std::nullopt;
    if (earlier) {
      found = *earlier;
      bad = CountUpTo(returns, found.certain);
      if (walk == Walk::kForth) walk = Walk::kHalve;
    } else {
      // A guess that was too early is followed up from there.
      walk = walk == Walk::kBack && probe == first_probe ? Walk::kForth : walk;
      if (walk == Walk::kBack) walk = Walk::kHalve;
      good = probe;
    }
    probe = good + (bad - good) / 2;
    if (walk == Walk::kBack) probe = std::max(bad, good + 1 + step) - step;
    if (walk == Walk::kForth) probe = std::min(good + step, bad - 1);
    step *= 2;
  }
  return found;
}

}  // namespace

std::optional<Contradiction> FindEarliest(PrefixJudge& judge,
                                          Contradiction found,
                                          std::span<const ObservedCall> calls,
                                          Budget& budget) {
  for (int i = 0; i < kMostFoci && judge.Focus(); ++i) {
    found = HalveMoments(judge, found, budget);
    judge.Unfocus();
    const auto earlier = judge.Judge(found.certain - 1);
    if (budget.Exhausted()) return std::nullopt;
    if (!earlier) return found;
    found = *earlier;
  }
  return HalveReturns(judge, found, calls, budget);
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
