// The operations of sessions as chains, for data types without steps.

#ifndef MINOS_CHECKER_SESSION_CHAINS_H_
#define MINOS_CHECKER_SESSION_CHAINS_H_

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/session_history.h"
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
  // From one chain to another of the same session: the first and what precedes
  // it in its chain comes before the second.
  std::vector<std::pair<uint32_t, uint32_t>> crossings;
};

// The chains of `operations`, which are in the order of their calls. O(n ·
// chains of a session).
SessionChains BuildSessionChains(const history::History& history,
                                 std::span<const history::OpIndex> operations,
                                 const SessionChoice& sessions);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_CHAINS_H_
