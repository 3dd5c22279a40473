// The sums that some of a few amounts can make.

#ifndef MINOS_CHECKER_SUM_RANGE_H_
#define MINOS_CHECKER_SUM_RANGE_H_

#include <cstdint>

namespace minos::checker {

// No sum is outside; not each within is one. The negative amounts and the
// positive ones are summed apart.
struct SumRange {
  int64_t lowest = 0;
  int64_t highest = 0;

  void Add(int64_t amount) { (amount < 0 ? lowest : highest) += amount; }
  void Remove(int64_t amount) { (amount < 0 ? lowest : highest) -= amount; }
  // The sum of all the amounts.
  int64_t Total() const { return lowest + highest; }
  bool Contains(int64_t sum) const { return lowest <= sum && sum <= highest; }
  friend SumRange operator-(const SumRange& a, const SumRange& b) {
    return {a.lowest - b.lowest, a.highest - b.highest};
  }
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SUM_RANGE_H_
