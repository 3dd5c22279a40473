// Which info operations have a given sum together?

#ifndef MINOS_CHECKER_CRASH_SUMS_H_
#define MINOS_CHECKER_CRASH_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minos::checker {

// The sums of the multisets of some amounts, each with the smallest multiset
// that has it: all there are, unless they are more than kMostSums, or it takes
// more than kMostTries to find them; then those of the first amounts. (A sum is
// also found with larger multisets, if these come first.)
class CrashSums {
 public:
  static constexpr size_t kMostSums = size_t{1} << 14;
  static constexpr size_t kMostTries = size_t{1} << 17;

  // `count` info operations of a kind that add `amount` each.
  struct Amount {
    uint32_t kind;
    uint64_t amount;
    uint32_t count;
  };

  // Forgets what was before. O(kMostTries).
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
  void Add(const Sum& sum);

  std::vector<Sum> sums_;
  std::vector<uint32_t>
      index_;  // the best with a sum, by hash; open addressing
  size_t tries_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CRASH_SUMS_H_
