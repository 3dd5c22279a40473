// The operations that a violation's evidence speaks of.

#ifndef MINOS_REPORT_WITNESSES_H_
#define MINOS_REPORT_WITNESSES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/verdict.h"
#include "history/history.h"
#include "history/operation.h"

namespace minos::report {

// All of them, in the order of their calls. O(n log n).
std::vector<history::OpIndex> AllWitnesses(const checker::Violation& violation);

// Those to draw: the core; all of them where the check found no core.
std::vector<history::OpIndex> CoreOrWitnesses(
    const checker::Violation& violation);

// Where a reader should look first: the culprit, else the last operation of the
// evidence; nullopt if there is none.
std::optional<history::OpIndex> MainWitness(
    const checker::Violation& violation);

// Whether `op` of the evidence may or may not have happened.
bool MayNotHaveHappened(const history::History& history,
                        const checker::Violation& violation,
                        history::OpIndex op);

// The line at which `op` ended, or else was called; 0 where there is no file.
uint32_t MainLine(const history::History& history, history::OpIndex op);

}  // namespace minos::report

#endif  // MINOS_REPORT_WITNESSES_H_
