#include "checker/crash_reserve.h"

#include <algorithm>
#include <utility>

#include "checker/timeline.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;

// By part: the calls of what sets it, and the last return of those called so
// far.
using Setters = std::vector<std::vector<std::pair<uint32_t, uint32_t>>>;

Setters FindSetters(const Timeline& timeline, const OpenValues& values,
                    size_t parts) {
  Setters setters(parts);
  for (const TimedOperation& operation : timeline.operations()) {
    for (const Cell& set : values.OfAction(operation.action).sets) {
      setters[set.part].emplace_back(operation.call_event,
                                     operation.return_event);
    }
  }
  for (auto& of_part : setters) {
    std::sort(of_part.begin(), of_part.end());
    for (size_t i = 1; i < of_part.size(); ++i) {
      of_part[i].second = std::max(of_part[i].second, of_part[i - 1].second);
    }
  }
  return setters;
}

}  // namespace

CrashReserve::CrashReserve(const SearchProblem& problem,
                           const OpenValues& values,
                           const Freshness& freshness) {
  const size_t parts = problem.footprints->part_count();
  spans_.resize(parts);
  const auto& crashes = problem.timeline.crashes();
  if (crashes.empty()) return;
  FindSpans(problem, values, freshness);
  for (PartId part = 0; part < parts; ++part) {
    if (spans_[part].empty()) continue;
    std::vector<uint32_t> calls;
    for (const uint32_t kind : problem.footprints->CrashKindsOf(part)) {
      const auto& of_kind = crashes[kind].call_events;
      calls.insert(calls.end(), of_kind.begin(), of_kind.end());
    }
    std::sort(calls.begin(), calls.end());
    Limit(part, calls);
    bytes_ += spans_[part].capacity() * sizeof(Span);
  }
}

void CrashReserve::FindSpans(const SearchProblem& problem,
                             const OpenValues& values,
                             const Freshness& freshness) {
  const Setters setters = FindSetters(problem.timeline, values, spans_.size());
  const auto& operations = problem.timeline.operations();
  for (uint32_t i = 0; i < operations.size(); ++i) {
    const uint32_t end = operations[i].return_event;
    if (end >= problem.end) continue;
    const auto since = freshness.Of(i);
    const auto& sees = values.OfAction(operations[i].action).sees;
    for (size_t at = 0; at < sees.size(); ++at) {
      const Cell& seen = sees[at];
      // Nothing is before the start that could be kept for that.
      if (since[at] == 0) continue;
      const auto& of_part = setters[seen.part];
      const auto later = std::lower_bound(of_part.begin(), of_part.end(),
                                          std::pair(end, uint32_t{0}));
      const bool is_set_by_others =
          later != of_part.begin() && std::prev(later)->second > since[at];
      if (!is_set_by_others) spans_[seen.part].push_back({since[at], end, 0});
    }
  }
}

// Drops the spans that contain others, and tells of the rest how many of the
// info operations called at `calls` may be used before. Of the spans after some
// event, those that end first, each after the one before it has ended, are as
// many as can be found that do not overlap.
void CrashReserve::Limit(PartId part, const std::vector<uint32_t>& calls) {
  std::vector<Span>& spans = spans_[part];
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::vector<Span> least;
  for (size_t i = spans.size(); i-- > 0;) {
    if (least.empty() || spans[i].end < least.back().end) {
      least.push_back(spans[i]);
    }
  }
  std::reverse(least.begin(), least.end());
  spans = std::move(least);
  for (size_t i = spans.size(); i-- > 0;) {
    Span& span = spans[i];
    const int64_t called =
        std::lower_bound(calls.begin(), calls.end(), span.end) - calls.begin();
    span.most_used = std::min(called, MostUsed(part, span.end)) - 1;
  }
}

int64_t CrashReserve::MostUsed(PartId part, uint32_t event) const {
  const std::vector<Span>& spans = spans_[part];
  const auto next = std::lower_bound(
      spans.begin(), spans.end(), event,
      [](const Span& span, uint32_t at) { return span.begin < at; });
  return next == spans.end() ? kNoLimit : next->most_used;
}

}  // namespace minos::checker
