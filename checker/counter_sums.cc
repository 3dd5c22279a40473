// The sums are judged by what needs no choice first (counter_intervals.cc):
// that takes a moment, and explains itself in a sentence. Only where it finds
// nothing the sets of updates are searched for (counter_search.cc).
//
// What is independent is judged apart: the keys where no rule looks past an
// update, the sessions where none lets what one of them read bear on another.
// Without any rule, and with amounts that differ in their sign alone, the
// intervals say all, and there is no search.

#include "checker/counter_sums.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checker/counter_intervals.h"
#include "checker/counter_search.h"
#include "checker/counter_violation.h"
#include "checker/reads_from.h"

namespace minos::checker {
namespace {

using history::kNoValue;

// What the sets may take.
constexpr size_t kMaxBytes = size_t{1} << 30;
// Violations name no more operations than this.
constexpr size_t kMaxCore = 24;

class SumCheck {
 public:
  SumCheck(const SessionHistory& steps, RuleSet rules, bool explain,
           Budget& budget, const std::vector<bool>* witnesses)
      : steps_(steps),
        rules_(rules),
        explain_(explain),
        budget_(budget),
        witnesses_(witnesses) {}

  ArbitrationOutcome Run() && {
    outcome_.violated_sessions.assign(steps_.session_names.size(), false);
    const bool keys_are_apart =
        (rules_ & (kEarlierWritesSeen | kReadWritesSeen)) == 0;
    if (keys_are_apart && steps_.key_names.size() > 1) {
      JudgeKeys();
    } else {
      Judge(steps_);
    }
    if (outcome_.verdict == Verdict::kViolation) outcome_.unknown.reset();
    return std::move(outcome_);
  }

 private:
  void JudgeKeys() {
    std::vector<std::vector<Step>> by_key(steps_.key_names.size());
    for (Step step = 0; step < steps_.size(); ++step) {
      by_key[steps_.keys[step]].push_back(step);
    }
    for (const std::vector<Step>& selected : by_key) {
      if (const auto reason = budget_.Exhausted()) return NoteUnknown(*reason);
      Judge(RestrictTo(steps_, selected));
    }
  }

  void Judge(const SessionHistory& steps) {
    bool breaks = false;
    CounterIntervals(steps, rules_, explain_, witnesses_)
        .Run([&](Step read, Violation violation) {
          breaks = true;
          Report(steps.SessionOf(read), std::move(violation));
        });
    if (IntervalsSayAll(steps)) return;
    const bool is_joint = Has(rules_, kReadWritesSeen);
    if (is_joint && breaks) {
      // Nobody's reads can be told from anybody else's.
      outcome_.violated_sessions.assign(steps.session_names.size(), true);
      return;
    }
    const size_t bytes = CounterSearch::BytesFor(steps);
    if (bytes > kMaxBytes) return NoteUnknown(UnknownReason::kAmbiguousValues);
    if (!budget_.Charge(bytes)) return NoteUnknown(*budget_.Exhausted());
    outcome_.memory_bytes = std::max(outcome_.memory_bytes, bytes);
    CounterSearch search(steps, rules_, witnesses_, budget_);
    if (is_joint) {
      Search(search, steps, CounterSearch::kAllSessions);
    } else {
      search.PrepareUpdates();
      for (uint32_t s = 0; s < steps.session_names.size(); ++s) {
        if (!outcome_.violated_sessions[s]) Search(search, steps, s);
      }
    }
    budget_.Release(bytes);
  }

  // Where no rule binds one read to another, and the amounts of the key differ
  // in their sign alone, some of them make each multiple within the interval.
  bool IntervalsSayAll(const SessionHistory& steps) const {
    constexpr RuleSet kBinding =
        kOwnWritesSeen | kSeenStaysSeen | kEarlierWritesSeen | kReadWritesSeen;
    if ((rules_ & kBinding) != 0 ||
        steps.history->values().FindString("version") != kNoValue) {
      return false;
    }
    int64_t amount = 0;
    for (Step step = 0; step < steps.size(); ++step) {
      if (steps.IsRead(step) || steps.amounts[step] == 0) continue;
      const int64_t size = std::abs(steps.amounts[step]);
      if (amount != 0 && size != amount) return false;
      amount = size;
    }
    return true;
  }

  void Search(CounterSearch& search, const SessionHistory& steps,
              uint32_t session) {
    switch (search.Run(session)) {
      case CounterSearch::Answer::kFound:
        return;
      case CounterSearch::Answer::kGaveUp:
        return NoteUnknown(
            budget_.Exhausted().value_or(UnknownReason::kAmbiguousValues));
      case CounterSearch::Answer::kNone:
        break;
    }
    const Step culprit = search.culprit();
    Report(steps.SessionOf(culprit),
           explain_ ? NoChoice(steps, culprit) : Violation{});
    if (session == CounterSearch::kAllSessions) {
      outcome_.violated_sessions.assign(steps.session_names.size(), true);
    }
  }

  void Report(uint32_t session, Violation violation) {
    outcome_.verdict = Verdict::kViolation;
    outcome_.violated_sessions[session] = true;
    if (outcome_.violations.size() < kMaxArbitrationViolations) {
      outcome_.violations.push_back(std::move(violation));
    }
  }

  void NoteUnknown(UnknownReason reason) {
    if (outcome_.verdict == Verdict::kValid) {
      outcome_.verdict = Verdict::kUnknown;
    }
    outcome_.unknown = outcome_.cut_short = reason;
  }

  // The search has tried every set that the reads could have seen.
  static Violation NoChoice(const SessionHistory& steps, Step culprit) {
    std::vector<Step> core;
    for (Step step = culprit;
         step-- > steps.chain_begin[steps.chains[culprit]];) {
      if (core.size() < kMaxCore) core.push_back(step);
    }
    return CounterViolation(
        steps, "sum-not-explained", culprit, std::move(core),
        absl::StrCat(StepText(steps, culprit), " returned ",
                     steps.amounts[culprit],
                     ", and no choice of the updates that it saw explains it"),
        {absl::StrCat("Every choice of updates that makes the sums returned "
                      "before it was tried. With each, what this read must see "
                      "then cannot make ",
                      steps.amounts[culprit], ".")});
  }

  const SessionHistory& steps_;
  RuleSet rules_;
  bool explain_;
  Budget& budget_;
  const std::vector<bool>* witnesses_;
  ArbitrationOutcome outcome_;
};

}  // namespace

ArbitrationOutcome CheckCounterSums(const SessionHistory& steps, RuleSet rules,
                                    bool explain, Budget& budget,
                                    const std::vector<bool>* witnesses) {
  return SumCheck(steps, rules, explain, budget, witnesses).Run();
}

}  // namespace minos::checker
