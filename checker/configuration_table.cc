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
    : budget_(budget), mask_words_(mask_words), stride_(2 + 2 * mask_words) {}

ConfigurationTable::~ConfigurationTable() { budget_.Release(charged_); }

ConfigurationTable::Outcome ConfigurationTable::Insert(
    uint32_t event, const Configuration& configuration, const OpenMasks& open,
    const CrashUsage& usages) {
  if ((size_ + 1) * 4 > index_.size() * 3 && !Grow()) return Outcome::kFull;
  const uint64_t head =
      (static_cast<uint64_t>(event) << 32) | configuration.state;
  const ConfigurationMasks masks{configuration.linearized.words(),
                                 configuration.spare.words(), open};
  const uint64_t* linearized = masks.linearized.data();
  const uint64_t* spare = masks.spare.data();
  const uint64_t hash = masks.Hash(MixHash(head));
  const size_t slots = index_.size() - 1;
  size_t slot = hash & slots;
  for (; index_[slot].entry != kEmpty; slot = (slot + 1) & slots) {
    if (index_[slot].hash != hash) continue;
    uint64_t* entry = Entry(index_[slot].entry);
    if (entry[0] != head) continue;
    const auto usage = static_cast<UsageId>(entry[1]);
    const auto note = static_cast<NoteId>(entry[1] >> 32);
    uint64_t* old_linearized = entry + 2;
    uint64_t* old_spare = old_linearized + mask_words_;
    if (Dominates(note, old_linearized, old_spare, configuration.note,
                  linearized, spare, open) &&
        usages.Includes(configuration.usage, usage)) {
      return Outcome::kKnown;
    }
    if (Dominates(configuration.note, linearized, spare, note, old_linearized,
                  old_spare, open) &&
        usages.Includes(usage, configuration.usage)) {
      // The new one dominates the old, which need not be remembered any more.
      Write(entry, head, configuration);
      return Outcome::kNew;
    }
  }
  if (size_ % kEntriesPerBlock == 0 && !AddBlock()) return Outcome::kFull;
  const auto id = static_cast<uint32_t>(size_++);
  Write(Entry(id), head, configuration);
  index_[slot] = {hash, id};
  return Outcome::kNew;
}

void ConfigurationTable::Write(uint64_t* entry, uint64_t head,
                               const Configuration& configuration) {
  entry[0] = head;
  entry[1] =
      (static_cast<uint64_t>(configuration.note) << 32) | configuration.usage;
  std::copy_n(configuration.linearized.words().begin(), mask_words_, entry + 2);
  std::copy_n(configuration.spare.words().begin(), mask_words_,
              entry + 2 + mask_words_);
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
  for (const Slot& old : index_) {
    if (old.entry == kEmpty) continue;
    size_t slot = old.hash & slots;
    while (grown[slot].entry != kEmpty) slot = (slot + 1) & slots;
    grown[slot] = old;
  }
  index_ = std::move(grown);
  budget_.Release(old_bytes);
  charged_ += new_bytes - old_bytes;
  return true;
}

}  // namespace minos::checker
