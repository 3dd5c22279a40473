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
  index_.clear();
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
  return std::equal(a.values.begin(),
                    a.values.begin() + static_cast<ptrdiff_t>(places_),
                    b.values.begin());
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
    size_t at = HashOf(points_[i]) & mask;
    while (index_[at] != kNoPoint) at = (at + 1) & mask;
    index_[at] = static_cast<uint32_t>(i);
  }
}

void GuidedLayer::Offer(const GuidedPoint& point) {
  if (point.score == GuidedPoint::kHopeless) return;
  if (index_.size() < 2 * (points_.size() + 1)) GrowIndex();
  const size_t mask = index_.size() - 1;
  size_t at = HashOf(point) & mask;
  for (; index_[at] != kNoPoint; at = (at + 1) & mask) {
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
  if (variant_ == 0) return;
  points_.back().tie =
      static_cast<uint32_t>(MixHash(CombineHash(variant_, points_.size())));
}

bool GuidedLayer::Keep(size_t width,
                       absl::FunctionRef<bool(const GuidedPoint&)> may_go_on) {
  index_.clear();
  std::stable_sort(points_.begin(), points_.end(),
                   [](const GuidedPoint& a, const GuidedPoint& b) {
                     return std::pair(a.score, a.tie) <
                            std::pair(b.score, b.tie);
                   });
  const size_t most_alike = std::max(kLeastAlike, width / kShareOfAlike);
  bool left_out = false;
  size_t kept = 0;
  size_t next = 0;
  for (; next < points_.size() && kept < width; ++next) {
    const GuidedPoint& point = points_[next];
    const auto alike = static_cast<size_t>(std::count_if(
        points_.begin(), points_.begin() + static_cast<ptrdiff_t>(kept),
        [&](const GuidedPoint& other) {
          return HaveSameValues(point, other);
        }));
    if (alike >= most_alike) {
      left_out = true;
    } else if (may_go_on(point)) {
      points_[kept++] = point;
    }
  }
  left_out = left_out || next < points_.size();
  points_.resize(kept);
  return left_out;
}

}  // namespace minos::checker
