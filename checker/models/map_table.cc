#include "checker/models/map_table.h"

#include <algorithm>
#include <bit>

namespace minos::checker {

using history::ToInt;
using history::ValueId;

bool MapTable::BelongsUnder(const Node& branch, uint32_t key) {
  const uint32_t above = ~(branch.bit | (branch.bit - 1));
  return (key & above) == branch.prefix;
}

uint32_t MapTable::Get(MapId map, ValueId key) const {
  const uint32_t k = ToInt(key);
  while (map != kEmptyMap) {
    const Node& node = nodes_[map];
    if (node.is_leaf()) return node.prefix == k ? node.left : 0;
    if (!BelongsUnder(node, k)) return 0;
    map = (k & node.bit) == 0 ? node.left : node.right;
  }
  return 0;
}

MapId MapTable::Join(uint32_t key_a, MapId a, uint32_t key_b, MapId b) {
  const uint32_t bit = std::bit_floor(key_a ^ key_b);
  const uint32_t prefix = key_a & ~(bit | (bit - 1));
  if ((key_a & bit) != 0) std::swap(a, b);
  return nodes_.Intern({prefix, bit, a, b});
}

MapId MapTable::Put(MapId map, ValueId key, uint32_t value) {
  const uint32_t k = ToInt(key);
  if (map == kEmptyMap) return value == 0 ? kEmptyMap : Leaf(k, value);
  const Node node = nodes_[map];  // a copy: nodes move when they grow
  if (node.is_leaf() ? node.prefix != k : !BelongsUnder(node, k)) {
    return value == 0 ? map : Join(k, Leaf(k, value), node.prefix, map);
  }
  if (node.is_leaf()) return value == 0 ? kEmptyMap : Leaf(k, value);
  const bool goes_left = (k & node.bit) == 0;
  const MapId child = Put(goes_left ? node.left : node.right, key, value);
  const MapId other = goes_left ? node.right : node.left;
  if (child == kEmptyMap) return other;
  return nodes_.Intern({node.prefix, node.bit, goes_left ? child : other,
                        goes_left ? other : child});
}

// REQUIRES: the keys ascend and there is one.
MapId MapTable::Build(std::span<const Entry> entries) {
  const uint32_t first = ToInt(entries.front().first);
  const uint32_t last = ToInt(entries.back().first);
  if (entries.size() == 1) return Leaf(first, entries.front().second);
  const uint32_t bit = std::bit_floor(first ^ last);
  const auto middle = std::partition_point(
      entries.begin(), entries.end(),
      [=](const Entry& entry) { return (ToInt(entry.first) & bit) == 0; });
  const size_t left_size = static_cast<size_t>(middle - entries.begin());
  const MapId left = Build(entries.first(left_size));
  const MapId right = Build(entries.subspan(left_size));
  return nodes_.Intern({first & ~(bit | (bit - 1)), bit, left, right});
}

MapId MapTable::Count(std::span<const ValueId> keys) {
  if (keys.empty()) return kEmptyMap;
  std::vector<ValueId> sorted(keys.begin(), keys.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<Entry> entries;
  for (const ValueId key : sorted) {
    if (entries.empty() || entries.back().first != key) {
      entries.emplace_back(key, 0);
    }
    ++entries.back().second;
  }
  return Build(entries);
}

std::vector<std::pair<ValueId, uint32_t>> MapTable::Entries(MapId map) const {
  std::vector<Entry> entries;
  std::vector<MapId> pending;
  if (map != kEmptyMap) pending.push_back(map);
  while (!pending.empty()) {
    const Node& node = nodes_[pending.back()];
    pending.pop_back();
    if (node.is_leaf()) {
      entries.emplace_back(ValueId{node.prefix}, node.left);
    } else {
      pending.push_back(node.right);
      pending.push_back(node.left);
    }
  }
  return entries;
}

std::vector<ValueId> MapTable::Elements(MapId map) const {
  std::vector<ValueId> elements;
  for (const auto& [key, count] : Entries(map)) {
    elements.insert(elements.end(), count, key);
  }
  return elements;
}

}  // namespace minos::checker
