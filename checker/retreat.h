// How a sweep that keeps only some of its points goes back where it is stuck.
//
// What was wrong was chosen some returns before the one that no point passes;
// how many is not known. So the sweep leaves marks, and goes back to one of
// them: first to a near one, and each time that it is stuck again before it got
// further, to one twice as far, to try again with more points. `Marks` are the
// places to go back to; a `Retreat` counts the attempts.
//
// Complexity: O(points of a mark) to leave it or to go back to it.

#ifndef MINOS_CHECKER_RETREAT_H_
#define MINOS_CHECKER_RETREAT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

namespace minos::checker {

// What stood before the last returns, and of those before them, what stood here
// and there.
template <typename Point>
class Marks {
 public:
  struct Limits {
    size_t marks = std::numeric_limits<size_t>::max();
    size_t points = std::numeric_limits<size_t>::max();  // in all of them
    // Of marks that are too many, one is kept in so many events; 0: none is.
    uint32_t events_between_old = 0;
  };

  explicit Marks(Limits limits) : limits_(limits) {}

  bool is_empty() const { return recent_.empty() && old_.empty(); }
  size_t point_count() const { return point_count_; }

  // Notes that `points` stand before the return at `event`.
  void Leave(uint32_t event, const std::vector<Point>& points);

  // Goes back about so many returns, or to the first mark; what is passed on
  // the way is forgotten. `points` become those that stood there. Returns the
  // event. REQUIRES: returns > 0, and it is not empty.
  uint32_t GoBack(size_t returns, std::vector<Point>& points);

  // Calls `visit` for each point of a mark.
  template <typename Visit>
  void ForEachPoint(Visit visit) {
    for (std::deque<Mark>* marks : {&old_, &recent_}) {
      for (Mark& mark : *marks) {
        for (Point& point : mark.points) visit(point);
      }
    }
  }

 private:
  struct Mark {
    uint32_t event;
    std::vector<Point> points;
  };

  void Retire();

  Limits limits_;
  std::deque<Mark> recent_;
  std::deque<Mark> old_;
  size_t point_count_ = 0;
};

class Retreat {
 public:
  struct Rule {
    uint32_t attempts = 1;
    // After those, the sweep begins anew (with another order of preference, or
    // with more points), so many times, and makes so many attempts more.
    uint32_t cycles = 1;
    uint32_t more_attempts = 0;
  };

  explicit Retreat(Rule rule) : rule_(rule) {}

  // The sweep is stuck at `event`. False if all attempts to get past the
  // furthest return that it was ever stuck at have been made.
  bool TryAgain(uint32_t event);
  // Whether the sweep is past that return; then it may go on as if it had never
  // been stuck.
  bool IsOvercome(uint32_t event) const { return event > stuck_at_; }
  void Forget() { cycle_ = 0; }

  // How many attempts were made before this one in its cycle, and how many
  // cycles before it.
  uint32_t attempt() const { return attempt_; }
  uint32_t cycle() const { return cycle_; }

 private:
  Rule rule_;
  uint32_t stuck_at_ = 0;
  uint32_t attempt_ = 0;
  uint32_t cycle_ = 0;
};

template <typename Point>
void Marks<Point>::Leave(uint32_t event, const std::vector<Point>& points) {
  recent_.push_back({event, points});
  point_count_ += points.size();
  while (recent_.size() > 1 &&
         (recent_.size() > limits_.marks || point_count_ > limits_.points)) {
    Retire();
  }
}

// Keeps the oldest of the recent marks among the old ones, or drops it.
template <typename Point>
void Marks<Point>::Retire() {
  Mark& oldest = recent_.front();
  const uint32_t gap = limits_.events_between_old;
  if (gap > 0 && point_count_ <= limits_.points &&
      (old_.empty() || old_.back().event + gap <= oldest.event)) {
    old_.push_back(std::move(oldest));
  } else {
    point_count_ -= oldest.points.size();
  }
  recent_.pop_front();
}

template <typename Point>
uint32_t Marks<Point>::GoBack(size_t returns, std::vector<Point>& points) {
  uint32_t event = 0;
  while (returns > 0 && !is_empty()) {
    const bool is_old = recent_.empty();
    std::deque<Mark>& marks = is_old ? old_ : recent_;
    // About half of the events are returns.
    const size_t passed = is_old ? limits_.events_between_old / 2 : 1;
    returns -= std::min(returns, std::max<size_t>(passed, 1));
    points = std::move(marks.back().points);
    event = marks.back().event;
    point_count_ -= points.size();
    marks.pop_back();
  }
  return event;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_RETREAT_H_
