// Linearizability of sources of unique identifiers.
//
// Precondition: none. The order of the operations says nothing: the history is
// linearizable exactly if no identifier was given twice, or before the start.
// An info operation may have given any identifier that nobody got, or none. Of
// the operations that gave one identifier, the second to return makes the
// violation certain. Any order that contains real time explains the rest, such
// as that of the calls.
//
// Cost. O(n) time, about 20 bytes an operation.

#include <algorithm>
#include <string>
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

using history::kNever;
using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;

constexpr size_t kBytesAnOperation = 20;
constexpr size_t kTextLength = 40;

// The first two returns at which an identifier was given. Before the start is
// 0.
struct Given {
  Moment first = kNever;
  Moment second = kNever;

  void Add(Moment end) {
    if (end < first) std::swap(end, first);
    second = std::min(second, end);
  }
};

class Distinctness {
 public:
  explicit Distinctness(const DeciderInput& input)
      : input_(input), ids_(input.calls.size(), input.values.size()) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  Decision Decide() const;

 private:
  Given& GivenOf(ValueId id) {
    const uint32_t local = ids_.Of(id);
    if (local == given_.size()) given_.emplace_back();
    return given_[local];
  }
  Decision Violation(const ObservedCall& culprit) const;

  const DeciderInput& input_;
  LocalIds ids_;
  std::vector<Given> given_;  // by number of the identifier
};

// What an ok operation got.
ValueId ResultOf(const ObservedCall& call) {
  return call.content.result == kNoValue ? kNil : call.content.result;
}

std::string Distinctness::Prepare() {
  if (input_.initial != kNoValue && input_.initial != kNil) {
    const ValueKind kind = input_.values.kind(input_.initial);
    if (kind != ValueKind::kList && kind != ValueKind::kSet) {
      return "the value at the start is no list of identifiers";
    }
    for (const ValueId id : input_.values.elements(input_.initial)) {
      GivenOf(id).first = kStart;
    }
  }
  FunctionIndex functions(input_.values, input_.model);
  for (const ObservedCall& call : input_.calls) {
    if (functions.MainNameOf(call.content.function) != "generate") {
      return "there is an operation that is no generate";
    }
    if (call.content.is_ok) GivenOf(ResultOf(call)).Add(MomentOf(call.end));
  }
  return "";
}

Decision Distinctness::Violation(const ObservedCall& culprit) const {
  Decision decision;
  decision.kind = Decision::Kind::kViolation;
  decision.culprit = culprit.operation;
  decision.reason = absl::StrCat(
      "the identifier ",
      history::ToShortText(input_.values, ResultOf(culprit), kTextLength),
      " was given twice");
  return decision;
}

Decision Distinctness::Decide() const {
  Moment certain = kNever;
  for (const Given& given : given_) {
    certain = std::min(certain, given.second);
  }
  Decision decision;
  decision.kind = Decision::Kind::kValid;
  for (const ObservedCall& call : input_.calls) {
    if (!call.content.is_ok) continue;
    if (MomentOf(call.end) == certain) return Violation(call);
    decision.linearization.push_back(call.operation);
  }
  return decision;
}

}  // namespace

Decision DecideByDistinctness(const DeciderInput& input, Budget& budget) {
  const Allowance allowance(
      budget,
      input.calls.size() * kBytesAnOperation +
          LocalIds::MemoryBytes(input.calls.size(), input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Distinctness distinctness(input);
  std::string problem = distinctness.Prepare();
  if (!problem.empty()) return NotApplicable(std::move(problem));
  if (budget.Exhausted()) return OutOfBudget(budget);
  return distinctness.Decide();
}

}  // namespace minos::checker
