// Polynomial deciders: exact answers without a search, where they exist.
//
// Whether a history is linearizable is NP-complete in general, but easy for
// many data types as long as the history tells which operation produced the
// value that another one saw. A decider looks at the operations of one
// partition and either
//
//   - says that its precondition does not hold (kNotApplicable), and why; the
//     search of wgl.h then has to do it; or
//   - decides: valid, with a linearization, or a violation, with the operation
//     at whose return it became certain.
//
// A decider never assumes its precondition, it checks it. Deciders know info
// operations: those may have taken effect at any time after their call, or
// never.
//
// Thread safety: deciders are pure functions; any number may run at once.

#ifndef MINOS_CHECKER_DECIDER_H_
#define MINOS_CHECKER_DECIDER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/sequential_model.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

// An operation of one partition as a decider sees it.
struct ObservedCall {
  history::OpIndex operation = 0;
  history::Position call = 0;
  // kNever for an info operation, and for no other.
  history::Position end = history::kNever;
  Call content;
};

struct DeciderInput {
  // In the order of their calls, without failed ones. No two moments are equal.
  std::span<const ObservedCall> calls;
  const ModelInfo& model;
  const history::ValueTable& values;
  history::ValueId initial = history::kNoValue;
};

struct Decision {
  enum class Kind : uint8_t {
    kNotApplicable,  // the precondition does not hold, or an operation is not
                     // one that the decider knows
    kValid,
    kViolation,
    kUnknown,  // the budget ran out
  };
  Kind kind = Kind::kNotApplicable;
  // Not applicable or a violation: why, one sentence without a full stop.
  std::string reason;
  // Valid: all ok operations, and the info operations that took effect, in an
  // order that explains them.
  std::vector<history::OpIndex> linearization;
  // Violation: the operation at whose return it became certain. The events up
  // to that return are the smallest violated prefix.
  history::OpIndex culprit = 0;
  // False if a smaller prefix may be violated as well: the decider is certain
  // of the violation, but could not tell that the prefix before is none.
  bool is_culprit_exact = true;
  // Set exactly if unknown.
  UnknownReason unknown = UnknownReason::kTimeLimit;
};

struct DeciderInfo {
  std::string_view name;  // as --algorithm and the reports name it
  std::string_view summary;
  std::span<const std::string_view> models;  // the data types that it decides
  // Time and memory: see the file of each. What it allocates it charges to
  // `budget` and releases before it returns.
  Decision (*decide)(const DeciderInput& input, Budget& budget);
};

// The operations of a partition with their keys taken off. O(n).
std::vector<ObservedCall> ObserveCalls(
    const history::History& history, Keying keying,
    const std::vector<history::OpIndex>& operations);

// All deciders, each under its own name.
std::span<const DeciderInfo> AllDeciders();

// Whether `decider` is one for the data type `model`.
bool Decides(const DeciderInfo& decider, std::string_view model);

// The first decider for the data type `model`; null if there is none.
const DeciderInfo* FindDecider(std::string_view model);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDER_H_
