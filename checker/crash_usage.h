// Which info operations a configuration has used: a multiset of kinds, as one
// number.
//
// Description: multisets over the kinds 0 … n-1 are tries of four branches, a
// leaf a kind with its count, whose equal subtrees are one node (hash-consing).
// So equal multisets have equal ids, one that is larger by one element shares
// all but log n nodes with the old, and inclusion is decided without looking at
// what is shared. A history may have thousands of info operations, and what has
// been used of them only grows: plain vectors would need quadratic memory.
//
// Complexity: Add and Count O(log n); Includes O(log n) for each kind in which
// the two differ. Memory: 16 bytes and a hash slot for each of the log n (to
// the base of four) new nodes of an Add whose result is new.

#ifndef MINOS_CHECKER_CRASH_USAGE_H_
#define MINOS_CHECKER_CRASH_USAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace minos::checker {

// A multiset of kinds. 0 is the empty one.
using UsageId = uint32_t;

class CrashUsage {
 public:
  // For kinds 0 … kind_count-1.
  explicit CrashUsage(size_t kind_count);

  // The multiset with one more `kind`.
  UsageId Add(UsageId usage, uint32_t kind);
  // What both have: of each kind the lower count. O(log n) for each kind in
  // which the two differ.
  UsageId Meet(UsageId a, UsageId b);
  // How often `kind` is in it.
  uint32_t Count(UsageId usage, uint32_t kind) const;
  // True if every kind is in `larger` at least as often as in `smaller`.
  bool Includes(UsageId larger, UsageId smaller) const;

  size_t MemoryBytes() const;

 private:
  static constexpr int kBits = 2;  // of a kind, told apart by one node
  static constexpr uint32_t kBranches = 1u << kBits;
  using Node = std::array<uint32_t, kBranches>;

  static uint64_t HashOf(const Node& node);
  static uint32_t BranchAt(int height, uint32_t kind) {
    return (kind >> ((height - 1) * kBits)) % kBranches;
  }

  uint32_t AddBelow(uint32_t node, uint32_t kind, int height);
  uint32_t MeetBelow(uint32_t a, uint32_t b, int height);
  bool IncludesBelow(uint32_t larger, uint32_t smaller, int height) const;
  uint32_t Intern(Node node);
  void GrowIndex();

  // At height 0 an id is a count; above, an index of nodes_. Node 0 is the
  // empty subtree at every height.
  int height_ = 0;
  std::vector<Node> nodes_;
  std::vector<uint32_t> index_;  // open addressing over nodes_
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CRASH_USAGE_H_
