#include "checker/frontier.h"

#include <utility>

#include "checker/linearized_masks.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr size_t kInitialSlots = 32;

}  // namespace

bool Frontier::Insert(const Configuration& configuration, uint32_t trail,
                      const SlotSet& open_reads, const CrashUsage& usages) {
  if (heads_.size() * 2 >= index_.size()) Grow(open_reads);
  const LinearizedMask masks{configuration.linearized.words(),
                             open_reads.words()};
  const size_t slots = index_.size() - 1;
  size_t slot = masks.Hash(MixHash(configuration.state)) & slots;
  for (; index_[slot] != kEmpty; slot = (slot + 1) & slots) {
    Head& head = heads_[index_[slot]];
    const uint64_t* mask = MaskOf(index_[slot]).data();
    if (!head.is_live || head.state != configuration.state ||
        !masks.HasUpdatesOf(mask)) {
      continue;
    }
    if (masks.IsWithin(mask) &&
        usages.Includes(configuration.usage, head.usage)) {
      return false;
    }
    if (masks.Includes(mask) &&
        usages.Includes(head.usage, configuration.usage)) {
      head.is_live = false;
    }
  }
  index_[slot] = static_cast<uint32_t>(heads_.size());
  heads_.push_back({configuration.state, configuration.usage, trail, true});
  masks_.insert(masks_.end(), masks.linearized.begin(), masks.linearized.end());
  return true;
}

void Frontier::Grow(const SlotSet& open_reads) {
  const size_t size = index_.empty() ? kInitialSlots : index_.size() * 2;
  index_.assign(size, kEmpty);
  for (size_t i = 0; i < heads_.size(); ++i) {
    const LinearizedMask masks{MaskOf(i), open_reads.words()};
    size_t slot = masks.Hash(MixHash(heads_[i].state)) & (size - 1);
    while (index_[slot] != kEmpty) slot = (slot + 1) & (size - 1);
    index_[slot] = static_cast<uint32_t>(i);
  }
}

void Frontier::Load(size_t i, Configuration& configuration) const {
  configuration.state = heads_[i].state;
  configuration.usage = heads_[i].usage;
  configuration.unnoticed = {};
  configuration.linearized.Assign(MaskOf(i));
}

void Frontier::Clear() {
  // A table that was once large is not cleared again and again for few.
  if (heads_.size() * 16 < index_.size()) {
    index_.clear();
  } else {
    std::fill(index_.begin(), index_.end(), kEmpty);
  }
  heads_.clear();
  masks_.clear();
}

size_t Frontier::MemoryBytes() const {
  return heads_.capacity() * sizeof(Head) +
         masks_.capacity() * sizeof(uint64_t) +
         index_.capacity() * sizeof(uint32_t);
}

}  // namespace minos::checker
