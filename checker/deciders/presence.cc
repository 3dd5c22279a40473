// Linearizability of sets and multisets whose elements come and go once.
//
// Precondition. No ok operation reads the whole. Each element is added at most
// once and removed at most once; one that is there at the start is not added,
// and is there once.
//
// The idea. Such operations look at one element each, so that the elements are
// independent objects (linearizability is local). Of one element there are a
// moment a at which it is added, a moment r at which it is removed, operations
// that saw it, each of which needs a moment from a to r, and operations that
// missed it, each of which needs a moment before a or after r. Moments are gaps
// between two events.
//  - Without a removal that took something out, a is best as late as can be:
//    before the return of the add and of the first that saw it.
//  - With one, r is not before its call, nor before the call of the last that
//    saw the element. If a can be that late, it is there for no time at all,
//    and whoever missed it is right. Else a as late and r as early as can be
//    leave the most room to those that missed it.
// A removal that says that it found nothing is one that missed it. A removal
// that does not say so may be either, and both are tried; so is doing without
// an info removal. An info add is left out if nothing saw the element.
//
// A violation is one of an element; the return that makes it certain is found
// by halving among the returns of that element.
//
// Cost. O(n log n) time, about 80 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
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
using history::kTrue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;

constexpr size_t kBytesAnOperation = 80;
constexpr size_t kTextLength = 40;

enum class Role : uint8_t { kAdd, kRemove, kLook };
// What an operation says, where its return is known. A removal that took the
// element out saw it.
enum class Answer : uint8_t { kNothing, kSaw, kMissed, kImpossible };

// An operation on one element.
struct Use {
  uint32_t element;
  Role role;
  Answer answer;
  Moment call;
  Moment end;  // kNever if it is info
  OpIndex operation;
};

// The gaps in which an element comes and goes; kNever if it does not.
struct Stay {
  Moment from = kNever;
  Moment until = kNever;
};

class Presence {
 public:
  Presence(const DeciderInput& input, Budget& budget)
      : input_(input),
        budget_(budget),
        is_multiset_(input.model.name == "multiset"),
        ids_(input.calls.size(), input.values.size()) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  Decision Decide();

 private:
  // What a prefix says of one element.
  struct Facts {
    const Use* add = nullptr;
    const Use* remove = nullptr;
    Moment added_by = kNever;    // the end of the add
    Moment removed_by = kNever;  // the end of the removal
    Answer removal = Answer::kNothing;
    bool was_there = false;  // at the start
    bool is_impossible = false;
    bool is_seen = false;
    Moment first_end = kNever;  // of those that only look and saw it
    Moment last_call = kStart;
  };

  std::string SetStart();
  std::string AddCall(const ObservedCall& call, FunctionIndex& functions);
  std::optional<Answer> AnswerOf(Role role, std::string_view function,
                                 const ObservedCall& call) const;
  std::string SortUses();
  std::span<const Use> UsesOf(uint32_t element) const {
    return std::span(uses_).subspan(begin_[element],
                                    begin_[element + 1] - begin_[element]);
  }
  Facts FactsOf(uint32_t element, Moment last) const;
  // When the element is there, given the events up to `last`; nothing if they
  // are violated.
  std::optional<Stay> FindStay(uint32_t element, Moment last) const;
  std::optional<Stay> WithoutEnd(const Facts& facts) const;
  std::optional<Stay> WithEnd(const Facts& facts) const;
  bool LeavesRoom(const Stay& stay, uint32_t element, Moment last) const;
  Moment SmallestViolation(uint32_t element) const;
  std::vector<OpIndex> Linearize(const std::vector<Stay>& stays) const;
  std::string Text(uint32_t element) const {
    return history::ToShortText(input_.values, ids_.value(element),
                                kTextLength);
  }

  const DeciderInput& input_;
  Budget& budget_;
  bool is_multiset_;
  LocalIds ids_;
  std::vector<bool> was_there_;  // by element
  std::vector<Use> uses_;        // by element, then by call
  std::vector<size_t> begin_;    // by element, where its uses begin
};

std::string Presence::Prepare() {
  if (input_.initial != kNoValue && input_.initial != kNil) {
    std::string problem = SetStart();
    if (!problem.empty()) return problem;
  }
  FunctionIndex functions(input_.values, input_.model);
  uses_.reserve(input_.calls.size());
  for (const ObservedCall& call : input_.calls) {
    if (budget_.Exhausted()) return "";
    std::string problem = AddCall(call, functions);
    if (!problem.empty()) return problem;
  }
  return SortUses();
}

std::string Presence::SetStart() {
  const ValueKind kind = input_.values.kind(input_.initial);
  if (kind != ValueKind::kList && kind != ValueKind::kSet) {
    return "the value at the start is no list of elements";
  }
  for (const ValueId x : input_.values.elements(input_.initial)) {
    if (ids_.Of(x) < was_there_.size()) {
      return "an element is there several times at the start";
    }
    was_there_.push_back(true);
  }
  return "";
}

