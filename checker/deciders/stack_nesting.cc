// Linearizability of stacks whose pops tell which push they saw.
//
// Precondition. For each value v that an ok pop took, at most one push of v was
// called before the last such pop returned; the stack was empty at the start;
// and it is found in good time which lost elements (an ok push, and no ok pop)
// info pops have taken, if that matters: see below.
//
// What must have happened. An info push of a value that was popped did. One of
// a value that no ok pop took can be left out, together with the info pop that
// takes this element, if there is one. Info pops may have taken lost elements,
// or nothing.
//
// The idea. An element is in the stack for an interval of time, from a moment
// of its push to one of its pop, and last in, first out says just that any two
// of these intervals are disjoint or nested. A push is within its call and
// return, and also before the return of the pop; a pop is also after the call
// of the push. So each interval has a part that it must cover and limits that
// it must keep to, and nesting.cc finds such intervals, or that there are none.
// An element that is never popped has an interval without end. A pop that found
// nothing needs a moment that no interval contains. As nesting.cc shows,
// everything can be cut at every moment that no core covers, so any such moment
// in its interval will do, and all of them at once.
//
// Info pops. There are three answers:
//  - Say that each lost element can be taken by the info pop that was called
//    first. That allows more than any choice; what does not nest now is a
//    violation.
//  - Give the lost elements to the info pops in turn, those first that must be
//    gone first: before the return of a pop of an element that was certainly
//    below, or of a pop that found nothing. If the intervals nest now, that is
//    a linearization. Else the topmost lost element among those that do not
//    nest must be gone before the others, and all is tried again, some times.
//  - Where the two differ, search for the choice (pop_choice.cc). That is exact
//    too, but may take long. If it takes too long, the history goes to the
//    search of all data types.
//
// Prefixes. chosen_prefix.h says what they are about. The prefix before a
// contradiction is none for certain if it has the linearization in which each
// open pop takes what it took in the end, but for the culprit and those of what
// cannot be nested, and what is lost is given to these and to the info pops as
// above.
//
// Cost. O(n log n) time, about 150 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "checker/deciders/chosen_prefix.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/local_ids.h"
#include "checker/deciders/nesting.h"
#include "checker/deciders/pop_choice.h"
#include "checker/deciders/queue_operations.h"
#include "checker/deciders/smallest_prefix.h"
#include "checker/fenwick_tree.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;

constexpr uint32_t kNone = QueueOperations::kNone;
constexpr size_t kTextLength = 40;
constexpr size_t kBytesAnOperation = 150;
// A part of the elements is looked at by itself if it is so many times smaller
// than all, or no larger than that.
constexpr size_t kFocus = 32;
constexpr size_t kFewAnyway = 16;
// How often more open pops are let take anything.
constexpr int kMostFreed = 4;
// How often what the info pops took is chosen anew; that times the elements.
constexpr size_t kFewRepairs = 12;
constexpr size_t kMostRepairs = 300;
constexpr size_t kMostEffort = 1'000'000;

struct Least {
  Moment operator()(Moment a, Moment b) const { return std::min(a, b); }
};

enum Rule : int {
  kNobodyPushed,  // `first` is a removal
  kPoppedTwice,   // `first` and `second` are removals
  kCrossed,       // `first` and `second` are insertions
  kNotEmpty,      // `first` is a miss
};

class StackNesting : public ChoosingJudge {
 public:
  StackNesting(const DeciderInput& input, Budget& budget)
      : input_(input), budget_(budget) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  bool Focus() override;
  void Unfocus() override { few_.reset(); }
  std::string Describe(const Contradiction& contradiction) const override;
  bool IsCertainlyValid(Moment last, OpIndex culprit) override;
  RemovalChoice::Kind Choose(Moment last) override;
  RemovalChoice::Kind ChooseForAll() override;
  std::vector<OpIndex> Linearization() const override;

 private:
  // What becomes of elements whose pop is not among those that have returned.
  enum class Open {
    kAnyPop,  // each may be taken by the open pop that was called first
    kOwnPop,  // each is taken by its own pop, if that is open and not free
    kNoPop,   // none is taken
  };

  // What is looked at by itself.
  struct Few {
    std::vector<uint32_t> insertions;
    uint32_t miss = kNone;  // the only one
  };

