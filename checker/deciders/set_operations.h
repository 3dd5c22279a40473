// The operations of a set whose elements come and go once, sorted by what they
// say.

#ifndef MINOS_CHECKER_DECIDERS_SET_OPERATIONS_H_
#define MINOS_CHECKER_DECIDERS_SET_OPERATIONS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "checker/deciders/smallest_prefix.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

struct SetOperations {
  static constexpr uint32_t kNone = 0xFFFFFFFFu;

  enum class Kind : uint8_t {
    kAdd,
    kTake,   // a removal that took the element out; if it is info, or may have
    kLeave,  // a removal that found the element missing
    kSee,    // found the element
    kMiss,   // found it missing
    kRead,   // of the whole
  };
  struct Use {
    history::OpIndex operation;
    Moment call;
    Moment end;        // kNever if it is info
    uint32_t subject;  // an element; for a read, its number
    Kind kind;
  };

  // The elements that a read shows, sorted by their numbers.
  std::span<const uint32_t> Shown(uint32_t read) const {
    return std::span(shown).subspan(shown_begin[read],
                                    shown_begin[read + 1] - shown_begin[read]);
  }
  size_t size() const { return values.size(); }

  std::vector<Use> uses;  // in the order of their calls
  std::vector<uint32_t> shown;
  std::vector<size_t> shown_begin;       // by read, and the end of the last
  std::vector<history::ValueId> values;  // by element
  std::vector<bool> was_there;           // by element: at the start
};

// Sorts the operations of `input`, those of a set or a multiset, into
// `operations`. Returns why they cannot be: one that is of no element, an
// element that is added more than once or that two removals took out, or of
// which a removal does not say whether it did. Empty if there is no such
// reason, and once `budget` is exhausted; `operations` then mean nothing. O(n +
// the size of all reads), about 30 bytes an operation and 4 an element shown,
// besides the numbers of the values.
std::string SortSetOperations(const DeciderInput& input,
                              SetOperations& operations, Budget& budget);

// What the events up to some moment say of an element.
struct ElementFacts {
  uint32_t add = SetOperations::kNone;  // a use
  // The use that took the element out; if none that has returned did, the one
  // that was called first of those that may have.
  uint32_t removal = SetOperations::kNone;
  Moment add_call = kStart;  // kNever if it was not called
  Moment add_end = kStart;   // kNever if it has not returned
  Moment removal_call = history::kNever;
  Moment removal_end = history::kNever;  // if it is certain to have taken it
  Moment first_seen = history::kNever;   // the first return of what found it
  Moment last_seen = kStart;             // the last call of what found it

  // Whether it certainly was in the set at some moment.
  bool WasIn() const {
    return add_end != history::kNever || first_seen != history::kNever ||
           removal_end != history::kNever;
  }
  // The last gap in which it can have come: after that it is there.
  Moment ComesBy() const {
    const Moment by = std::min({add_end, first_seen, removal_end});
    return by == kStart ? kStart : by - 1;
  }
  // The first gap in which it can have gone: up to that it is there; kNever if
  // it stays.
  Moment GoesFrom() const {
    if (removal == SetOperations::kNone) return history::kNever;
    return std::max({removal_call, last_seen, add_call});
  }
};

// By element. O(n + the size of all reads).
std::vector<ElementFacts> FactsUpTo(const SetOperations& operations,
                                    Moment last);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_SET_OPERATIONS_H_
