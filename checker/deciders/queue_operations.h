// The operations of a queue or a stack, sorted by what they say.

#ifndef MINOS_CHECKER_DECIDERS_QUEUE_OPERATIONS_H_
#define MINOS_CHECKER_DECIDERS_QUEUE_OPERATIONS_H_

#include <algorithm>
#include <cstddef>
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
// than once. Empty if there is no such reason, and once `budget` is exhausted;
// `operations` then mean nothing. O(n), about 40 bytes an
// operation besides the numbers of the values.
std::string SortQueueOperations(const DeciderInput& input,
                                std::string_view insert,
                                std::string_view remove,
                                QueueOperations& operations, Budget& budget);

// Of the first of `operations`, the first two, …: the last return. O(n).
template <typename Operation>
std::vector<Moment> LatestReturns(const std::vector<Operation>& operations) {
  std::vector<Moment> latest;
  latest.reserve(operations.size());
  for (const Operation& operation : operations) {
    latest.push_back(latest.empty() ? operation.end
                                    : std::max(latest.back(), operation.end));
  }
  return latest;
}

// The call of the first of `operations` that is open at `last`; kNever if none
// is. `latest` are their LatestReturns. O(log n).
template <typename Operation>
Moment FirstOpen(const std::vector<Operation>& operations,
                 const std::vector<Moment>& latest, Moment last) {
  const auto at = std::upper_bound(latest.begin(), latest.end(), last);
  if (at == latest.end()) return history::kNever;
  const Moment call = operations[static_cast<size_t>(at - latest.begin())].call;
  return call <= last ? call : history::kNever;
}

// The call of the first info removal up to `last`; kNever if there is none.
inline Moment FirstCrash(const QueueOperations& operations, Moment last) {
  if (operations.crashes.empty()) return history::kNever;
  const Moment call = operations.crashes[0].call;
  return call <= last ? call : history::kNever;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_QUEUE_OPERATIONS_H_
