// Linearizability of priority queues whose deletions tell which insertion they
// saw.
//
// Precondition. As for queue-order: for each value that an ok delete-min took,
// at most one insert of it was called before the last such delete-min returned;
// the queue was empty at the start; elements are integers; and it is found in
// good time what info delete-mins have taken, if that matters: see below.
//
// Complete histories. A gap is what lies between two events. An element is
// there from the gap in which it is put in to that in which it is taken out;
// only larger elements mind, which cannot be taken out meanwhile. So take the
// elements by size, the smallest first, and let each be there as briefly as can
// be: in as late, out as early. Out is the first gap from the call of its
// delete-min on in which no smaller element is there; in is that gap too, or,
// if the insert had returned by then, the gap before that return. So only whole
// gaps from that return on are closed to larger elements. The history is
// linearizable exactly if each element is out before its delete-min returns.
// Necessary: by induction over the elements no linearization has one there for
// less. Sufficient: within a gap come first the elements that leave it, by
// size, then those that come and go in it, one after the other, then those that
// stay. A delete-min that found nothing is an element larger than all, and one
// that no ok delete-min took closes all gaps from the return of its insert on.
//
// Info operations. An info insert of an element that no ok delete-min took can
// be left out (models/priority_queue.cc says why), and one that was taken never
// returns. An info delete-min may have taken an element that is there though no
// ok one took it (a *lost* one) out, and which ones did is hard to tell. So
// there are three answers:
//  - Say that every lost element is taken out by an info delete-min as soon as
//    any has been called, and by as many as are needed. That closes fewer gaps
//    than any linearization; what does not fit now is a violation.
//  - Give each lost element, the smallest first, the info delete-min called
//    last of those that take it out as early as possible. If all fits now, that
//    is a linearization.
//  - Where the two differ, search for the choice (deletion_choice.cc). That is
//    exact too, but may take long. If it takes too long, the history goes to
//    the search of all data types.
// Without info delete-mins they are the same.
//
// Prefixes. chosen_prefix.h says what they are about. The prefix before a
// contradiction is none for certain if all fits in it when each open delete-min
// takes what it took in the end, but for the culprit, and the others are chosen
// for as above.
//
// Cost. O(n log n) time, about 140 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/deciders/chosen_prefix.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/deletion_choice.h"
#include "checker/deciders/gaps.h"
#include "checker/deciders/local_ids.h"
#include "checker/deciders/queue_operations.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::OpIndex;

constexpr uint32_t kNone = 0xFFFFFFFFu;
constexpr size_t kBytesAnOperation = 140;
constexpr size_t kTextLength = 40;
// A part of the elements is looked at by itself if it is so many times smaller
// than all, or no larger than that. At first it goes back by so many moments,
// then by more and more.
constexpr size_t kFocus = 32;
constexpr size_t kFewAnyway = 16;
constexpr Moment kFirstReach = 4;
constexpr Moment kReachGrowth = 8;

enum Rule : int {
  kNobodyInserted,  // `first` is a removal
  kTakenTwice,      // `first` and `second` are removals
  kTooSoon,         // `first` is the insertion of an element
  kNotEmpty,        // `first` is a miss
};

class PriorityOrder : public ChoosingJudge {
 public:
  PriorityOrder(const DeciderInput& input, Budget& budget)
      : input_(input), budget_(budget) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  // What is a violation whatever the info delete-mins took.
  std::optional<Contradiction> Judge(Moment last) override;
  bool Focus() override;
  void Unfocus() override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Whether a quick choice of what the info delete-mins took explains the
  // prefix.
  bool Explains(Moment last);
  bool IsCertainlyValid(Moment last, OpIndex next) override;
  RemovalChoice::Kind Choose(Moment last) override;
  std::vector<OpIndex> Linearization() const override;

