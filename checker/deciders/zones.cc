// Linearizability of registers whose reads tell which write they saw.
//
// The idea is that of Gibbons & Korach (Testing shared memories, SIAM J.
// Comput. 26(4), 1997, section 4), extended to compare-and-set, to info
// operations and to the initial value.
//
// An *observation* of v is an ok read of v or a cas from v; a *producer* of v
// is a write of v or a cas to v (of another value). The start of time is a
// producer of the initial value that returned before everything.
//
// Precondition. For each value v, at most one producer of v was called before
// the last observation of v returned (an info cas from v never does). Values
// that nobody observes may be produced as often as one likes. No cas was
// refused (a result of `false`): that depends on what the value is *not*.
//
// What must have happened. An ok operation did. If an observation of v did,
// then so did the producer of v, info or not: any other producer of v comes
// after the observation. Call *certain* what follows by these two rules. All
// else can be left out at once: take a linearization, strike what is not
// certain (info operations only). In front of a certain observation of v the
// last update was the producer of v, which is certain; so it stays, and nothing
// was between them.
//
// Chains. In a linearization everything that observes the value made by p
// stands between p and the next update. If a cas is among it, it is that next
// update, so it is the only one, and what observes *its* value follows. So the
// certain operations fall into chains
//
//    write a, reads of a, cas [a b], reads of b, cas [b c], reads of c, …
//
// each of which is a contiguous piece of any linearization, in this order but
// for that among the reads of one value. Conversely, every order of the chains
// is legal for the register, if the chain of the initial value comes first. So
// the history is linearizable exactly if
//  1. each certain observation has a producer, each producer at most one
//     certain cas that follows it, and each chain begins with a write (or the
//     start of time), not in a circle;
//  2. in no chain an operation returns before one is called that precedes it in
//     the order above;
//  3. the chains can be ordered in real time.
//
// For 3 let f(C) be the first return and s(C) the last call in a chain C (its
// *zone* runs from one to the other; forward if f < s, else backward). C must
// precede D exactly if some operation of C returned before one of D was called:
// f(C) < s(D). These demands are free of circles as soon as they are free of
// circles of two. For if C precedes D and not the other way round, f(C) < s(D)
// and s(C) < f(D). Around a circle C1, C2, … Ck (twice around if k is odd) that
// gives s(C1) < f(C2) < s(C3) < f(C4) < … < s(C1), a contradiction.
//
// Two chains demand both orders exactly if f(C) < s(D) and f(D) < s(C): two
// overlapping forward zones, or a backward zone within a forward one. Sorted by
// min(f, s), with forward zones that do not overlap, a backward zone D can only
// be within the last forward zone that begins before s(D). Without conflicts
// that order is a linearization too: if C must precede D, then
// min(f(C), s(C)) < min(f(D), s(D)). (For f(C) < s(D) and s(C) < f(D), so the
// left side is less than either of the right; equal it cannot be.)
//
// Prefixes. An operation is certain from the first return on that makes it so
// (its own, or that of an operation that observes its value, or …). Contra-
// dictions to 1 are found in that order. Those to 2 and 3 are certain once the
// operations with the late calls are; of several conflicts the earliest found
// is reported, and FindEarliest walks back from there.
//
// Cost. O(n log n) time, to sort; about 80 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/local_ids.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNever;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;

constexpr uint32_t kNone = 0xFFFFFFFFu;
constexpr size_t kTextLength = 40;
constexpr size_t kBytesAnOperation = 80;
// How often a loop over the operations looks at the budget.
constexpr size_t kStepsPerLook = 256;

// An operation of the register: it needs a value, makes one, or both.
struct Step {
  OpIndex operation = 0;
  Moment call = kStart;
  Moment end = kStart;
  uint32_t needs = kNone;  // local id of a value; kNone for a write
  uint32_t makes = kNone;  // kNone for a read
};

// Step 0 is the start of time, which makes the initial value.
constexpr uint32_t kBeginning = 0;

enum Rule : int {
  kNobodyWrote,     // step `first` needs what nothing before its return makes
  kTwoFollow,       // steps `first` and `second` both replaced one value
  kCircle,          // step `first` needs, in the end, what itself makes
  kOutOfOrder,      // step `first` returned before `second`, which precedes it
  kChainsConflict,  // the chains that begin with these demand both orders
};

