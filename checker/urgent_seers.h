// Of an object whose state is a sum: what has to be seen soon, and whether it
// still can be.

#ifndef MINOS_CHECKER_URGENT_SEERS_H_
#define MINOS_CHECKER_URGENT_SEERS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/additive_object.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"
#include "checker/slot_set.h"
#include "checker/subset_sums.h"

namespace minos::checker {

class UrgentSeers {
 public:
  // Those of the open operations in the slots `seers` that return before many
  // more updates are called; the next event of `open` counts as passed. All
  // arguments outlive this.
  UrgentSeers(const SearchProblem& problem, const AdditiveObject& object,
              const OpenOperations& open, const SlotSet& seers);

  // How many of them a configuration can not see without an info operation: one
  // in which these open operations are linearized, the numbers of the views are
  // `sums`, and of the amounts of `subsets` (by view) those in `available` may
  // be added. O(2^(k/2)) for each, for k amounts.
  size_t CountUnsatisfied(const SlotSet& linearized,
                          std::span<const uint64_t> sums, uint32_t available,
                          std::span<SubsetSums> subsets) const;

 private:
  struct Seer {
    uint32_t slot;
    size_t view;
    uint64_t target;
    // What may be added by updates that are called before its return.
    std::vector<uint64_t> later;
  };

  void Add(const AdditiveObject& object, const TimedOperation& seer,
           std::span<const ActionId> later);

  std::vector<Seer> seers_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_URGENT_SEERS_H_
