// Reads that should agree and do not, and the words for it.

#ifndef MINOS_CHECKER_DISAGREEMENT_H_
#define MINOS_CHECKER_DISAGREEMENT_H_

#include <string>
#include <vector>

#include "checker/session_guarantees.h"
#include "checker/session_history.h"
#include "checker/verdict.h"
#include "history/value.h"

namespace minos::checker {

// The elements of the list or set that `read` returned, in the order of their
// ids; none of nil. O(length log length).
std::vector<history::ValueId> SortedElements(const SessionHistory& steps,
                                             Step read);

// True if two reads returned the same; a set may be written in any order.
// O(length log length).
bool ReturnedTheSame(const SessionHistory& steps, Step a, Step b);

// "One returned 1, the other 2".
std::string ReturnedText(const SessionHistory& steps, Step a, Step b);

// The violation that `a` and `b`, which may be one step, contradict each other;
// the later one is the culprit.
Violation Disagreement(const SessionHistory& steps, std::string kind, Step a,
                       Step b, std::string summary, std::string sentence);

// Makes the verdict `violation`, and keeps the violation if it is one of the
// first.
void AddViolation(ModelOutcome& outcome, Violation violation);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DISAGREEMENT_H_
