// Choosing intervals that nest.
//
// Write (b, c) for the core of an interval, from begin_by to end_from: it
// contains its core, and reaches at most to its limits (a, d), earliest and
// latest. Trivial intervals (b ≥ c) fit anywhere and are left aside. Two facts
// give the algorithm.
//
// Cut. At a moment t that no core covers, everything can be cut: given a
// solution, truncate each interval that contains t to the side on which its
// core lies. It keeps its core and its limits, and intervals that nest still do
// after being cut off at one point. So the cores fall into components without
// gaps, which are solved apart from each other.
//
// Peel. In a solution of one component some interval contains all others: the
// maximal ones are disjoint, and a gap between two of them would be a moment
// that no core covers. Let the cores of the component span (L, R). Any v with
// a(v) < L and R < d(v) will do as the outermost: in a solution all ends are
// after all of L, so the intervals that begin before L can be moved to begin
// just before it, in the same order; likewise those that end after R. Then take
// v out and put it around all.
//
// So: take any such v, place it at (L, R), and go on with the components of the
// rest. If there is none, the component is the contradiction.
//
// A tree over the moments counts how many cores cover each gap between
// neighbouring ones, and finds the next gap with none. Components are taken in
// the order of L; those inside have a larger L. So the condition a(v) < L, once
// true, stays true, and a second tree holds d(v), by the order of b(v), of
// those v only.

#include "checker/deciders/nesting.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <queue>
#include <utility>

namespace minos::checker {
namespace {

// Counts over 0 … size - 1 that are changed in ranges.
class Coverage {
 public:
  explicit Coverage(size_t size) {
    while (leaves_ < size) leaves_ *= 2;
    nodes_.resize(2 * leaves_);
  }

  void Add(size_t first, size_t last, int32_t amount) {
    Add(1, 0, leaves_, first, last, amount);
  }

  // The first index from `from` on whose count is 0 (or is not); the size, if
  // there is none.
  size_t FindFrom(size_t from, bool is_zero) const {
    return Find(1, 0, leaves_, from, is_zero, 0);
  }

 private:
  struct Node {
    int32_t least = 0;
    int32_t most = 0;
    int32_t added = 0;  // to all below, counted in least and most
  };

  void Add(size_t node, size_t begin, size_t end, size_t first, size_t last,
           int32_t amount) {
    if (last <= begin || end <= first) return;
    Node& here = nodes_[node];
    if (first <= begin && end <= last) {
      here.least += amount;
      here.most += amount;
      here.added += amount;
      return;
    }
    const size_t middle = (begin + end) / 2;
    Add(2 * node, begin, middle, first, last, amount);
    Add(2 * node + 1, middle, end, first, last, amount);
    const Node& left = nodes_[2 * node];
    const Node& right = nodes_[2 * node + 1];
    here.least = std::min(left.least, right.least) + here.added;
    here.most = std::max(left.most, right.most) + here.added;
  }

  size_t Find(size_t node, size_t begin, size_t end, size_t from, bool is_zero,
              int32_t above) const {
    if (end <= from) return leaves_;
    const Node& here = nodes_[node];
    if (is_zero ? here.least + above > 0 : here.most + above == 0) {
      return leaves_;
    }
    if (end - begin == 1) return begin;
    const size_t middle = (begin + end) / 2;
    const size_t left =
        Find(2 * node, begin, middle, from, is_zero, above + here.added);
    if (left != leaves_) return left;
    return Find(2 * node + 1, middle, end, from, is_zero, above + here.added);
  }

  size_t leaves_ = 1;
  std::vector<Node> nodes_;
};

// The largest of values over 0 … size - 1.
class Maxima {
 public:
  explicit Maxima(size_t size) {
    while (leaves_ < size) leaves_ *= 2;
    nodes_.assign(2 * leaves_, kStart);
  }

  void Set(size_t index, Moment value) {
    size_t node = leaves_ + index;
    nodes_[node] = value;
    while (node /= 2) {
      nodes_[node] = std::max(nodes_[2 * node], nodes_[2 * node + 1]);
    }
  }

  // The index from `first` up to `last` with a value above `bound`; `last` if
  // there is none.
  size_t FindAbove(size_t first, size_t last, Moment bound) const {
    return Find(1, 0, leaves_, first, last, bound);
  }

 private:
  size_t Find(size_t node, size_t begin, size_t end, size_t first, size_t last,
              Moment bound) const {
    if (last <= begin || end <= first || nodes_[node] <= bound) return last;
    if (end - begin == 1) return begin;
    const size_t middle = (begin + end) / 2;
    const size_t left = Find(2 * node, begin, middle, first, last, bound);
    if (left != last) return left;
    return Find(2 * node + 1, middle, end, first, last, bound);
  }

  size_t leaves_ = 1;
  std::vector<Moment> nodes_;
};

class Nester {
 public:
  Nester(std::span<const Flexible> intervals, Budget& budget);
  Nesting Run(Budget& budget, bool want_all_conflicts);

 private:
  // Cores without gaps, from one moment to another.
  struct Component {
    size_t first_gap;
    size_t end_gap;
    bool operator>(const Component& other) const {
      return first_gap > other.first_gap;
    }
  };

