#include "checker/configuration_table.h"

#include <algorithm>
#include <utility>

#include "history/hash.h"

namespace minos::checker {
namespace {

// Small, so that a history of thousands of keys pays little for each.
constexpr size_t kInitialSlots = 64;

}  // namespace

ConfigurationTable::ConfigurationTable(size_t mask_words, Budget& budget)
    : budget_(budget), mask_words_(mask_words), stride_(2 + mask_words) {}

ConfigurationTable::~ConfigurationTable() { budget_.Release(charged_); }

uint64_t ConfigurationTable::HashOf(uint64_t head,
                                    std::span<const uint64_t> mask) const {
  uint64_t hash = MixHash(head);
  for (const uint64_t word : mask) hash = CombineHash(hash, word);
  return hash;
}

ConfigurationTable::Outcome ConfigurationTable::Insert(
    const Configuration& configuration, const CrashUsage& usages) {
  if ((size_ + 1) * 4 > index_.size() * 3 && !Grow()) return Outcome::kFull;
  const uint64_t head =
      (static_cast<uint64_t>(configuration.event) << 32) | configuration.state;
  const uint64_t hash = HashOf(head, configuration.linearized);
  const auto tag = static_cast<uint32_t>(hash >> 32);
  const size_t slots = index_.size() - 1;
  size_t slot = hash & slots;
  for (; index_[slot].entry != kEmpty; slot = (slot + 1) & slots) {
    if (index_[slot].tag != tag) continue;
    uint64_t* entry = Entry(index_[slot].entry);
    if (entry[0] != head ||
        !std::equal(configuration.linearized.begin(),
                    configuration.linearized.end(), entry + 2)) {
      continue;
    }
    const auto usage = static_cast<UsageId>(entry[1]);
    if (usages.Includes(configuration.usage, usage)) return Outcome::kKnown;
    if (usages.Includes(usage, configuration.usage)) {
      // The new one dominates the old, which need not be remembered any more.
      entry[1] = configuration.usage;
      return Outcome::kNew;
    }
  }
  if (size_ % kEntriesPerBlock == 0 && !AddBlock()) return Outcome::kFull;
  const auto id = static_cast<uint32_t>(size_++);
  uint64_t* entry = Entry(id);
  entry[0] = head;
  entry[1] = configuration.usage;
  std::copy(configuration.linearized.begin(), configuration.linearized.end(),
            entry + 2);
  index_[slot] = {tag, id};
  return Outcome::kNew;
}

bool ConfigurationTable::AddBlock() {
  const size_t bytes = kEntriesPerBlock * stride_ * sizeof(uint64_t);
  if (!budget_.Charge(bytes)) return false;
  charged_ += bytes;
  blocks_.push_back(
      std::make_unique_for_overwrite<uint64_t[]>(kEntriesPerBlock * stride_));
  return true;
}

bool ConfigurationTable::Grow() {
  const size_t old_bytes = index_.size() * sizeof(Slot);
  const size_t new_size = std::max(kInitialSlots, index_.size() * 2);
  const size_t new_bytes = new_size * sizeof(Slot);
  if (!budget_.Charge(new_bytes)) return false;
  std::vector<Slot> grown(new_size, Slot{0, kEmpty});
  const size_t slots = new_size - 1;
  for (uint32_t id = 0; id < size_; ++id) {
    const uint64_t* entry = Entry(id);
    const uint64_t hash = HashOf(entry[0], {entry + 2, mask_words_});
    size_t slot = hash & slots;
    while (grown[slot].entry != kEmpty) slot = (slot + 1) & slots;
    grown[slot] = {static_cast<uint32_t>(hash >> 32), id};
  }
  index_ = std::move(grown);
  budget_.Release(old_bytes);
  charged_ += new_bytes - old_bytes;
  return true;
}

}  // namespace minos::checker