 private:
  struct Element {
    Moment in_call, in_end, out_call, out_end;
    uint32_t insertion;
    uint32_t size;  // the smaller, the smaller it is; equal for equal ones
    // Its delete-min; if it is lost, the one chosen for it. kNone if there is
    // none.
    OpIndex out;
    Moment leaves = kNever;  // the gap in which it is taken out
    bool is_lost() const { return out_end == kNever; }
  };
  // What is judged: all, or a few elements and perhaps a miss.
  struct Scope {
    std::vector<Element> elements;  // as in the whole history, the smallest
                                    // first; `leaves` means nothing
    std::optional<Gaps> gaps;
    bool has_all = true;
    uint32_t miss = kNone;  // the only one, where not all are judged
  };
  struct Miss {
    OpIndex operation;
    uint32_t number;
    Moment call, end;
    Moment gap = kNever;
  };

  void SortElements();
  std::vector<Moment> AllMoments() const;
  Scope MakeScope(const Contradiction& found, Moment reach) const;
  void CollectElements(Moment last, OpIndex next = kNone);
  void CollectMisses(Moment last);
  void CollectCrashes(Moment last, OpIndex next = kNone);
  bool Sweep(bool is_generous);
  void Leave(Element& element, bool is_generous);
  void TakeByCrash(Element& element);
  void Report(const Contradiction& contradiction) {
    if (!earliest_ || contradiction.certain < earliest_->certain) {
      earliest_ = contradiction;
    }
  }

  const DeciderInput& input_;
  Budget& budget_;
  QueueOperations operations_;
  Scope all_;
  Scope few_;
  Scope* scope_ = &all_;
  // The latest return of the first removals, and of the first misses.
  std::vector<Moment> removed_by_;
  std::vector<Moment> missed_by_;

  // Of the prefix being judged.
  std::optional<Contradiction> earliest_;
  Moment last_return_ = kStart;
  Moment first_crash_ = kNever;    // the call of what may have taken something
  std::vector<Element> elements_;  // the smallest first
  std::vector<Miss> misses_;
  using Crash = std::pair<Moment, OpIndex>;
  std::set<Crash> crashes_;  // those that have taken nothing
};

std::string PriorityOrder::Prepare() {
  std::string problem =
      SortQueueOperations(input_, "insert", "delete-min", operations_, budget_);
  if (!problem.empty() || budget_.Exhausted()) return problem;
  for (const history::ValueId value : operations_.values) {
    if (input_.values.kind(value) != history::ValueKind::kInteger) {
      return "an element is no integer";
    }
  }
  SortElements();
  if (budget_.Exhausted()) return "";
  all_.gaps.emplace(AllMoments());
  removed_by_ = LatestReturns(operations_.removals);
  missed_by_ = LatestReturns(operations_.misses);
  return "";
}

void PriorityOrder::SortElements() {
  std::vector<std::pair<int64_t, uint32_t>> sizes;
  sizes.reserve(operations_.insertions.size());
  for (const auto& insertion : operations_.insertions) {
    sizes.emplace_back(
        input_.values.integer(operations_.values[insertion.value]),
        static_cast<uint32_t>(sizes.size()));
  }
  std::sort(sizes.begin(), sizes.end());
  all_.elements.reserve(sizes.size());
  for (size_t i = 0; i < sizes.size(); ++i) {
    const bool is_larger = i > 0 && sizes[i].first != sizes[i - 1].first;
    const uint32_t last = i == 0 ? 0 : all_.elements[i - 1].size;
    const auto& in = operations_.insertions[sizes[i].second];
    Element element{in.call, in.end,          in.call,
                    kNever,  sizes[i].second, is_larger ? last + 1 : last,
                    kNone};
    if (in.removal != kNone) {
      const auto& out = operations_.removals[in.removal];
      element.out_call = std::max(out.call, in.call);
      element.out_end = out.end;
      element.out = out.operation;
    }
    all_.elements.push_back(element);
  }
}

std::vector<Moment> PriorityOrder::AllMoments() const {
  std::vector<Moment> ends;
  ends.reserve(input_.calls.size());
  for (const ObservedCall& call : input_.calls) {
    if (call.end != kNever) ends.push_back(MomentOf(call.end));
  }
  std::sort(ends.begin(), ends.end());
  // The calls are in order.
  std::vector<Moment> moments;
  moments.reserve(input_.calls.size() + ends.size());
  auto end = ends.begin();
  for (const ObservedCall& call : input_.calls) {
    const Moment called = MomentOf(call.call);
    for (; end != ends.end() && *end < called; ++end) moments.push_back(*end);
    moments.push_back(called);
  }
  moments.insert(moments.end(), end, ends.end());
  return moments;
}

