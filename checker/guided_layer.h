// The points of a guided search at one moment, without those that others are
// better than.
//
// Complexity: Offer is O(1), if few points have the same values; Keep is
// O(points · log points), and what it asks of each point that is kept.

#ifndef MINOS_CHECKER_GUIDED_LAYER_H_
#define MINOS_CHECKER_GUIDED_LAYER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "checker/guided_point.h"
#include "checker/open_values.h"

namespace minos::checker {

class GuidedLayer {
 public:
  // What is added to the scores by chance, so that another search is another
  // one: less than `most`, which is above 0, and the same for the same `seed`.
  struct Noise {
    uint64_t seed = 0;
    uint32_t most = 1;
  };

  // `open` outlives this, and is where the points are.
  explicit GuidedLayer(const OpenValues& open)
      : open_(&open), places_(open.start().size()) {}

  void TakeNoise(Noise noise) { noise_ = noise; }

  std::vector<GuidedPoint>& points() { return points_; }
  bool is_empty() const { return points_.empty(); }
  size_t size() const { return points_.size(); }
  size_t capacity() const { return points_.capacity() + kept_.capacity(); }
  void Clear();

  // Adds `point`, unless it is hopeless, or one that is in is no worse.
  void Offer(const GuidedPoint& point);

  // Puts the best first, and drops all but as many as the beam is wide, of
  // which few have the same values, and of which it is said that they may go
  // on. True if one was dropped of which that is not denied. Before anything is
  // offered again, it has to be cleared.
  bool Keep(size_t width,
            absl::FunctionRef<bool(const GuidedPoint&)> may_go_on);

 private:
  struct Rank {
    uint32_t score;
    uint32_t index;

    auto operator<=>(const Rank&) const = default;
  };

  uint64_t HashOf(const GuidedPoint& point) const;
  bool HaveSameValues(const GuidedPoint& a, const GuidedPoint& b) const;
  bool IsNoWorse(const GuidedPoint& a, const GuidedPoint& b) const;
  void GrowIndex();

  const OpenValues* open_;
  size_t places_;
  Noise noise_;
  std::vector<GuidedPoint> points_;
  std::vector<uint64_t> hashes_;  // of their values
  std::vector<uint32_t> index_;   // open addressing, by their values
  // Of the last Keep.
  std::vector<Rank> ranks_;
  std::vector<GuidedPoint> kept_;
  std::vector<uint64_t> kept_hashes_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_LAYER_H_
