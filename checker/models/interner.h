// Gives equal nodes equal numbers: 0, 1, 2, … in the order in which they come.
//
// The hash-consing tables of the models are built of it. A node is never
// forgotten; its number is four bytes in an open-addressing index beside the
// nodes themselves.

#ifndef MINOS_CHECKER_MODELS_INTERNER_H_
#define MINOS_CHECKER_MODELS_INTERNER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace minos::checker {

// `Node` has `uint64_t Hash() const`.
template <typename Node>
class Interner {
 public:
  // The number of `node`, new or known. Amortized O(1).
  uint32_t Intern(const Node& node) {
    return FindOrAdd(node, [&](const Node& other) { return other == node; });
  }

  // The number of the first known node with the hash of `node` for which
  // `is_equal` holds, else of `node`, which is added.
  template <typename IsEqual>
  uint32_t FindOrAdd(const Node& node, IsEqual is_equal) {
    if (nodes_.size() * 2 >= index_.size()) Grow();
    const size_t mask = index_.size() - 1;
    size_t slot = node.Hash() & mask;
    for (; index_[slot] != kFree; slot = (slot + 1) & mask) {
      if (is_equal(nodes_[index_[slot]])) return index_[slot];
    }
    const auto id = static_cast<uint32_t>(nodes_.size());
    index_[slot] = id;
    nodes_.push_back(node);
    return id;
  }

  // REQUIRES: id < size().
  const Node& operator[](uint32_t id) const { return nodes_[id]; }
  size_t size() const { return nodes_.size(); }
  size_t MemoryBytes() const {
    return nodes_.capacity() * sizeof(Node) +
           index_.capacity() * sizeof(uint32_t);
  }

 private:
  static constexpr uint32_t kFree = 0xFFFFFFFFu;

  void Grow() {
    index_.assign(index_.empty() ? 16 : index_.size() * 2, kFree);
    const size_t mask = index_.size() - 1;
    for (uint32_t id = 0; id < nodes_.size(); ++id) {
      size_t slot = nodes_[id].Hash() & mask;
      while (index_[slot] != kFree) slot = (slot + 1) & mask;
      index_[slot] = id;
    }
  }

  std::vector<Node> nodes_;
  std::vector<uint32_t> index_;  // a power of two long
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_INTERNER_H_
