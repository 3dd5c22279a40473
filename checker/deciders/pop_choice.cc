// Which elements of a stack the pops took whose outcome nobody knows.
//
// The earlier the pop that may take a lost element, the shorter is the core of
// its interval (nesting.cc), and the longest is that of an element that is
// never popped; its limits are the same, since what may be popped may also stay
// for ever. So elements that cannot be nested, or whose cores cover a miss, are
// a conflict in the sense of removal_choice.h.

#include "checker/deciders/pop_choice.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace minos::checker {
namespace {

// Moments after `begin` and up to `end`.
struct Segment {
  Moment begin;
  Moment end;
  bool operator<(const Segment& other) const { return begin < other.begin; }
};

// What the cores of `elements` cover; the segments are sorted, and disjoint.
std::vector<Segment> CoveredBy(std::span<const Flexible> elements) {
  std::vector<Segment> cores;
  for (const Flexible& element : elements) {
    if (element.is_trivial()) continue;
    cores.push_back({element.begin_by, element.end_from});
  }
  std::sort(cores.begin(), cores.end());
  std::vector<Segment> covered;
  for (const Segment& core : cores) {
    if (covered.empty() || core.begin > covered.back().end) {
      covered.push_back(core);
    } else {
      covered.back().end = std::max(covered.back().end, core.end);
    }
  }
  return covered;
}

// Whether there is no moment of `miss` but those in `covered`.
bool IsCovered(const std::vector<Segment>& covered,
               const PopProblem::Miss& miss) {
  const auto after = std::upper_bound(covered.begin(), covered.end(),
                                      Segment{miss.call, miss.call});
  return after != covered.begin() && (after - 1)->end >= miss.end;
}

class PopRules : public RemovalRules {
 public:
  PopRules(const PopProblem& problem, Budget& budget)
      : problem_(problem), budget_(budget) {}

  size_t element_count() const override { return problem_.elements.size(); }
  size_t removal_count() const override { return problem_.pops.size(); }
  bool IsLost(uint32_t element) const override {
    return problem_.elements[element].latest == history::kNever;
  }
  bool IsConflict(uint32_t demand, const Elements& elements,
                  Removals pops) override;
  std::vector<Conflict> FindConflicts(Removals pops, size_t most) override;

 private:
  // That the intervals nest, and that a miss has its moment.
  static constexpr uint32_t kNests = 0;
  static constexpr uint32_t kFirstMiss = 1;

  Flexible Interval(uint32_t element, Removals pops) const;
  std::vector<Conflict> FindCovered(const std::vector<Flexible>& all) const;

  const PopProblem& problem_;
  Budget& budget_;
};

Flexible PopRules::Interval(uint32_t element, Removals pops) const {
  const Flexible& interval = problem_.elements[element];
  return pops[element] == kNoRemoval
             ? interval
             : TakenBy(interval, problem_.pops[pops[element]]);
}

bool PopRules::IsConflict(uint32_t demand, const Elements& elements,
                          Removals pops) {
  std::vector<Flexible> intervals;
  intervals.reserve(elements.size());
  for (const uint32_t i : elements) intervals.push_back(Interval(i, pops));
  return demand == kNests ? !Nest(intervals, budget_).exists
                          : IsCovered(CoveredBy(intervals),
                                      problem_.misses[demand - kFirstMiss]);
}

std::vector<RemovalRules::Conflict> PopRules::FindConflicts(Removals pops,
                                                            size_t most) {
  std::vector<Flexible> all;
  all.reserve(problem_.elements.size());
  for (uint32_t i = 0; i < problem_.elements.size(); ++i) {
    all.push_back(Interval(i, pops));
  }
  Nesting nesting = Nest(all, budget_, /*want_all_conflicts=*/true);
  if (nesting.exists) return FindCovered(all);
  nesting.more_conflicts.push_back(std::move(nesting.conflict));
  std::vector<Conflict> conflicts;
  for (Elements& elements : nesting.more_conflicts) {
    if (conflicts.size() == most) break;
    conflicts.push_back({kNests, std::move(elements)});
  }
  return conflicts;
}

// What covers the first miss that is covered.
std::vector<RemovalRules::Conflict> PopRules::FindCovered(
    const std::vector<Flexible>& all) const {
  const std::vector<Segment> covered = CoveredBy(all);
  for (uint32_t miss = 0; miss < problem_.misses.size(); ++miss) {
    const auto [call, end] = problem_.misses[miss];
    if (!IsCovered(covered, problem_.misses[miss])) continue;
    Elements near;
    for (uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].begin_by < end && all[i].end_from > call) near.push_back(i);
    }
    return {{kFirstMiss + miss, std::move(near)}};
  }
  return {};
}

}  // namespace

RemovalChoice ChoosePops(const PopProblem& problem, size_t effort,
                         Budget& budget) {
  PopRules rules(problem, budget);
  return ChooseRemovals(rules, effort, budget);
}

}  // namespace minos::checker
