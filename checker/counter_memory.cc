// Causal memory asks for an order for each session by which all its reads
// return what they did. A counter does not show the order of its updates. So if
// the reads of a session come one after the other, what each saw is a part of
// what the next one saw (its past grows), and the order is made as the session
// goes along: before each read the part of its past that is not there yet.
// Causal memory is then the same as causality.
//
// Reads of one session that overlap may have seen sets of which neither is a
// part of the other, and then no order serves both. So the sets matter. Each is
// one of those that make the sum; they are tried depth first, one read after
// the other, in the order of their returns. With the sets chosen the counter is
// a set whose reads show their updates, and collection_order.cc judges it. A
// read without a choice demands nothing, so what is violated with some of the
// reads is given up at once.
//
// More than the sum needs is tried too, updates that make zero together: which
// others a read saw decides where it can stand among the reads of its session.

#include "checker/counter_memory.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/collection_order.h"
#include "checker/counter_updates.h"
#include "checker/effort.h"
#include "checker/reads_from.h"

namespace minos::checker {
namespace {

// How many updates may be decided and steps judged, and how often at all.
constexpr size_t kEffort = 20'000'000;
constexpr size_t kMaxLooks = 20'000;
// How long a history may be, and how many updates all its reads together may
// have to choose from: the search goes as deep.
constexpr Step kMaxSteps = 4'000;
constexpr size_t kMaxCandidates = 4'000;

class CounterMemory {
 public:
  CounterMemory(const SessionHistory& steps, Budget& budget)
      : steps_(steps), updates_(steps), sets_(steps), budget_(budget) {
    sets_.observation = Observation::kSet;
    shown_.resize(steps.size());
    for (Step step = 0; step < steps.size(); ++step) {
      if (steps.IsRead(step)) reads_.push_back(step);
      sets_.sources[step] = kUnresolvedStep;
    }
    std::sort(reads_.begin(), reads_.end(), [&](Step a, Step b) {
      return std::tuple(steps.end(a), steps.call(a), a) <
             std::tuple(steps.end(b), steps.call(b), b);
    });
  }

  // True if a choice was found by which there are the orders.
  bool Search() {
    size_t candidates = 0;
    for (const Step read : reads_) {
      candidates += CandidatesFor(read).size();
      gave_up_ = candidates > kMaxCandidates;
      if (gave_up_) return false;
    }
    return ChooseFrom(0);
  }
  bool gave_up() const { return gave_up_; }

 private:
  bool Spend(size_t effort) {
    effort_.Spend(effort);
    if (effort_.IsSpent() || budget_.Exhausted()) gave_up_ = true;
    return !gave_up_;
  }

  std::vector<Step> CandidatesFor(Step read) const {
    std::vector<Step> candidates;
    for (const uint32_t update : updates_.OfKeyOf(read)) {
      const Step step = updates_.StepOf(update);
      if (steps_.call(step) < steps_.end(read)) candidates.push_back(step);
    }
    return candidates;
  }

  // Chooses for the reads from the i-th on.
  bool ChooseFrom(size_t i) {
    if (i == reads_.size()) return true;
    const Step read = reads_[i];
    const std::vector<Step> candidates = CandidatesFor(read);
    shown_[read].clear();
    const bool found =
        ChooseSum(i, candidates, 0, steps_.amounts[read] - InitialSum(steps_));
    sets_.sources[read] = kUnresolvedStep;
    return found;
  }

  // Chooses for the i-th read among the candidates from `next` on.
  bool ChooseSum(size_t i, const std::vector<Step>& candidates, size_t next,
                 int64_t need) {
    if (!Spend(1 + candidates.size() - next)) return false;
    int64_t lowest = 0;
    int64_t highest = 0;
    for (size_t p = next; p < candidates.size(); ++p) {
      const int64_t amount = steps_.amounts[candidates[p]];
      (amount < 0 ? lowest : highest) += amount;
    }
    if (need < lowest || need > highest) return false;
    const Step read = reads_[i];
    if (next == candidates.size()) {
      sets_.sources[read] = static_cast<Step>(i);
      return IsPossible(i) && ChooseFrom(i + 1);
    }
    const Step update = candidates[next];
    shown_[read].push_back(update);
    if (ChooseSum(i, candidates, next + 1, need - steps_.amounts[update])) {
      return true;
    }
    shown_[read].pop_back();
    return !gave_up_ && ChooseSum(i, candidates, next + 1, need);
  }