  size_t GapAfter(Moment moment) const {
    return static_cast<size_t>(
        std::lower_bound(moments_.begin(), moments_.end(), moment) -
        moments_.begin());
  }
  void FindComponents(size_t first_gap, size_t end_gap);
  void Activate(Moment begin);
  // The rank, in the order of begin_by, of the first core that begins at or
  // after `moment`.
  size_t RankFrom(Moment moment) const;

  std::span<const Flexible> intervals_;
  std::vector<Moment> moments_;        // where cores begin or end
  std::vector<uint32_t> by_begin_;     // the intervals that are not trivial
  std::vector<uint32_t> by_earliest_;  // their ranks in by_begin_
  size_t activated_ = 0;
  Coverage coverage_;
  Maxima latest_;
  std::priority_queue<Component, std::vector<Component>, std::greater<>>
      components_;
};

std::vector<Moment> MomentsOf(std::span<const Flexible> intervals) {
  std::vector<Moment> moments;
  for (const Flexible& interval : intervals) {
    if (interval.is_trivial()) continue;
    moments.push_back(interval.begin_by);
    moments.push_back(interval.end_from);
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

Nester::Nester(std::span<const Flexible> intervals, Budget& budget)
    : intervals_(intervals),
      moments_(MomentsOf(intervals)),
      coverage_(moments_.size() + 1),
      latest_(intervals.size()) {
  for (uint32_t i = 0; i < intervals.size(); ++i) {
    if (!intervals[i].is_trivial()) by_begin_.push_back(i);
  }
  if (budget.Exhausted()) return;
  std::sort(by_begin_.begin(), by_begin_.end(), [&](uint32_t a, uint32_t b) {
    return intervals[a].begin_by < intervals[b].begin_by;
  });
  for (uint32_t rank = 0; rank < by_begin_.size(); ++rank) {
    if (budget.Exhausted()) return;
    by_earliest_.push_back(rank);
    const Flexible& interval = intervals[by_begin_[rank]];
    coverage_.Add(GapAfter(interval.begin_by), GapAfter(interval.end_from), 1);
  }
  std::sort(by_earliest_.begin(), by_earliest_.end(),
            [&](uint32_t a, uint32_t b) {
              return intervals[by_begin_[a]].earliest <
                     intervals[by_begin_[b]].earliest;
            });
}

void Nester::FindComponents(size_t first_gap, size_t end_gap) {
  for (size_t gap = first_gap; gap < end_gap;) {
    const size_t begin = coverage_.FindFrom(gap, false);
    if (begin >= end_gap) return;
    const size_t end = coverage_.FindFrom(begin, true);
    components_.push({begin, end});
    gap = end;
  }
}

void Nester::Activate(Moment begin) {
  for (; activated_ < by_earliest_.size(); ++activated_) {
    const uint32_t rank = by_earliest_[activated_];
    const Flexible& interval = intervals_[by_begin_[rank]];
    if (interval.earliest >= begin) return;
    latest_.Set(rank, interval.latest);
  }
}

size_t Nester::RankFrom(Moment moment) const {
  const auto at =
      std::lower_bound(by_begin_.begin(), by_begin_.end(), moment,
                       [this](uint32_t interval, Moment bound) {
                         return intervals_[interval].begin_by < bound;
                       });
  return static_cast<size_t>(at - by_begin_.begin());
}

Nesting Nester::Run(Budget& budget, bool want_all_conflicts) {
  Nesting nesting;
  nesting.places.resize(intervals_.size());
  if (budget.Exhausted()) return nesting;
  FindComponents(0, moments_.size());
  for (uint32_t depth = 0; !components_.empty(); ++depth) {
    if (budget.Exhausted()) return nesting;
    const Component component = components_.top();
    components_.pop();
    const Moment begin = moments_[component.first_gap];
    const Moment end = moments_[component.end_gap];
    Activate(begin);
    const size_t first = RankFrom(begin);
    const size_t last = RankFrom(end);
    const size_t outermost = latest_.FindAbove(first, last, end);
    if (outermost == last) {
      const bool is_first = nesting.exists;
      nesting.exists = false;
      std::vector<uint32_t> conflict;
      for (size_t rank = first; rank < last; ++rank) {
        // Those that have been placed are around this component.
        if (nesting.places[by_begin_[rank]].begin == kStart) {
          conflict.push_back(by_begin_[rank]);
        }
      }
      if (is_first) {
        nesting.conflict = std::move(conflict);
      } else {
        nesting.more_conflicts.push_back(std::move(conflict));
      }
      if (!want_all_conflicts) return nesting;
      continue;
    }
    const uint32_t interval = by_begin_[outermost];
    nesting.places[interval] = {begin, end, depth};
    latest_.Set(outermost, kStart);
    coverage_.Add(GapAfter(intervals_[interval].begin_by),
                  GapAfter(intervals_[interval].end_from), -1);
    FindComponents(component.first_gap, component.end_gap);
  }
  return nesting;
}

}  // namespace

Nesting Nest(std::span<const Flexible> intervals, Budget& budget,
             bool want_all_conflicts) {
  return Nester(intervals, budget).Run(budget, want_all_conflicts);
}

}  // namespace minos::checker
