// What of the order of a session crosses from one of its chains to another.
//
// A chain is a row of operations of one session, each of which returned before
// the next was called (see session_history.h). Whatever else is in the session
// order goes from one chain to another, and follows from few pairs of it: for
// each place where an operation comes after more of another chain than the one
// before it did, the last that it comes after.

#ifndef MINOS_CHECKER_CHAIN_CROSSINGS_H_
#define MINOS_CHECKER_CHAIN_CROSSINGS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "history/history.h"
#include "history/operation.h"

namespace minos::checker {

// `from` and what precedes it in its chain returned before `to` was called.
// Both are numbers of operations, chain by chain.
struct Crossing {
  uint32_t from = 0;
  uint32_t to = 0;
};

// The crossings between the chains of each session, ordered by `to`, then by
// `from`. `operations` stand chain by chain; a chain begins where
// `chain_begin`, which has one more entry at the end, says, and is of the
// session that `chain_session` says. O(n · chains of a session).
std::vector<Crossing> FindCrossings(
    const history::History& history,
    std::span<const history::OpIndex> operations,
    std::span<const uint32_t> chain_begin,
    std::span<const uint32_t> chain_session);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CHAIN_CROSSINGS_H_
