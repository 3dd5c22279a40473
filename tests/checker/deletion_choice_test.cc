// The choice of what delete-mins with an unknown outcome took, against trying
// all.

#include "checker/deciders/deletion_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "tests/support/random_history.h"
#include "tests/support/sanitized.h"

namespace minos::checker {
namespace {

using history::kNever;
using minos::testing::kIsSanitized;
using minos::testing::TestRandom;
using Stay = DeletionProblem::Stay;

constexpr size_t kEffort = 1'000'000;
constexpr uint32_t kNoDeletion = 0xFFFFFFFFu;

struct Problem {
  std::vector<Stay> stays;
  std::vector<Moment> deletions;
};

// Takes `count` moments of those that are left, sorted.
std::vector<Moment> Moments(size_t count, std::vector<Moment>& left) {
  std::vector<Moment> taken(left.end() - static_cast<ptrdiff_t>(count),
                            left.end());
  left.resize(left.size() - count);
  std::sort(taken.begin(), taken.end());
  return taken;
}

// All moments are different. The last stays may be those of delete-mins that
// found nothing.
Problem RandomProblem(TestRandom& random) {
  const size_t elements = 2 + random.Below(7);
  const size_t misses = random.Below(4) / 2;
  const size_t deletions = random.Below(5);
  std::vector<Moment> moments;
  const size_t count = 3 * elements + deletions + 2 * misses;
  for (Moment moment = 1; moment <= count; ++moment) moments.push_back(moment);
  for (size_t i = count; i > 1; --i) {
    std::swap(moments[i - 1], moments[random.Below(i)]);
  }
  Problem problem;
  uint32_t size = 0;
  for (size_t i = 0; i < elements; ++i) {
    const std::vector<Moment> at = Moments(3, moments);
    if (random.Percent(80)) ++size;
    if (random.Percent(50)) {
      problem.stays.push_back({at[1], at[0], kNever, size});
    } else if (random.Percent(80)) {
      problem.stays.push_back({at[0], at[1], at[2], size});
    } else {
      problem.stays.push_back({at[1], at[0], at[2], size});
    }
  }
  problem.deletions = Moments(deletions, moments);
  for (size_t i = 0; i < misses; ++i) {
    const std::vector<Moment> at = Moments(2, moments);
    problem.stays.push_back({kNever, at[0], at[1], size + 1});
  }
  return problem;
}

// Whether all fits if lost elements are taken by the delete-mins in `taken_by`:
// goes through the elements by size, and through all gaps for each.
bool Fits(const Problem& problem, const std::vector<uint32_t>& taken_by) {
  const Moment last = 100;
  std::vector<bool> is_closed(last + 1, false);
  for (size_t i = 0; i < problem.stays.size();) {
    std::vector<bool> closed = is_closed;
    const uint32_t size = problem.stays[i].size;
    for (; i < problem.stays.size() && problem.stays[i].size == size; ++i) {
      const Stay& stay = problem.stays[i];
      Moment out = kNever;
      if (!stay.is_lost()) out = stay.out_call;
      if (stay.is_lost() && taken_by[i] != kNoDeletion) {
        out = std::max(stay.out_call, problem.deletions[taken_by[i]]);
      }
      while (out <= last && is_closed[out]) ++out;
      if (!stay.is_lost() && out >= stay.out_end) return false;
      for (Moment gap = stay.in_end; gap <= last && gap < out; ++gap) {
        closed[gap] = true;
      }
    }
    is_closed = closed;
  }
  return true;
}

// Whether the delete-mins from `deletion` on can take elements so that all
// fits.
bool CanBeSolved(const Problem& problem, std::vector<uint32_t>& taken_by,
                 uint32_t deletion) {
  if (deletion == problem.deletions.size()) return Fits(problem, taken_by);
  if (CanBeSolved(problem, taken_by, deletion + 1)) return true;
  for (size_t i = 0; i < problem.stays.size(); ++i) {
    if (!problem.stays[i].is_lost() || taken_by[i] != kNoDeletion) continue;
    taken_by[i] = deletion;
    const bool is_solved = CanBeSolved(problem, taken_by, deletion + 1);
    taken_by[i] = kNoDeletion;
    if (is_solved) return true;
  }
  return false;
}

TEST(DeletionChoiceTest, EqualsTryingAllOnRandomProblems) {
  TestRandom random(1);
  const size_t count = kIsSanitized ? 2000 : 15'000;
  size_t chosen = 0;  // problems that have a solution only if things are taken
  size_t unsolved = 0;
  for (size_t i = 0; i < count; ++i) {
    const Problem problem = RandomProblem(random);
    const std::vector<uint32_t> nobody(problem.stays.size(), kNoDeletion);
    std::vector<uint32_t> taken_by = nobody;
    const bool expected = CanBeSolved(problem, taken_by, 0);
    Budget budget({});
    const RemovalChoice choice =
        ChooseDeletions({problem.stays, problem.deletions}, kEffort, budget);
    ASSERT_EQ(choice.kind, expected ? RemovalChoice::Kind::kFound
                                    : RemovalChoice::Kind::kNone)
        << "problem " << i;
    unsolved += expected ? 0 : 1;
    if (!expected) continue;
    std::vector<bool> is_used(problem.deletions.size(), false);
    for (const auto& [element, deletion] : choice.taken) {
      ASSERT_FALSE(is_used[deletion]) << "problem " << i;
      is_used[deletion] = true;
      ASSERT_TRUE(problem.stays[element].is_lost());
      taken_by[element] = deletion;
    }
    ASSERT_TRUE(Fits(problem, taken_by)) << "problem " << i;
    chosen += Fits(problem, nobody) ? 0 : 1;
  }
  EXPECT_GT(chosen, count / 50);
  EXPECT_GT(unsolved, count / 50);
}

TEST(DeletionChoiceTest, GivesUpWhereTheEffortIsSpent) {
  // 2 is taken while 1, which nobody is known to have taken, is there.
  const std::vector<Stay> stays = {{2, 1, kNever, 1}, {4, 5, 6, 2}};
  Budget budget({});
  EXPECT_EQ(ChooseDeletions({stays, {}}, kEffort, budget).kind,
            RemovalChoice::Kind::kNone);
  EXPECT_EQ(ChooseDeletions({stays, {}}, 1, budget).kind,
            RemovalChoice::Kind::kGivenUp);
}

}  // namespace
}  // namespace minos::checker
