// What a search that is guided keeps failing for.
//
// Where a sweep is stuck again and again, it is mostly because of the same few
// operations, which cannot see any more what they saw; and that was decided
// long before their return was near. So what fails is noted, and after each
// attempt that for which most failed counts as more urgent, by which the next
// attempt finds its way differently where it matters. (Of constraints this is
// known as weighting by failures: Boussemart et al., ECAI 2004.)
//
// Complexity: O(1) to note one; Learn is O(what was noted).

#ifndef MINOS_CHECKER_CULPRITS_H_
#define MINOS_CHECKER_CULPRITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace minos::checker {

class Culprits {
 public:
  explicit Culprits(size_t operations)
      : noted_(operations, 0), urgency_(operations, 0) {}

  // Notes that some way ended because of `operation`; or so many.
  void Note(uint32_t operation, uint32_t ways = 1);
  // After an attempt: makes those more urgent for which most failed, or half as
  // many, and forgets what was noted.
  void Learn();

  // How often the time that `operation` has left is to be halved.
  uint32_t UrgencyOf(uint32_t operation) const { return urgency_[operation]; }

  size_t MemoryBytes() const {
    return (noted_.capacity() + met_.capacity()) * sizeof(uint32_t) +
           urgency_.capacity();
  }

 private:
  static constexpr uint8_t kMostUrgent = 5;

  std::vector<uint32_t> noted_;  // by operation: how often, since it learned
  std::vector<uint32_t> met_;    // the operations of which that is not 0
  std::vector<uint8_t> urgency_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CULPRITS_H_
