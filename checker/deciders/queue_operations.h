// The operations of a queue or a stack, sorted by what they say.

#ifndef MINOS_CHECKER_DECIDERS_QUEUE_OPERATIONS_H_
#define MINOS_CHECKER_DECIDERS_QUEUE_OPERATIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/deciders/local_ids.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {

// In the order of their calls, each.
struct QueueOperations {
  static constexpr uint32_t kNone = 0xFFFFFFFFu;

  // An operation that put an element in; end is kNever if it is info.
  struct Insertion {
    history::OpIndex operation;
    Moment call;
    Moment end;
    uint32_t value;
    uint32_t removal = kNone;  // the first one to return that took the element
  };
  // An ok operation that took an element out.
  struct Removal {
    history::OpIndex operation;
    Moment call;
    Moment end;
    uint32_t value;
    uint32_t insertion = kNone;  // the only one that can have put it in
  };
  // An ok operation that found nothing.
  struct Miss {
    history::OpIndex operation;
    Moment call;
    Moment end;
  };
  // An info operation that may have taken an element out.
  struct Crash {
    history::OpIndex operation;
    Moment call;
  };

  std::vector<Insertion> insertions;
  std::vector<Removal> removals;
  std::vector<Miss> misses;
  std::vector<Crash> crashes;
  std::vector<history::ValueId> values;  // by the numbers above

  // The first return, if any, of a removal of an element that cannot have been
  // there: nothing that had been called puts it in (rule 0, `first` is the
  // removal), or it had been taken before (rule 1, `second` is the earlier
  // removal).
  std::optional<Contradiction> impossible;
};

// Sorts the operations of `input`, whose functions are `insert` and `remove`,
// into `operations`. Returns why they cannot be: an operation that is neither,
// an element at the start, or a removed value that may have been inserted more
// than once. Empty if there is no such reason. O(n), about 40 bytes an
// operation besides the numbers of the values.
std::string SortQueueOperations(const DeciderInput& input,
                                std::string_view insert,
                                std::string_view remove,
                                QueueOperations& operations);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_QUEUE_OPERATIONS_H_
