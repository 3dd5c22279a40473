#include "checker/deciders/queue_operations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "checker/deciders/function_index.h"
#include "checker/emptiness.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNone = QueueOperations::kNone;
constexpr size_t kTextLength = 40;

// Pairs each insertion with the removal of its value. Returns a value that may
// have been inserted more than once and was removed; kNone if there is none.
uint32_t Pair(QueueOperations& operations) {
  std::vector<Moment> last_removed(operations.values.size(), kStart);
  for (const auto& removal : operations.removals) {
    Moment& last = last_removed[removal.value];
    last = std::max(last, removal.end);
  }
  std::vector<uint32_t> insertion_of(operations.values.size(), kNone);
  for (uint32_t i = 0; i < operations.insertions.size(); ++i) {
    const auto& insertion = operations.insertions[i];
    if (insertion.call >= last_removed[insertion.value]) continue;
    if (insertion_of[insertion.value] != kNone) return insertion.value;
    insertion_of[insertion.value] = i;
  }
  for (uint32_t i = 0; i < operations.removals.size(); ++i) {
    auto& removal = operations.removals[i];
    removal.insertion = insertion_of[removal.value];
    if (removal.insertion == kNone) continue;
    uint32_t& first = operations.insertions[removal.insertion].removal;
    if (first == kNone || removal.end < operations.removals[first].end) {
      first = i;
    }
  }
  return kNone;
}

void FindImpossible(QueueOperations& operations) {
  for (uint32_t i = 0; i < operations.removals.size(); ++i) {
    const auto& removal = operations.removals[i];
    Contradiction found{removal.end, 0, i, 0};
    if (removal.insertion != kNone) {
      const auto& insertion = operations.insertions[removal.insertion];
      if (insertion.call < removal.end) {
        if (insertion.removal == i) continue;
        found.rule = 1;
        found.second = insertion.removal;
      }
    }
    if (!operations.impossible ||
        found.certain < operations.impossible->certain) {
      operations.impossible = found;
    }
  }
}

// Sorts the calls by what they do. Says why an operation does not fit, or
// nothing.
std::string Sort(const DeciderInput& input, std::string_view insert,
                 std::string_view remove, LocalIds& ids,
                 QueueOperations& operations, Budget& budget) {
  FunctionIndex functions(input.values, input.model);
  for (const ObservedCall& call : input.calls) {
    if (budget.Exhausted()) return "";
    const std::string_view function =
        functions.MainNameOf(call.content.function);
    const Moment called = MomentOf(call.call);
    const Moment end = MomentOf(call.end);
    if (function == insert) {
      if (MeansEmpty(input.values, call.content.argument)) {
        return "an operation puts in what means that nothing is there";
      }
      operations.insertions.push_back(
          {call.operation, called, end, ids.Of(call.content.argument)});
    } else if (function != remove) {
      return "there is an operation that is neither putting in nor taking out";
    } else if (!call.content.is_ok) {
      operations.crashes.push_back({call.operation, called});
    } else if (MeansEmpty(input.values, call.content.result)) {
      operations.misses.push_back({call.operation, called, end});
    } else {
      operations.removals.push_back(
          {call.operation, called, end, ids.Of(call.content.result)});
    }
  }
  return "";
}

}  // namespace

std::string SortQueueOperations(const DeciderInput& input,
                                std::string_view insert,
                                std::string_view remove,
                                QueueOperations& operations, Budget& budget) {
  if (!IsEmptyAtStart(input.values, input.initial)) {
    return "it is not empty at the start";
  }
  LocalIds ids(input.calls.size(), input.values.size());
  std::string refusal = Sort(input, insert, remove, ids, operations, budget);
  if (!refusal.empty()) return refusal;
  for (uint32_t i = 0; i < ids.size(); ++i) {
    operations.values.push_back(ids.value(i));
  }
  if (budget.Exhausted()) return "";
  const uint32_t ambiguous = Pair(operations);
  if (ambiguous != kNone) {
    return absl::StrCat(
        "the value ",
        history::ToShortText(input.values, operations.values[ambiguous],
                             kTextLength),
        " was taken out and may have been put in more than once");
  }
  FindImpossible(operations);
  return "";
}

}  // namespace minos::checker
