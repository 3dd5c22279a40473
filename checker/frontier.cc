#include "checker/frontier.h"

#include <utility>

#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr size_t kInitialSlots = 32;

}  // namespace

bool Frontier::Insert(const Configuration& configuration, uint32_t trail,
                      const OpenMasks& open, const CrashUsage& usages) {
  if (heads_.size() * 2 >= index_.size()) Grow(open);
  const ConfigurationMasks masks{configuration.linearized.words(),
                                 configuration.spare.words(), open};
  const uint64_t* linearized = masks.linearized.data();
  const uint64_t* spare = masks.spare.data();
  const size_t slots = index_.size() - 1;
  size_t slot = masks.Hash(MixHash(configuration.state)) & slots;
  for (; index_[slot] != kEmpty; slot = (slot + 1) & slots) {
    Head& head = heads_[index_[slot]];
    if (!head.is_live || head.state != configuration.state) continue;
    const uint64_t* old_linearized = LinearizedOf(index_[slot]).data();
    const uint64_t* old_spare = SpareOf(index_[slot]).data();
    if (Dominates(old_linearized, old_spare, linearized, spare, open) &&
        usages.Includes(configuration.usage, head.usage)) {
      return false;
    }
    if (Dominates(linearized, spare, old_linearized, old_spare, open) &&
        usages.Includes(head.usage, configuration.usage)) {
      head.is_live = false;
    }
  }
  index_[slot] = static_cast<uint32_t>(heads_.size());
  heads_.push_back({configuration.state, configuration.usage, trail, true});
  masks_.insert(masks_.end(), masks.linearized.begin(), masks.linearized.end());
  masks_.insert(masks_.end(), masks.spare.begin(), masks.spare.end());
  return true;
}

void Frontier::Grow(const OpenMasks& open) {
  const size_t size = index_.empty() ? kInitialSlots : index_.size() * 2;
  index_.assign(size, kEmpty);
  for (size_t i = 0; i < heads_.size(); ++i) {
    const ConfigurationMasks masks{LinearizedOf(i), SpareOf(i), open};
    size_t slot = masks.Hash(MixHash(heads_[i].state)) & (size - 1);
    while (index_[slot] != kEmpty) slot = (slot + 1) & (size - 1);
    index_[slot] = static_cast<uint32_t>(i);
  }
}

void Frontier::Load(size_t i, Configuration& configuration) const {
  configuration.state = heads_[i].state;
  configuration.usage = heads_[i].usage;
  configuration.unnoticed = {};
  configuration.linearized.Assign(LinearizedOf(i));
  configuration.spare.Assign(SpareOf(i));
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
