// Which info operations have a given sum together?

#ifndef MINOS_CHECKER_CRASH_SUMS_H_
#define MINOS_CHECKER_CRASH_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace minos::checker {

// The sums of the multisets of some amounts, each with the smallest multiset
// that has it: all there are, unless they are more than kMostSums. (A sum is
// also found with larger multisets, if these come first.)
class CrashSums {
 public:
  static constexpr size_t kMostSums = size_t{1} << 14;

  // `count` info operations of a kind that add `amount` each.
  struct Amount {
    uint32_t kind;
    uint64_t amount;
    uint32_t count;
  };

  // Forgets what was before. O(kMostSums · operations).
  void Reset(std::span<const Amount> amounts);

  size_t size() const { return sums_.size(); }
  // Sums in the order in which they were found, modulo 2^64; the first is 0.
  uint64_t SumOf(size_t i) const { return sums_[i].sum; }
  size_t UsedBy(size_t i) const { return sums_[i].used; }
  // The kinds that make it, each as often as it is used.
  std::vector<uint32_t> KindsOf(size_t i) const;

 private:
  struct Sum {
    uint64_t sum;
    uint32_t used;   // how many operations
    uint32_t rest;   // the sum without those of the last kind
    uint32_t kind;   // that is
    uint32_t times;  // how many of these
  };

  void Add(const Amount& amount);

  std::vector<Sum> sums_;
  absl::flat_hash_map<uint64_t, uint32_t> index_;  // the best with a sum
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CRASH_SUMS_H_
