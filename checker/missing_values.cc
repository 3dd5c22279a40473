#include "checker/missing_values.h"

#include <utility>
#include <vector>

namespace minos::checker {

using history::kNoValue;
using history::ValueId;

void SilenceReads(const ModelInfo& model, SessionHistory& steps) {
  const bool is_register =
      model.name == "register" || model.name == "cas-register";
  if (!is_register || steps.initial == history::kNil) return;
  std::vector<bool> can_be_nil(steps.key_names.size(), false);
  for (Step step = 0; step < steps.size(); ++step) {
    if (!steps.IsRead(step) && steps.values[step] == history::kNil) {
      can_be_nil[steps.keys[step]] = true;
    }
  }
  for (Step step = 0; step < steps.size(); ++step) {
    if (steps.IsRead(step) && steps.values[step] == history::kNil &&
        !can_be_nil[steps.keys[step]]) {
      steps.values[step] = kNoValue;
    }
  }
}

void ReadMissingKeys(const ModelInfo& model, SessionHistory& steps) {
  const ValueId empty = steps.history->values().FindString("");
  if (model.name != "kv" || empty == kNoValue) return;
  std::vector<bool> can_be_empty(steps.key_names.size(),
                                 steps.initial == empty);
  std::vector<bool> is_nil_read(steps.key_names.size(), false);
  for (Step step = 0; step < steps.size(); ++step) {
    const uint32_t key = steps.keys[step];
    if (steps.IsRead(step)) {
      if (steps.values[step] == history::kNil) is_nil_read[key] = true;
    } else if (steps.values[step] == empty) {
      can_be_empty[key] = true;
    }
  }
  const auto are_told_apart = [&](Step step) {
    return can_be_empty[steps.keys[step]] && is_nil_read[steps.keys[step]];
  };
  const ValueId missing = steps.initial == empty ? empty : history::kNil;
  for (Step step = 0; step < steps.size(); ++step) {
    ValueId& value = steps.values[step];
    if (value != empty && value != history::kNil) continue;
    if (!are_told_apart(step)) {
      value = missing;
    } else if (steps.IsRead(step) && value == empty) {
      value = kNoValue;
      steps.says_more = true;
    }
  }
  const auto is_left_out = [&](const std::pair<Step, ValueId>& compared) {
    return compared.second == empty && are_told_apart(compared.first);
  };
  if (std::erase_if(steps.compared, is_left_out) > 0) steps.says_more = true;
  for (auto& [step, value] : steps.compared) {
    if (value == empty || value == history::kNil) value = missing;
  }
}

}  // namespace minos::checker
