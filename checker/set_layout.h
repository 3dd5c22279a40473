// Sets of a few things, some of which are alike: which bits stand for them.
//
// Of things that are alike it does not matter which are in a set, only how many
// are. So they have a *run* of bits, and a set has the lowest bits of each run:
// of ten alike there are 11 sets instead of 1024. What is like nothing else, a
// *single*, has a bit of its own.
//
// Sets are looked for half by half (SubsetSums), so a layout has two halves of
// about as many sets each. The bits of a half begin with its singles.

#ifndef MINOS_CHECKER_SET_LAYOUT_H_
#define MINOS_CHECKER_SET_LAYOUT_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minos::checker {

class SetLayout {
 public:
  // At most so many things fit, and so many sets in a half.
  static constexpr size_t kMostBits = 63;
  static constexpr size_t kMostSetsOfHalf = size_t{1} << 13;

  // The bits from `begin` on, counted in their half.
  struct Run {
    uint32_t begin = 0;
    uint32_t count = 0;
    uint64_t Mask() const { return ((uint64_t{1} << count) - 1) << begin; }
  };
  struct Half {
    uint32_t bits = 0;
    uint32_t singles = 0;
    std::vector<Run> runs;
  };

  SetLayout() = default;
  // For groups of so many things each that are alike. Of those that stand first
  // as many as there is room for come into the low half. Appends to `order` the
  // groups as their bits stand. O(groups).
  SetLayout(std::span<const uint32_t> group_sizes,
            std::vector<uint32_t>& order);

  // Whether it is small enough. Else it has no meaning.
  bool Fits() const { return fits_; }
  const Half& low() const { return low_; }
  const Half& high() const { return high_; }
  uint32_t bits() const { return low_.bits + high_.bits; }
  uint64_t all() const { return all_; }
  // Of the runs of both halves.
  const std::vector<uint64_t>& run_masks() const { return run_masks_; }

  // The set that has as many of each run as there are bits. O(1 + bits).
  uint64_t SetOf(uint64_t bits) const {
    for (const uint64_t run : run_masks_) {
      uint64_t set = 0;  // of this run, without what stands before it
      for (uint64_t rest = bits & run; rest != 0; rest &= rest - 1) {
        set = (set << 1) | (run & -run);
      }
      bits = (bits & ~run) | set;
    }
    return bits;
  }
  // What can still be added to `set`, as a set. O(1 + runs).
  uint64_t Without(uint64_t set) const {
    uint64_t left = all_ & ~set;
    for (const uint64_t run : run_masks_) {
      left = (left & ~run) | (left & run) >> CountOf(set, run);
    }
    return left;
  }
  // Whether a set has something of a run. O(1 + runs).
  bool HasRuns(uint64_t set) const {
    uint64_t runs = 0;
    for (const uint64_t run : run_masks_) runs |= run;
    return (set & runs) != 0;
  }
  // The set that has what both have. REQUIRES: Without(set) contains `other`.
  // O(1 + runs).
  uint64_t Join(uint64_t set, uint64_t other) const {
    uint64_t both = set | other;
    for (const uint64_t run : run_masks_) {
      both |= (other & run) << CountOf(set, run);
    }
    return both;
  }
  // How many of a run are in `set`. O(1).
  static int CountOf(uint64_t set, uint64_t run) {
    return std::countr_one((set & run) >> std::countr_zero(run));
  }

 private:
  static void Fill(Half& half, std::span<const uint32_t> group_sizes,
                   std::span<const uint32_t> groups,
                   std::vector<uint32_t>& order);

  Half low_;
  Half high_;
  uint64_t all_ = 0;
  std::vector<uint64_t> run_masks_;
  bool fits_ = true;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SET_LAYOUT_H_
