#include "checker/crash_usage.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr uint32_t kEmptySlot = 0xFFFFFFFFu;
constexpr size_t kInitialSlots = 16;

}  // namespace

CrashUsage::CrashUsage(size_t kind_count)
    : height_(kind_count <= 1
                  ? 0
                  : (std::bit_width(kind_count - 1) + kBits - 1) / kBits),
      index_(kInitialSlots, kEmptySlot) {
  Intern({});
}

UsageId CrashUsage::Add(UsageId usage, uint32_t kind) {
  return AddBelow(usage, kind, height_);
}

uint32_t CrashUsage::AddBelow(uint32_t node, uint32_t kind, int height) {
  if (height == 0) return node + 1;
  Node copy = nodes_[node];
  uint32_t& child = copy[BranchAt(height, kind)];
  child = AddBelow(child, kind, height - 1);
  return Intern(copy);
}

UsageId CrashUsage::Meet(UsageId a, UsageId b) {
  return MeetBelow(a, b, height_);
}

uint32_t CrashUsage::MeetBelow(uint32_t a, uint32_t b, int height) {
  if (a == b || a == 0) return a;
  if (b == 0) return b;
  if (height == 0) return std::min(a, b);
  const Node node_a = nodes_[a];
  const Node node_b = nodes_[b];
  Node met;
  for (uint32_t i = 0; i < kBranches; ++i) {
    met[i] = MeetBelow(node_a[i], node_b[i], height - 1);
  }
  return Intern(met);
}

uint32_t CrashUsage::Count(UsageId usage, uint32_t kind) const {
  uint32_t node = usage;
  for (int height = height_; height > 0 && node != 0; --height) {
    node = nodes_[node][BranchAt(height, kind)];
  }
  return node;
}

bool CrashUsage::Includes(UsageId larger, UsageId smaller) const {
  return IncludesBelow(larger, smaller, height_);
}

bool CrashUsage::IncludesBelow(uint32_t larger, uint32_t smaller,
                               int height) const {
  if (larger == smaller || smaller == 0) return true;
  if (larger == 0) return false;
  if (height == 0) return larger >= smaller;
  for (uint32_t i = 0; i < kBranches; ++i) {
    if (!IncludesBelow(nodes_[larger][i], nodes_[smaller][i], height - 1)) {
      return false;
    }
  }
  return true;
}

uint64_t CrashUsage::HashOf(const Node& node) {
  static_assert(kBranches == 4);
  return CombineHash(uint64_t{node[0]} << 32 | node[1],
                     uint64_t{node[2]} << 32 | node[3]);
}

uint32_t CrashUsage::Intern(Node node) {
  const size_t mask = index_.size() - 1;
  size_t slot = HashOf(node) & mask;
  while (index_[slot] != kEmptySlot) {
    if (nodes_[index_[slot]] == node) return index_[slot];
    slot = (slot + 1) & mask;
  }
  const auto id = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back(node);
  index_[slot] = id;
  if (nodes_.size() * 2 > index_.size()) GrowIndex();
  return id;
}

void CrashUsage::GrowIndex() {
  std::vector<uint32_t> grown(index_.size() * 2, kEmptySlot);
  const size_t mask = grown.size() - 1;
  for (uint32_t id = 0; id < nodes_.size(); ++id) {
    size_t slot = HashOf(nodes_[id]) & mask;
    while (grown[slot] != kEmptySlot) slot = (slot + 1) & mask;
    grown[slot] = id;
  }
  index_ = std::move(grown);
}

size_t CrashUsage::MemoryBytes() const {
  return nodes_.capacity() * sizeof(Node) +
         index_.capacity() * sizeof(uint32_t);
}

}  // namespace minos::checker
