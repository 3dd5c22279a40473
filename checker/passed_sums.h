// Where a sum only grows, what it has passed is never seen again.
//
// A counter that is never decremented is read in the order of the values. So a
// configuration whose sum is beyond what an open operation, or one that is
// called later, has to see leads nowhere, whatever info operations are left;
// and of the open ones only those that see the least can be linearized next.

#ifndef MINOS_CHECKER_PASSED_SUMS_H_
#define MINOS_CHECKER_PASSED_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "checker/additive_object.h"
#include "checker/search_strategies.h"

namespace minos::checker {

class PassedSums {
 public:
  // Farther than anything that can be reached.
  static constexpr int64_t kFar = std::numeric_limits<int64_t>::max();

  // Of the operations before the end of `problem`, where the numbers of the
  // views may start with `starts`. O(n · views).
  PassedSums(const SearchProblem& problem, const AdditiveObject& object,
             std::span<const std::vector<uint64_t>> starts);

  // Whether all operations move the number of `view` in one direction, or that
  // of any view.
  bool is_one_way(size_t view) const { return signs_[view] != 0; }
  bool is_any_one_way() const { return is_any_one_way_; }

  // How far the number `sum` of a view that goes one way is from `target`; less
  // than 0 if it does not get there any more.
  int64_t DistanceTo(size_t view, uint64_t target, uint64_t sum) const {
    const uint64_t ahead = target - sum;
    return static_cast<int64_t>(signs_[view] > 0 ? ahead : 0 - ahead);
  }
  // The same for the nearest target of an operation that is called at `event`
  // or after it; kFar if there is none, or nobody can tell.
  int64_t DistanceToLater(size_t view, uint32_t event, uint64_t sum) const;

  size_t MemoryBytes() const;

 private:
  void FindLater(const SearchProblem& problem, const AdditiveObject& object);

  std::vector<int> signs_;  // by view: 1 or -1 where it goes one way
  bool is_any_one_way_ = false;
  // By view that goes one way, and event: how far the nearest target is from
  // the start. Empty if there are several starts.
  std::vector<std::vector<int64_t>> later_;
  std::vector<uint64_t> start_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_PASSED_SUMS_H_
