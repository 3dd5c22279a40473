// Linear orders of tiny histories, found by trying one operation after the
// other.

#ifndef MINOS_TESTS_SUPPORT_LINEAR_ORACLE_H_
#define MINOS_TESTS_SUPPORT_LINEAR_ORACLE_H_

#include "tests/support/tiny_facts.h"

namespace minos::testing {

struct LinearQuestion {
  OpSet members = 0;
  // Members that the order may leave out; in `order` nothing comes after them.
  OpSet optional = 0;
  // What the order contains.
  TinyOrder order;
  // The reads among the members whose results have to be right.
  OpSet judged = 0;
  // If given, what each read has to show; else it returns what its value says.
  const Choice* choice = nullptr;
  // If given, a read sees those updates alone that come before it here; else
  // all that come before it in the linear order.
  const TinyOrder* visible = nullptr;
  // A read may also return what its key held before the latest updates, as many
  // as this less one.
  int versions = 1;
};

// Is there an order of the members in which each judged read returns what the
// updates of its key before it make?
bool HasLinearOrder(const TinyFacts& facts, const LinearQuestion& question);

// One order of all operations, of the info ones those that happened, that
// contains `order`.
bool AllowsLinear(const TinyFacts& facts, const TinyOrder& order,
                  int versions = 1);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_LINEAR_ORACLE_H_
