// Whether a configuration can still lead anywhere.
//
// An operation that sees a value in a place that does not hold it can only come
// after one that puts it there. Where places are set, that must be an open
// operation, not linearized yet, that sets it (for one that returns later, also
// one that is called before that), or an info operation that is left. Where
// places are added to, the open additions that are not linearized must have a
// subset whose sum is what is missing in all places that are seen, or an info
// operation that adds must be left.
//
// So what MayPass and MayReach refuse has no completion: to drop it changes
// neither which configurations have one, nor, as long as only the operation
// that returns is looked at, which returns can be passed. The arguments of
// wgl.cc about domination are of configurations that have a completion.
//
// Sums of several places. Let every place have a factor, and call the sum of
// factor · amount (modulo 2^64) the *effect* of an addition. If a subset has
// the right sum in all places, then the sum of its effects is right. So it is
// enough to refuse where no subset has the right sum of effects. That is a
// subset sum: all sums of one half of the additions are put in order, and for
// each sum of the other half the rest is looked up.
//
// What a beam asks besides (FindHelpful, MayShow) only guides it: which info
// operations may be of use now, and whether additions lead to anything.
//
// Cost. O(operations open · places seen) where places are set, and
// O(2^(k/2) · k) for k open additions; where there are many, no subset is
// looked for.

#include "checker/look_ahead.h"

#include <algorithm>
#include <span>

#include "checker/half_sums.h"

