#include "checker/deciders/set_operations.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/local_ids.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNever;
using history::kNil;
using history::kNoValue;
using history::kTrue;
using history::ValueId;
using history::ValueKind;
using Kind = SetOperations::Kind;

constexpr uint32_t kNone = SetOperations::kNone;
constexpr size_t kTextLength = 40;

class Sorter {
 public:
  Sorter(const DeciderInput& input, SetOperations& operations, Budget& budget)
      : input_(input),
        operations_(operations),
        budget_(budget),
        is_multiset_(input.model.name == "multiset"),
        functions_(input.values, input.model),
        ids_(input.calls.size(), input.values.size()) {}

  // Why they cannot be sorted; empty if they are.
  std::string Run();

 private:
  // What is known of the removals of one element.
  struct Removals {
    uint32_t taker = kNone;   // the one that says that it took it
    uint32_t silent = kNone;  // one that returned and does not say
    uint32_t all = 0;
  };

  bool IsCollection(ValueId value) const {
    const ValueKind kind = input_.values.kind(value);
    return kind == ValueKind::kList ||
           (kind == ValueKind::kSet && !is_multiset_);
  }
  std::string Start();
  std::string AddCall(const ObservedCall& call);
  std::string AddRead(const ObservedCall& call);
  std::string AddLook(const ObservedCall& call, std::string_view function);
  void Add(const ObservedCall& call, Kind kind, uint32_t subject) {
    operations_.uses.push_back({call.operation, MomentOf(call.call),
                                MomentOf(call.end), subject, kind});
  }
  std::string AddRemoval(const ObservedCall& call);
  std::string CheckRemovals();
  uint32_t Element(ValueId value);
  std::string Text(uint32_t element) const {
    return history::ToShortText(input_.values, ids_.value(element),
                                kTextLength);
  }

  const DeciderInput& input_;
  SetOperations& operations_;
  Budget& budget_;
  bool is_multiset_;
  FunctionIndex functions_;
  LocalIds ids_;
  std::vector<uint32_t> add_of_;       // by element: a use
  std::vector<Removals> removals_of_;  // by element
  std::vector<uint32_t> shown_by_;     // by element: the last read with it
};

uint32_t Sorter::Element(ValueId value) {
  const uint32_t element = ids_.Of(value == kNoValue ? kNil : value);
  if (element == add_of_.size()) {
    operations_.was_there.push_back(false);
    add_of_.push_back(kNone);
    removals_of_.emplace_back();
    shown_by_.push_back(kNone);
  }
  return element;
}

std::string Sorter::Run() {
  std::string problem = Start();
  operations_.uses.reserve(input_.calls.size());
  operations_.shown_begin.push_back(0);
  for (const ObservedCall& call : input_.calls) {
    if (!problem.empty() || budget_.Exhausted()) return problem;
    problem = AddCall(call);
  }
  if (problem.empty()) problem = CheckRemovals();
  operations_.values.reserve(ids_.size());
  for (uint32_t i = 0; i < ids_.size(); ++i) {
    operations_.values.push_back(ids_.value(i));
  }
  return problem;
}

std::string Sorter::Start() {
  if (input_.initial == kNoValue || input_.initial == kNil) return "";
  if (!IsCollection(input_.initial)) {
    return "the value at the start is no collection of elements";
  }
  for (const ValueId value : input_.values.elements(input_.initial)) {
    const uint32_t element = Element(value);
    if (operations_.was_there[element]) {
      return "an element is there several times at the start";
    }
    operations_.was_there[element] = true;
  }
  return "";
}

std::string Sorter::AddCall(const ObservedCall& call) {
  const std::string_view function =
      functions_.MainNameOf(call.content.function);
  if (function == "read") return AddRead(call);
  if (function == "contains" || function == "count") {
    return AddLook(call, function);
  }
  if (function == "remove") return AddRemoval(call);
  if (function != "add") {
    return "there is an operation that is not one of an element";
  }
  const uint32_t element = Element(call.content.argument);
  if (operations_.was_there[element] || add_of_[element] != kNone) {
    return absl::StrCat("the element ", Text(element),
                        " is added more than once");
  }
  if (!is_multiset_ && call.content.is_ok && call.content.result == kFalse &&
      call.content.argument != kFalse) {
    return "an addition says that the element had been there";
  }
  add_of_[element] = static_cast<uint32_t>(operations_.uses.size());
  Add(call, Kind::kAdd, element);
  return "";
}

