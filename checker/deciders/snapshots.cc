// Linearizability of sets and multisets whose elements come and go once, with
// reads of the whole.
//
// Precondition. As for presence, but for reads of the whole, each of which
// shows an element at most once; and an element may be removed by several
// operations, if they tell which of them took it out.
//
// The idea. A read of the whole is an observation of every element at one
// moment. Where several reads show different elements, it may be hard to find
// such moments: to tell for each read and each element that it does not show
// whether it comes before the addition or after the removal is a problem of
// orders in which what lies not between two others is given, and those are
// NP-hard in general. So there are two answers.
//  - Look at each element by itself, as if a read had looked for each at a
//    moment of its own. That allows more: a contradiction is a violation. An
//    element is there at least from the first return of what saw it or added it
//    to the last call of what saw it, or to the call of its removal; or for
//    ever, if nothing may have removed it. What lies inside of that must have
//    seen it. (presence.cc says why that is all.)
//  - Find an order, see snapshot_order.cc. If there is one, the history is
//    linearizable.
// Where neither says anything the history goes to the search. Of a smallest
// violated prefix of the first kind, the prefix before has an order, or the
// decision says that it is not exact.
//
// What may have removed an element. If no removal that says so has returned,
// those that have not returned may have; the one that was called first leaves
// the most room, and is not bound by any return.
//
// Prefixes. A contradiction between what happened to an element is certain when
// all that it is made of has returned, that is at the latest at the last
// return. So it is looked for among the prefixes, beginning with that up to the
// return of what missed the element.
//
// Reads are compared with the elements that must be there all the while, sorted
// by the moment from which they are, by counting: those of them that it shows,
// and all of them.
//
// Cost. O(n log n + the size of all reads) time for the first answer, see
// snapshot_order.cc for the other; about 150 bytes an operation and 8 for each
// element shown.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/local_ids.h"
#include "checker/deciders/set_operations.h"
#include "checker/deciders/smallest_prefix.h"
#include "checker/deciders/snapshot_order.h"
#include "checker/fenwick_tree.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;
using Kind = SetOperations::Kind;
using Use = SetOperations::Use;

constexpr size_t kTextLength = 40;
constexpr size_t kBytesAnOperation = 150;
constexpr size_t kBytesAnElementShown = 8;

enum Rule : int {
  kNobodyAdded,  // `first` is an element
  kGone,         // it was seen, or added, after it had been taken out
  kMissed,       // `second` is a use that missed it
};

class Snapshots : public PrefixJudge {
 public:
  Snapshots(const DeciderInput& input, Budget& budget)
      : input_(input), budget_(budget) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare() {
    return SortSetOperations(input_, operations_, budget_);
  }
  size_t shown() const { return operations_.shown.size(); }
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  std::optional<std::vector<OpIndex>> FindOrder(Moment last) {
    return FindSnapshotOrder(operations_, FactsUpTo(operations_, last), last,
                             budget_);
  }

 private:
  std::optional<Contradiction> CheckElement(uint32_t element) const;
  // Whether the element is there all the while that the use is open.
  bool IsThereThroughout(uint32_t element, const Use& use) const;
  std::optional<Contradiction> CheckReads() const;
  uint32_t MissingIn(const Use& read) const;
  Contradiction Found(Rule rule, uint32_t first, uint32_t second,
                      Moment guess) const {
    return {last_return_, rule, first, second, guess};
  }

  const DeciderInput& input_;
  Budget& budget_;
  SetOperations operations_;

  // Of the prefix being judged.
  Moment last_ = kNever;
  Moment last_return_ = kStart;
  std::vector<ElementFacts> facts_;
};

bool Snapshots::IsThereThroughout(uint32_t element, const Use& use) const {
  const ElementFacts& facts = facts_[element];
  return facts.WasIn() && use.call > facts.ComesBy() &&
         use.end <= facts.GoesFrom();
}

// What the operations say of one element, but for those that missed it.
std::optional<Contradiction> Snapshots::CheckElement(uint32_t element) const {
  const ElementFacts& facts = facts_[element];
  if (!facts.WasIn()) return std::nullopt;
  if (std::min(facts.first_seen, facts.removal_end) < facts.add_call) {
    return Found(kNobodyAdded, element, 0,
                 std::min(facts.first_seen, facts.removal_end));
  }
  if (facts.removal_end != kNever && facts.GoesFrom() >= facts.removal_end) {
    return Found(kGone, element, 0, facts.removal_end);
  }
  return std::nullopt;
}

