// An order of the operations of a set, by going from what one read shows to
// what the next one shows.

#ifndef MINOS_CHECKER_DECIDERS_SNAPSHOT_ORDER_H_
#define MINOS_CHECKER_DECIDERS_SNAPSHOT_ORDER_H_

#include <optional>
#include <vector>

#include "checker/budget.h"
#include "checker/deciders/set_operations.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/operation.h"

namespace minos::checker {

// A linearization of the events up to `last`, of which `facts` are those of
// FactsUpTo. Nothing if none was found, which does not say that there is none,
// or if `budget` ran out. See snapshot_order.cc for what it tries.
std::optional<std::vector<history::OpIndex>> FindSnapshotOrder(
    const SetOperations& operations, const std::vector<ElementFacts>& facts,
    Moment last, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_SNAPSHOT_ORDER_H_
