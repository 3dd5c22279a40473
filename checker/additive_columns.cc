#include "checker/additive_columns.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace minos::checker {
namespace {

// How many columns are kept, how many configurations they may have together,
// and in how many the sets of updates are kept.
constexpr size_t kMostColumns = 256;
constexpr size_t kMostPoints = 500'000;
constexpr size_t kMostWithSets = 64;

}  // namespace

AdditiveColumns::AdditiveColumns(const SearchProblem& problem,
                                 const AdditiveObject& object,
                                 const PassedSums& passed, bool is_unbounded,
                                 size_t most_bytes)
    : problem_(problem),
      object_(object),
      passed_(passed),
      is_unbounded_(is_unbounded),
      most_bytes_(most_bytes),
      open_(problem.timeline) {}

AdditiveColumn* AdditiveColumns::Reach(size_t ordinal) {
  std::vector<AdditiveColumn::Open> called;
  while (ordinal >= end()) {
    if (open_.event() == problem_.end) return nullptr;
    const TimelineEvent event = problem_.timeline.event(open_.event());
    if (event.type == TimelineEvent::Type::kReturn) {
      columns_.emplace_back(problem_, object_, passed_, open_,
                            std::move(called), crash_calls_);
      called.clear();
      was_cut_ = was_cut_ || columns_.back().has_more_updates();
    } else if (event.type == TimelineEvent::Type::kCrash) {
      ++crash_calls_;
    } else {
      const TimedOperation& operation =
          problem_.timeline.operations()[event.subject];
      called.push_back({operation.slot, event.subject, operation.action});
    }
    open_.Pass();
  }
  return &(*this)[ordinal];
}

bool AdditiveColumns::IsAnyWaiting() const {
  return std::ranges::any_of(columns_, [](const AdditiveColumn& column) {
    return column.is_waiting();
  });
}

bool AdditiveColumns::Add(size_t ordinal, AdditivePoint&& point) {
  const bool is_new = (*this)[ordinal].Add(std::move(point));
  if (is_new) ++points_;
  return is_new;
}

void AdditiveColumns::Recount(AdditiveColumn& column) {
  lookups_ += column.TakeLookups();
  bytes_ += static_cast<size_t>(column.TakeGrowth());
}

void AdditiveColumns::Drop(size_t ordinal) {
  while (first_ < ordinal && (is_unbounded_ ? !columns_.front().is_waiting()
                                            : columns_.size() > kMostColumns)) {
    DropFirst();
  }
  if (ordinal >= first_ + kMostWithSets) {
    AdditiveColumn& column = (*this)[ordinal - kMostWithSets];
    column.ForgetSets();
    Recount(column);
  }
  if (is_unbounded_) return;
  if (points_ > kMostPoints || bytes_ > most_bytes_) Shrink();
  // What is found again is remembered, even where all the rest is forgotten.
  while (bytes_ > most_bytes_ && first_ < ordinal) DropFirst();
}

void AdditiveColumns::DropFirst() {
  AdditiveColumn& column = columns_.front();
  was_cut_ = was_cut_ || column.is_waiting();
  points_ -= column.points().size();
  bytes_ -= column.told_bytes();
  lookups_ += column.TakeLookups();
  columns_.pop_front();
  ++first_;
}

// Forgets about half of what waits: what is least likely.
void AdditiveColumns::Shrink() {
  was_cut_ = true;
  std::vector<float> deficits;
  for (const AdditiveColumn& column : columns_) column.ListDeficits(deficits);
  if (deficits.empty()) return;
  const auto middle =
      deficits.begin() + static_cast<ptrdiff_t>(deficits.size() / 2);
  std::ranges::nth_element(deficits, middle);
  for (AdditiveColumn& column : columns_) {
    points_ -= column.points().size();
    column.Shrink(*middle);
    points_ += column.points().size();
    Recount(column);
  }
}

void AdditiveColumns::SweepTrails(Trails& trails) {
  std::vector<uint32_t> kept;  // what is settled stands on the way
  for (AdditiveColumn& column : columns_) {
    for (const AdditivePoint& point : column.points()) {
      kept.push_back(point.trail);
    }
  }
  const std::vector<uint32_t> place = trails.Sweep(kept);
  for (AdditiveColumn& column : columns_) {
    for (AdditivePoint& point : column.points()) {
      point.trail = place[point.trail];
      point.settled = place[point.settled];
    }
  }
}

}  // namespace minos::checker