class Zones : public PrefixJudge {
 public:
  Zones(const DeciderInput& input, Budget& budget)
      : input_(input),
        budget_(budget),
        ids_(input.calls.size() + 1, input.values.size()) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Of the prefix judged last, which was no violation.
  std::vector<OpIndex> Linearization() const;

 private:
  struct Zone {
    Moment first_end;
    Moment last_call;
    Moment certain;  // the chain with this last call is
    uint32_t head;   // the first step of the chain
    Moment Key() const { return std::min(first_end, last_call); }
    bool is_forward() const { return first_end < last_call; }
  };
  // What is known of a step that makes a value, and of the reads of that value.
  struct Link {
    uint32_t follower = kNone;    // the cas that replaces the value
    uint32_t first_read = kNone;  // the reads as a list, in next_read_
    uint32_t last_read = kNone;   // the one that was called last
    Moment first_read_end = kNever;
  };

  std::string AddStep(const ObservedCall& call, FunctionIndex& functions);
  bool HasSilentRead();
  std::string CheckUnambiguous();
  void SortReturns();
  void FindProducers(Moment last);
  std::optional<Contradiction> MarkCertain(Moment last);
  std::optional<Contradiction> MarkFrom(uint32_t step);
  std::optional<Contradiction> SetFollower(uint32_t step, Moment moment);
  void LinkReads();
  void WalkChain(uint32_t head);
  void Check(uint32_t step, Moment end, uint32_t latest);
  void FindConflicts();
  void Report(const Contradiction& contradiction);
  bool IsCertain(uint32_t step) const { return certain_[step] < cut_; }
  bool LooksAtBudget(size_t i) const { return i % kStepsPerLook == 0; }
  std::string Text(uint32_t value) const;

  const DeciderInput& input_;
  Budget& budget_;
  LocalIds ids_;
  std::vector<Step> steps_;
  std::vector<uint32_t> by_end_;  // the ok steps in the order of their returns
  std::vector<Moment> last_needed_;  // by value: when its last observation ends

  // Of the prefix being judged. What is certain at cut_ or later does not
  // count: a contradiction is certain by then.
  Moment cut_ = kNever;
  std::optional<Contradiction> earliest_;
  std::vector<uint32_t> producer_;   // by value
  std::vector<Moment> certain_;      // by step
  std::vector<Link> links_;          // by step
  std::vector<uint32_t> next_read_;  // by step
  std::vector<Zone> zones_;
};

std::string Zones::Prepare() {
  FunctionIndex functions(input_.values, input_.model);
  steps_.reserve(input_.calls.size() + 1);
  Step beginning;
  beginning.makes = ids_.Of(input_.initial == kNoValue ? kNil : input_.initial);
  steps_.push_back(beginning);
  for (const ObservedCall& call : input_.calls) {
    if (budget_.Exhausted()) return "";
    std::string problem = AddStep(call, functions);
    if (!problem.empty()) return problem;
  }
  std::string problem = CheckUnambiguous();
  if (problem.empty()) SortReturns();
  return problem;
}

std::string Zones::AddStep(const ObservedCall& call, FunctionIndex& functions) {
  const std::string_view function = functions.MainNameOf(call.content.function);
  const ValueId argument =
      call.content.argument == kNoValue ? kNil : call.content.argument;
  Step step{call.operation, MomentOf(call.call), MomentOf(call.end)};
  if (function == "write") {
    step.makes = ids_.Of(argument);
  } else if (function == "read") {
    if (!call.content.is_ok) return "";
    step.needs =
        ids_.Of(call.content.result == kNoValue ? kNil : call.content.result);
  } else if (function == "cas") {
    const history::ValueTable& values = input_.values;
    if (values.kind(argument) != history::ValueKind::kList ||
        values.elements(argument).size() != 2) {
      return "the argument of a cas is no pair";
    }
    if (call.content.is_ok && call.content.result == kFalse) {
      return "a cas was refused";
    }
    const ValueId old_value = values.elements(argument)[0];
    const ValueId new_value = values.elements(argument)[1];
    step.needs = ids_.Of(old_value);
    if (old_value != new_value) {
      step.makes = ids_.Of(new_value);
    } else if (!call.content.is_ok) {
      return "";
    }
  } else {
    return "there is an operation that a register does not have";
  }
  steps_.push_back(step);
  return "";
}

