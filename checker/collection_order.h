// Sequential consistency and causal memory of lists and sets.

#ifndef MINOS_CHECKER_COLLECTION_ORDER_H_
#define MINOS_CHECKER_COLLECTION_ORDER_H_

#include <cstdint>

#include "checker/budget.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// For whom there has to be an order.
enum class Serializer : uint8_t {
  kEverybody,    // one order of all operations: sequential consistency
  kEachSession,  // for each session one of all updates and its own reads:
                 // causal memory
};

// Judges lists and sets, whose reads show which updates came before them: exact
// where every element is resolved; one that is not demands nothing. Of
// `arbitration`, real time and versions put updates of one key in order
// besides. O(n + the lengths of all reads), once or for each session. See
// collection_order.cc.
ModelOutcome JudgeCollectionOrder(const SessionHistory& steps,
                                  Serializer serializer, RuleSet arbitration,
                                  bool explain, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COLLECTION_ORDER_H_
