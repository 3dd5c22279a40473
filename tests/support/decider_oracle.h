// Deciders against an oracle that is obviously right.
//
// The oracle tries every order of every subset of the info operations, with
// the model's Step and nothing else, and finds the smallest violated prefix by
// asking that of each prefix.
//
// The tests of a usual run look at all histories of up to 4 operations and at
// some tens of thousands of random ones. The long run is
//
//   MINOS_ORACLE_OPERATIONS=5 MINOS_ORACLE_HISTORIES=1000000
//     build/dev/tests/checker_test --gtest_filter='
//       Zones*:QueueOrder*:Growth*:Presence*:Snapshots*:Counting*:Nesting*:
//       Priority*:Permits*:Distinct*:Offsets*:Pieces*'
//
// in one line, without the spaces of the filter; with MINOS_ORACLE_SHARD=K/N
// too, it is the K-th of N shares.

#ifndef MINOS_TESTS_SUPPORT_DECIDER_ORACLE_H_
#define MINOS_TESTS_SUPPORT_DECIDER_ORACLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/decider.h"
#include "history/value_table.h"

namespace minos::testing {

// A call that may be made, and the results that it may return with.
struct DeciderLetter {
  std::string function;
  std::string argument;              // EDN; empty for none
  std::vector<std::string> results;  // EDN
};

// A data type with the operations to try.
struct DeciderAlphabet {
  std::string model;
  std::string initial;  // EDN; empty for the default
  std::vector<DeciderLetter> letters;
};

// How often a decider said what.
struct Tally {
  uint64_t not_applicable = 0;
  uint64_t valid = 0;
  uint64_t violation = 0;
  uint64_t inexact = 0;  // violations whose culprit may be late
  std::string ToString() const;
};

// Fails the test that runs unless the decider gave each answer at least once,
// and of each violation, but for `most_inexact`, the smallest violated prefix.
void ExpectEachAnswer(const Tally& tally, uint64_t most_inexact = 0);

// Compares `decider` with the oracle on every history of up to `operations`
// operations over `alphabet`, completed or not, in each order of calls and
// returns: verdict, culprit, and that the linearization explains the history.
// A difference fails the test that runs.
Tally CompareOnAllHistories(const checker::DeciderInfo& decider,
                            const DeciderAlphabet& alphabet, int operations);

// Compares `decider` with the search on `count` random histories of up to
// `operations` operations, most of which are those of an atomic object with at
// most one wrong result. Of the letters each is mostly used once.
Tally CompareOnRandomHistories(const checker::DeciderInfo& decider,
                               const DeciderAlphabet& alphabet, int operations,
                               uint64_t count, uint64_t seed);

// Compares `decider` with the truth on `count` runs of an atomic object with
// `operations` operations, some of which get no answer. They are valid as they
// are made, so that they may be too long for the oracle.
Tally CompareOnAtomicRuns(const checker::DeciderInfo& decider,
                          const DeciderAlphabet& alphabet, int operations,
                          uint64_t count, uint64_t seed);

// How many random histories a test compares: MINOS_ORACLE_HISTORIES where that
// is set, else `usual`.
uint64_t RandomHistoryCount(uint64_t usual);
// The size up to which all histories are compared: MINOS_ORACLE_OPERATIONS
// where that is set, else `usual`.
int AllHistoriesSize(int usual);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_DECIDER_ORACLE_H_