  // Whether a quick choice of what the info pops took explains the whole.
  bool Explains();
  void CollectElements(Open open);
  void CollectElement(uint32_t insertion, Open open, Moment first_open);
  bool IsLookedAt(uint32_t miss) const {
    return operations_.misses[miss].end <= last_ &&
           (!few_ || few_->miss == miss);
  }
  Moment FirstOpenPop() const;
  std::vector<std::pair<Moment, OpIndex>> FreePops() const;
  void AssignPops();
  bool FreeConflict();
  bool UrgeAll();
  bool Urge(const std::vector<uint32_t>& elements, Moment by);
  bool IsFree(OpIndex pop) const {
    return frees_all_ ||
           std::find(free_.begin(), free_.end(), pop) != free_.end();
  }
  std::vector<Moment> Deadlines() const;
  void LimitByThoseBelow(const std::vector<uint32_t>& by_begin,
                         std::vector<Moment>& deadlines) const;
  void LimitByMisses(const std::vector<uint32_t>& by_begin,
                     std::vector<Moment>& deadlines) const;
  void CheckNesting();
  void CheckMisses();
  std::optional<Moment> CheckMiss(uint32_t miss,
                                  const std::vector<Moment>& uncovered);
  std::vector<Moment> UncoveredMoments() const;
  Moment LastReturn() const;
  std::string Text(uint32_t insertion) const;

  const DeciderInput& input_;
  Budget& budget_;
  QueueOperations operations_;
  // The latest return of the first removals, and of the first misses.
  std::vector<Moment> popped_by_;
  std::vector<Moment> missed_by_;
  std::optional<Few> few_;
  // By when lost elements must be gone, by insertion, as far as attempts have
  // shown.
  absl::flat_hash_map<uint32_t, Moment> urgent_;

  // Of the prefix being judged.
  Moment last_ = kNever;
  bool wants_all_conflicts_ = false;
  std::vector<OpIndex> free_;  // open pops that may have taken anything
  bool frees_all_ = false;     // all of them
  std::optional<Contradiction> earliest_;
  std::vector<Flexible> elements_;
  std::vector<uint32_t> insertion_;  // by element
  std::vector<OpIndex> crash_;       // by element: the info pop that takes it
  Nesting nesting_;
  std::vector<Moment> miss_moment_;  // by miss; kNever if it is open
};

std::string StackNesting::Prepare() {
  std::string problem =
      SortQueueOperations(input_, "push", "pop", operations_, budget_);
  if (budget_.Exhausted()) return problem;
  popped_by_ = LatestReturns(operations_.removals);
  missed_by_ = LatestReturns(operations_.misses);
  return problem;
}

std::optional<Contradiction> StackNesting::Judge(Moment last) {
  earliest_.reset();
  last_ = last;
  if (operations_.impossible && operations_.impossible->certain <= last) {
    earliest_ = operations_.impossible;
    last_ = earliest_->certain - 1;
  }
  CollectElements(Open::kAnyPop);
  if (budget_.Exhausted()) return std::nullopt;
  CheckNesting();
  if (budget_.Exhausted()) return std::nullopt;
  if (!earliest_) CheckMisses();
  return earliest_;
}

bool StackNesting::Explains() {
  if (operations_.impossible) return false;
  last_ = kNever;
  wants_all_conflicts_ = true;
  const size_t repairs = std::clamp(kMostEffort / (elements_.size() + 1),
                                    kFewRepairs, kMostRepairs);
  bool has_place = false;
  for (size_t i = 0; i < repairs && !has_place; ++i) {
    earliest_.reset();
    CollectElements(Open::kNoPop);
    if (budget_.Exhausted()) break;
    AssignPops();
    if (budget_.Exhausted()) break;
    CheckNesting();
    if (budget_.Exhausted()) break;
    if (!earliest_) CheckMisses();
    has_place = !earliest_;
    if (budget_.Exhausted() || operations_.crashes.empty()) break;
    if (!has_place && !UrgeAll()) break;
  }
  wants_all_conflicts_ = false;
  return has_place;
}

// Sees to it that something else is tried with what does not fit. False if
// there is nothing.
bool StackNesting::UrgeAll() {
  if (earliest_->rule == kNotEmpty) {
    const auto& miss = operations_.misses[earliest_->first];
    std::vector<uint32_t> wrong;
    for (uint32_t i = 0; i < elements_.size(); ++i) {
      if (elements_[i].begin_by < miss.end &&
          elements_[i].end_from > miss.call) {
        wrong.push_back(i);
      }
    }
    return Urge(wrong, miss.end);
  }
  bool has_urged = Urge(nesting_.conflict, kAtLast);
  for (const auto& conflict : nesting_.more_conflicts) {
    if (Urge(conflict, kAtLast)) has_urged = true;
  }
  return has_urged;
}

