// What a configuration can do before a return, where the state of the object is
// a sum. It is done in stages, what is likely to be right before the rest.
//
// A configuration goes on by linearizing seers that see the same, with a set of
// open updates before them, and some info operations. What that is rated, less
// what the configuration is rated, is at most 0 where it speaks against it. So
// the ways on fall into *bands* of their rating, and a configuration waits with
// the rating of the next band in which there is one (partial expansion:
// Yoshizumi, Miura & Ishida, "A* with partial expansion for large branching
// factor problems", AAAI 2000). Those with an info operation have bands of
// their own; after them come more than one, which are hardly ever right.

#ifndef MINOS_CHECKER_ADDITIVE_EXPANSION_H_
#define MINOS_CHECKER_ADDITIVE_EXPANSION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "checker/additive_column.h"
#include "checker/additive_object.h"
#include "checker/additive_rating.h"
#include "checker/additive_steps.h"
#include "checker/crash_calls.h"
#include "checker/crash_sums.h"
#include "checker/search_strategies.h"
#include "checker/set_layout.h"
#include "checker/update_sets.h"

namespace minos::checker {

class AdditiveExpansion {
 public:
  // Takes a configuration that was found, and whether it has passed the return.
  // Whether it is kept.
  using Emit = absl::FunctionRef<bool(AdditivePoint point, bool has_passed)>;

  // So many queries cost as much as the first stage of a configuration.
  static constexpr size_t kQueriesOfFirstStage = 32;

  // All outlive this. If it `is_unbounded`, there is one band.
  AdditiveExpansion(const SearchProblem& problem, const AdditiveObject& object,
                    const PassedSums& passed, const CrashCalls& crashes,
                    AdditiveSteps& steps, bool is_unbounded);

  // Takes one stage of what a configuration of `column` can do, and lets it
  // wait for the next one. Returns what that cost, as how often sets of updates
  // were asked for.
  size_t Expand(AdditiveColumn& column, const AdditiveColumn::Waiting& waiting,
                Emit emit);

  // Whether a way on was ever left out that can not be taken at a later stage.
  bool was_cut() const { return was_cut_; }

 private:
  // What is expanded, where, and how.
  struct Stand {
    AdditivePoint from;  // a copy: others are added beside it
    AdditiveColumn& column;
    Emit emit;
    uint64_t taken = 0;  // the set of the updates it has linearized
    // By view, the sets that contain it.
    std::array<UpdateSets::Containing, AdditiveObject::kMostViews> containing =
        {};
    size_t count = 0;  // how many these are
    // By view, how far the next sum is that has to be seen (DistanceToNext).
    std::array<int64_t, AdditiveObject::kMostViews> to_next = {};
    AdditiveSums base;  // its sums without them
    // What it says that sets of so many updates were chosen.
    std::array<float, SetLayout::kMostBits + 1> of_count = {};
    // What is rated more than `lower`, but not more than `upper`, is tried, and
    // the best of what is less.
    float lower = std::numeric_limits<float>::lowest();
    float upper = std::numeric_limits<float>::max();
    float best_left = std::numeric_limits<float>::lowest();
    size_t queries = 0;
  };

  Stand StandOn(AdditiveColumn& column, const AdditivePoint& point, Emit emit);
  uint32_t ExpandBand(Stand& stand, uint32_t stage);
  void PushStage(const Stand& stand, uint32_t id, uint32_t stage);
  bool IsPossible(const Stand& stand, uint32_t stage) const;
  float RatingOf(const AdditiveColumn& column, uint32_t stage) const;

  void PassUpdate(const Stand& stand);
  void SeeWithOne(Stand& stand);
  void SeeWithTwo(Stand& stand, bool to_return, size_t most);
  void SeeWithMany(Stand& stand);
  void See(Stand& stand, const AdditiveColumn::Look& look,
           std::span<const uint32_t> crashes, float of_crashes);
  void SeeBy(const Stand& stand, const AdditiveColumn::Look& look,
             std::span<const uint32_t> crashes, uint64_t set);
  float LogWays(const Stand& stand, uint64_t set) const;
  bool IsNext(const Stand& stand, const AdditiveColumn::Look& look) const;
  static float GainOf(const Stand& stand, const AdditiveColumn::Look& look);

  ActionId ActionOf(uint32_t kind) const {
    return problem_.timeline.crashes()[kind].action;
  }
  bool IsLeft(const Stand& stand, uint32_t kind, uint32_t count) const;
  bool IsLatestLeft(const Stand& stand, size_t call) const;
  std::vector<uint32_t> CrashesLeftTo(const Stand& stand, size_t most) const;

  const SearchProblem& problem_;
  const AdditiveObject& object_;
  const PassedSums& passed_;
  const CrashCalls& crashes_;
  AdditiveSteps& steps_;
  AdditiveRating rating_;
  bool is_unbounded_;
  bool was_cut_ = false;
  // Scratch space.
  CrashSums crash_sums_;
  std::vector<std::pair<float, uint64_t>> found_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_EXPANSION_H_
