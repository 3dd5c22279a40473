// Linearizability of queues whose dequeues tell which enqueue they saw, first
// in first out or in no order.
//
// Precondition. For each value v that an ok dequeue took, at most one enqueue
// of v was called before the last such dequeue returned, and the queue was
// empty at the start. Values that no ok dequeue took may be enqueued as often
// as one likes.
//
// What must have happened. An info enqueue of a value that was taken did; one
// of a value that no ok dequeue took can be left out, together with the info
// dequeue that takes this very element, if there is one: while it was there,
// every ok dequeue took another one (in the FIFO queue from before it), and
// none said that the queue was empty. So there remain
//   - *taken* elements, with an enqueue and an ok dequeue;
//   - *lost* elements: an ok enqueue, and no ok dequeue;
//   - *empty* dequeues, which found nothing;
//   - info dequeues, each of which may remove one lost element, or nothing.
//
// Complete histories. Write E(v) and D(v) for the two operations of v as
// intervals, where E(v) is cut off at the return of D(v) and D(v) at the call
// of E(v), since the one must take effect before the other. A lost element
// that stays has a D(v) after all time. The FIFO queue is linearizable exactly
// if
//  1. no value was taken twice or by a dequeue that returned before the enqueue
//     was called;
//  2. for no two elements E(a) is before E(b) and D(b) before D(a);
//  3. each empty dequeue has a moment in its interval at which no element was
//     certainly in the queue: none with E(v) before the moment and D(v) after.
//
// Proof. That these are necessary is plain. (At the moment at which an empty
// dequeue takes effect, everything enqueued before is gone.) Put each empty
// dequeue at such a moment t and treat it as an element with E = D = [t, t]. By
// 3 and the cutting, rule 2 holds for it too. Say that a precedes b if E(a) is
// before E(b) or D(a) before D(b). This has no circles: "before" is an interval
// order, in which a < b and c < d imply a < d or c < b. Steps of the same kind
// that follow each other merge. In the shortest circle
// E(a) < E(b), D(b) < D(c), E(c) < E(d), …, either E(a) < E(d), and the circle
// was not the shortest, or E(c) < E(b), against rule 2. So there is an order of
// the elements. Enqueues in this order and dequeues in this order can be merged
// such that real time holds: a dequeue that is before an enqueue in real time,
// D(b) before E(a), has E(b) before E(a) by the cutting, so b precedes a; and
// an element w after an empty t while v is before it has E(w) end after t and
// D(v) begin before t, so E(w) is not before D(v). (The order and the merger
// are computed one operation at a time; should it ever get stuck, which the
// above excludes, the history goes to the search.)
//
// Without order, rule 2 falls away and the elements are independent: an element
// is put in as late and taken out as early as possible.
//
// Crashed dequeues. One that was called at x and removes the lost element a
// makes D(a) = [x, ∞). Then rule 2 says: x < T(a), where T(a) is the first
// return of a dequeue of an element b with E(a) before E(b); and a lost element
// with T(a) = ∞ may stay. (If b is itself removed by a crashed dequeue, nothing
// is asked of a by b; but b is only removed because T(b) or an empty dequeue
// asks for it, and then the same is asked of a.) Rule 3 says: x < t for each
// moment t of an empty dequeue with E(a) before t. So lost elements have
// deadlines, crashed dequeues have calls, and all deadlines can be met exactly
// if for each moment s at most as many deadlines are at or before s as crashed
// dequeues were called before s (Hall's theorem, for intervals that all reach
// back to the beginning).
//
// Choosing the moments. Whether a moment t is possible depends on t alone: no
// taken element is certainly in the queue, and the lost elements with E(a)
// before t are at most the crashed dequeues called before t. That is all, if
// the deadlines T(a) alone can be met: let b be lost, with E(b) not before t.
// What comes after E(b) comes after each such E(a), so T(a) ≤ T(b). So of the
// deadlines up to a moment s ≥ t, either all such T(a) are among them anyway,
// or none is of another element than these a, which are gone before t. (With
// several moments, those that the last one up to s asks for are asked for by
// it.) Between two ends of enqueues a later moment is never worse, so only
// moments just before the end of an E(v) or of an empty dequeue need be looked
// at.
//
// Cost. O(n log n) time, about 100 bytes an operation.

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
#include "checker/deciders/queue_operations.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;

constexpr uint32_t kNone = 0xFFFFFFFFu;
constexpr size_t kBytesAnOperation = 100;
constexpr size_t kTextLength = 40;
// The end of a crashed dequeue that removes an element: after all returns, but
// before the dequeues of what stays.
constexpr Moment kAtLast = kNever - 1;

