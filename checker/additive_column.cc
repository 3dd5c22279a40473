#include "checker/additive_column.h"

#include <algorithm>
#include <bit>
#include <ranges>
#include <tuple>
#include <utility>

#include "checker/additive_rating.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

// Of a configuration, in the table that finds it.
constexpr size_t kBytesOfIndex = 24;

uint64_t HashOf(const AdditivePoint& point) {
  uint64_t hash = CombineHash(point.used_hash + point.start, point.owed);
  for (const uint64_t word : point.linearized.words()) {
    hash = CombineHash(hash, word);
  }
  return hash;
}

bool IsSame(const AdditivePoint& a, const AdditivePoint& b) {
  return a.start == b.start && a.used_hash == b.used_hash && a.owed == b.owed &&
         a.state == b.state &&
         std::ranges::equal(a.linearized.words(), b.linearized.words());
}

// Whether one of `sets` (words one after the other) contains `wanted`, and
// nothing of `unwanted`.
bool HasBetween(std::span<const uint64_t> sets, const SlotSet& wanted,
                const SlotSet& unwanted) {
  const auto with = wanted.words();
  const auto without = unwanted.words();
  for (size_t i = 0; i < sets.size(); i += with.size()) {
    uint64_t against = 0;
    for (size_t j = 0; j < with.size(); ++j) {
      against |= (with[j] & ~sets[i + j]) | (without[j] & sets[i + j]);
    }
    if (against == 0) return true;
  }
  return false;
}

}  // namespace

bool AdditiveColumn::Waiting::operator<(const Waiting& other) const {
  // Of equals the earlier ones are better.
  return std::tuple(rating, other.point, other.stage) <
         std::tuple(other.rating, point, stage);
}

AdditiveColumn::AdditiveColumn(const SearchProblem& problem,
                               const AdditiveObject& object,
                               const PassedSums& passed,
                               const OpenOperations& open,
                               std::vector<Open> called, size_t crash_calls)
    : problem_(problem),
      object_(object),
      passed_(passed),
      event_(open.event()),
      called_(std::move(called)),
      crash_calls_(crash_calls),
      update_mask_(SlotSet::WordsFor(problem.timeline.slot_count())),
      seer_mask_(update_mask_),
      ratings_(problem.timeline.slot_count(), 0) {
  const uint32_t returning = problem.timeline.event(event_).subject;
  const SlotSet none(update_mask_.words().size());
  for (const SlotSet* some : {&open.updates(), &open.reads()}) {
    SlotSet::ForEach(*some, none, [&](uint32_t slot) {
      const TimedOperation& operation = open.InSlot(slot);
      const Open found{slot, open.operation_in(slot), operation.action};
      if (found.operation == returning) returning_ = found;
      if (object.Sees(found.action)) {
        AddLook(found);
        ratings_[slot] = AdditiveRating::OfSeer(operation, event_);
      } else if (object.Adds(found.action)) {
        update_mask_.Insert(slot);
        if (found.operation != returning) updates_.push_back(found);
        ratings_[slot] = AdditiveRating::OfUpdate(operation, event_);
      }
    });
  }
  open_count_ += updates_.size();
  ChooseUpdates();
}

// Those that are taken into the sets, and their bits.
void AdditiveColumn::ChooseUpdates() {
  // UpdateSets is quickest where those come first that are mostly taken.
  std::ranges::stable_sort(updates_, std::greater<>(), [&](const Open& update) {
    return ratings_[update.slot];
  });
  for (const Open& update : updates_) {
    most_of_updates_ += std::max(0.0F, ratings_[update.slot]);
  }
  for (LayOut(); !layout_.Fits(); LayOut()) {
    has_more_updates_ = true;
    DropLast();
  }
  classes_ = BitOfClass(returning_.action);
  bits_.assign(ratings_.size(), 0);
  for (size_t i = 0; i < updates_.size(); ++i) {
    bits_[updates_[i].slot] = uint64_t{1} << i;
    const ActionId action = updates_[i].action;
    classes_ |= BitOfClass(action);
    if (object_.AreEqual(action, returning_.action)) {
      equals_returning_ |= uint64_t{1} << i;
    }
  }
}

// Forgets the update that returns last.
void AdditiveColumn::DropLast() {
  updates_.erase(std::ranges::max_element(
      updates_, {}, [&](const Open& update) { return ReturnOf(update); }));
}

// Puts equal updates together, and gives all their bits.
void AdditiveColumn::LayOut() {
  std::vector<std::vector<Open>> groups;
  for (const Open& update : updates_) {
    const auto group = std::ranges::find_if(groups, [&](const auto& some) {
      return object_.AreEqual(some.front().action, update.action);
    });
    if (group == groups.end()) {
      groups.push_back({update});
    } else {
      group->push_back(update);
    }
  }
  std::vector<uint32_t> sizes;
  for (auto& group : groups) {
    std::ranges::sort(group, {},
                      [&](const Open& each) { return ReturnOf(each); });
    sizes.push_back(static_cast<uint32_t>(group.size()));
  }
  std::vector<uint32_t> order;
  layout_ = SetLayout(sizes, order);
  updates_.clear();
  for (const uint32_t group : order) {
    updates_.insert(updates_.end(), groups[group].begin(), groups[group].end());
  }
}

