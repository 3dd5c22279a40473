// The table of the bundled stores.

#ifndef MINOS_TARGETS_TARGET_REGISTRY_H_
#define MINOS_TARGETS_TARGET_REGISTRY_H_

#include <string_view>
#include <vector>

#include "targets/target.h"

namespace minos::targets {

// All of them, in the order in which `minos list targets` prints them.
const std::vector<TargetInfo>& AllTargets();

// The store called `name`; nullptr if there is none.
const TargetInfo* FindTarget(std::string_view name);

}  // namespace minos::targets

#endif  // MINOS_TARGETS_TARGET_REGISTRY_H_
