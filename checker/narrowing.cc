// Narrows the windows of operations by who can have set what they saw.
//
// An operation takes effect in its *window*, between its call and its return.
// Let one of them, the *seer*, have seen v in a place. Its *sources* are the
// operations that may have set v there: those that set it, were called before
// the seer returned, and did not return before another one was called that
// certainly set the place before the seer; where nothing was certainly set
// before, also the start; and info operations, which never return. Then
//
// - the seer comes after the first call of a source;
// - what certainly comes before the seer, and sets the place, comes before the
//   source, or is it: so it comes before the last return of a source;
// - what sets the place and is called after the last return of a source comes
//   after the seer: not between the two, and not before the source;
// - where only one source is possible, it comes before the seer, and after the
//   calls of all that certainly set the place before.
//
// Each tells that a window ends before some event, or begins after it. In
// narrower windows less is possible, so a few passes are made.
//
// Why nothing is lost. All that is said of the seer is true of every
// linearization, of each moment at which it may let the operations take effect.
// So every linearization is one of the narrowed timeline, in which more comes
// before other things for certain; and each of that is one of the old timeline,
// whose windows are wider. A seer that may return after the end of the sweep
// need not have seen anything; nothing is told from it.
//
// Of ten clients that use a few registers, every third value that is seen has
// one possible source, and windows become narrower by an eighth; of thirty, one
// in twenty has. But those are the ones for which a search that keeps only some
// of its points fails, since it is decided long before what becomes of them.

#include "checker/narrowing.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "checker/wgl.h"
#include "history/operation.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;

// That of an event is even, one between two events is odd.
using Moment = uint32_t;
constexpr Moment kStart = 0;
constexpr Moment kEver = std::numeric_limits<Moment>::max();

constexpr int kMostPasses = 4;

Moment Of(uint32_t event) { return 2 * event + 2; }
Moment After(Moment call) { return call | 1; }
Moment Before(Moment end) { return (end - 1) | 1; }

struct Window {
  Moment call;
  Moment end;
};

// An operation that sets a place or a part, with the window that it had when
// the pass began; and the latest call, or end, of all up to it.
struct Setter {
  uint32_t operation;
  Window window;
  Moment latest = kStart;
};

// In the order of calls or of returns.
using Setters = std::vector<Setter>;

class Windows {
 public:
  Windows(const SearchProblem& problem, const OpenValues& values);

  // False if nothing is left of some window: there is no linearization.
  bool Narrow();
  const Window& WindowOf(uint32_t operation) const {
    return windows_[operation];
  }

 private:
  struct Sources {
    Moment call = kEver;  // the first
    Moment end = kStart;  // the last
    uint32_t any = 0;
    uint32_t count = 0;
  };

  void Sort(Setters& setters, Moment Window::*order, Moment Window::*latest);
  void SortAll();
  Moment CertainlySetSince(uint32_t place, Moment call) const;
  Sources FindSources(const Cell& seen, uint32_t seer, Moment since) const;
  void NarrowBefore(uint32_t seer, uint32_t place, Moment last_end);
  void NarrowAfter(uint32_t seer, uint32_t place, Moment last_end);
  void NarrowBy(uint32_t seer, const Cell& seen);
  bool Pass();

  void BeginAfter(uint32_t operation, Moment call) {
    Moment& now = windows_[operation].call;
    is_changed_ = is_changed_ || After(call) > now;
    now = std::max(now, After(call));
  }
  void EndBefore(uint32_t operation, Moment end) {
    Moment& now = windows_[operation].end;
    is_changed_ = is_changed_ || Before(end) < now;
    now = std::min(now, Before(end));
  }

  const SearchProblem& problem_;
  const OpenValues& values_;
  std::vector<Window> windows_;
  std::vector<Moment> first_crash_;  // by part: that sets it
  std::vector<Setters> by_call_;     // by place
  std::vector<Setters> by_end_;      // by place
  std::vector<Setters> of_part_;     // by call
  bool is_changed_ = false;
};

