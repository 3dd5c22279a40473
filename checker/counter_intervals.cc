// Some of what a read can have seen needs no choice:
//
//  - a sum lies between those of all that could lower and all that could raise
//    it, and the amounts' greatest common divisor divides it;
//  - with read-your-writes, the session's own earlier updates are among them;
//  - with monotonic reads, from one read of a session to the next the sum
//    changes by its own updates between, and by others that could be new.
//
// With increments only that is: at least the session's own total, and never
// falling. What breaks an interval is a violation with a short explanation.
//
// All that could be seen are the updates of the key that were called before the
// read returned: the first of them in the order of their calls, so their range
// is looked up.

#include "checker/counter_intervals.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checker/counter_violation.h"
#include "checker/reads_from.h"

namespace minos::checker {

CounterIntervals::CounterIntervals(const SessionHistory& steps, RuleSet rules,
                                   bool explain,
                                   const std::vector<bool>* witnesses)
    : steps_(steps),
      rules_(rules),
      explain_(explain),
      witnesses_(witnesses),
      initial_(InitialSum(steps)),
      by_call_(steps.key_names.size()),
      ranges_(steps.key_names.size()),
      divisors_(steps.key_names.size(), 0) {
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step)) by_call_[steps.keys[step]].push_back(step);
  }
  for (uint32_t key = 0; key < by_call_.size(); ++key) SumUp(key);
}

void CounterIntervals::SumUp(uint32_t key) {
  std::vector<Step>& updates = by_call_[key];
  std::sort(updates.begin(), updates.end(), [&](Step a, Step b) {
    return std::pair(steps_.call(a), a) < std::pair(steps_.call(b), b);
  });
  SumRange range;
  ranges_[key].push_back(range);
  for (const Step update : updates) {
    range.Add(steps_.amounts[update]);
    ranges_[key].push_back(range);
    divisors_[key] = std::gcd(divisors_[key], steps_.amounts[update]);
  }
}

void CounterIntervals::Run(Report report) {
  for (uint32_t chain = 0; chain < steps_.chain_count(); ++chain) {
    Sweep(chain, report);
  }
}

CounterIntervals::Past& CounterIntervals::PastOf(uint32_t key) {
  for (Past& past : pasts_) {
    if (past.key == key) return past;
  }
  pasts_.push_back({key, {}, {}, kNoStep});
  return pasts_.back();
}

void CounterIntervals::Sweep(uint32_t chain, Report report) {
  pasts_.clear();
  for (Step step = steps_.chain_begin[chain];
       step < steps_.chain_begin[chain + 1]; ++step) {
    Past& past = PastOf(steps_.keys[step]);
    if (!steps_.IsRead(step)) {
      past.own.Add(steps_.amounts[step]);
      continue;
    }
    Judge(step, past, report);
    past.read = step;
    past.own_before = past.own;
  }
}

void CounterIntervals::Judge(Step read, const Past& past, Report report) const {
  const SumRange possible = PossibleFor(read);
  const int64_t sum = steps_.amounts[read] - initial_;
  if (!possible.Contains(sum) || !Divides(read)) {
    return report(read, Unreachable(read, possible));
  }
  if (witnesses_ != nullptr && !(*witnesses_)[steps_.SessionOf(read)]) return;
  const SumRange own = OwnSeenBy(read, past);
  const SumRange others = possible - own;
  if (!others.Contains(sum - own.Total())) {
    return report(read, WithoutOwn(read, own, others));
  }
  if (!Has(rules_, kSeenStaysSeen) || past.read == kNoStep) return;
  const SumRange between =
      Has(rules_, kOwnWritesSeen) ? own - past.own_before : own;
  const int64_t change = steps_.amounts[read] - steps_.amounts[past.read];
  if (!others.Contains(change - between.Total())) {
    report(read, WrongChange(read, past.read, between, others));
  }
}

// True if the amounts' divisor divides what `read` returned.
bool CounterIntervals::Divides(Step read) const {
  const int64_t sum = steps_.amounts[read] - initial_;
  const int64_t divisor = divisors_[steps_.keys[read]];
  return divisor == 0 ? sum == 0 : sum % divisor == 0;
}

// All that `read` could have seen.
SumRange CounterIntervals::PossibleFor(Step read) const {
  const uint32_t key = steps_.keys[read];
  const auto end = std::partition_point(
      by_call_[key].begin(), by_call_[key].end(),
      [&](Step update) { return steps_.call(update) < steps_.end(read); });
  return ranges_[key][static_cast<size_t>(end - by_call_[key].begin())];
}

// What of its own session `read` certainly saw.
SumRange CounterIntervals::OwnSeenBy(Step read, const Past& past) const {
  if (Has(rules_, kOwnWritesSeen)) return past.own;
  SumRange own;
  if (IsOwnSum(steps_, read)) own.Add(steps_.amounts[read - 1]);
  return own;
}

Violation CounterIntervals::Unreachable(Step read,
                                        const SumRange& possible) const {
  if (!explain_) return {};
  return CounterViolation(
      steps_, "thin-air-read", read, {},
      absl::StrCat(StepText(steps_, read), " returned ", steps_.amounts[read],
                   ", which no updates make"),
      {absl::StrCat(
          "The updates that were called before it returned make between ",
          initial_ + possible.lowest, " and ", initial_ + possible.highest,
          Divides(read)
              ? std::string()
              : absl::StrCat(", in steps of ", divisors_[steps_.keys[read]]),
          ".")});
}

Violation CounterIntervals::WithoutOwn(Step read, const SumRange& own,
                                       const SumRange& others) const {
  if (!explain_) return {};
  const int64_t total = initial_ + own.Total();
  return CounterViolation(
      steps_, "own-updates-not-seen", read, OwnUpdates(read, kNoStep),
      absl::StrCat(StepText(steps_, read), " returned ", steps_.amounts[read],
                   ", which does not count its session's own updates"),
      {absl::StrCat("What its session had added before makes ", total,
                    ". With what others had added it is between ",
                    total + others.lowest, " and ", total + others.highest,
                    ".")});
}

Violation CounterIntervals::WrongChange(Step read, Step before,
                                        const SumRange& between,
                                        const SumRange& others) const {
  if (!explain_) return {};
  const int64_t least = steps_.amounts[before] + between.Total();
  std::vector<Step> core = OwnUpdates(read, before);
  core.push_back(before);
  return CounterViolation(
      steps_, "update-forgotten", read, std::move(core),
      absl::StrCat(StepText(steps_, read), " returned ", steps_.amounts[read],
                   ", which does not count what its session had seen"),
      {absl::StrCat("Before, ", StepText(steps_, before), " had returned ",
                    steps_.amounts[before],
                    ". What that saw this must see too, so it is between ",
                    least + others.lowest, " and ", least + others.highest,
                    ".")});
}

// The updates of its key that came before `read` in its chain, and after
// `after` if that is a step.
std::vector<Step> CounterIntervals::OwnUpdates(Step read, Step after) const {
  std::vector<Step> core;
  for (Step step = steps_.chain_begin[steps_.chains[read]]; step < read;
       ++step) {
    if (!steps_.IsRead(step) && steps_.keys[step] == steps_.keys[read] &&
        (after == kNoStep || step > after)) {
      core.push_back(step);
    }
  }
  return core;
}

}  // namespace minos::checker
