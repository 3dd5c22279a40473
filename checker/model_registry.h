// The table of the data types that minos knows.

#ifndef MINOS_CHECKER_MODEL_REGISTRY_H_
#define MINOS_CHECKER_MODEL_REGISTRY_H_

#include <memory>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "checker/sequential_model.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

// What a function takes. A value [k v] with the key in front is recognized by
// it: a function without an argument is not meant to get one.
enum class Takes : uint8_t {
  kNothing,
  kValue,
  kPair,  // [old new]
};

// One function of a data type, as `minos list models` prints it.
struct FunctionInfo {
  std::string_view name;      // as Jepsen calls it, aliases after commas
  std::string_view argument;  // "the value", "[old new]", "nil"
  std::string_view result;
  std::string_view meaning;  // and what `fail` means, where it can
  Takes takes = Takes::kValue;
};

// How the keys of a history split it for a data type.
enum class KeyUse : uint8_t {
  kSplits,   // each key is an object of its own
  kExpects,  // the same, and the type is about keys: a [k v] has its key in
             // front
  kRefuses,  // the type holds all its keys in one state (multi-register, bank)
};

// One data type.
struct ModelInfo {
  std::string_view name;
  std::string_view summary;
  std::span<const FunctionInfo> functions;
  std::string_view initial;  // what --initial means, and its default
  KeyUse keys = KeyUse::kSplits;
  // Makes a model of one object whose initial state is `initial` (kNoValue for
  // the default). `values` is the table of the history and outlives the model.
  // Fails if `initial` is not a state of the type.
  absl::StatusOr<std::unique_ptr<SequentialModel>> (*make)(
      const history::ValueTable& values, history::ValueId initial);
};

// All data types, in the order in which `minos list models` prints them.
std::span<const ModelInfo> AllModels();

// The data type called `name`; NotFound, with the nearest name, if there is
// none.
absl::StatusOr<const ModelInfo*> FindModel(std::string_view name);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODEL_REGISTRY_H_