void AdditiveColumn::AddLook(const Open& seer) {
  ++open_count_;
  seer_mask_.Insert(seer.slot);
  const size_t view = object_.ViewOf(seer.action);
  const uint64_t target = object_.TargetOf(seer.action);
  const bool adds = object_.Adds(seer.action);
  const bool is_due = seer.operation == problem_.timeline.event(event_).subject;
  has_adding_seers_ = has_adding_seers_ || adds;
  if (adds) update_mask_.Insert(seer.slot);
  const auto same = std::ranges::find_if(looks_, [&](const Look& look) {
    return !adds && !look.adds && look.view == view && look.target == target;
  });
  if (same == looks_.end()) {
    looks_.push_back({view, target, adds, is_due, {seer}});
    return;
  }
  same->is_due = same->is_due || is_due;
  same->seers.push_back(seer);
}

// ---- What configurations can do

uint64_t AdditiveColumn::TakenBy(const SlotSet& linearized) const {
  uint64_t taken = 0;
  SlotSet::ForEach(linearized, seer_mask_,
                   [&](uint32_t slot) { taken |= bits_[slot]; });
  return layout_.SetOf(taken);
}

std::optional<uint64_t> AdditiveColumn::EqualTo(ActionId action) const {
  if ((classes_ & BitOfClass(action)) == 0) return 0;
  if (object_.AreEqual(returning_.action, action)) return std::nullopt;
  uint64_t equal = 0;
  for (size_t i = 0; i < updates_.size(); ++i) {
    if (object_.AreEqual(updates_[i].action, action)) equal |= uint64_t{1} << i;
  }
  return equal;
}

int64_t AdditiveColumn::DistanceToNext(const AdditivePoint& point,
                                       size_t view) const {
  if (!passed_.is_one_way(view)) return PassedSums::kFar;
  const uint64_t sum = point.sums[view];
  int64_t nearest = passed_.DistanceToLater(view, event_, sum);
  for (const Look& look : looks_) {
    if (look.view != view) continue;
    const bool is_wanted = std::ranges::any_of(look.seers, [&](auto& seer) {
      return !point.linearized.Contains(seer.slot) && HasToReturn(seer);
    });
    if (!is_wanted) continue;
    nearest = std::min(nearest, passed_.DistanceTo(view, look.target, sum));
  }
  return nearest;
}

bool AdditiveColumn::HasPassed(const AdditivePoint& point) const {
  if (!passed_.is_any_one_way()) return false;
  for (size_t view = 0; view < object_.views(); ++view) {
    if (DistanceToNext(point, view) < 0) return true;
  }
  return false;
}

UpdateSets& AdditiveColumn::sets(size_t view) {
  MakeSets();
  return sets_[view];
}

void AdditiveColumn::MakeSets() {
  if (!sets_.empty()) return;
  sets_.resize(object_.views());
  std::vector<uint64_t> effects;
  std::vector<float> ratings;
  for (const Open& update : updates_) {
    ratings.push_back(ratings_[update.slot]);
  }
  for (size_t each = 0; each < sets_.size(); ++each) {
    effects.clear();
    for (const Open& update : updates_) {
      effects.push_back(object_.Effect(update.action, each));
    }
    sets_[each].Reset(layout_, effects, ratings);
  }
}

void AdditiveColumn::ForgetSets() {
  for (const UpdateSets& sets : sets_) lookups_ += sets.lookups();
  sets_ = {};
}

size_t AdditiveColumn::CountUnsatisfied(const AdditivePoint& point) {
  if (has_adding_seers_) return 0;
  if (!urgent_) urgent_.emplace(problem_, object_, event_);
  MakeSets();
  const uint64_t taken = TakenBy(point.linearized);
  absl::InlinedVector<UpdateSets::Containing, 2> containing;
  for (const UpdateSets& sets : sets_) {
    containing.push_back(sets.SetsWith(taken));
  }
  return urgent_->CountUnsatisfied(point.linearized, point.sums, containing,
                                   sets_);
}

bool AdditiveColumn::IsDominated(uint32_t point, const CrashUsage& usages) {
  const AdditivePoint& found = points_[point];
  // What dominates it has linearized all of its seers, and none of the updates
  // that it has not.
  SlotSet wanted = found.linearized;
  SlotSet unwanted = update_mask_;
  wanted.Intersect(seer_mask_);
  unwanted.Subtract(found.linearized);
  for (const Compared& some : compared_) {
    const bool may_be =
        some.start == found.start && (some.used_bits & ~found.used_bits) == 0;
    if (may_be && usages.Includes(found.usage, some.usage) &&
        HasBetween(some.linearized, wanted, unwanted)) {
      return true;
    }
  }
  top_rating_ = std::max(top_rating_, found.rating);
  if (compared_count_ < kMostCompared) Compare(found);
  return false;
}

