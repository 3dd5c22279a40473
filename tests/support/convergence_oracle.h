// Convergence of tiny histories, as docs/consistency-models.md defines it.

#ifndef MINOS_TESTS_SUPPORT_CONVERGENCE_ORACLE_H_
#define MINOS_TESTS_SUPPORT_CONVERGENCE_ORACLE_H_

#include <cstdint>

#include "tests/support/tiny_facts.h"

namespace minos::testing {

enum class TinyAnswer : uint8_t { kHolds, kFails, kCannotTell };

// `eventual`, with a fault operation `heal` right before this position; none if
// that is kTinyNever.
TinyAnswer AnswerEventual(const TinyFacts& facts, int heal);

TinyAnswer AnswerStrongEventual(const TinyFacts& facts);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_CONVERGENCE_ORACLE_H_