std::string Sorter::AddRead(const ObservedCall& call) {
  if (!call.content.is_ok) return "";
  const ValueId result =
      call.content.result == kNoValue ? kNil : call.content.result;
  const auto read = static_cast<uint32_t>(operations_.shown_begin.size() - 1);
  if (result != kNil) {
    if (!IsCollection(result)) return "a read shows what is no collection";
    for (const ValueId value : input_.values.elements(result)) {
      const uint32_t element = Element(value);
      if (shown_by_[element] == read) return "a read shows an element twice";
      shown_by_[element] = read;
      operations_.shown.push_back(element);
    }
    std::sort(operations_.shown.begin() +
                  static_cast<ptrdiff_t>(operations_.shown_begin.back()),
              operations_.shown.end());
  }
  operations_.shown_begin.push_back(operations_.shown.size());
  Add(call, Kind::kRead, read);
  return "";
}

std::string Sorter::AddLook(const ObservedCall& call,
                            std::string_view function) {
  if (!call.content.is_ok) return "";
  const ValueId result = call.content.result;
  bool sees = result == kTrue;
  bool is_known = sees || result == kFalse;
  if (function == "count") {
    is_known = result != kNoValue &&
               input_.values.kind(result) == ValueKind::kInteger &&
               (input_.values.integer(result) | 1) == 1;
    sees = is_known && input_.values.integer(result) == 1;
  }
  if (!is_known) return "an operation returned what it cannot";
  Add(call, sees ? Kind::kSee : Kind::kMiss, Element(call.content.argument));
  return "";
}

std::string Sorter::AddRemoval(const ObservedCall& call) {
  const uint32_t element = Element(call.content.argument);
  const ValueId result = call.content.result;
  const bool tells =
      (result == kTrue || result == kFalse) && result != call.content.argument;
  Removals& removals = removals_of_[element];
  const auto use = static_cast<uint32_t>(operations_.uses.size());
  ++removals.all;
  Kind kind = Kind::kTake;
  if (call.content.is_ok && !tells) {
    removals.silent = use;
  } else if (call.content.is_ok && result == kFalse) {
    kind = Kind::kLeave;
  } else if (call.content.is_ok) {
    if (removals.taker != kNone) {
      return absl::StrCat("the element ", Text(element),
                          " is taken out more than once");
    }
    removals.taker = use;
  }
  Add(call, kind, element);
  return "";
}

// What removals did that do not say it.
std::string Sorter::CheckRemovals() {
  for (uint32_t element = 0; element < removals_of_.size(); ++element) {
    const Removals& removals = removals_of_[element];
    if (removals.silent == kNone) continue;
    auto& removal = operations_.uses[removals.silent];
    const uint32_t add = add_of_[element];
    const bool was_in =
        operations_.was_there[element] ||
        (add != kNone && operations_.uses[add].end < removal.call);
    const bool was_not_in =
        !operations_.was_there[element] &&
        (add == kNone || operations_.uses[add].call > removal.end);
    if (removals.all > 1 || (!was_in && !was_not_in)) {
      return absl::StrCat("nobody knows which removal took the element ",
                          Text(element), " out");
    }
    if (was_not_in) removal.kind = Kind::kLeave;
  }
  return "";
}

}  // namespace

std::string SortSetOperations(const DeciderInput& input,
                              SetOperations& operations, Budget& budget) {
  return Sorter(input, operations, budget).Run();
}

std::vector<ElementFacts> FactsUpTo(const SetOperations& operations,
                                    Moment last) {
  std::vector<ElementFacts> facts(operations.size());
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!operations.was_there[i]) facts[i].add_call = facts[i].add_end = kNever;
  }
  const auto see = [&](uint32_t element, Moment call, Moment end) {
    facts[element].first_seen = std::min(facts[element].first_seen, end);
    facts[element].last_seen = std::max(facts[element].last_seen, call);
  };
  for (uint32_t i = 0; i < operations.uses.size(); ++i) {
    const SetOperations::Use& use = operations.uses[i];
    if (use.call > last) break;
    const Moment end = use.end > last ? kNever : use.end;
    if (use.kind == Kind::kRead && end != kNever) {
      for (const uint32_t x : operations.Shown(use.subject)) {
        see(x, use.call, end);
      }
    } else if (use.kind == Kind::kSee && end != kNever) {
      see(use.subject, use.call, end);
    } else if (use.kind == Kind::kAdd) {
      ElementFacts& of = facts[use.subject];
      of.add = i;
      of.add_call = use.call;
      of.add_end = end;
    } else if (use.kind == Kind::kTake || use.kind == Kind::kLeave) {
      ElementFacts& of = facts[use.subject];
      const bool took = use.kind == Kind::kTake && end != kNever;
      const bool may_have = end == kNever && of.removal == kNone;
      if (!took && !may_have) continue;
      of.removal = i;
      of.removal_call = use.call;
      if (took) of.removal_end = end;
    }
  }
  return facts;
}

}  // namespace minos::checker
