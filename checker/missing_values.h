// Reads that found no value, or one that may stand for none.

#ifndef MINOS_CHECKER_MISSING_VALUES_H_
#define MINOS_CHECKER_MISSING_VALUES_H_

#include "checker/model_registry.h"
#include "checker/session_history.h"

namespace minos::checker {

// Takes what reads of nil returned away where nil can never be the value of
// their key: as models/register.cc has it, they say nothing. O(n).
void SilenceReads(const ModelInfo& model, SessionHistory& steps);

// A read of "" from a key-value store finds a missing key, or a string that is
// empty (as models/kv.cc has it). Makes both one value where no read tells one
// from the other; where one does, what reads of "" returned is left out. O(n).
void ReadMissingKeys(const ModelInfo& model, SessionHistory& steps);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MISSING_VALUES_H_
