// Linearizability by trying everything: the oracle for every other algorithm.
//
// It shares nothing with the library. Each data type is written once more, on
// plain containers, in the most obvious way; every order of the operations that
// real time allows is replayed, with every choice of info operations.

#ifndef MINOS_TESTS_SUPPORT_BRUTE_FORCE_H_
#define MINOS_TESTS_SUPPORT_BRUTE_FORCE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/support/plain_history.h"

namespace minos::testing {

// The states to which `operation` may lead the object of type `type` in
// `state`; none if its result is not one that the object gives. An info
// operation gives no result, and may also do nothing.
std::vector<PlainValue> Replay(const std::string& type, const PlainValue& state,
                               const PlainOperation& operation);

// What the object is where the history does not say: 0 for a counter, [] for a
// queue, false for a free lock, ….
PlainValue DefaultState(const std::string& type);

// `history` with each result nil of an ok read of a register that can never be
// nil (it starts with another value and is never written nil) replaced by a
// mark that fits every value: such a read says nothing. Only a `register`, a
// `cas-register` and a `multi-register` have silent reads.
PlainHistory SilenceReads(PlainHistory history);

// Is there an order of the ok operations and of some of the info ones that
// contains real time and that the data type can replay? O(n! · n).
bool CanBeReplayed(const PlainHistory& history);

// Whether `order` (indices into `history.operations`) is such an order.
bool IsWitness(const PlainHistory& history, std::span<const uint32_t> order);

// Is there one for the history with its reads silenced?
bool IsLinearizable(const PlainHistory& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_BRUTE_FORCE_H_