// Makes the topmost lost element of these one that must be gone before the
// first of the others, and before `by`. False if all of them are that already.
bool StackNesting::Urge(const std::vector<uint32_t>& elements, Moment by) {
  uint32_t top = kNone;
  for (const uint32_t i : elements) {
    const bool is_lost = operations_.insertions[insertion_[i]].removal == kNone;
    if (!is_lost) by = std::min(by, elements_[i].latest);
    if (!is_lost || urgent_.contains(insertion_[i])) continue;
    if (top == kNone || elements_[i].begin_by > elements_[top].begin_by) {
      top = i;
    }
  }
  if (top == kNone) return false;
  urgent_.emplace(insertion_[top], by);
  return true;
}

bool StackNesting::IsCertainlyValid(Moment last, OpIndex culprit) {
  last_ = last;
  free_ = {culprit};
  for (int i = 0; i < kMostFreed; ++i) {
    earliest_.reset();
    CollectElements(Open::kOwnPop);
    AssignPops();
    if (budget_.Exhausted()) return false;
    CheckNesting();
    if (budget_.Exhausted()) return false;
    CheckMisses();
    if (!earliest_) return true;
    if (budget_.Exhausted() || !FreeConflict()) return false;
  }
  return false;
}

// Lets the open pops of what could not be nested take anything. False if there
// are none.
bool StackNesting::FreeConflict() {
  const size_t before = free_.size();
  for (const uint32_t i : nesting_.conflict) {
    const auto& push = operations_.insertions[insertion_[i]];
    if (push.removal == kNone) continue;
    const auto& pop = operations_.removals[push.removal];
    if (pop.call <= last_ && pop.end > last_ && !IsFree(pop.operation)) {
      free_.push_back(pop.operation);
    }
  }
  return free_.size() > before;
}

Moment StackNesting::FirstOpenPop() const {
  return std::min(FirstOpen(operations_.removals, popped_by_, last_),
                  std::min(FirstOpen(operations_.misses, missed_by_, last_),
                           FirstCrash(operations_, last_)));
}

void StackNesting::CollectElements(Open open) {
  const Moment first_open = FirstOpenPop();
  elements_.clear();
  insertion_.clear();
  if (few_) {
    for (const uint32_t i : few_->insertions) {
      CollectElement(i, open, first_open);
    }
  } else {
    for (uint32_t i = 0; i < operations_.insertions.size(); ++i) {
      if (operations_.insertions[i].call > last_) break;
      CollectElement(i, open, first_open);
    }
  }
  crash_.assign(elements_.size(), kNone);
}

void StackNesting::CollectElement(uint32_t insertion, Open open,
                                  Moment first_open) {
  const auto& push = operations_.insertions[insertion];
  if (push.call > last_) return;
  Flexible element{push.call, push.end > last_ ? kNever : push.end, kAtLast,
                   kNever};
  const auto* pop =
      push.removal == kNone ? nullptr : &operations_.removals[push.removal];
  if (pop != nullptr && pop->end <= last_) {
    element.begin_by = std::min(element.begin_by, pop->end);
    element.end_from = std::max(pop->call, push.call);
    element.latest = pop->end;
  } else if (element.begin_by == kNever) {
    return;
  } else if (open == Open::kAnyPop) {
    if (first_open != kNever) {
      element.end_from = std::max(first_open, push.call);
      element.latest = kAtLast;
    }
  } else if (open == Open::kOwnPop && pop != nullptr && pop->call <= last_ &&
             !IsFree(pop->operation)) {
    element.end_from = std::max(pop->call, push.call);
    element.latest = kAtLast;
  }
  elements_.push_back(element);
  insertion_.push_back(insertion);
}

