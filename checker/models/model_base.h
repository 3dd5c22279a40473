// What all models share: finding the function that a call names, numbering the
// actions, and the words of their complaints.

#ifndef MINOS_CHECKER_MODELS_MODEL_BASE_H_
#define MINOS_CHECKER_MODELS_MODEL_BASE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "checker/model_registry.h"
#include "checker/sequential_model.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

// An operation, reduced to what its model looks at. What a model ignores it
// sets to kNoValue, so that operations that differ only there are one action.
struct Action {
  uint8_t function = 0;  // which row of the model's FunctionInfo table
  history::ValueId argument = history::kNil;
  // kNoValue if it is unknown (the operation is info) or does not matter.
  history::ValueId result = history::kNoValue;
  // The session, for data types that have owners; kNoValue for all others.
  history::ValueId owner = history::kNoValue;

  friend bool operator==(const Action&, const Action&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Action& a) {
    return H::combine(std::move(h), a.function, a.argument, a.result, a.owner);
  }
};

class ModelBase : public SequentialModel {
 public:
  absl::StatusOr<ActionId> Intern(const Call& call) final;
  size_t MemoryBytes() const final;

 protected:
  // `name` and `functions` are the model's row in the table of data types;
  // `values` outlives the model.
  ModelBase(const history::ValueTable& values, std::string_view name,
            std::span<const FunctionInfo> functions)
      : values_(values), name_(name), functions_(functions) {}

  // Checks the argument and the result of `action` and clears what does not
  // matter. The result is kNoValue exactly if the operation is info.
  virtual absl::Status Normalize(Action& action) = 0;
  // True if it matters by whom the object is called.
  virtual bool HasOwners() const { return false; }
  // Called once for each new action, after Normalize.
  virtual void OnNewAction(ActionId id, const Action& action) = 0;
  // What the states occupy.
  virtual size_t StateBytes() const = 0;

  const history::ValueTable& values() const { return values_; }
  std::span<const FunctionInfo> functions() const { return functions_; }
  const Action& action(ActionId id) const { return actions_[id]; }
  size_t action_count() const { return actions_.size(); }
  // Whether any operation with the action was ok.
  bool is_ok(ActionId id) const { return is_ok_[id]; }

  // A value as messages show it.
  std::string Text(history::ValueId value) const;
  // Several: "[1 2 3]" for brackets "[]"; the middle of many is left out.
  std::string TextOf(std::span<const history::ValueId> elements,
                     std::string_view brackets) const;
  // InvalidArgument: "the counter's `add` takes an integer, not \"x\"".
  absl::Status IllFormed(const Action& action, std::string_view verb,
                         std::string_view expected,
                         history::ValueId value) const;
  absl::Status BadArgument(const Action& action,
                           std::string_view expected) const {
    return IllFormed(action, "takes", expected, action.argument);
  }
  absl::Status BadResult(const Action& action,
                         std::string_view expected) const {
    return IllFormed(action, "returns", expected, action.result);
  }

  bool IsList(history::ValueId value) const;
  bool IsListOf(history::ValueId value, size_t size) const;
  bool IsCollection(history::ValueId value) const;  // a list or a set
  // Of a list or a set; nil has none.
  std::span<const history::ValueId> ElementsOf(
      history::ValueId collection) const;
  bool IsInteger(history::ValueId value) const;
  bool IsString(history::ValueId value) const;

 private:
  absl::StatusOr<uint8_t> FindFunction(history::ValueId function);
  absl::Status NoSuchFunction(history::ValueId function) const;

  const history::ValueTable& values_;
  std::string_view name_;
  std::span<const FunctionInfo> functions_;
  // The functions met so far; there are few.
  std::vector<std::pair<history::ValueId, uint8_t>> known_;
  std::vector<Action> actions_;
  std::vector<bool> is_ok_;  // by action: whether an operation of it was ok
  absl::flat_hash_map<Action, ActionId> ids_;
};

// The elements that an object holds at the start. None if `initial` is nil or
// kNoValue; InvalidArgument with the message `expected` if it is no list (or,
// if it may be one, no set).
absl::StatusOr<std::span<const history::ValueId>> InitialElements(
    const history::ValueTable& values, history::ValueId initial,
    std::string_view expected, bool may_be_set = false);

// The first of the names of a function, the one that Jepsen uses.
std::string_view MainName(const FunctionInfo& function);
// True if `name` is one of the names of `function`.
bool HasName(const FunctionInfo& function, std::string_view name);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_MODEL_BASE_H_