// A read of nil says nothing where nil can never be a value (see the register
// model): it belongs to no cluster.
bool Zones::HasSilentRead() {
  const uint32_t nil = ids_.Of(kNil);
  bool is_read = false;
  for (const Step& step : steps_) {
    if (step.makes == nil) return false;
    if (step.needs == nil && step.makes == kNone) is_read = true;
  }
  return is_read;
}

std::string Zones::CheckUnambiguous() {
  if (HasSilentRead()) return "a read of nil tells nothing";
  last_needed_.assign(ids_.size(), kStart);
  for (const Step& step : steps_) {
    if (step.needs == kNone) continue;
    Moment& last = last_needed_[step.needs];
    last = std::max(last, step.end);
  }
  std::vector<bool> has_producer(ids_.size(), false);
  for (const Step& step : steps_) {
    if (step.makes == kNone || step.call >= last_needed_[step.makes]) continue;
    if (has_producer[step.makes]) {
      return absl::StrCat("the value ", Text(step.makes),
                          " is observed and was produced more than once");
    }
    has_producer[step.makes] = true;
  }
  return "";
}

void Zones::SortReturns() {
  by_end_.reserve(steps_.size());
  for (uint32_t i = 1; i < steps_.size(); ++i) {
    if (steps_[i].end != kNever) by_end_.push_back(i);
  }
  std::sort(by_end_.begin(), by_end_.end(), [this](uint32_t a, uint32_t b) {
    return steps_[a].end < steps_[b].end;
  });
}

void Zones::Report(const Contradiction& contradiction) {
  if (!earliest_ || contradiction.certain < earliest_->certain) {
    earliest_ = contradiction;
  }
}

std::optional<Contradiction> Zones::Judge(Moment last) {
  earliest_.reset();
  cut_ = kNever;
  FindProducers(last);
  earliest_ = MarkCertain(last);
  if (earliest_) cut_ = earliest_->certain;
  LinkReads();
  zones_.clear();
  for (uint32_t i = 0; i < steps_.size(); ++i) {
    if (LooksAtBudget(i) && budget_.Exhausted()) return std::nullopt;
    const bool is_head = steps_[i].needs == kNone;
    if (is_head && IsCertain(i)) WalkChain(i);
  }
  FindConflicts();
  return earliest_;
}

// The producer of each value that is observed, of those that had been called.
void Zones::FindProducers(Moment last) {
  producer_.assign(ids_.size(), kNone);
  for (uint32_t i = 0; i < steps_.size() && steps_[i].call <= last; ++i) {
    const Step& step = steps_[i];
    if (step.makes != kNone && step.call < last_needed_[step.makes]) {
      producer_[step.makes] = i;
    }
  }
}

// Goes through the returns in order and notes for each step since when it is
// certain; up to the first contradiction to rule 1.
std::optional<Contradiction> Zones::MarkCertain(Moment last) {
  certain_.assign(steps_.size(), kNever);
  certain_[kBeginning] = kStart;
  links_.assign(steps_.size(), Link());
  for (size_t i = 0; i < by_end_.size(); ++i) {
    const uint32_t step = by_end_[i];
    if (steps_[step].end > last) break;
    if (LooksAtBudget(i) && budget_.Exhausted()) break;
    if (auto contradiction = MarkFrom(step)) return contradiction;
  }
  return std::nullopt;
}

// Marks `step`, which has returned, and all that had to happen before it.
std::optional<Contradiction> Zones::MarkFrom(uint32_t step) {
  const Moment moment = steps_[step].end;
  while (certain_[step] == kNever) {
    certain_[step] = moment;
    const uint32_t needs = steps_[step].needs;
    if (needs == kNone) return std::nullopt;
    const uint32_t producer = producer_[needs];
    if (producer == kNone || steps_[producer].call > moment) {
      return Contradiction{moment, kNobodyWrote, step, 0};
    }
    if (steps_[step].makes != kNone) {
      if (auto contradiction = SetFollower(step, moment)) return contradiction;
    }
    if (certain_[producer] == moment) {
      return Contradiction{moment, kCircle, step, 0};
    }
    step = producer;
  }
  return std::nullopt;
}

std::optional<Contradiction> Zones::SetFollower(uint32_t step, Moment moment) {
  Link& link = links_[producer_[steps_[step].needs]];
  if (link.follower != kNone) {
    return Contradiction{moment, kTwoFollow, link.follower, step};
  }
  link.follower = step;
  return std::nullopt;
}

