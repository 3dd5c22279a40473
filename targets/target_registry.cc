#include "targets/target_registry.h"

#include "targets/stores/stores.h"

namespace minos::targets {

const std::vector<TargetInfo>& AllTargets() {
  static const auto* const kTargets = new std::vector<TargetInfo>{
      StrongCounter(),
      Eventual(),
      ReadAfterWrite(),
      SessionSticky(),
      SessionToken(),
      MonotonicCache(),
      GCounterTarget(),
      PnCounterTarget(),
      GSetTarget(),
      OrSetTarget(),
      LwwRegisterTarget(),
      Quorum(),
      Abd(),
      PrimaryBackup(),
      Sequencer(),
      Causal(),
      Raft(),
      LeaseLock(),
      Geo(),
      Hybrid(),
      Tiered(),
  };
  return *kTargets;
}

const TargetInfo* FindTarget(std::string_view name) {
  for (const TargetInfo& target : AllTargets()) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

}  // namespace minos::targets