namespace minos::checker {
namespace {

// Subsets of more additions are not looked for.
constexpr size_t kMostAdditions = 22;
constexpr size_t kFewAdditions = 6;

}  // namespace

LookAhead::LookAhead(const Timeline& timeline, const OpenOperations& open,
                     const CrashUsage& usages, const SequentialModel& model,
                     const Footprints* footprints)
    : timeline_(timeline),
      open_(open),
      usages_(usages),
      model_(model),
      footprints_(footprints != nullptr && footprints->has_places() ? footprints
                                                                    : nullptr),
      mask_words_(SlotSet::WordsFor(timeline.slot_count())) {
  if (footprints_ == nullptr) return;
  stamps_.assign(footprints_->part_count(), 0);
  bringers_.assign(footprints_->part_count() * mask_words_, 0);
}

// Notes what the open operations set, if that has not been done at this event.
void LookAhead::LookAround() {
  if (event_ == open_.event()) return;
  event_ = open_.event();
  ++stamp_;
  SlotSet::ForEach(open_.updates(), SlotSet(mask_words_), [&](uint32_t slot) {
    for (const auto& set : footprints_->SetsOf(open_.InSlot(slot).action)) {
      uint64_t* mask = &bringers_[set.id * mask_words_];
      if (stamps_[set.id] != stamp_) {
        stamps_[set.id] = stamp_;
        std::fill_n(mask, mask_words_, 0);
      }
      mask[slot / SlotSet::kBitsPerWord] |= uint64_t{1}
                                            << (slot % SlotSet::kBitsPerWord);
    }
  });
}

bool LookAhead::Holds(const Configuration& configuration,
                      const Footprints::Part& part) {
  const auto held = model_.Lookup(configuration.state, part.place);
  return !held || *held == part.value;
}

// Whether something at hand, but what is in `reader`, sets `part`.
bool LookAhead::IsBrought(const Configuration& configuration,
                          const Footprints::Part& part, uint32_t reader,
                          bool may_crash) {
  if (stamps_[part.id] == stamp_) {
    const auto linearized = configuration.linearized.words();
    for (size_t i = 0; i < mask_words_; ++i) {
      uint64_t mask = bringers_[part.id * mask_words_ + i] & ~linearized[i];
      if (i == reader / SlotSet::kBitsPerWord) {
        mask &= ~(uint64_t{1} << (reader % SlotSet::kBitsPerWord));
      }
      if (mask != 0) return true;
    }
  }
  if (!may_crash) return false;
  for (const uint32_t kind : footprints_->CrashKindsOf(part.id)) {
    if (IsLeft(configuration, kind)) return true;
  }
  return false;
}

bool LookAhead::MayPass(const Configuration& configuration, uint32_t returning,
                        bool may_crash) {
  if (footprints_ == nullptr) return true;
  LookAround();
  const auto sees = footprints_->SeesOf(open_.InSlot(returning).action);
  if (sees.empty()) return true;
  if (footprints_->has_additions()) {
    return MayAddUp(configuration, sees, returning, may_crash);
  }
  return std::all_of(sees.begin(), sees.end(), [&](const auto& part) {
    return Holds(configuration, part) ||
           IsBrought(configuration, part, returning, may_crash);
  });
}

bool LookAhead::MayReach(const Configuration& configuration, uint32_t end) {
  if (footprints_ == nullptr || footprints_->has_additions()) return true;
  LookAround();
  bool may_reach = true;
  const auto look = [&](uint32_t slot) {
    if (!may_reach) return;
    const TimedOperation& operation = open_.InSlot(slot);
    if (operation.return_event >= end) return;
    for (const auto& part : footprints_->SeesOf(operation.action)) {
      may_reach = may_reach &&
                  (Holds(configuration, part) ||
                   IsBrought(configuration, part, slot, /*may_crash=*/true) ||
                   footprints_->IsCalledBetween(part.id, event_,
                                                operation.return_event));
    }
  };
  SlotSet::ForEach(open_.reads(), configuration.linearized, look);
  SlotSet::ForEach(open_.updates(), configuration.linearized, look);
  return may_reach;
}

bool LookAhead::Brings(const Configuration& configuration, ActionId action,
                       uint32_t returning) const {
  if (footprints_ == nullptr) return false;
  for (const auto& seen : footprints_->SeesOf(open_.InSlot(returning).action)) {
    for (const auto& set : footprints_->SetsOf(action)) {
      if (set.id != seen.id) continue;
      const auto held = model_.Lookup(configuration.state, seen.place);
      if (held && *held != seen.value) return true;
    }
  }
  return false;
}

bool LookAhead::IsLeft(const Configuration& configuration,
                       uint32_t kind) const {
  const uint32_t called = open_.crashed(kind);
  return called > 0 && usages_.Count(configuration.usage, kind) < called;
}

// Notes what is missing of what `sees` says. False if nothing is.
bool LookAhead::FindMissing(const Configuration& configuration,
                            std::span<const Footprints::Part> sees) {
  missing_ = 0;
  seen_.clear();
  bool is_missing = false;
  for (const auto& part : sees) {
    const auto held = model_.Lookup(configuration.state, part.place);
    if (!held) continue;
    seen_.push_back(part.place);
    is_missing = is_missing || *held != part.value;
    missing_ += PlaceFactor(part.place) * (part.value - *held);
  }
  return is_missing;
}

// On what is seen.
uint64_t LookAhead::EffectOf(ActionId action) const {
  uint64_t effect = 0;
  for (const auto& add : footprints_->AddsOf(action)) {
    if (std::find(seen_.begin(), seen_.end(), add.place) != seen_.end()) {
      effect += PlaceFactor(add.place) * add.amount;
    }
  }
  return effect;
}

void LookAhead::FindEffects(const Configuration& configuration,
                            uint32_t reader) {
  effects_.clear();
  SlotSet::ForEach(
      open_.updates(), configuration.linearized, [&](uint32_t slot) {
        if (slot == reader) return;
        const uint64_t effect = EffectOf(open_.InSlot(slot).action);
        if (effect != 0) effects_.push_back(effect);
      });
}

bool LookAhead::MayAddUp(const Configuration& configuration,
                         std::span<const Footprints::Part> sees,
                         uint32_t reader, bool may_crash) {
  if (!FindMissing(configuration, sees)) return true;
  for (uint32_t kind = 0; may_crash && kind < open_.crash_kinds(); ++kind) {
    if (IsLeft(configuration, kind) &&
        EffectOf(timeline_.crashes()[kind].action) != 0) {
      return true;
    }
  }
  FindEffects(configuration, reader);
  if (effects_.size() > kMostAdditions) return true;
  FindSums();
  return IsSum(missing_);
}

// Of the subsets of effects_.
void LookAhead::FindSums() {
  // It takes longer to put few in order than to look at them all.
  const size_t half =
      effects_.size() <= kFewAdditions ? 0 : effects_.size() / 2;
  FillSubsetSums(std::span(effects_).first(half), first_sums_);
  FillSubsetSums(std::span(effects_).subspan(half), second_sums_);
  if (half > 0) std::sort(second_sums_.begin(), second_sums_.end());
}

// Whether some of effects_ have the sum `sum`.
bool LookAhead::IsSum(uint64_t sum) const {
  if (effects_.size() <= kFewAdditions) {
    return std::find(second_sums_.begin(), second_sums_.end(), sum) !=
           second_sums_.end();
  }
  return std::any_of(
      first_sums_.begin(), first_sums_.end(), [&](uint64_t part) {
        return std::binary_search(second_sums_.begin(), second_sums_.end(),
                                  sum - part);
      });
}

// The kinds that bring what some open operation sees, and is not there.
void LookAhead::FindBringers(const Configuration& configuration,
                             std::vector<uint32_t>& kinds) {
  const auto look = [&](uint32_t slot) {
    for (const auto& part : footprints_->SeesOf(open_.InSlot(slot).action)) {
      if (Holds(configuration, part)) continue;
      for (const uint32_t kind : footprints_->CrashKindsOf(part.id)) {
        if (IsLeft(configuration, kind)) kinds.push_back(kind);
      }
    }
  };
  SlotSet::ForEach(open_.reads(), configuration.linearized, look);
  SlotSet::ForEach(open_.updates(), configuration.linearized, look);
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
}

void LookAhead::FindLeft(const Configuration& configuration,
                         std::vector<uint32_t>& kinds) const {
  for (uint32_t kind = 0; kind < open_.crash_kinds(); ++kind) {
    if (IsLeft(configuration, kind)) kinds.push_back(kind);
  }
}

// Calls `visit` for each open operation that sees something which is not there,
// with what is missing noted, and the sums of what can be added.
template <typename Visit>
void LookAhead::ForEachReader(const Configuration& configuration, Visit visit) {
  const auto look = [&](uint32_t slot) {
    const auto sees = footprints_->SeesOf(open_.InSlot(slot).action);
    if (sees.empty()) return;
    FindMissing(configuration, sees);
    FindEffects(configuration, slot);
    is_vague_ = seen_.size() < sees.size() || effects_.size() > kMostAdditions;
    if (!is_vague_) FindSums();
    visit();
  };
  SlotSet::ForEach(open_.reads(), configuration.linearized, look);
  SlotSet::ForEach(open_.updates(), configuration.linearized, look);
}

bool LookAhead::Sees(uint32_t slot) const {
  return footprints_ != nullptr &&
         !footprints_->SeesOf(open_.InSlot(slot).action).empty();
}

bool LookAhead::MayShow(const Configuration& configuration) {
  if (footprints_ == nullptr || !footprints_->has_additions()) return true;
  bool may_show = false;
  ForEachReader(configuration,
                [&] { may_show = may_show || is_vague_ || IsSum(missing_); });
  return may_show;
}

bool LookAhead::MayPassWithOne(const Configuration& configuration,
                               uint32_t returning) {
  if (!MayPass(configuration, returning, /*may_crash=*/true)) return false;
  if (footprints_ == nullptr || !footprints_->has_additions()) return true;
  const auto sees = footprints_->SeesOf(open_.InSlot(returning).action);
  if (sees.empty() || !FindMissing(configuration, sees)) return true;
  FindEffects(configuration, returning);
  if (effects_.size() > kMostAdditions || seen_.size() < sees.size()) {
    return true;
  }
  FindSums();
  for (uint32_t kind = 0; kind < open_.crash_kinds(); ++kind) {
    if (IsLeft(configuration, kind) &&
        IsSum(missing_ - EffectOf(timeline_.crashes()[kind].action))) {
      return true;
    }
  }
  return false;
}

void LookAhead::FindHelpful(const Configuration& configuration,
                            std::vector<uint32_t>& kinds) {
  if (footprints_ == nullptr) return FindLeft(configuration, kinds);
  if (!footprints_->has_additions()) return FindBringers(configuration, kinds);
  std::vector<uint32_t> left;
  FindLeft(configuration, left);
  ForEachReader(configuration, [&] {
    for (const uint32_t kind : left) {
      if (is_vague_ ||
          IsSum(missing_ - EffectOf(timeline_.crashes()[kind].action))) {
        kinds.push_back(kind);
      }
    }
  });
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
}

}  // namespace minos::checker
