#include "checker/model_registry.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "checker/models/models.h"
#include "history/nearest_name.h"

namespace minos::checker {

std::span<const ModelInfo> AllModels() {
  static const ModelInfo kModels[] = {
      RegisterInfo(),      CasRegisterInfo(),
      MultiRegisterInfo(), KvInfo(),
      ListAppendInfo(),    LogInfo(),
      CounterInfo(),       GSetInfo(),
      SetInfo(),           MultisetInfo(),
      FifoQueueInfo(),     UnorderedQueueInfo(),
      PriorityQueueInfo(), StackInfo(),
      MutexInfo(),         ReentrantMutexInfo(),
      FencedLockInfo(),    SemaphoreInfo(),
      BankInfo(),          UniqueIdsInfo(),
  };
  return kModels;
}

absl::StatusOr<const ModelInfo*> FindModel(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ModelInfo& model : AllModels()) {
    if (model.name == name) return &model;
    names.push_back(model.name);
  }
  return absl::NotFoundError(absl::StrFormat(
      "there is no model `%s`; did you mean `%s`?", std::string(name),
      std::string(history::NearestName(name, names))));
}

}  // namespace minos::checker
