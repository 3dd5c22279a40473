// Which function of a data type a call names.

#ifndef MINOS_CHECKER_DECIDERS_FUNCTION_INDEX_H_
#define MINOS_CHECKER_DECIDERS_FUNCTION_INDEX_H_

#include <string_view>
#include <utility>
#include <vector>

#include "checker/model_registry.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

class FunctionIndex {
 public:
  // Both outlive the index.
  FunctionIndex(const history::ValueTable& values, const ModelInfo& model)
      : values_(values), model_(model) {}

  // The first of the names of the function that `function` names, aliases
  // resolved ("read" for "r"); empty if the data type has no such function. The
  // names of a ModelInfo live for ever. O(1) for a name met before.
  std::string_view MainNameOf(history::ValueId function);

 private:
  const history::ValueTable& values_;
  const ModelInfo& model_;
  // There are few.
  std::vector<std::pair<history::ValueId, std::string_view>> known_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_FUNCTION_INDEX_H_