// Of those whose delete-min is open nobody knows it, unless `next` is given:
// then only that of this operation is not known.
void PriorityOrder::CollectElements(Moment last, OpIndex next) {
  elements_.clear();
  last_return_ = kStart;
  for (const Element& whole : scope_->elements) {
    if (whole.in_call > last) continue;
    Element element = whole;
    if (element.in_end > last) element.in_end = kNever;
    if (element.in_end != kNever) {
      last_return_ = std::max(last_return_, element.in_end);
    }
    if (element.out_end <= last && element.out != kNone) {
      last_return_ = std::max(last_return_, element.out_end);
      element.in_end = std::min(element.in_end, element.out_end);
    } else {
      if (element.in_end == kNever) continue;
      element.out_end = kNever;
      if (next == kNone || element.out == next || element.out_call > last) {
        element.out_call = element.in_call;
        element.out = kNone;
      }
    }
    elements_.push_back(element);
  }
}

void PriorityOrder::CollectMisses(Moment last) {
  misses_.clear();
  const auto collect = [&](uint32_t i) {
    const auto& miss = operations_.misses[i];
    if (miss.end > last) return;
    last_return_ = std::max(last_return_, miss.end);
    misses_.push_back({miss.operation, i, miss.call, miss.end});
  };
  if (scope_->has_all) {
    for (uint32_t i = 0; i < operations_.misses.size(); ++i) collect(i);
  } else if (scope_->miss != kNone) {
    collect(scope_->miss);
  }
}

// All delete-mins that are open or info; with `next`, those of which
// CollectElements does not know what they took.
void PriorityOrder::CollectCrashes(Moment last, OpIndex next) {
  crashes_.clear();
  const auto collect = [&](const auto& operation, Moment end) {
    if (operation.call <= last && end > last) {
      crashes_.emplace(operation.call, operation.operation);
    }
  };
  for (const auto& crash : operations_.crashes) {
    if (crash.call <= last) crashes_.emplace(crash.call, crash.operation);
  }
  if (last == kNever) return;
  for (const auto& out : operations_.removals) {
    if (next == kNone || out.operation == next) collect(out, out.end);
  }
  for (const auto& miss : operations_.misses) collect(miss, miss.end);
}

// Gives a lost element to an info delete-min that can take it early.
void PriorityOrder::TakeByCrash(Element& element) {
  const Moment wanted = scope_->gaps->FirstOpen(element.in_end);
  auto crash = crashes_.upper_bound({wanted, kNone});
  if (wanted != kNever && crash != crashes_.begin()) --crash;
  if (crash == crashes_.end()) return;
  element.leaves =
      scope_->gaps->FirstOpen(std::max(crash->first, element.in_call));
  if (element.leaves == kNever) return;
  element.out = crash->second;
  crashes_.erase(crash);
}

void PriorityOrder::Leave(Element& element, bool is_generous) {
  if (!element.is_lost()) {
    element.leaves = scope_->gaps->FirstOpen(element.out_call);
  } else if (element.out != kNone) {
    element.leaves = scope_->gaps->FirstOpen(element.out_call);
    if (element.leaves == kNever) element.out = kNone;
  } else if (is_generous && first_crash_ != kNever) {
    element.leaves =
        scope_->gaps->FirstOpen(std::max(first_crash_, element.in_call));
  } else if (!is_generous && !crashes_.empty()) {
    TakeByCrash(element);
  }
}

