// The operations of sessions as chains, for data types without steps.

#ifndef MINOS_CHECKER_SESSION_CHAINS_H_
#define MINOS_CHECKER_SESSION_CHAINS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "checker/chain_crossings.h"
#include "checker/session_choice.h"
#include "history/history.h"
#include "history/operation.h"

namespace minos::checker {

// As in session_history.h, a session is as few chains as it takes for each
// operation of a chain to return before the next one is called. Nodes are the
// operations chain by chain.
struct SessionChains {
  std::vector<history::OpIndex> operations;  // by node
  // Where each chain begins; one more entry at the end.
  std::vector<uint32_t> chain_begin;
  std::vector<Crossing> crossings;  // ordered by `to`
};

// The chains of `operations`, which are in the order of their calls. O(n ·
// chains of a session).
SessionChains BuildSessionChains(const history::History& history,
                                 std::span<const history::OpIndex> operations,
                                 const SessionChoice& sessions);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_CHAINS_H_
