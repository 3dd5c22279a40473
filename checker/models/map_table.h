// Maps from values to numbers, themselves as numbers: equal maps have equal
// numbers. Sets and multisets are maps to counts.
//
// A map is a big-endian Patricia tree (Okasaki & Gill, "Fast mergeable integer
// maps", ML Workshop 1998) whose equal nodes are one. The shape of such a tree
// is a function of its keys alone, so maps are equal exactly if their roots
// are. An update makes one new node a level, of which there are at most 32 and
// usually about log2(size): a history of a hundred thousand additions to a set
// takes a few megabytes, where copies would take gigabytes.

#ifndef MINOS_CHECKER_MODELS_MAP_TABLE_H_
#define MINOS_CHECKER_MODELS_MAP_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/models/interner.h"
#include "history/hash.h"
#include "history/value.h"

namespace minos::checker {

using MapId = uint32_t;
inline constexpr MapId kEmptyMap = 0;

class MapTable {
 public:
  MapTable() { nodes_.Intern(Node{}); }

  // What `key` is mapped to; 0 if it is not in the map. O(levels).
  uint32_t Get(MapId map, history::ValueId key) const;
  // `map` with `key` mapped to `value`, or without it if that is 0. O(levels).
  MapId Put(MapId map, history::ValueId key, uint32_t value);
  // The map of `keys`, in any order, each to the number of its occurrences.
  // O(n log n); leaves no nodes behind that are not of the result.
  MapId Count(std::span<const history::ValueId> keys);

  // All entries in the order of the keys. O(size).
  std::vector<std::pair<history::ValueId, uint32_t>> Entries(MapId map) const;
  // Each key as often as the number says that it is mapped to, in their order.
  std::vector<history::ValueId> Elements(MapId map) const;

  size_t MemoryBytes() const { return nodes_.MemoryBytes(); }

 private:
  struct Node {
    // The key of a leaf; the common high bits of the keys of a branch.
    uint32_t prefix = 0;
    // 0 in a leaf; the highest bit in which the keys of a branch differ.
    uint32_t bit = 0;
    uint32_t left = 0;  // the value of a leaf; the keys without `bit`
    uint32_t right = 0;

    bool is_leaf() const { return bit == 0; }
    friend bool operator==(const Node&, const Node&) = default;
    uint64_t Hash() const {
      const uint64_t head = (uint64_t{prefix} << 32) | bit;
      return CombineHash(head, (uint64_t{left} << 32) | right);
    }
  };
  using Entry = std::pair<history::ValueId, uint32_t>;

  static bool BelongsUnder(const Node& branch, uint32_t key);
  MapId Leaf(uint32_t key, uint32_t value) {
    return nodes_.Intern({key, 0, value, 0});
  }
  MapId Join(uint32_t key_a, MapId a, uint32_t key_b, MapId b);
  MapId Build(std::span<const Entry> entries);

  Interner<Node> nodes_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_MAP_TABLE_H_
