#include "tests/support/data_types.h"

#include <algorithm>

#include "checker/model_registry.h"

namespace minos::testing {

std::vector<std::string> AllDataTypes() {
  std::vector<std::string> types;
  for (const checker::ModelInfo& model : checker::AllModels()) {
    types.emplace_back(model.name);
  }
  return types;
}

std::vector<std::string> DataTypesOfPlaces() {
  return {"register", "cas-register", "multi-register"};
}

std::string TestName(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

}  // namespace minos::testing
