// The causal models of tiny histories, by the definitions of Bouajjani, Enea,
// Guerraoui & Hamza (POPL 2017): there is a causal order, a strict partial
// order of the operations that contains the session order, by which
//
//   kPlain        the past of each read, in some order that keeps the causal
//                 one, makes what the read returned (CC);
//   kConvergence  the same, in one order of all operations for all reads (CCv);
//   kMemory       CC, and what happened before any operation of a session has
//                 an order that explains all reads of the session at once (CM).
//
// Two oracles ask for it. One tries every partial order. There are 4,231 of 5
// operations, and 431,723,379 of 8. The other takes the least order that each
// choice of what the reads showed leaves:
//
//   co = the least transitive order with the session order, and with each
//        update before the reads that showed it.
//
// It suffices. Let any causal order explain the history. Take for what a read
// showed the updates by which its past explains it: they are in its past, so
// this order contains co, and the past of each operation by co is a part of its
// past. Leave out of the orders that explain the reads what is not in the past
// by co. What a read showed stays, and in the same order; and of other updates
// there are not more than before. So a register still returns what the last of
// them wrote, which was not left out, and the other types still show the same
// updates, none of which was left out and none of which is new. That holds for
// the orders of CC, CCv and CM alike, as far as each explains a read by the
// same updates; for that CM might take others than CC, see AllowsCausal.

#ifndef MINOS_TESTS_SUPPORT_CAUSAL_ORACLE_H_
#define MINOS_TESTS_SUPPORT_CAUSAL_ORACLE_H_

#include <cstdint>

#include "tests/support/tiny_facts.h"

namespace minos::testing {

enum class Causality : uint8_t { kPlain, kConvergence, kMemory };

// By the least causal order of some choice of what the reads showed. In the
// orders of CM, too, the reads have to show what was chosen.
bool AllowsCausal(const TinyFacts& facts, Causality kind);

// By some partial order, of the operations and any of the info ones, of 6 at
// most. What the reads returned has to come about by itself.
bool AllowsSomeCausalOrder(const TinyFacts& facts, Causality kind);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_CAUSAL_ORACLE_H_