void AdditiveColumn::Compare(const AdditivePoint& point) {
  ++compared_count_;
  const auto is_alike = [&](const Compared& other) {
    return other.start == point.start && other.usage == point.usage;
  };
  auto alike = std::ranges::find_if(compared_, is_alike);
  if (alike == compared_.end()) {
    compared_.push_back({point.start, point.usage, point.used_bits, {}});
    alike = compared_.end() - 1;
  }
  const auto words = point.linearized.words();
  compared_bytes_ -= alike->linearized.capacity() * sizeof(uint64_t);
  alike->linearized.insert(alike->linearized.end(), words.begin(), words.end());
  compared_bytes_ += alike->linearized.capacity() * sizeof(uint64_t);
}

// ---- Those that are there

float AdditiveColumn::OfLinearized(const SlotSet& linearized) const {
  float rating = 0;
  SlotSet::ForEach(linearized, SlotSet(linearized.words().size()),
                   [&](uint32_t slot) { rating += ratings_[slot]; });
  return rating;
}

// Two that differ may have one hash; then the second is not found again, and
// that does no harm. Nor does it if two are taken for one since the hashes of
// what they used are equal: where there are info operations, nothing is said of
// what is not met.
bool AdditiveColumn::MergeAt(uint64_t hash, const AdditivePoint& point) {
  const auto found = index_.find(hash);
  if (found == index_.end()) return false;
  if (found->second == kForgotten) return true;
  if (!IsSame(points_[found->second], point)) return false;
  AdditivePoint& same = points_[found->second];
  same.log_chance = AdditiveRating::Either(same.log_chance, point.log_chance);
  return true;
}

bool AdditiveColumn::Merge(const AdditivePoint& point) {
  return MergeAt(HashOf(point), point);
}

bool AdditiveColumn::Add(AdditivePoint&& point) {
  const uint64_t hash = HashOf(point);
  if (MergeAt(hash, point)) return false;
  const auto id = static_cast<uint32_t>(points_.size());
  index_.try_emplace(hash, id);
  point.rating = AdditiveRating::OfPaths(point.log_chance) + point.of_crashes +
                 OfLinearized(point.linearized);
  point.was_looked_at = false;
  point.was_dominated = false;
  point.stages = 1;
  Push({point.rating, id, kFirstStage});
  points_.push_back(std::move(point));
  return true;
}

AdditiveColumn::Waiting AdditiveColumn::PopBest() {
  std::ranges::pop_heap(waiting_, std::less<>());
  const Waiting best = waiting_.back();
  waiting_.pop_back();
  return best;
}

void AdditiveColumn::Push(const Waiting& waiting) {
  waiting_.push_back(waiting);
  std::ranges::push_heap(waiting_, std::less<>());
}

void AdditiveColumn::ListDeficits(std::vector<float>& deficits) const {
  for (const Waiting& waiting : waiting_) {
    deficits.push_back(top_rating_ - waiting.rating);
  }
}

void AdditiveColumn::Shrink(float most) {
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    return top_rating_ - waiting.rating >= most;
  });
  waiting_.shrink_to_fit();
  std::vector<uint32_t> place(points_.size(), kForgotten);
  std::vector<AdditivePoint> points;
  points.reserve(waiting_.size());
  for (Waiting& waiting : waiting_) {
    // It may wait for several stages.
    if (place[waiting.point] == kForgotten) {
      place[waiting.point] = static_cast<uint32_t>(points.size());
      points.push_back(std::move(points_[waiting.point]));
      points.back().stages = 0;
    }
    waiting.point = place[waiting.point];
    ++points[waiting.point].stages;
  }
  points_ = std::move(points);
  std::ranges::make_heap(waiting_, std::less<>());
  for (auto& [hash, point] : index_) {
    if (point != kForgotten) point = place[point];
  }
}

// ---- What it costs

size_t AdditiveColumn::TakeLookups() {
  size_t lookups = lookups_;
  for (const UpdateSets& sets : sets_) lookups += sets.lookups();
  const size_t more = lookups - lookups_told_;
  lookups_told_ = lookups;
  return more;
}

ptrdiff_t AdditiveColumn::TakeGrowth() {
  size_t bytes = sizeof(AdditiveColumn) + ratings_.size() * sizeof(float) +
                 bits_.size() * sizeof(uint64_t) +
                 (updates_.capacity() + called_.capacity()) * sizeof(Open) +
                 looks_.size() * (sizeof(Look) + sizeof(Open)) +
                 points_.capacity() * sizeof(AdditivePoint) +
                 index_.capacity() * kBytesOfIndex +
                 waiting_.capacity() * sizeof(Waiting) +
                 compared_.capacity() * sizeof(Compared) + compared_bytes_;
  for (const UpdateSets& sets : sets_) bytes += sets.MemoryBytes();
  const auto growth =
      static_cast<ptrdiff_t>(bytes) - static_cast<ptrdiff_t>(bytes_told_);
  bytes_told_ = bytes;
  return growth;
}

}  // namespace minos::checker