// Nothing if the result is not one that the function gives.
std::optional<Answer> Presence::AnswerOf(Role role, std::string_view function,
                                         const ObservedCall& call) const {
  if (!call.content.is_ok) return Answer::kNothing;
  const ValueId result = call.content.result;
  if (function == "count") {
    if (result == kNoValue ||
        input_.values.kind(result) != ValueKind::kInteger ||
        input_.values.integer(result) < 0) {
      return std::nullopt;
    }
    const int64_t count = input_.values.integer(result);
    if (count > 1) return Answer::kImpossible;
    return count == 1 ? Answer::kSaw : Answer::kMissed;
  }
  const bool is_bool = result == kTrue || result == kFalse;
  if (role == Role::kLook && !is_bool) return std::nullopt;
  if (role == Role::kAdd) {
    // The only add of an element finds it new.
    const bool is_refused =
        !is_multiset_ && result == kFalse && call.content.argument != kFalse;
    return is_refused ? Answer::kImpossible : Answer::kNothing;
  }
  if (role == Role::kRemove && (!is_bool || result == call.content.argument)) {
    return Answer::kNothing;
  }
  return result == kTrue ? Answer::kSaw : Answer::kMissed;
}

std::string Presence::AddCall(const ObservedCall& call,
                              FunctionIndex& functions) {
  const std::string_view function = functions.MainNameOf(call.content.function);
  if (function == "read") {
    return call.content.is_ok ? "an operation reads the whole" : "";
  }
  const bool looks = function == "contains" || function == "count";
  if (!looks && function != "add" && function != "remove") {
    return "there is an operation that is not one of an element";
  }
  const Role role = looks               ? Role::kLook
                    : function == "add" ? Role::kAdd
                                        : Role::kRemove;
  const auto answer = AnswerOf(role, function, call);
  if (!answer) return "an operation returned what it cannot";
  const uint32_t element =
      ids_.Of(call.content.argument == kNoValue ? kNil : call.content.argument);
  if (element == was_there_.size()) was_there_.push_back(false);
  uses_.push_back({element, role, *answer, MomentOf(call.call),
                   MomentOf(call.end), call.operation});
  return "";
}

