// Of an object whose state is a sum: what has to be seen soon, and whether it
// still can be.

#ifndef MINOS_CHECKER_URGENT_SEERS_H_
#define MINOS_CHECKER_URGENT_SEERS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/additive_object.h"
#include "checker/search_strategies.h"
#include "checker/slot_set.h"
#include "checker/update_sets.h"

namespace minos::checker {

class UrgentSeers {
 public:
  // Those of the operations that are open before the return `event` that return
  // before many more updates are called. REQUIRES: no open operation both sees
  // and adds.
  UrgentSeers(const SearchProblem& problem, const AdditiveObject& object,
              uint32_t event);

  // How many of them a configuration can not see without an info operation: one
  // in which these open operations are linearized, the numbers of the views are
  // `sums`, and the updates `taken` of `sets` (by view; without the one that
  // returns) are linearized. Complexity: that of UpdateSets::Has, for each.
  size_t CountUnsatisfied(const SlotSet& linearized,
                          std::span<const uint64_t> sums,
                          std::span<const UpdateSets::Containing> taken,
                          std::span<UpdateSets> sets) const;

 private:
  struct Seer {
    uint32_t slot;
    size_t view;
    uint64_t target;
    // What may be added by what returns, and updates that are called before it.
    std::vector<uint64_t> later;
  };

  void Add(const AdditiveObject& object, const TimedOperation& seer,
           std::span<const ActionId> later);

  std::vector<Seer> seers_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_URGENT_SEERS_H_
