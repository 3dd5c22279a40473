// Which elements of a priority queue the delete-mins took whose outcome nobody
// knows.
//
// priority.cc says how the elements are placed, the smallest first, each taken
// out as early as possible. The earlier the delete-min that may take a lost
// element, the fewer gaps this element closes to larger ones, and so they do.
// So if one does not fit among some elements, it does not fit if these are
// taken later, or if there are more: that is a conflict in the sense of
// removal_choice.h.
//
// Which elements are in the way of one that does not fit is read off the gaps:
// those that were the first to close the gaps in which it should have been
// taken out. What made these wait does not matter: the gaps for which an
// element waits are closed already, so waiting closes none.

#include "checker/deciders/deletion_choice.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "checker/deciders/gaps.h"

namespace minos::checker {
namespace {

using history::kNever;
using Stay = DeletionProblem::Stay;

constexpr size_t kBytesAnElement = 60;

class DeletionRules : public RemovalRules {
 public:
  explicit DeletionRules(const DeletionProblem& problem) : problem_(problem) {}

  size_t element_count() const override { return problem_.stays.size(); }
  size_t removal_count() const override { return problem_.deletions.size(); }
  bool IsLost(uint32_t element) const override {
    return problem_.stays[element].is_lost();
  }
  bool IsConflict(uint32_t demand, const Elements& elements,
                  Removals deletions) override;
  std::vector<Conflict> FindConflicts(Removals deletions, size_t most) override;

 private:
  // The elements as they were placed.
  struct Placing {
    Gaps gaps;
    std::vector<Moment> leaves;    // by position among the elements
    std::vector<uint32_t> closer;  // by gap: the position of what closed it
    std::vector<uint32_t> misfits;
  };

  Moment WaitsFrom(uint32_t element, Removals deletions) const;
  std::vector<Moment> MomentsOf(const Elements& elements,
                                Removals deletions) const;
  Placing Place(const Elements& elements, Removals deletions,
                size_t most_misfits) const;
  Elements ReasonsOf(uint32_t misfit, const Placing& placing,
                     Gaps& passed) const;

  const DeletionProblem& problem_;
};

// From when on an element can be taken out; kNever if nothing takes it.
Moment DeletionRules::WaitsFrom(uint32_t element, Removals deletions) const {
  const Stay& stay = problem_.stays[element];
  if (!stay.is_lost()) return stay.out_call;
  if (deletions[element] == kNoRemoval) return kNever;
  return std::max(stay.out_call, problem_.deletions[deletions[element]]);
}

// All moments that occur, sorted.
std::vector<Moment> DeletionRules::MomentsOf(const Elements& elements,
                                             Removals deletions) const {
  std::vector<Moment> moments;
  moments.reserve(3 * elements.size());
  for (const uint32_t element : elements) {
    const Stay& stay = problem_.stays[element];
    for (const Moment moment :
         {stay.in_end, WaitsFrom(element, deletions), stay.out_end}) {
      if (moment != kNever) moments.push_back(moment);
    }
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

// Places `elements`, but for those that do not fit. Stops at the last of
// `most_misfits` of these.
DeletionRules::Placing DeletionRules::Place(const Elements& elements,
                                            Removals deletions,
                                            size_t most_misfits) const {
  Placing placing{Gaps(MomentsOf(elements, deletions)), {}, {}, {}};
  placing.gaps.OpenAll();
  placing.closer.resize(placing.gaps.size());
  placing.leaves.assign(elements.size(), kNever);
  const auto size_at = [&](size_t i) {
    return problem_.stays[elements[i]].size;
  };
  for (uint32_t begin = 0; begin < elements.size();) {
    uint32_t end = begin;
    // Elements of one size do not mind each other.
    for (; end < elements.size() && size_at(end) == size_at(begin); ++end) {
      const Moment from = WaitsFrom(elements[end], deletions);
      if (from != kNever) placing.leaves[end] = placing.gaps.FirstOpen(from);
    }
    for (; begin < end; ++begin) {
      const Stay& stay = problem_.stays[elements[begin]];
      const Moment leaves = placing.leaves[begin];
      if (!stay.is_lost() && leaves >= stay.out_end) {
        placing.misfits.push_back(begin);
        if (placing.misfits.size() == most_misfits) return placing;
      } else if (stay.in_end != kNever && leaves >= stay.in_end) {
        placing.gaps.Close(stay.in_end, leaves,
                           [&](uint32_t gap) { placing.closer[gap] = begin; });
      }
    }
  }
  return placing;
}

bool DeletionRules::IsConflict(uint32_t /*demand*/, const Elements& elements,
                               Removals deletions) {
  return !Place(elements, deletions, 1).misfits.empty();
}

// What is in the way of the misfit, and itself. REQUIRES: all elements were
// placed; `passed` are the same gaps.
RemovalRules::Elements DeletionRules::ReasonsOf(uint32_t misfit,
                                                const Placing& placing,
                                                Gaps& passed) const {
  const Stay& stay = problem_.stays[misfit];
  Elements reasons = {misfit};
  passed.OpenAll();
  passed.Close(stay.out_call, stay.out_end,
               [&](uint32_t gap) { reasons.push_back(placing.closer[gap]); });
  std::sort(reasons.begin(), reasons.end());
  reasons.erase(std::unique(reasons.begin(), reasons.end()), reasons.end());
  return reasons;
}

std::vector<RemovalRules::Conflict> DeletionRules::FindConflicts(
    Removals deletions, size_t most) {
  Elements all(problem_.stays.size());
  std::iota(all.begin(), all.end(), 0u);
  const Placing placing = Place(all, deletions, most);
  if (placing.misfits.empty()) return {};
  Gaps passed(MomentsOf(all, deletions));
  std::vector<Conflict> conflicts;
  for (const uint32_t misfit : placing.misfits) {
    conflicts.push_back({0, ReasonsOf(misfit, placing, passed)});
  }
  return conflicts;
}

}  // namespace

RemovalChoice ChooseDeletions(const DeletionProblem& problem, size_t effort,
                              Budget& budget) {
  const Allowance allowance(budget, problem.stays.size() * kBytesAnElement);
  if (!allowance.is_granted()) return {};
  DeletionRules rules(problem);
  return ChooseRemovals(rules, effort, budget);
}

}  // namespace minos::checker