enum Rule : int {
  kNobodyEnqueued,  // `first` is a removal
  kTakenTwice,      // `first` and `second` are removals
  kOvertaken,       // `first` is the insertion of a taken element
  kNotRemoved,      // `first` is the insertion of a lost element
  kNotEmpty,        // `first` is a miss
};

class QueueOrder : public PrefixJudge {
 public:
  QueueOrder(const DeciderInput& input, Budget& budget)
      : input_(input),
        budget_(budget),
        is_fifo_(input.model.name == "fifo-queue") {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Of the prefix judged last, which was no violation. Nothing if none was
  // found, which cannot happen.
  std::optional<std::vector<OpIndex>> Linearization();

 private:
  // An element, or an empty dequeue at the moment chosen for it.
  struct Element {
    Moment in_call, in_end, out_call, out_end;
    uint32_t insertion;  // kNone for an empty dequeue
    OpIndex out;         // the dequeue; kNone if it stays
    bool is_taken() const { return out_end < kAtLast; }
  };

  void CollectElements();
  void CollectCrashes();
  void FindDeadlines();
  void CheckOrder();
  void CheckRemovals();
  void CheckMisses();
  std::vector<Moment> Candidates() const;
  std::vector<Moment> PossibleMoments() const;
  bool AssignCrashes();
  void AddMisses();
  std::vector<uint32_t> SortedBy(Moment Element::*key) const;
  std::vector<uint32_t> OrderOfElements() const;
  std::optional<std::vector<OpIndex>> Merge(
      const std::vector<uint32_t>& order) const;
  std::vector<OpIndex> LinearizeBag() const;
  size_t CrashesBefore(Moment moment) const {
    return static_cast<size_t>(
        std::lower_bound(crash_calls_.begin(), crash_calls_.end(), moment) -
        crash_calls_.begin());
  }
  void Report(const Contradiction& contradiction);
  Moment LastReturn(Moment called_before) const;
  std::string Text(uint32_t value) const;

  const DeciderInput& input_;
  Budget& budget_;
  bool is_fifo_;
  QueueOperations operations_;

  // Of the prefix being judged.
  Moment last_ = kNever;
  std::optional<Contradiction> earliest_;
  std::vector<Element> elements_;
  std::vector<Moment> deadline_;     // by element: T(a), kNever if none
  std::vector<Moment> crash_calls_;  // sorted
  std::vector<OpIndex> crash_ops_;
  std::vector<Moment> miss_moment_;  // by miss; kNever if it is open
};

std::string QueueOrder::Prepare() {
  return SortQueueOperations(input_, "enqueue", "dequeue", operations_,
                             budget_);
}

void QueueOrder::Report(const Contradiction& contradiction) {
  if (!earliest_ || contradiction.certain < earliest_->certain) {
    earliest_ = contradiction;
  }
}

std::optional<Contradiction> QueueOrder::Judge(Moment last) {
  earliest_.reset();
  last_ = last;
  if (operations_.impossible && operations_.impossible->certain <= last) {
    earliest_ = operations_.impossible;
    last_ = earliest_->certain - 1;
  }
  CollectElements();
  if (budget_.Exhausted()) return std::nullopt;
  CollectCrashes();
  FindDeadlines();
  if (budget_.Exhausted()) return std::nullopt;
  CheckOrder();
  if (budget_.Exhausted()) return std::nullopt;
  CheckRemovals();
  if (budget_.Exhausted()) return std::nullopt;
  // Empty dequeues take the longest, and are seldom what is wrong.
  if (!earliest_) CheckMisses();
  return earliest_;
}

void QueueOrder::CollectElements() {
  elements_.clear();
  elements_.reserve(operations_.insertions.size());
  for (uint32_t i = 0; i < operations_.insertions.size(); ++i) {
    const auto& in = operations_.insertions[i];
    if (in.call > last_) break;
    const Moment in_end = in.end > last_ ? kNever : in.end;
    if (in.removal != kNone && operations_.removals[in.removal].end <= last_) {
      const auto& out = operations_.removals[in.removal];
      elements_.push_back({in.call, std::min(in_end, out.end),
                           std::max(out.call, in.call), out.end, i,
                           out.operation});
    } else if (in_end != kNever) {
      elements_.push_back({in.call, in_end, kNever, kNever, i, kNone});
    }
  }
}

// All dequeues that are open or info.
void QueueOrder::CollectCrashes() {
  std::vector<std::pair<Moment, OpIndex>> crashes;
  const auto collect = [&](const auto& operation, Moment end) {
    if (operation.call <= last_ && end > last_) {
      crashes.emplace_back(operation.call, operation.operation);
    }
  };
  for (const auto& crash : operations_.crashes) {
    if (crash.call <= last_) crashes.emplace_back(crash.call, crash.operation);
  }
  if (last_ != kNever) {
    for (const auto& out : operations_.removals) collect(out, out.end);
    for (const auto& miss : operations_.misses) collect(miss, miss.end);
  }
  std::sort(crashes.begin(), crashes.end());
  crash_calls_.clear();
  crash_ops_.clear();
  for (const auto& [call, operation] : crashes) {
    crash_calls_.push_back(call);
    crash_ops_.push_back(operation);
  }
}

// T(a) of each element.
void QueueOrder::FindDeadlines() {
  deadline_.assign(elements_.size(), kNever);
  if (!is_fifo_) return;
  // The first return of a dequeue of this element or of one enqueued later.
  std::vector<Moment> first_out(elements_.size());
  Moment first = kNever;
  for (size_t i = elements_.size(); i-- > 0;) {
    first = std::min(first, elements_[i].out_end);
    first_out[i] = first;
  }
  for (size_t i = 0; i < elements_.size(); ++i) {
    const auto later = std::upper_bound(
        elements_.begin() + static_cast<ptrdiff_t>(i), elements_.end(),
        elements_[i].in_end, [](Moment moment, const Element& element) {
          return moment < element.in_call;
        });
    if (later != elements_.end()) {
      deadline_[i] = first_out[static_cast<size_t>(later - elements_.begin())];
    }
  }
}

void QueueOrder::CheckOrder() {
  for (size_t i = 0; i < elements_.size(); ++i) {
    const Element& element = elements_[i];
    if (element.is_taken() && deadline_[i] < element.out_call) {
      Report({element.out_end, kOvertaken, element.insertion, 0});
    }
  }
}

// The last return of a dequeue that was called before `called_before`.
Moment QueueOrder::LastReturn(Moment called_before) const {
  Moment last = kStart;
  const auto look = [&](const auto& operations) {
    for (const auto& operation : operations) {
      if (operation.call < called_before && operation.end <= last_) {
        last = std::max(last, operation.end);
      }
    }
  };
  look(operations_.removals);
  look(operations_.misses);
  return last;
}

void QueueOrder::CheckRemovals() {
  std::vector<std::pair<Moment, uint32_t>> due;
  for (size_t i = 0; i < elements_.size(); ++i) {
    if (!elements_[i].is_taken() && deadline_[i] != kNever) {
      due.emplace_back(deadline_[i], elements_[i].insertion);
    }
  }
  std::sort(due.begin(), due.end());
  for (size_t i = 0; i < due.size(); ++i) {
    const Moment moment = due[i].first;
    if (CrashesBefore(moment) > i) continue;
    // Dequeues that were open at that moment could have removed it, until it
    // showed that they did not.
    Report({std::max(moment, LastReturn(moment)), kNotRemoved, due[i].second, 0,
            moment});
    return;
  }
}

std::vector<Moment> QueueOrder::Candidates() const {
  std::vector<Moment> candidates;
  for (const Element& element : elements_) {
    if (element.in_end < kAtLast) candidates.push_back(element.in_end);
  }
  for (const auto& miss : operations_.misses) {
    if (miss.end <= last_) candidates.push_back(miss.end);
  }
  std::sort(candidates.begin(), candidates.end());
  return candidates;
}

// The moments just before one of which the queue can have been empty, sorted.
std::vector<Moment> QueueOrder::PossibleMoments() const {
  std::vector<Moment> there;  // from when on an element is certainly there
  std::vector<Moment> gone;   // and from when on it is not
  std::vector<Moment> lost;   // from when on a lost element is there
  for (const Element& element : elements_) {
    if (!element.is_taken()) {
      lost.push_back(element.in_end);
    } else if (element.in_end < element.out_call) {
      there.push_back(element.in_end);
      gone.push_back(element.out_call);
    }
  }
  std::sort(there.begin(), there.end());
  std::sort(gone.begin(), gone.end());
  std::sort(lost.begin(), lost.end());
  std::vector<Moment> possible;
  size_t there_count = 0;
  size_t gone_count = 0;
  size_t lost_count = 0;
  for (const Moment moment : Candidates()) {
    while (there_count < there.size() && there[there_count] < moment) {
      ++there_count;
    }
    while (gone_count < gone.size() && gone[gone_count] < moment) ++gone_count;
    while (lost_count < lost.size() && lost[lost_count] < moment) ++lost_count;
    if (there_count == gone_count && lost_count <= CrashesBefore(moment)) {
      possible.push_back(moment);
    }
  }
  return possible;
}

void QueueOrder::CheckMisses() {
  const auto& misses = operations_.misses;
  miss_moment_.assign(misses.size(), kNever);
  if (misses.empty()) return;
  const std::vector<Moment> possible = PossibleMoments();
  for (uint32_t i = 0; i < misses.size(); ++i) {
    if (misses[i].end > last_) continue;
    const auto moment =
        std::upper_bound(possible.begin(), possible.end(), misses[i].call);
    if (moment == possible.end() || *moment > misses[i].end) {
      Report({LastReturn(kNever), kNotEmpty, i, 0, misses[i].end});
      return;
    }
    miss_moment_[i] = *moment;
  }
}

// Gives each lost element that must go a crashed dequeue. False if there are
// too few, which cannot happen where no contradiction was found.
bool QueueOrder::AssignCrashes() {
  std::vector<Moment> moments;
  for (const Moment moment : miss_moment_) {
    if (moment != kNever) moments.push_back(moment);
  }
  std::sort(moments.begin(), moments.end());
  std::vector<std::pair<Moment, size_t>> due;
  for (size_t i = 0; i < elements_.size(); ++i) {
    if (elements_[i].is_taken()) continue;
    const auto miss =
        std::upper_bound(moments.begin(), moments.end(), elements_[i].in_end);
    const Moment deadline =
        std::min(deadline_[i], miss == moments.end() ? kNever : *miss);
    if (deadline != kNever) due.emplace_back(deadline, i);
  }
  std::sort(due.begin(), due.end());
  if (due.size() > crash_calls_.size()) return false;
  for (size_t i = 0; i < due.size(); ++i) {
    if (crash_calls_[i] >= due[i].first) return false;
    Element& element = elements_[due[i].second];
    element.out_call = std::max(crash_calls_[i], element.in_call);
    element.out_end = kAtLast;
    element.out = crash_ops_[i];
  }
  return true;
}

void QueueOrder::AddMisses() {
  for (size_t i = 0; i < miss_moment_.size(); ++i) {
    const Moment moment = miss_moment_[i];
    if (moment == kNever) continue;
    elements_.push_back({moment, moment, moment, moment, kNone,
                         operations_.misses[i].operation});
  }
}

std::vector<uint32_t> QueueOrder::SortedBy(Moment Element::*key) const {
  std::vector<uint64_t> keys(elements_.size());
  for (size_t i = 0; i < elements_.size(); ++i) {
    keys[i] = uint64_t{elements_[i].*key} << 32 | i;
  }
  std::sort(keys.begin(), keys.end());
  std::vector<uint32_t> sorted(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    sorted[i] = static_cast<uint32_t>(keys[i]);
  }
  return sorted;
}

// An order of the elements in which none comes before one that precedes it;
// shorter than it should be if there is none. An element may come next if it
// was called, into and out of the queue, before the first return of those that
// are left.
std::vector<uint32_t> QueueOrder::OrderOfElements() const {
  std::vector<uint32_t> order;
  order.reserve(elements_.size());
  std::vector<uint8_t> called(elements_.size(), 0);  // on how many sides
  std::vector<bool> is_placed(elements_.size(), false);
  struct Side {
    Moment Element::*call;
    Moment Element::*end;
    std::vector<uint32_t> by_call;
    std::vector<uint32_t> by_end;
    size_t calls = 0;
    size_t ends = 0;
  };
  Side sides[2] = {{&Element::in_call, &Element::in_end, {}, {}},
                   {&Element::out_call, &Element::out_end, {}, {}}};
  for (Side& side : sides) {
    side.by_call = SortedBy(side.call);
    side.by_end = SortedBy(side.end);
  }
  for (size_t placed = 0;; ++placed) {
    for (Side& side : sides) {
      while (side.ends < elements_.size() &&
             is_placed[side.by_end[side.ends]]) {
        ++side.ends;
      }
      if (side.ends == elements_.size()) break;
      const Moment first_end = elements_[side.by_end[side.ends]].*side.end;
      for (; side.calls < elements_.size(); ++side.calls) {
        const uint32_t next = side.by_call[side.calls];
        if (elements_[next].*side.call > first_end) break;
        if (++called[next] == 2) order.push_back(next);
      }
    }
    if (placed == order.size()) return order;
    is_placed[order[placed]] = true;
  }
}

// Merges the enqueues and the dequeues, both in the order of the elements.
std::optional<std::vector<OpIndex>> QueueOrder::Merge(
    const std::vector<uint32_t>& order) const {
  const size_t size = order.size();
  // The first return of those from here on.
  std::vector<Moment> in_end(size + 2, kNever);
  std::vector<Moment> out_end(size + 2, kNever);
  for (size_t i = size; i-- > 0;) {
    in_end[i] = std::min(in_end[i + 1], elements_[order[i]].in_end);
    out_end[i] = std::min(out_end[i + 1], elements_[order[i]].out_end);
  }
  std::vector<OpIndex> linearization;
  linearization.reserve(size * 2);
  size_t in = 0;
  size_t out = 0;
  while (out < size) {
    if (in < size) {
      const Element& element = elements_[order[in]];
      const bool is_miss = element.insertion == kNone;
      if (!is_miss &&
          element.in_call <= std::min(in_end[in + 1], out_end[out])) {
        linearization.push_back(
            operations_.insertions[element.insertion].operation);
        ++in;
        continue;
      }
      if (is_miss && out == in &&
          element.in_call <= std::min(in_end[in + 1], out_end[out + 1])) {
        linearization.push_back(element.out);
        ++in;
        ++out;
        continue;
      }
    }
    if (out == in) return std::nullopt;
    const Element& element = elements_[order[out]];
    if (element.out != kNone) {
      if (element.out_call > std::min(in_end[in], out_end[out + 1])) {
        return std::nullopt;
      }
      linearization.push_back(element.out);
    }
    ++out;
  }
  return linearization;
}

// Without order each element is put in as late and taken out as early as can
// be.
std::vector<OpIndex> QueueOrder::LinearizeBag() const {
  // At one moment: empty dequeues come just before it, then what happens at it.
  enum Place : uint64_t { kMiss, kInsertAtEnd, kInsertAtCall, kRemove };
  std::vector<std::pair<uint64_t, OpIndex>> steps;
  const auto add = [&](Moment moment, Place place, OpIndex operation) {
    steps.emplace_back(uint64_t{moment} << 2 | place, operation);
  };
  for (const Element& element : elements_) {
    if (element.insertion == kNone) {
      add(element.in_call, kMiss, element.out);
      continue;
    }
    const OpIndex insertion =
        operations_.insertions[element.insertion].operation;
    if (element.out == kNone || element.in_end < element.out_call) {
      add(element.in_end, kInsertAtEnd, insertion);
    } else {
      add(element.out_call, kInsertAtCall, insertion);
    }
    if (element.out != kNone) add(element.out_call, kRemove, element.out);
  }
  std::sort(steps.begin(), steps.end());
  std::vector<OpIndex> linearization;
  linearization.reserve(steps.size());
  for (const auto& step : steps) linearization.push_back(step.second);
  return linearization;
}

std::optional<std::vector<OpIndex>> QueueOrder::Linearization() {
  if (!AssignCrashes()) return std::nullopt;
  AddMisses();
  if (!is_fifo_) return LinearizeBag();
  const std::vector<uint32_t> order = OrderOfElements();
  if (order.size() < elements_.size()) return std::nullopt;
  return Merge(order);
}

std::string QueueOrder::Text(uint32_t value) const {
  return history::ToShortText(input_.values, operations_.values[value],
                              kTextLength);
}

std::string QueueOrder::Describe(const Contradiction& contradiction) const {
  const uint32_t first = contradiction.first;
  switch (contradiction.rule) {
    case kNobodyEnqueued:
      return absl::StrCat("the value ", Text(operations_.removals[first].value),
                          " was dequeued, but nothing that had been called by "
                          "then enqueues it");
    case kTakenTwice:
      return absl::StrCat("the value ", Text(operations_.removals[first].value),
                          " was enqueued once, but dequeued twice");
    case kOvertaken:
      return absl::StrCat("the value ",
                          Text(operations_.insertions[first].value),
                          " was dequeued after one that was enqueued later");
    case kNotRemoved:
      return absl::StrCat(
          "the value ", Text(operations_.insertions[first].value),
          " was not dequeued before one that was enqueued later, and there "
          "are too few dequeues with an unknown outcome to have taken it");
    default:
      return "a dequeue found the queue empty, but at each moment of it some "
             "element was certainly there";
  }
}

}  // namespace

Decision DecideByQueueOrder(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  QueueOrder queue(input, budget);
  return DecideWhole(queue, input, budget);
}

}  // namespace minos::checker