void Zones::LinkReads() {
  next_read_.assign(steps_.size(), kNone);
  // Backwards, so that the lists are in the order of the calls.
  for (auto i = static_cast<uint32_t>(steps_.size()); i-- > 1;) {
    const Step& step = steps_[i];
    if (step.makes != kNone || !IsCertain(i)) continue;
    Link& link = links_[producer_[step.needs]];
    next_read_[i] = link.first_read;
    link.first_read = i;
    if (link.last_read == kNone) link.last_read = i;
    link.first_read_end = std::min(link.first_read_end, step.end);
  }
}

// Reports if `end`, a return in the chain at or after `step`, is before the
// call of `latest`, a step that precedes it.
void Zones::Check(uint32_t step, Moment end, uint32_t latest) {
  if (end >= steps_[latest].call) return;
  Report({certain_[latest], kOutOfOrder, step, latest});
}

// Checks the order within the chain that begins with `head` and notes its zone.
void Zones::WalkChain(uint32_t head) {
  uint32_t latest = head;  // of the steps passed, the one that was called last
  Moment first_end = kNever;
  for (uint32_t step = head; step != kNone && IsCertain(step);
       step = links_[step].follower) {
    const Link& link = links_[step];
    Check(step, steps_[step].end, latest);
    first_end = std::min(first_end, steps_[step].end);
    if (steps_[step].call > steps_[latest].call) latest = step;
    if (link.first_read == kNone) continue;
    Check(link.first_read, link.first_read_end, latest);
    first_end = std::min(first_end, link.first_read_end);
    if (steps_[link.last_read].call > steps_[latest].call) {
      latest = link.last_read;
    }
  }
  zones_.push_back({first_end, steps_[latest].call, certain_[latest], head});
}

void Zones::FindConflicts() {
  std::sort(zones_.begin(), zones_.end(),
            [](const Zone& a, const Zone& b) { return a.Key() < b.Key(); });
  const Zone* forward = nullptr;  // of those passed, the one that reaches last
  for (const Zone& zone : zones_) {
    if (forward != nullptr && forward->last_call > zone.first_end) {
      Report({std::max(forward->certain, zone.certain), kChainsConflict,
              forward->head, zone.head});
    }
    if (zone.is_forward() &&
        (forward == nullptr || zone.last_call > forward->last_call)) {
      forward = &zone;
    }
  }
}

std::vector<OpIndex> Zones::Linearization() const {
  std::vector<OpIndex> order;
  order.reserve(steps_.size() - 1);
  for (const Zone& zone : zones_) {
    for (uint32_t step = zone.head; step != kNone;
         step = links_[step].follower) {
      if (step != kBeginning) order.push_back(steps_[step].operation);
      for (uint32_t read = links_[step].first_read; read != kNone;
           read = next_read_[read]) {
        order.push_back(steps_[read].operation);
      }
    }
  }
  return order;
}

std::string Zones::Text(uint32_t value) const {
  return history::ToShortText(input_.values, ids_.value(value), kTextLength);
}

std::string Zones::Describe(const Contradiction& contradiction) const {
  const Step& first = steps_[contradiction.first];
  const Step& second = steps_[contradiction.second];
  switch (contradiction.rule) {
    case kNobodyWrote:
      return absl::StrCat("the value ", Text(first.needs),
                          " was observed, but nothing that had been called by "
                          "then writes it");
    case kTwoFollow:
      return absl::StrCat("the value ", Text(first.needs),
                          " was produced once, but replaced twice by cas, by ",
                          Text(first.makes), " and by ", Text(second.makes));
    case kCircle:
      return absl::StrCat("the value ", Text(first.needs),
                          " had to be there before it was produced");
    case kOutOfOrder:
      return absl::StrCat(
          "the value ",
          Text(second.makes == kNone ? second.needs : second.makes),
          " had to be there before ",
          Text(first.makes == kNone ? first.needs : first.makes),
          ", but was seen or produced by an operation that was called after "
          "the other had been seen");
    default:
      return absl::StrCat("the value ", Text(first.makes), " was there before ",
                          Text(second.makes),
                          " and again after it, but was produced only once");
  }
}

}  // namespace

Decision DecideByZones(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls + 1, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Zones zones(input, budget);
  return DecideWhole(zones, input, budget);
}

}  // namespace minos::checker