// What was not nested, or the elements that are in the way of a miss.
bool StackNesting::Focus() {
  if (!earliest_) return false;
  Few few;
  if (earliest_->rule == kCrossed) {
    for (const uint32_t i : nesting_.conflict) {
      few.insertions.push_back(insertion_[i]);
    }
  } else if (earliest_->rule == kNotEmpty) {
    few.miss = earliest_->first;
    const auto& miss = operations_.misses[few.miss];
    for (uint32_t i = 0; i < elements_.size(); ++i) {
      if (elements_[i].begin_by < miss.end &&
          elements_[i].end_from > miss.call) {
        few.insertions.push_back(insertion_[i]);
      }
    }
  } else {
    return false;
  }
  if (few.insertions.size() >
      std::max(kFewAnyway, operations_.insertions.size() / kFocus)) {
    return false;
  }
  few_ = std::move(few);
  return true;
}

// By when each element must be gone if it is lost: the first return of a pop
// that found nothing, or that took an element which was certainly pushed before
// it and certainly there when it was pushed; kNever if there is none.
std::vector<Moment> StackNesting::Deadlines() const {
  std::vector<uint32_t> by_begin;
  for (uint32_t i = 0; i < elements_.size(); ++i) by_begin.push_back(i);
  std::sort(by_begin.begin(), by_begin.end(), [&](uint32_t a, uint32_t b) {
    return elements_[a].begin_by < elements_[b].begin_by;
  });
  std::vector<Moment> deadlines(elements_.size(), kNever);
  LimitByThoseBelow(by_begin, deadlines);
  LimitByMisses(by_begin, deadlines);
  return deadlines;
}

void StackNesting::LimitByThoseBelow(const std::vector<uint32_t>& by_begin,
                                     std::vector<Moment>& deadlines) const {
  std::vector<Moment> ends;
  for (const Flexible& element : elements_) ends.push_back(element.end_from);
  std::sort(ends.begin(), ends.end());
  const auto index_of = [&](Moment end) {
    return static_cast<size_t>(std::lower_bound(ends.begin(), ends.end(), end) -
                               ends.begin());
  };
  // By where the cores end, the first limit of those whose core began so far.
  FenwickTree<Moment, Least> limits(ends.size(), kNever);
  size_t begun = 0;
  // Elements stand in the order of their earliest beginning.
  for (uint32_t i = 0; i < elements_.size(); ++i) {
    const Flexible& element = elements_[i];
    for (; begun < by_begin.size() &&
           elements_[by_begin[begun]].begin_by < element.earliest;
         ++begun) {
      const Flexible& below = elements_[by_begin[begun]];
      limits.Add(index_of(below.end_from), below.latest);
    }
    deadlines[i] =
        std::min(deadlines[i], limits.From(index_of(element.begin_by + 1)));
  }
}

void StackNesting::LimitByMisses(const std::vector<uint32_t>& by_begin,
                                 std::vector<Moment>& deadlines) const {
  Moment miss = kNever;
  size_t later = operations_.misses.size();
  for (size_t k = by_begin.size(); k-- > 0;) {
    const Flexible& element = elements_[by_begin[k]];
    for (; later > 0 && operations_.misses[later - 1].call > element.begin_by;
         --later) {
      const Moment end = operations_.misses[later - 1].end;
      if (end <= last_) miss = std::min(miss, end);
    }
    deadlines[by_begin[k]] = std::min(deadlines[by_begin[k]], miss);
  }
}

// The pops of which nobody knows in the prefix what they took: those that are
// info, the open ones that found nothing in the end, and those that are free.
// By their calls.
std::vector<std::pair<Moment, OpIndex>> StackNesting::FreePops() const {
  std::vector<std::pair<Moment, OpIndex>> pops;
  for (const auto& pop : operations_.crashes) {
    if (pop.call <= last_) pops.emplace_back(pop.call, pop.operation);
  }
  for (const auto& pop : operations_.misses) {
    if (pop.call <= last_ && pop.end > last_) {
      pops.emplace_back(pop.call, pop.operation);
    }
  }
  for (const auto& pop : operations_.removals) {
    if (free_.empty() && !frees_all_) break;
    if (pop.call <= last_ && pop.end > last_ && IsFree(pop.operation)) {
      pops.emplace_back(pop.call, pop.operation);
    }
  }
  std::sort(pops.begin(), pops.end());
  return pops;
}

