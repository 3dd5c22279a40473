// Splitting the operations of one object into those that do not mind each
// other: beyond keys, where the data type allows it.

#ifndef MINOS_CHECKER_INDEPENDENCE_H_
#define MINOS_CHECKER_INDEPENDENCE_H_

#include <vector>

#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "history/history.h"
#include "history/operation.h"

namespace minos::checker {

// Operations of one object of the type `model` that can be judged on their own,
// each group in the order of the calls, the groups in the order of their first
// calls. One group, with all of `operations`, if nothing can be split. What
// says nothing (a crashed read) is in no group of several. One group, too, once
// `budget`, which may be null, is exhausted. O(n α(n)). See
// independence.cc for what is split, and why it may be.
//
// `operations` are linearizable exactly if each group is; so are their
// prefixes. Each group is judged with the same initial value.
std::vector<std::vector<history::OpIndex>> SplitIndependent(
    const history::History& history, const ModelInfo& model, Keying keying,
    const std::vector<history::OpIndex>& operations, Budget* budget = nullptr);

// Merges linearizations of such groups into one of all of their operations.
// O(n log n).
std::vector<history::OpIndex> MergeLinearizations(
    const history::History& history,
    const std::vector<std::vector<history::OpIndex>>& linearizations);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_INDEPENDENCE_H_
