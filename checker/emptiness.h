// How it is said that a queue or a stack is empty.

#ifndef MINOS_CHECKER_EMPTINESS_H_
#define MINOS_CHECKER_EMPTINESS_H_

#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

// True of what a removal returns that found nothing: nil, no value, or one of
// the words that clients return from an empty queue or stack: "empty",
// "exhausted". O(1).
bool MeansEmpty(const history::ValueTable& values, history::ValueId result);

// True if nothing is there at the start: no initial value, nil, or a list
// without elements. O(1).
bool IsEmptyAtStart(const history::ValueTable& values,
                    history::ValueId initial);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_EMPTINESS_H_