void StackNesting::AssignPops() {
  const auto pops = FreePops();
  if (pops.empty()) return;
  std::vector<Moment> deadlines = Deadlines();
  for (uint32_t i = 0; i < elements_.size() && !urgent_.empty(); ++i) {
    const auto urgent = urgent_.find(insertion_[i]);
    if (urgent == urgent_.end()) continue;
    deadlines[i] = std::min(deadlines[i], urgent->second);
  }
  std::vector<uint32_t> lost;
  for (uint32_t i = 0; i < elements_.size(); ++i) {
    if (elements_[i].latest == kNever) lost.push_back(i);
  }
  std::stable_sort(lost.begin(), lost.end(), [&](uint32_t a, uint32_t b) {
    return deadlines[a] < deadlines[b];
  });
  const size_t count = std::min(lost.size(), pops.size());
  for (size_t i = 0; i < count; ++i) {
    Flexible& element = elements_[lost[i]];
    element.end_from = std::max(pops[i].first, element.earliest);
    element.latest = kAtLast;
    crash_[lost[i]] = pops[i].second;
  }
}

RemovalChoice::Kind StackNesting::Choose(Moment last) {
  if (operations_.impossible && operations_.impossible->certain <= last) {
    return RemovalChoice::Kind::kNone;
  }
  last_ = last;
  earliest_.reset();
  CollectElements(Open::kNoPop);
  frees_all_ = true;
  const auto pops = FreePops();
  frees_all_ = false;
  std::vector<Moment> calls;
  for (const auto& [call, operation] : pops) calls.push_back(call);
  std::vector<PopProblem::Miss> misses;
  for (const auto& miss : operations_.misses) {
    if (miss.end <= last_) misses.push_back({miss.call, miss.end});
  }
  const RemovalChoice choice = ChoosePops(
      {elements_, calls, misses}, ChoiceEffort(elements_.size()), budget_);
  if (choice.kind != RemovalChoice::Kind::kFound) return choice.kind;
  for (const auto& [element, pop] : choice.taken) {
    elements_[element] = TakenBy(elements_[element], pops[pop].first);
    crash_[element] = pops[pop].second;
  }
  CheckNesting();
  CheckMisses();
  return earliest_ ? RemovalChoice::Kind::kGivenUp
                   : RemovalChoice::Kind::kFound;
}

RemovalChoice::Kind StackNesting::ChooseForAll() {
  if (Explains()) return RemovalChoice::Kind::kFound;
  if (budget_.Exhausted()) return RemovalChoice::Kind::kGivenUp;
  return Choose(kNever);
}

Moment StackNesting::LastReturn() const {
  if (few_) return last_;
  Moment last = kStart;
  for (const auto& pop : operations_.removals) {
    if (pop.end <= last_) last = std::max(last, pop.end);
  }
  for (const auto& pop : operations_.misses) {
    if (pop.end <= last_) last = std::max(last, pop.end);
  }
  return last;
}

void StackNesting::CheckNesting() {
  nesting_ = Nest(elements_, budget_, wants_all_conflicts_);
  if (nesting_.exists) return;
  // Elements that have all been popped are a contradiction by themselves.
  Moment certain = kStart;
  for (const uint32_t element : nesting_.conflict) {
    certain = std::max(certain, elements_[element].latest);
  }
  const Moment last = LastReturn();
  if (certain >= kAtLast) certain = last;
  if (earliest_ && earliest_->certain <= certain) return;
  earliest_ = {certain, kCrossed, insertion_[nesting_.conflict.front()],
               insertion_[nesting_.conflict.back()]};
}