// Sorts the uses by element, and looks for elements that come or go twice.
std::string Presence::SortUses() {
  std::stable_sort(uses_.begin(), uses_.end(), [](const Use& a, const Use& b) {
    return a.element < b.element;
  });
  begin_.assign(ids_.size() + 1, 0);
  for (const Use& use : uses_) ++begin_[use.element + 1];
  for (size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  for (uint32_t element = 0; element < ids_.size(); ++element) {
    int adds = was_there_[element] ? 1 : 0;
    int removals = 0;
    for (const Use& use : UsesOf(element)) {
      if (use.role == Role::kAdd) ++adds;
      if (use.role == Role::kRemove) ++removals;
    }
    if (adds > 1 || removals > 1) {
      return absl::StrCat("the element ", Text(element),
                          " is added or removed more than once");
    }
  }
  return "";
}

Presence::Facts Presence::FactsOf(uint32_t element, Moment last) const {
  Facts facts;
  facts.was_there = was_there_[element];
  for (const Use& use : UsesOf(element)) {
    if (use.call > last) break;
    const bool has_returned = use.end <= last && use.end != kNever;
    const Answer answer = has_returned ? use.answer : Answer::kNothing;
    if (answer == Answer::kImpossible) facts.is_impossible = true;
    if (answer == Answer::kSaw) facts.is_seen = true;
    if (use.role == Role::kAdd) {
      facts.add = &use;
      if (has_returned) facts.added_by = use.end;
    } else if (use.role == Role::kRemove) {
      facts.remove = &use;
      facts.removal = answer;
      if (has_returned) facts.removed_by = use.end;
    } else if (answer == Answer::kSaw) {
      facts.first_end = std::min(facts.first_end, use.end);
      facts.last_call = std::max(facts.last_call, use.call);
    }
  }
  return facts;
}

// As late as can be, and for ever.
std::optional<Stay> Presence::WithoutEnd(const Facts& facts) const {
  if (facts.removal == Answer::kSaw) return std::nullopt;
  if (facts.was_there) return Stay{kStart, kNever};
  const Moment from = std::min(facts.added_by, facts.first_end) - 1;
  if (from < facts.add->call) return std::nullopt;
  return Stay{from, kNever};
}

// As late as can be, until as early as can be.
std::optional<Stay> Presence::WithEnd(const Facts& facts) const {
  if (facts.remove == nullptr || facts.removal == Answer::kMissed) {
    return std::nullopt;
  }
  const Moment call = facts.was_there ? kStart : facts.add->call;
  const Moment latest =
      facts.was_there ? kStart : std::min(facts.added_by, facts.first_end) - 1;
  const Moment until = std::max({facts.remove->call, facts.last_call, call});
  if (latest < call || until >= facts.removed_by) return std::nullopt;
  return Stay{std::min(latest, until), until};
}

// Whether each operation that missed the element has a moment for that.
bool Presence::LeavesRoom(const Stay& stay, uint32_t element,
                          Moment last) const {
  const bool was_there = was_there_[element];
  for (const Use& use : UsesOf(element)) {
    if (use.call > last) break;
    if (use.end > last || use.end == kNever) continue;
    const bool is_idle_removal = use.role == Role::kRemove &&
                                 use.answer == Answer::kNothing &&
                                 stay.until == kNever;
    if (use.answer != Answer::kMissed && !is_idle_removal) continue;
    const bool is_before = !was_there && use.call <= stay.from;
    const bool is_after = stay.until != kNever && use.end > stay.until;
    if (!is_before && !is_after) return false;
  }
  return true;
}

std::optional<Stay> Presence::FindStay(uint32_t element, Moment last) const {
  const Facts facts = FactsOf(element, last);
  if (facts.is_impossible) return std::nullopt;
  const bool is_added =
      facts.add != nullptr && (facts.added_by != kNever || facts.is_seen);
  if (!is_added && !facts.was_there) {
    return facts.is_seen ? std::nullopt : std::optional(Stay{});
  }
  for (const auto& stay : {WithoutEnd(facts), WithEnd(facts)}) {
    if (stay && LeavesRoom(*stay, element, last)) return stay;
  }
  return std::nullopt;
}

// The return at which it is certain that the operations on `element` are
// violated. REQUIRES: they are.
Moment Presence::SmallestViolation(uint32_t element) const {
  std::vector<Moment> returns;
  for (const Use& use : UsesOf(element)) {
    if (use.end != kNever) returns.push_back(use.end);
  }
  std::sort(returns.begin(), returns.end());
  return *std::partition_point(
      returns.begin(), returns.end(),
      [&](Moment last) { return FindStay(element, last).has_value(); });
}

std::vector<OpIndex> Presence::Linearize(const std::vector<Stay>& stays) const {
  // The order within a gap, for one element.
  enum Place : uint64_t { kBefore, kComes, kSees, kGoes, kAfter };
  std::vector<std::tuple<uint64_t, uint32_t, OpIndex>> steps;
  steps.reserve(uses_.size());
  for (const Use& use : uses_) {
    const Stay& stay = stays[use.element];
    const bool is_missed_by =
        use.answer == Answer::kMissed ||
        (use.role == Role::kRemove && use.answer == Answer::kNothing &&
         stay.until == kNever);
    Moment gap = use.call;
    Place place = kBefore;
    if (use.role == Role::kAdd) {
      if (stay.from == kNever) continue;
      gap = stay.from;
      place = kComes;
    } else if (is_missed_by) {
      if (use.end == kNever) continue;
      if (was_there_[use.element] || use.call > stay.from) {
        gap = std::max(use.call, stay.until);
        place = kAfter;
      }
    } else if (use.role == Role::kRemove) {
      gap = stay.until;
      place = kGoes;
    } else {
      gap = std::max(use.call, stay.from);
      place = kSees;
    }
    steps.emplace_back(uint64_t{gap} << 32 | use.element, place, use.operation);
  }
  std::sort(steps.begin(), steps.end());
  std::vector<OpIndex> linearization;
  linearization.reserve(steps.size());
  for (const auto& step : steps) linearization.push_back(std::get<2>(step));
  return linearization;
}

Decision Presence::Decide() {
  std::vector<Stay> stays(ids_.size());
  Moment certain = kNever;
  uint32_t wrong = 0;
  for (uint32_t element = 0; element < ids_.size(); ++element) {
    if (budget_.Exhausted()) return OutOfBudget(budget_);
    const auto stay = FindStay(element, kNever);
    if (stay) {
      stays[element] = *stay;
      continue;
    }
    const Moment moment = SmallestViolation(element);
    if (moment < certain) {
      certain = moment;
      wrong = element;
    }
  }
  Decision decision;
  if (certain == kNever) {
    decision.kind = Decision::Kind::kValid;
    decision.linearization = Linearize(stays);
    return decision;
  }
  decision.kind = Decision::Kind::kViolation;
  decision.reason =
      absl::StrCat("what the operations say of the element ", Text(wrong),
                   " fits no moments at which it can have come and gone");
  for (const Use& use : UsesOf(wrong)) {
    if (use.end == certain) decision.culprit = use.operation;
  }
  return decision;
}

}  // namespace

Decision DecideByPresence(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Presence presence(input, budget);
  std::string problem = presence.Prepare();
  if (!problem.empty()) return NotApplicable(std::move(problem));
  if (budget.Exhausted()) return OutOfBudget(budget);
  return presence.Decide();
}

}  // namespace minos::checker
