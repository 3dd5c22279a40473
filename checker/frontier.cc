#include "checker/frontier.h"

#include <algorithm>
#include <utility>

#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr size_t kInitialSlots = 32;

}  // namespace

void Frontier::Insert(const Configuration& configuration, uint32_t trail,
                      size_t width, const OpenMasks& open, CrashUsage& usages) {
  if (heads_.size() * 2 >= index_.size()) Grow(open);
  const ConfigurationMasks masks{configuration.linearized.words(),
                                 configuration.spare.words(), open};
  Entry entry{{configuration.state, configuration.usage, configuration.used,
               configuration.note, trail, true},
              masks.linearized.data(),
              masks.spare.data()};
  const bool may_widen = heads_.size() > width;
  if (may_widen) entry.head.note = kNoNote;
  const size_t slots = index_.size() - 1;
  const size_t first = masks.Hash(MixHash(configuration.state)) & slots;
  size_t slot = first;
  while (index_[slot] != kEmpty) {
    const Met met = Compare(entry, index_[slot], may_widen, open, usages);
    if (met == Met::kDominator) return;
    // What it has become may be dominated, or dominate more.
    slot = met == Met::kMerger ? first : (slot + 1) & slots;
  }
  Append(entry, slot);
}

// Compares `entry` with the `i`-th, which is taken out if it is dominated, or
// has gone into `entry`. The two have one hash also after that.
Frontier::Met Frontier::Compare(Entry& entry, size_t i, bool may_widen,
                                const OpenMasks& open, CrashUsage& usages) {
  Head& head = heads_[i];
  if (!head.is_live || head.state != entry.head.state) return Met::kNothing;
  const uint64_t* linearized = LinearizedOf(i).data();
  const uint64_t* spare = SpareOf(i).data();
  const bool is_better =
      Dominates(head.note, linearized, spare, entry.head.note, entry.linearized,
                entry.spare, open);
  if (is_better && HasUsedNoMore(head, entry.head, usages)) {
    return Met::kDominator;
  }
  const bool is_worse =
      Dominates(entry.head.note, entry.linearized, entry.spare, head.note,
                linearized, spare, open);
  if (is_worse && HasUsedNoMore(entry.head, head, usages)) {
    head.is_live = false;
    return Met::kNothing;
  }
  if (!may_widen || (!is_better && !is_worse)) return Met::kNothing;
  is_widened_ = true;
  head.is_live = false;
  entry.head.usage = usages.Meet(entry.head.usage, head.usage);
  if (is_better) {
    widened_.assign(linearized, linearized + 2 * mask_words_);
    entry.linearized = widened_.data();
    entry.spare = widened_.data() + mask_words_;
  }
  return Met::kMerger;
}

bool Frontier::HasUsedNoMore(const Head& head, const Head& other,
                             const CrashUsage& usages) const {
  return is_narrow_ ? head.used <= other.used
                    : usages.Includes(other.usage, head.usage);
}

void Frontier::Append(const Entry& entry, size_t slot) {
  index_[slot] = static_cast<uint32_t>(heads_.size());
  heads_.push_back(entry.head);
  masks_.insert(masks_.end(), entry.linearized, entry.linearized + mask_words_);
  masks_.insert(masks_.end(), entry.spare, entry.spare + mask_words_);
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

void Frontier::KeepFewest(size_t count) {
  std::vector<std::pair<uint32_t, size_t>> live;
  for (size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].is_live) live.emplace_back(heads_[i].used, i);
  }
  if (live.size() <= count) return;
  std::sort(live.begin(), live.end());
  for (size_t i = count; i < live.size(); ++i) {
    heads_[live[i].second].is_live = false;
  }
}

Frontier Frontier::Snapshot() const {
  Frontier snapshot(mask_words_, is_narrow_);
  snapshot.is_widened_ = is_widened_;
  for (size_t i = 0; i < heads_.size(); ++i) {
    if (!heads_[i].is_live) continue;
    snapshot.heads_.push_back(heads_[i]);
    const auto* masks = masks_.data() + i * 2 * mask_words_;
    snapshot.masks_.insert(snapshot.masks_.end(), masks,
                           masks + 2 * mask_words_);
  }
  return snapshot;
}

void Frontier::Load(size_t i, Configuration& configuration) const {
  configuration.state = heads_[i].state;
  configuration.usage = heads_[i].usage;
  configuration.used = heads_[i].used;
  configuration.note = heads_[i].note;
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

size_t Frontier::BytesToGrow() const {
  const bool is_full = heads_.size() == heads_.capacity() ||
                       masks_.size() == masks_.capacity() ||
                       heads_.size() * 2 >= index_.size();
  return is_full ? MemoryBytes() + masks_.capacity() * sizeof(uint64_t) : 0;
}

}  // namespace minos::checker