Windows::Windows(const SearchProblem& problem, const OpenValues& values)
    : problem_(problem),
      values_(values),
      first_crash_(problem.footprints->part_count(), kEver),
      by_call_(values.start().size()),
      by_end_(values.start().size()),
      of_part_(problem.footprints->part_count()) {
  const auto& operations = problem.timeline.operations();
  windows_.reserve(operations.size());
  for (uint32_t i = 0; i < operations.size(); ++i) {
    const Window window = {Of(operations[i].call_event),
                           Of(operations[i].return_event)};
    windows_.push_back(window);
    for (const Cell& set : values.OfAction(operations[i].action).sets) {
      by_call_[set.place].push_back({i, window});
      by_end_[set.place].push_back({i, window});
      of_part_[set.part].push_back({i, window});
    }
  }
  for (const CrashKind& kind : problem.timeline.crashes()) {
    for (const Cell& set : values.OfAction(kind.action).sets) {
      Moment& first = first_crash_[set.part];
      first = std::min(first, Of(kind.call_events.front()));
    }
  }
}

void Windows::Sort(Setters& setters, Moment Window::*order,
                   Moment Window::*latest) {
  for (Setter& setter : setters) setter.window = windows_[setter.operation];
  const auto is_before = [&](const Setter& a, const Setter& b) {
    return a.window.*order < b.window.*order;
  };
  // They mostly are in order.
  if (!std::is_sorted(setters.begin(), setters.end(), is_before)) {
    std::sort(setters.begin(), setters.end(), is_before);
  }
  Moment so_far = kStart;
  for (Setter& setter : setters) {
    so_far = std::max(so_far, setter.window.*latest);
    setter.latest = so_far;
  }
}

void Windows::SortAll() {
  for (Setters& all : by_call_) Sort(all, &Window::call, &Window::end);
  for (Setters& all : by_end_) Sort(all, &Window::end, &Window::call);
  for (Setters& all : of_part_) Sort(all, &Window::call, &Window::end);
}

// The last call of those that set `place` and certainly come before `call`.
Moment Windows::CertainlySetSince(uint32_t place, Moment call) const {
  const Setters& all = by_end_[place];
  const auto next = std::partition_point(
      all.begin(), all.end(),
      [&](const Setter& setter) { return setter.window.end < call; });
  return next == all.begin() ? kStart : std::prev(next)->latest;
}

Windows::Sources Windows::FindSources(const Cell& seen, uint32_t seer,
                                      Moment since) const {
  Sources sources;
  const auto add = [&](const Window& window, uint32_t operation) {
    sources.call = std::min(sources.call, window.call);
    sources.end = std::max(sources.end, window.end);
    sources.any = operation;
    ++sources.count;
  };
  const Moment end = windows_[seer].end;
  const Setters& all = of_part_[seen.part];
  auto next = std::partition_point(
      all.begin(), all.end(),
      [&](const Setter& setter) { return setter.window.call < end; });
  while (next != all.begin() && std::prev(next)->latest >= since) {
    --next;
    if (next->window.end >= since && next->operation != seer) {
      add(next->window, next->operation);
    }
  }
  // The others are none that could be narrowed: each counts as several.
  const auto add_other = [&](const Window& window) {
    add(window, seer);
    ++sources.count;
  };
  const Moment crash = first_crash_[seen.part];
  const bool is_from_start =
      since == kStart && values_.start()[seen.place] == seen.part;
  if (crash < end) add_other({crash, kEver});
  if (is_from_start) add_other({kStart, kStart});
  return sources;
}

// What certainly comes before `seer` and sets `place`.
void Windows::NarrowBefore(uint32_t seer, uint32_t place, Moment last_end) {
  const Setters& all = by_end_[place];
  auto next = std::partition_point(
      all.begin(), all.end(),
      [&](const Setter& setter) { return setter.window.end <= last_end; });
  for (; next != all.end() && next->window.end < windows_[seer].call; ++next) {
    EndBefore(next->operation, last_end);
  }
}

// What is called after all sources have returned and sets `place`.
void Windows::NarrowAfter(uint32_t seer, uint32_t place, Moment last_end) {
  const Setters& all = by_call_[place];
  auto next = std::partition_point(
      all.begin(), all.end(),
      [&](const Setter& setter) { return setter.window.call <= last_end; });
  for (; next != all.end() && next->window.call < windows_[seer].end; ++next) {
    if (next->operation == seer) continue;
    EndBefore(seer, next->window.end);
    BeginAfter(next->operation, windows_[seer].call);
  }
}

