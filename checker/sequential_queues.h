// Sequential consistency of queues and stacks whose elements are unique.

#ifndef MINOS_CHECKER_SEQUENTIAL_QUEUES_H_
#define MINOS_CHECKER_SEQUENTIAL_QUEUES_H_

#include <optional>

#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/session_choice.h"
#include "checker/session_guarantees.h"
#include "history/history.h"
#include "history/value.h"

namespace minos::checker {

// Is there one order of all operations that keeps each session's and in which
// each result is what the queues, stacks or priority queues give? nullopt if
// the data type is none of these, if an element that was taken out may have
// been put in more than once, if there are elements at the start, or if that
// takes more than an effort that depends on the history alone. See
// sequential_queues.cc.
std::optional<ModelOutcome> JudgeSequentialQueues(
    const history::History& history, const ModelInfo& model,
    const Partitioning& partitioning, const SessionChoice& sessions,
    history::ValueId initial, Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEQUENTIAL_QUEUES_H_
