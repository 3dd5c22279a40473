// What may be left out of a history of a collection without making a good one
// bad: all that was done with a value.
//
// Take a linearization of a history of a queue, a stack, a set, … and strike
// out every operation on the value v. What is left is a linearization of what
// is left: the other elements keep their order, the smallest of them is still
// the smallest, what was empty still is. So if what is left is a violation, the
// whole is one. That needs
//  - that v was not there at the start, where nobody strikes it out;
//  - of a set, that no read that stays shows v.
// An info removal of what nobody knows stays: it may have taken another
// element. But there need be no more of them than elements, and those called
// first are the best: an operation without a return is only bound by its call.

#ifndef MINOS_CHECKER_VALUE_PROJECTION_H_
#define MINOS_CHECKER_VALUE_PROJECTION_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "checker/budget.h"
#include "checker/deciders/function_index.h"
#include "checker/model_registry.h"
#include "checker/sequential_model.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

class ValueProjection {
 public:
  // All outlive this. What the functions below say of many calls means nothing
  // once `budget` is exhausted.
  ValueProjection(const ModelInfo& model, const history::ValueTable& values,
                  history::ValueId initial, Budget& budget);

  // Whether the data type is one of those.
  bool Applies() const { return kind_ != Kind::kOther; }
  // The values of which all operations among `calls`, in their order in time,
  // may be left out, each once, in the order in which they are met. O(n).
  std::vector<history::ValueId> Droppable(std::span<const Call> calls);
  // The value that the operation is about, if all operations on it may be left
  // out; else kNoValue.
  history::ValueId ValueOf(const Call& call);
  // Which of `calls` stay if all operations on the values `dropped`, which are
  // Droppable, are left out, and then the info removals that are not needed.
  using Values = absl::flat_hash_set<history::ValueId>;
  std::vector<bool> StayWithout(const Values& dropped,
                                std::span<const Call> calls);

 private:
  enum class Kind : uint8_t { kQueue, kSet, kOther };

  bool IsNamed(const Call& call, std::string_view name);
  // The values that may not be left out while this operation stays.
  std::span<const history::ValueId> ShownBy(const Call& call);
  bool IsRemoval(const Call& call);

  Kind kind_;
  const history::ValueTable& values_;
  FunctionIndex functions_;
  absl::flat_hash_set<history::ValueId> at_start_;
  size_t elements_at_start_ = 0;
  Budget& budget_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VALUE_PROJECTION_H_