  // With the choices up to the i-th read.
  bool IsPossible(size_t i) {
    const size_t stride = 1 + reads_.size() / 64;
    if (i + 1 < reads_.size() && (i + 1) % stride != 0) return true;
    if (looks_-- == 0) gave_up_ = true;
    if (gave_up_ || !Spend(steps_.size())) return false;
    sets_.shown.clear();
    sets_.shown_begin.assign(1, 0);
    for (const Step read : reads_) {
      if (IsStep(sets_.sources[read])) {
        sets_.shown.insert(sets_.shown.end(), shown_[read].begin(),
                           shown_[read].end());
      }
      sets_.shown_begin.push_back(static_cast<uint32_t>(sets_.shown.size()));
    }
    return JudgeCollectionOrder(sets_, Serializer::kEachSession, 0, false,
                                budget_)
               .verdict == Verdict::kValid;
  }

  const SessionHistory& steps_;
  CounterUpdates updates_;
  SessionHistory sets_;
  Budget& budget_;
  std::vector<Step> reads_;               // in the order of their returns
  std::vector<std::vector<Step>> shown_;  // by read
  Effort effort_{kEffort};
  size_t looks_ = kMaxLooks;
  bool gave_up_ = false;
};

// Two reads of one session that overlap, if there are any.
struct Overlap {
  Step first = kNoStep;
  Step second = kNoStep;
};

Overlap FindOverlap(const SessionHistory& steps) {
  std::vector<Step> reads;
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step)) reads.push_back(step);
  }
  std::sort(reads.begin(), reads.end(), [&](Step a, Step b) {
    return std::tuple(steps.SessionOf(a), steps.call(a), a) <
           std::tuple(steps.SessionOf(b), steps.call(b), b);
  });
  for (size_t i = 1; i < reads.size(); ++i) {
    if (steps.SessionOf(reads[i - 1]) == steps.SessionOf(reads[i]) &&
        !steps.SessionPrecedes(reads[i - 1], reads[i])) {
      return {reads[i - 1], reads[i]};
    }
  }
  return {};
}

ModelOutcome Unsettled(std::string progress) {
  return UnknownOutcome(
      {UnknownReason::kAmbiguousValues, std::move(progress),
       "judge `causal`, or record sessions that do one operation at a time"});
}

ModelOutcome NoOrder(const SessionHistory& steps, const Overlap& overlap) {
  ModelOutcome outcome;
  outcome.verdict = Verdict::kViolation;
  Violation violation;
  violation.kind = "serialization-cycle";
  violation.summary =
      "no order of all updates and one session's reads keeps causality and "
      "makes the sums that these returned";
  violation.sentences.push_back(absl::StrCat(
      "Every choice of updates that makes the sums was tried. With each, reads "
      "of one session that overlap, as ",
      StepText(steps, overlap.first), " and ", StepText(steps, overlap.second),
      ", saw updates in different orders."));
  violation.core = {steps.operations[overlap.first],
                    steps.operations[overlap.second]};
  std::sort(violation.core.begin(), violation.core.end());
  violation.culprit = violation.core.back();
  violation.key = steps.key_names[steps.keys[overlap.second]];
  outcome.violations.push_back(std::move(violation));
  return outcome;
}

}  // namespace

ModelOutcome JudgeCounterMemory(const SessionHistory& steps,
                                RuleSet arbitration, bool explain,
                                Budget& budget) {
  ModelOutcome causal = JudgeCausal(steps, arbitration, explain, budget);
  const Overlap overlap = FindOverlap(steps);
  if (causal.verdict != Verdict::kValid || overlap.first == kNoStep) {
    return causal;
  }
  constexpr char kTooMany[] =
      "too many choices of updates make the sums that the reads returned";
  if (steps.size() > kMaxSteps) return Unsettled(kTooMany);
  CounterMemory memory(steps, budget);
  const bool found = memory.Search();
  if (const auto reason = budget.Exhausted()) {
    return UnknownOutcome({*reason, "", ""});
  }
  if (memory.gave_up()) return Unsettled(kTooMany);
  if (!found) return NoOrder(steps, overlap);
  // A version leaves fewer choices than were tried.
  if (steps.history->values().FindString("version") != history::kNoValue) {
    return Unsettled(
        "causality holds; whether by the recorded versions the overlapping "
        "reads of each session have an order was not settled");
  }
  return causal;
}

}  // namespace minos::checker
