// What the definition of every model speaks of, worked out for a tiny history:
// its orders, and what each of its reads may have shown. Sets of operations are
// bits of a word, so that all of them can be tried.

#ifndef MINOS_TESTS_SUPPORT_TINY_FACTS_H_
#define MINOS_TESTS_SUPPORT_TINY_FACTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "tests/support/tiny_history.h"

namespace minos::testing {

// Bit i stands for operation i.
using OpSet = uint32_t;

constexpr OpSet Only(size_t op) { return OpSet{1} << op; }
constexpr bool Contains(OpSet set, size_t op) { return (set >> op & 1) != 0; }

// A strict partial order, kept transitive: what comes before each operation.
struct TinyOrder {
  std::array<OpSet, kMaxTinyOperations> before{};

  bool Has(size_t a, size_t b) const { return Contains(before[b], a); }
  // Adds that `a` comes before `b`, and all that follows from it. False if they
  // are one, or if `b` comes before `a`: then no linear order has both. As long
  // as it is true there is one, since a finite order can be made linear.
  bool Add(size_t a, size_t b);
};

// What a read showed: some updates of its key; of a list, in this order. Of a
// register it is the update whose value was returned, or none if that is the
// initial value.
struct Shown {
  OpSet updates = 0;
  std::vector<size_t> order = {};
};

// What each operation showed; null if it is no read.
using Choice = std::vector<const Shown*>;

struct TinyFacts {
  TinyFacts(const TinyHistory& history, TinyType type);

  TinyType type;
  // Without what tells nothing: updates that failed, reads that did not end
  // well.
  TinyHistory ops;
  OpSet all = 0;
  OpSet reads = 0;
  OpSet updates = 0;
  OpSet info = 0;  // updates of which nobody knows whether they happened
  std::vector<int> keys;
  std::vector<int> sessions;
  TinyOrder session;  // one returned before the other was called, in a session
  TinyOrder real_time;  // one returned before the other was called
  // By operation: what it may have shown if it is a read, by its result alone.
  // A read from an update that was called after the read had returned, that
  // failed or that nobody made does not occur, so where a read has nothing to
  // show the history is wrong under every model.
  std::vector<std::vector<Shown>> shown;

  OpSet OfKey(int key) const;
  OpSet OfSession(int session) const;
  bool IsRead(size_t op) const { return Contains(reads, op); }
  // True if the update was called before the read had returned.
  bool MaySee(size_t read, size_t update) const;
};

// Calls `visit` with everything that the reads may have shown; true as soon as
// that is.
bool AnyChoice(const TinyFacts& facts,
               const std::function<bool(const Choice&)>& visit);

// True if `read` returned what these updates make one after the other.
bool Makes(const TinyFacts& facts, std::span<const size_t> seen, size_t read);

// Adds to `order` what it takes for `read`, if it sees the updates in `seen`,
// to return what it showed: of a register that every other update of its key
// comes before the one whose value it returned; of a list the order of its
// elements. False if no order does it.
bool Explain(const TinyFacts& facts, size_t read, OpSet seen,
             const Shown& shown, TinyOrder& order);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_TINY_FACTS_H_
