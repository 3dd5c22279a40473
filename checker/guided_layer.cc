#include "checker/guided_layer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "history/hash.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNoPoint = std::numeric_limits<uint32_t>::max();
// Of the points that are kept, so many have the same values at most: one in so
// many, or a few.
constexpr size_t kShareOfAlike = 16;
constexpr size_t kLeastAlike = 2;

}  // namespace

void GuidedLayer::Clear() {
  points_.clear();
  hashes_.clear();
  std::fill(index_.begin(), index_.end(), kNoPoint);
}

uint64_t GuidedLayer::HashOf(const GuidedPoint& point) const {
  uint64_t hash = 0;
  for (const PartId value : point.ValuesOf(places_)) {
    hash = CombineHash(hash, value);
  }
  return hash;
}

bool GuidedLayer::HaveSameValues(const GuidedPoint& a,
                                 const GuidedPoint& b) const {
  // A call of memcmp would take longer.
  for (size_t place = 0; place < places_; ++place) {
    if (a.values[place] != b.values[place]) return false;
  }
  return true;
}

// Whether `a` owes no more and has no less left than `b`, which has the same
// values.
bool GuidedLayer::IsNoWorse(const GuidedPoint& a, const GuidedPoint& b) const {
  const SlotMask differ = (a.linearized ^ b.linearized) & open_->updates();
  const SlotMask unread = (b.linearized & open_->reads()) - a.linearized;
  return a.used <= b.used && (differ - a.spare).IsEmpty() &&
         (b.spare - a.spare).IsEmpty() && unread.IsEmpty();
}

void GuidedLayer::GrowIndex() {
  constexpr size_t kLeast = 64;
  index_.assign(std::bit_ceil(std::max(kLeast, 4 * points_.size())), kNoPoint);
  const size_t mask = index_.size() - 1;
  for (size_t i = 0; i < points_.size(); ++i) {
    size_t at = hashes_[i] & mask;
    while (index_[at] != kNoPoint) at = (at + 1) & mask;
    index_[at] = static_cast<uint32_t>(i);
  }
}

void GuidedLayer::Offer(const GuidedPoint& point) {
  if (point.score == GuidedPoint::kHopeless) return;
  if (index_.size() < 2 * (points_.size() + 1)) GrowIndex();
  const size_t mask = index_.size() - 1;
  const uint64_t hash = HashOf(point);
  size_t at = hash & mask;
  for (; index_[at] != kNoPoint; at = (at + 1) & mask) {
    if (hashes_[index_[at]] != hash) continue;
    GuidedPoint& other = points_[index_[at]];
    if (!HaveSameValues(point, other)) continue;
    if (IsNoWorse(other, point)) return;
    if (IsNoWorse(point, other)) {
      other = point;
      return;
    }
  }
  index_[at] = static_cast<uint32_t>(points_.size());
  points_.push_back(point);
  hashes_.push_back(hash);
}

bool GuidedLayer::Keep(size_t width,
                       absl::FunctionRef<bool(const GuidedPoint&)> may_go_on) {
  // What is sorted are not the points, which are large.
  ranks_.clear();
  for (uint32_t i = 0; i < points_.size(); ++i) {
    const uint64_t drawn = MixHash(CombineHash(noise_.seed, i)) % noise_.most;
    ranks_.push_back({points_[i].score + static_cast<uint32_t>(drawn), i});
  }
  std::sort(ranks_.begin(), ranks_.end());
  const size_t most_alike = std::max(kLeastAlike, width / kShareOfAlike);
  bool left_out = false;
  size_t next = 0;
  kept_.clear();
  kept_hashes_.clear();
  for (; next < ranks_.size() && kept_.size() < width; ++next) {
    const uint32_t index = ranks_[next].index;
    const auto alike = static_cast<size_t>(
        std::count(kept_hashes_.begin(), kept_hashes_.end(), hashes_[index]));
    if (alike >= most_alike) {
      left_out = true;
    } else if (may_go_on(points_[index])) {
      kept_.push_back(points_[index]);
      kept_hashes_.push_back(hashes_[index]);
    }
  }
  left_out = left_out || next < ranks_.size();
  std::swap(points_, kept_);
  return left_out;
}

}  // namespace minos::checker