// Places all elements. False, with a report, if one does not fit.
bool PriorityOrder::Sweep(bool is_generous) {
  scope_->gaps->OpenAll();
  for (size_t begin = 0; begin < elements_.size();) {
    if (budget_.Exhausted()) return false;
    size_t end = begin;
    // Elements of one size do not mind each other.
    for (;
         end < elements_.size() && elements_[end].size == elements_[begin].size;
         ++end) {
      Element& element = elements_[end];
      Leave(element, is_generous);
      if (!element.is_lost() && element.leaves >= element.out_end) {
        Report({last_return_, kTooSoon, element.insertion, 0, element.out_end});
        return false;
      }
    }
    for (; begin < end; ++begin) {
      const Element& element = elements_[begin];
      if (element.leaves >= element.in_end) {
        scope_->gaps->Close(element.in_end, element.leaves);
      }
    }
  }
  for (uint32_t i = 0; i < misses_.size(); ++i) {
    misses_[i].gap = scope_->gaps->FirstOpen(misses_[i].call);
    if (misses_[i].gap < misses_[i].end) continue;
    Report({last_return_, kNotEmpty, misses_[i].number, 0, misses_[i].end});
    return false;
  }
  return true;
}

std::optional<Contradiction> PriorityOrder::Judge(Moment last) {
  earliest_.reset();
  if (operations_.impossible && operations_.impossible->certain <= last) {
    earliest_ = operations_.impossible;
    last = earliest_->certain - 1;
  }
  CollectElements(last);
  CollectMisses(last);
  first_crash_ =
      std::min(FirstOpen(operations_.removals, removed_by_, last),
               std::min(FirstOpen(operations_.misses, missed_by_, last),
                        FirstCrash(operations_, last)));
  if (!scope_->has_all) last_return_ = last;
  if (budget_.Exhausted()) return std::nullopt;
  Sweep(/*is_generous=*/true);
  return earliest_;
}

