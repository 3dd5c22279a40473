// Reads whose value has several possible sources.

#ifndef MINOS_CHECKER_AMBIGUITY_H_
#define MINOS_CHECKER_AMBIGUITY_H_

#include <functional>
#include <vector>

#include "checker/budget.h"
#include "checker/reads_from.h"
#include "checker/session_guarantees.h"
#include "checker/session_history.h"

namespace minos::checker {

// Judges one choice of sources; where some are unresolved, those reads demand
// nothing. The flag asks for an explanation.
using Judge = std::function<ModelOutcome(const SessionHistory&, bool explain)>;

// Judges `steps`, of which `reads.ambiguous` are unresolved: valid if
// some choice of sources is, `violation` if every one is violated, unknown
// (ambiguous-values) if neither could be shown with the effort allowed, which
// depends on the history alone. `monotonic` says that `judge` can only go from
// valid to violated when one more read is resolved; then a violated part of a
// choice is not pursued. `in_session_order` says that a list can only show what
// one session appended in the order in which it did. See ambiguity.cc.
ModelOutcome JudgeAmbiguous(SessionHistory& steps, const ReadsFrom& reads,
                            bool monotonic, bool in_session_order,
                            const Judge& judge, bool explain, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_AMBIGUITY_H_