// The moments just before one of which no element is certainly there, sorted.
std::vector<Moment> StackNesting::UncoveredMoments() const {
  std::vector<Moment> begins;
  std::vector<Moment> ends;
  for (const Flexible& element : elements_) {
    if (element.is_trivial()) continue;
    begins.push_back(element.begin_by);
    ends.push_back(element.end_from);
  }
  std::sort(begins.begin(), begins.end());
  std::sort(ends.begin(), ends.end());
  std::vector<Moment> candidates = begins;
  for (uint32_t i = 0; i < operations_.misses.size() && !few_; ++i) {
    if (IsLookedAt(i)) candidates.push_back(operations_.misses[i].end);
  }
  if (few_ && few_->miss != kNone && IsLookedAt(few_->miss)) {
    candidates.push_back(operations_.misses[few_->miss].end);
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<Moment> uncovered;
  size_t begun = 0;
  size_t ended = 0;
  for (const Moment moment : candidates) {
    while (begun < begins.size() && begins[begun] < moment) ++begun;
    while (ended < ends.size() && ends[ended] < moment) ++ended;
    if (begun == ended) uncovered.push_back(moment);
  }
  return uncovered;
}

void StackNesting::CheckMisses() {
  miss_moment_.assign(few_ ? 0 : operations_.misses.size(), kNever);
  if (operations_.misses.empty()) return;
  const std::vector<Moment> uncovered = UncoveredMoments();
  if (few_) {
    if (few_->miss != kNone) CheckMiss(few_->miss, uncovered);
    return;
  }
  for (uint32_t i = 0; i < operations_.misses.size(); ++i) {
    const auto moment = CheckMiss(i, uncovered);
    if (!moment) return;
    miss_moment_[i] = *moment;
  }
}

// The moment at which the stack was empty for the miss, kNever if that has not
// returned; nothing, with a contradiction, if there is none.
std::optional<Moment> StackNesting::CheckMiss(
    uint32_t miss, const std::vector<Moment>& uncovered) {
  const auto& [operation, call, end] = operations_.misses[miss];
  if (!IsLookedAt(miss)) return kNever;
  const auto moment =
      std::upper_bound(uncovered.begin(), uncovered.end(), call);
  if (moment == uncovered.end() || *moment > end) {
    earliest_ = {LastReturn(), kNotEmpty, miss, 0, end};
    return std::nullopt;
  }
  return *moment;
}

std::vector<OpIndex> StackNesting::Linearization() const {
  // What happens just before a moment, in this order, and just after it.
  enum Place : uint64_t { kMiss, kPush, kPop, kBoth };
  struct Step {
    uint64_t moment;
    uint64_t order;
    OpIndex operation;
    bool operator<(const Step& other) const {
      return std::pair(moment, order) < std::pair(other.moment, other.order);
    }
  };
  std::vector<Step> steps;
  const auto add = [&](Moment moment, Place place, uint32_t order,
                       OpIndex operation) {
    steps.push_back({uint64_t{moment} << 2 | place, order, operation});
  };
  for (size_t i = 0; i < miss_moment_.size(); ++i) {
    if (miss_moment_[i] == kNever) continue;
    add(miss_moment_[i], kMiss, 0, operations_.misses[i].operation);
  }
  for (size_t i = 0; i < elements_.size(); ++i) {
    const auto& push = operations_.insertions[insertion_[i]];
    const OpIndex pop = push.removal == kNone
                            ? crash_[i]
                            : operations_.removals[push.removal].operation;
    const Nested& place = nesting_.places[i];
    if (elements_[i].is_trivial()) {
      add(elements_[i].end_from, kBoth, 0, push.operation);
      add(elements_[i].end_from, kBoth, 1, pop);
      continue;
    }
    add(place.begin, kPush, place.depth, push.operation);
    // What may have been popped may also have stayed for ever.
    if (pop != kNone && place.end < kAtLast)
      add(place.end, kPop, ~place.depth, pop);
  }
  std::sort(steps.begin(), steps.end());
  std::vector<OpIndex> linearization;
  linearization.reserve(steps.size());
  for (const Step& step : steps) linearization.push_back(step.operation);
  return linearization;
}

std::string StackNesting::Text(uint32_t insertion) const {
  return history::ToShortText(
      input_.values,
      operations_.values[operations_.insertions[insertion].value], kTextLength);
}

std::string StackNesting::Describe(const Contradiction& contradiction) const {
  const uint32_t first = contradiction.first;
  switch (contradiction.rule) {
    case kNobodyPushed:
    case kPoppedTwice: {
      const uint32_t value = operations_.removals[first].value;
      return absl::StrCat(
          "the value ",
          history::ToShortText(input_.values, operations_.values[value],
                               kTextLength),
          contradiction.rule == kPoppedTwice
              ? " was pushed once, but popped twice"
              : " was popped, but nothing that had been called by then pushes "
                "it");
    }
    case kCrossed:
      return absl::StrCat("the times at which elements from ", Text(first),
                          " to ", Text(contradiction.second),
                          " were in the stack overlap, and none of them can "
                          "have been below all others");
    default:
      return "a pop found the stack empty, but at each moment of it some "
             "element was certainly there";
  }
}

}  // namespace

Decision DecideByNesting(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  StackNesting stack(input, budget);
  std::string problem = stack.Prepare();
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (!problem.empty()) return NotApplicable(std::move(problem));
  return DecideByChoosing(
      stack, input,
      "whatever the pops with an unknown outcome took, the times at which "
      "elements were in the stack cannot nest",
      "what the pops with an unknown outcome took makes a difference", budget);
}

}  // namespace minos::checker