void Windows::NarrowBy(uint32_t seer, const Cell& seen) {
  const Moment since = CertainlySetSince(seen.place, windows_[seer].call);
  const Sources sources = FindSources(seen, seer, since);
  if (sources.count == 0) return;  // no linearization will be found
  BeginAfter(seer, sources.call);
  if (sources.end == kEver) return;
  if (sources.count == 1) {
    BeginAfter(sources.any, since);
    EndBefore(sources.any, windows_[seer].end);
  }
  NarrowBefore(seer, seen.place, sources.end);
  NarrowAfter(seer, seen.place, sources.end);
}

bool Windows::Pass() {
  is_changed_ = false;
  SortAll();
  const auto& operations = problem_.timeline.operations();
  for (uint32_t i = 0; i < operations.size(); ++i) {
    if (operations[i].return_event >= problem_.end) continue;
    for (const Cell& seen : values_.OfAction(operations[i].action).sees) {
      NarrowBy(i, seen);
    }
  }
  return std::all_of(
      windows_.begin(), windows_.end(),
      [](const Window& window) { return window.call < window.end; });
}

bool Windows::Narrow() {
  is_changed_ = true;
  for (int i = 0; i < kMostPasses && is_changed_; ++i) {
    if (!Pass()) return false;
  }
  return true;
}

// Intervals whose moments are put in order at last.
class NarrowIntervals {
 public:
  void Add(const Window& window, history::OpIndex operation, ActionId action) {
    const auto index = static_cast<uint32_t>(intervals_.size());
    moments_.push_back(Code(window.call, false, index));
    if (window.end != kEver) moments_.push_back(Code(window.end, true, index));
    intervals_.push_back({operation, 0, history::kNever, action});
  }

  // Returns how many moments are before the one given.
  uint32_t Place(Moment end) {
    std::sort(moments_.begin(), moments_.end());
    uint32_t before = 0;
    for (uint32_t i = 0; i < moments_.size(); ++i) {
      Interval& interval = intervals_[moments_[i] & kIndexMask];
      const bool is_return = (moments_[i] >> kIndexBits) % 2 != 0;
      (is_return ? interval.end : interval.call) = i;
      if (moments_[i] < Code(end, false, 0)) before = i + 1;
    }
    return before;
  }

  const std::vector<Interval>& intervals() const { return intervals_; }

 private:
  static constexpr int kIndexBits = 31;
  static constexpr uint64_t kIndexMask = (uint64_t{1} << kIndexBits) - 1;

  // Of what is at one moment, nothing need come before anything else: calls are
  // before returns.
  static uint64_t Code(Moment moment, bool is_return, uint32_t index) {
    return (uint64_t{moment} * 2 + (is_return ? 1 : 0)) << kIndexBits | index;
  }

  std::vector<Interval> intervals_;
  std::vector<uint64_t> moments_;
};

}  // namespace

Narrowing::Narrowing(const SearchProblem& problem, const OpenValues& values) {
  narrowed_.emplace(problem);
  Windows windows(problem, values);
  if (!windows.Narrow()) return;
  NarrowIntervals narrow;
  const auto& operations = problem.timeline.operations();
  for (uint32_t i = 0; i < operations.size(); ++i) {
    narrow.Add(windows.WindowOf(i), operations[i].operation,
               operations[i].action);
  }
  for (const CrashKind& kind : problem.timeline.crashes()) {
    for (size_t i = 0; i < kind.operations.size(); ++i) {
      narrow.Add({Of(kind.call_events[i]), kEver}, kind.operations[i],
                 kind.action);
    }
  }
  const uint32_t end = narrow.Place(Of(problem.end));
  timeline_.emplace(narrow.intervals(), problem.model, &problem.budget);
  footprints_.emplace(*timeline_, problem.model, &problem.budget);
  // They mean nothing then.
  if (problem.budget.Exhausted()) return;
  narrowed_.emplace(SearchProblem{*timeline_, problem.model, problem.budget,
                                  end, &*footprints_, problem.looks_far,
                                  problem.additive});
}

}  // namespace minos::checker