// The elements that may be in the way of what did not fit, from `reach` moments
// before it on. Those that were lost before may have been taken out by then.
PriorityOrder::Scope PriorityOrder::MakeScope(const Contradiction& found,
                                              Moment reach) const {
  Scope scope;
  scope.has_all = false;
  uint32_t most = kNone;
  Moment begin = kStart;
  const Moment end = found.guess;
  if (found.rule == kNotEmpty) {
    scope.miss = found.first;
    begin = operations_.misses[found.first].call;
  } else {
    const auto wrong = std::find_if(all_.elements.begin(), all_.elements.end(),
                                    [&](const Element& element) {
                                      return element.insertion == found.first;
                                    });
    begin = wrong->out_call;
    most = wrong->size;
  }
  std::vector<Moment> moments = {begin};
  begin = begin > reach ? begin - reach : kStart;
  for (const Element& element : all_.elements) {
    if (element.size > most) break;
    const Moment known_from =
        element.out == kNone ? element.in_call : element.out_end;
    if (element.in_call > end || known_from < begin) continue;
    scope.elements.push_back(element);
    for (const Moment moment :
         {element.in_call, element.in_end, element.out_call, element.out_end}) {
      if (moment != kNever) moments.push_back(moment);
    }
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  scope.gaps.emplace(std::move(moments));
  return scope;
}

bool PriorityOrder::Focus() {
  if (!earliest_ || earliest_->guess == kNever) return false;
  const Contradiction found = *earliest_;
  const size_t most = std::max(kFewAnyway, all_.elements.size() / kFocus);
  for (Moment reach = kFirstReach; reach < found.certain;
       reach *= kReachGrowth) {
    few_ = MakeScope(found, reach);
    if (few_.elements.size() > most) break;
    scope_ = &few_;
    if (Judge(found.certain)) return true;
    Unfocus();
  }
  earliest_ = found;
  return false;
}

void PriorityOrder::Unfocus() {
  scope_ = &all_;
  few_ = {};
}

bool PriorityOrder::Explains(Moment last) {
  if (operations_.impossible && operations_.impossible->certain <= last) {
    return false;
  }
  CollectElements(last);
  CollectMisses(last);
  CollectCrashes(last);
  return Sweep(/*is_generous=*/false);
}

bool PriorityOrder::IsCertainlyValid(Moment last, OpIndex next) {
  if (operations_.impossible && operations_.impossible->certain <= last) {
    return false;
  }
  CollectElements(last, next);
  CollectMisses(last);
  CollectCrashes(last, next);
  return Sweep(/*is_generous=*/false) || Explains(last);
}

RemovalChoice::Kind PriorityOrder::Choose(Moment last) {
  if (operations_.impossible && operations_.impossible->certain <= last) {
    return RemovalChoice::Kind::kNone;
  }
  CollectElements(last);
  CollectMisses(last);
  CollectCrashes(last);
  std::vector<DeletionProblem::Stay> stays;
  stays.reserve(elements_.size() + misses_.size());
  for (const Element& element : elements_) {
    stays.push_back(
        {element.in_end, element.out_call, element.out_end, element.size});
  }
  for (const Miss& miss : misses_) {
    stays.push_back({kNever, miss.call, miss.end, kNone});
  }
  const std::vector<Crash> crashes(crashes_.begin(), crashes_.end());
  std::vector<Moment> calls;
  calls.reserve(crashes.size());
  for (const auto& [call, operation] : crashes) calls.push_back(call);
  const RemovalChoice choice =
      ChooseDeletions({stays, calls}, ChoiceEffort(stays.size()), budget_);
  if (choice.kind != RemovalChoice::Kind::kFound) return choice.kind;
  for (const auto& [taken, deletion] : choice.taken) {
    Element& element = elements_[taken];
    element.out = crashes[deletion].second;
    element.out_call = std::max(element.out_call, crashes[deletion].first);
  }
  crashes_.clear();
  return Sweep(/*is_generous=*/false) ? RemovalChoice::Kind::kFound
                                      : RemovalChoice::Kind::kGivenUp;
}

std::vector<OpIndex> PriorityOrder::Linearization() const {
  // Within a gap; what happens just before an event comes last.
  enum Place : uint64_t { kLeaves, kComesAndGoes, kStays = 3 };
  // When, which element, and whether it is put in or taken out.
  std::vector<std::tuple<uint64_t, uint32_t, bool, OpIndex>> steps;
  for (uint32_t i = 0; i < elements_.size(); ++i) {
    const Element& element = elements_[i];
    const bool passes = element.leaves < element.in_end;
    const uint64_t out =
        uint64_t{element.leaves} << 2 | (passes ? kComesAndGoes : kLeaves);
    const uint64_t in =
        passes ? out : (uint64_t{element.in_end} - 1) << 2 | kStays;
    steps.emplace_back(in, i, false,
                       operations_.insertions[element.insertion].operation);
    if (element.out != kNone) steps.emplace_back(out, i, true, element.out);
  }
  for (uint32_t i = 0; i < misses_.size(); ++i) {
    steps.emplace_back(uint64_t{misses_[i].gap} << 2 | kComesAndGoes, kNone,
                       true, misses_[i].operation);
  }
  std::sort(steps.begin(), steps.end());
  std::vector<OpIndex> linearization;
  linearization.reserve(steps.size());
  for (const auto& step : steps) linearization.push_back(std::get<3>(step));
  return linearization;
}

std::string PriorityOrder::Describe(const Contradiction& contradiction) const {
  const uint32_t first = contradiction.first;
  const auto text = [&](uint32_t value) {
    return history::ToShortText(input_.values, operations_.values[value],
                                kTextLength);
  };
  switch (contradiction.rule) {
    case kNobodyInserted:
      return absl::StrCat("the element ",
                          text(operations_.removals[first].value),
                          " was taken, but nothing that had been called by "
                          "then inserts it");
    case kTakenTwice:
      return absl::StrCat("the element ",
                          text(operations_.removals[first].value),
                          " was inserted once, but taken twice");
    case kTooSoon:
      return absl::StrCat("the element ",
                          text(operations_.insertions[first].value),
                          " was taken, but at each moment of that some smaller "
                          "element was certainly there");
    default:
      return "a delete-min found nothing, but at each moment of it some "
             "element was certainly there";
  }
}

}  // namespace

Decision DecideByPriority(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  PriorityOrder order(input, budget);
  std::string problem = order.Prepare();
  if (!problem.empty()) return NotApplicable(std::move(problem));
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (order.Explains(kNever) && !budget.Exhausted()) {
    Decision decision;
    decision.kind = Decision::Kind::kValid;
    decision.linearization = order.Linearization();
    return decision;
  }
  return DecideByChoosing(
      order, input,
      "whatever the delete-mins with an unknown outcome took, some element was "
      "taken while a smaller one was certainly there",
      "what the delete-mins with an unknown outcome took makes a difference",
      budget);
}

}  // namespace minos::checker
