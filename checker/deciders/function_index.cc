#include "checker/deciders/function_index.h"

#include "checker/models/model_base.h"

namespace minos::checker {

std::string_view FunctionIndex::MainNameOf(history::ValueId function) {
  for (const auto& [known, name] : known_) {
    if (known == function) return name;
  }
  std::string_view main_name;
  if (function != history::kNoValue &&
      values_.kind(function) == history::ValueKind::kString) {
    for (const FunctionInfo& info : model_.functions) {
      if (!HasName(info, values_.text(function))) continue;
      main_name = MainName(info);
      break;
    }
  }
  known_.emplace_back(function, main_name);
  return main_name;
}

}  // namespace minos::checker