std::optional<Contradiction> Snapshots::Judge(Moment last) {
  last_ = last;
  last_return_ = kStart;
  facts_ = FactsUpTo(operations_, last);
  if (budget_.Exhausted()) return std::nullopt;
  for (const Use& use : operations_.uses) {
    if (use.call > last) break;
    if (use.end <= last && use.end != kNever) {
      last_return_ = std::max(last_return_, use.end);
    }
  }
  for (uint32_t element = 0; element < facts_.size(); ++element) {
    if (const auto found = CheckElement(element)) return found;
  }
  for (uint32_t i = 0; i < operations_.uses.size(); ++i) {
    const Use& use = operations_.uses[i];
    if (use.call > last) break;
    if (use.kind != Kind::kMiss && use.kind != Kind::kLeave) continue;
    if (use.end > last || use.end == kNever) continue;
    if (IsThereThroughout(use.subject, use)) {
      return Found(kMissed, use.subject, i, use.end);
    }
  }
  if (budget_.Exhausted()) return std::nullopt;
  return CheckReads();
}

// Compares what reads show with what must be there all the while.
std::optional<Contradiction> Snapshots::CheckReads() const {
  std::vector<uint32_t> by_coming;
  std::vector<Moment> goings;
  for (uint32_t x = 0; x < facts_.size(); ++x) {
    if (!facts_[x].WasIn() || facts_[x].GoesFrom() <= facts_[x].ComesBy())
      continue;
    by_coming.push_back(x);
    goings.push_back(facts_[x].GoesFrom());
  }
  std::sort(by_coming.begin(), by_coming.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(facts_[a].ComesBy(), a) <
           std::pair(facts_[b].ComesBy(), b);
  });
  std::sort(goings.begin(), goings.end());
  const auto rank = [&](Moment going) {
    return static_cast<size_t>(
        std::lower_bound(goings.begin(), goings.end(), going) - goings.begin());
  };
  FenwickTree<uint32_t> counts(goings.size());  // by the rank of the going
  size_t come = 0;
  for (uint32_t i = 0; i < operations_.uses.size(); ++i) {
    const Use& use = operations_.uses[i];
    if (use.call > last_) break;
    if (use.kind != Kind::kRead || use.end > last_) continue;
    for (; come < by_coming.size() &&
           facts_[by_coming[come]].ComesBy() < use.call;
         ++come) {
      counts.Add(rank(facts_[by_coming[come]].GoesFrom()), 1);
    }
    const auto shown = operations_.Shown(use.subject);
    const auto there = static_cast<size_t>(
        std::count_if(shown.begin(), shown.end(),
                      [&](uint32_t x) { return IsThereThroughout(x, use); }));
    if (there < counts.From(rank(use.end))) {
      return Found(kMissed, MissingIn(use), i, use.end);
    }
  }
  return std::nullopt;
}

// An element that the read does not show though it is there all the while.
uint32_t Snapshots::MissingIn(const Use& read) const {
  const auto shown = operations_.Shown(read.subject);
  for (uint32_t x = 0; x < facts_.size(); ++x) {
    if (IsThereThroughout(x, read) &&
        !std::binary_search(shown.begin(), shown.end(), x)) {
      return x;
    }
  }
  return SetOperations::kNone;
}

std::string Snapshots::Describe(const Contradiction& contradiction) const {
  const std::string element = history::ToShortText(
      input_.values, operations_.values[contradiction.first], kTextLength);
  switch (contradiction.rule) {
    case kNobodyAdded:
      return absl::StrCat("the element ", element,
                          " was found, but nothing that had been called by "
                          "then adds it");
    case kGone:
      return absl::StrCat("the element ", element,
                          " was taken out before it can have been there for "
                          "the last time");
    default:
      return absl::StrCat("the element ", element,
                          " was missed, but it was there all the while");
  }
}

}  // namespace

Decision DecideBySnapshots(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Snapshots snapshots(input, budget);
  std::string problem = snapshots.Prepare();
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (!problem.empty()) return NotApplicable(std::move(problem));
  const Allowance shown(budget, snapshots.shown() * kBytesAnElementShown);
  if (!shown.is_granted()) return OutOfBudget(budget);
  const auto contradiction = snapshots.Judge(kNever);
  if (budget.Exhausted()) return OutOfBudget(budget);
  Decision decision;
  if (!contradiction) {
    auto order = snapshots.FindOrder(kNever);
    if (budget.Exhausted()) return OutOfBudget(budget);
    if (!order) return NotApplicable("no order of the reads was found");
    decision.kind = Decision::Kind::kValid;
    decision.linearization = *std::move(order);
    return decision;
  }
  decision = MakeViolation(snapshots, *contradiction, input.calls, budget);
  if (decision.kind != Decision::Kind::kViolation) return decision;
  for (const ObservedCall& call : input.calls) {
    if (call.operation != decision.culprit) continue;
    decision.is_culprit_exact =
        snapshots.FindOrder(MomentOf(call.end) - 1).has_value();
  }
  return budget.Exhausted() ? OutOfBudget(budget) : decision;
}

}  // namespace minos::checker
