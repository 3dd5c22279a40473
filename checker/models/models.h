// The rows of the table of data types; each model's file says what it does.

#ifndef MINOS_CHECKER_MODELS_MODELS_H_
#define MINOS_CHECKER_MODELS_MODELS_H_

#include "checker/model_registry.h"

namespace minos::checker {

ModelInfo RegisterInfo();
ModelInfo CasRegisterInfo();
ModelInfo MultiRegisterInfo();
ModelInfo KvInfo();
ModelInfo ListAppendInfo();
ModelInfo CounterInfo();
ModelInfo GSetInfo();
ModelInfo SetInfo();
ModelInfo FifoQueueInfo();
ModelInfo UnorderedQueueInfo();
ModelInfo StackInfo();
ModelInfo MutexInfo();
ModelInfo BankInfo();
ModelInfo MultisetInfo();
ModelInfo PriorityQueueInfo();
ModelInfo ReentrantMutexInfo();
ModelInfo FencedLockInfo();
ModelInfo SemaphoreInfo();
ModelInfo UniqueIdsInfo();
ModelInfo LogInfo();

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_MODELS_H_
