// The bundled stores, one file each; the file says how the store works.

#ifndef MINOS_TARGETS_STORES_STORES_H_
#define MINOS_TARGETS_STORES_STORES_H_

#include "targets/target.h"

namespace minos::targets {

TargetInfo StrongCounter();
TargetInfo Eventual();
TargetInfo ReadAfterWrite();
TargetInfo SessionSticky();
TargetInfo SessionToken();
TargetInfo MonotonicCache();
TargetInfo GCounterTarget();
TargetInfo PnCounterTarget();
TargetInfo GSetTarget();
TargetInfo OrSetTarget();
TargetInfo LwwRegisterTarget();
TargetInfo Quorum();
TargetInfo Abd();
TargetInfo PrimaryBackup();
TargetInfo Sequencer();
TargetInfo Causal();
TargetInfo Raft();
TargetInfo LeaseLock();
TargetInfo Geo();
TargetInfo Hybrid();
TargetInfo Tiered();

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_STORES_H_
