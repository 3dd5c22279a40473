// The times between neighbouring events.

#ifndef MINOS_CHECKER_DECIDERS_GAPS_H_
#define MINOS_CHECKER_DECIDERS_GAPS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {

// Gaps, each named by the event before it, of which more and more are closed.
// Up to 8 bytes an event.
class Gaps {
 public:
  // `moments` are those of all events, sorted.
  explicit Gaps(std::vector<Moment> moments)
      : moments_(std::move(moments)),
        is_dense_(moments_.empty() ||
                  moments_.back() <= moments_.size() * kDense),
        size_(is_dense_ ? (moments_.empty() ? 1 : moments_.back() + size_t{1})
                        : moments_.size()) {
    if (is_dense_) moments_ = {};
  }

  void OpenAll() {
    next_open_.resize(size_ + 1);
    std::iota(next_open_.begin(), next_open_.end(), 0u);
  }

  // The first open gap at `moment` or later; kNever if all are closed.
  // Amortized O(log n).
  Moment FirstOpen(Moment moment) {
    const uint32_t gap = Find(IndexOf(moment));
    return gap == size_ ? history::kNever : MomentAt(gap);
  }

  // Closes the gaps from that at `from` on that lie before that at `until`
  // (kNever: all), and calls `visit` with the number of each that was open.
  // REQUIRES: both are events.
  template <typename Visit>
  void Close(Moment from, Moment until, Visit visit) {
    const uint32_t end = until == history::kNever ? static_cast<uint32_t>(size_)
                                                  : IndexOf(until);
    for (uint32_t gap = Find(IndexOf(from)); gap < end; gap = Find(gap)) {
      next_open_[gap] = gap + 1;
      visit(gap);
    }
  }
  void Close(Moment from, Moment until) {
    Close(from, until, [](uint32_t) {});
  }

  // The gaps are numbered from 0.
  size_t size() const { return size_; }

 private:
  // Where the moments are at most so many times as many as the events, one
  // number for each moment is smaller than a list of those that occur.
  static constexpr size_t kDense = 6;

  // The gap in which the moment is; the first, if it is before all.
  uint32_t IndexOf(Moment moment) const {
    if (is_dense_) {
      return std::min(moment, static_cast<uint32_t>(size_ - 1));
    }
    const auto after =
        std::upper_bound(moments_.begin(), moments_.end(), moment);
    if (after == moments_.begin()) return 0;
    return static_cast<uint32_t>(after - moments_.begin() - 1);
  }
  Moment MomentAt(uint32_t gap) const {
    return is_dense_ ? gap : moments_[gap];
  }
  uint32_t Find(uint32_t gap) {
    while (next_open_[gap] != gap) {
      next_open_[gap] = next_open_[next_open_[gap]];
      gap = next_open_[gap];
    }
    return gap;
  }

  std::vector<Moment> moments_;  // none, if they are dense
  bool is_dense_;
  size_t size_;
  std::vector<uint32_t> next_open_;  // towards the next open gap
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_GAPS_H_
