// The choice of what pops with an unknown outcome took, against trying all.

#include "checker/deciders/pop_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/deciders/nesting.h"
#include "tests/support/random_history.h"
#include "tests/support/sanitized.h"

namespace minos::checker {
namespace {

using history::kNever;
using minos::testing::kIsSanitized;
using minos::testing::TestRandom;

constexpr size_t kEffort = 1'000'000;

struct Problem {
  std::vector<Flexible> elements;
  std::vector<Moment> pops;
  std::vector<PopProblem::Miss> misses;

  PopProblem View() const { return {elements, pops, misses}; }
};

// Moments that are all different, in any order.
std::vector<Moment> Shuffled(size_t count, TestRandom& random) {
  std::vector<Moment> moments;
  for (Moment moment = 1; moment <= count; ++moment) moments.push_back(moment);
  for (size_t i = count; i > 1; --i) {
    std::swap(moments[i - 1], moments[random.Below(i)]);
  }
  return moments;
}

Problem RandomProblem(TestRandom& random) {
  const size_t elements = 2 + random.Below(8);
  const size_t pops = random.Below(5);
  const size_t misses = random.Below(4) / 2;
  std::vector<Moment> moments =
      Shuffled(4 * elements + pops + 2 * misses, random);
  const auto take = [&](size_t count) {
    std::vector<Moment> taken(moments.end() - static_cast<ptrdiff_t>(count),
                              moments.end());
    moments.resize(moments.size() - count);
    std::sort(taken.begin(), taken.end());
    return taken;
  };
  Problem problem;
  for (size_t i = 0; i < elements; ++i) {
    const std::vector<Moment> at = take(4);
    if (random.Percent(55)) {
      problem.elements.push_back({at[0], at[1], kAtLast, kNever});
    } else if (random.Percent(80)) {
      problem.elements.push_back({at[0], at[1], at[2], at[3]});
    } else {
      problem.elements.push_back({at[0], at[2], at[1], at[3]});
    }
  }
  std::sort(problem.elements.begin(), problem.elements.end(),
            [](const Flexible& a, const Flexible& b) {
              return a.earliest < b.earliest;
            });
  problem.pops = take(pops);
  for (size_t i = 0; i < misses; ++i) {
    const std::vector<Moment> at = take(2);
    problem.misses.push_back({at[0], at[1]});
  }
  return problem;
}

bool IsSolution(const std::vector<Flexible>& elements,
                const std::vector<PopProblem::Miss>& misses) {
  Budget budget({});
  if (!Nest(elements, budget).exists) return false;
  return std::all_of(misses.begin(), misses.end(), [&](const auto& miss) {
    for (Moment moment = miss.call + 1; moment <= miss.end; ++moment) {
      const bool is_covered = std::any_of(
          elements.begin(), elements.end(), [=](const Flexible& element) {
            return !element.is_trivial() && element.begin_by < moment &&
                   moment <= element.end_from;
          });
      if (!is_covered) return true;
    }
    return false;
  });
}

// Whether the pops from `pop` on can take elements so that there is a solution.
bool CanBeSolved(const Problem& problem, std::vector<Flexible>& elements,
                 size_t pop) {
  if (pop == problem.pops.size()) return IsSolution(elements, problem.misses);
  if (CanBeSolved(problem, elements, pop + 1)) return true;
  for (Flexible& element : elements) {
    if (element.latest != kNever) continue;
    const Flexible lost = element;
    element.end_from = std::max(problem.pops[pop], lost.earliest);
    element.latest = kAtLast;
    const bool is_solved = CanBeSolved(problem, elements, pop + 1);
    element = lost;
    if (is_solved) return true;
  }
  return false;
}

TEST(PopChoiceTest, EqualsTryingAllOnRandomProblems) {
  TestRandom random(1);
  const size_t count = kIsSanitized ? 5000 : 60'000;
  size_t chosen = 0;  // problems that have a solution only if pops take things
  size_t unsolved = 0;
  for (size_t i = 0; i < count; ++i) {
    const Problem problem = RandomProblem(random);
    std::vector<Flexible> elements = problem.elements;
    const bool expected = CanBeSolved(problem, elements, 0);
    Budget budget({});
    const RemovalChoice choice = ChoosePops(problem.View(), kEffort, budget);
    ASSERT_EQ(choice.kind, expected ? RemovalChoice::Kind::kFound
                                    : RemovalChoice::Kind::kNone)
        << "problem " << i;
    unsolved += expected ? 0 : 1;
    if (!expected) continue;
    std::vector<bool> is_used(problem.pops.size(), false);
    for (const auto& [element, pop] : choice.taken) {
      ASSERT_FALSE(is_used[pop]) << "problem " << i;
      is_used[pop] = true;
      ASSERT_EQ(problem.elements[element].latest, kNever);
      elements[element] = TakenBy(elements[element], problem.pops[pop]);
    }
    ASSERT_TRUE(IsSolution(elements, problem.misses)) << "problem " << i;
    chosen += IsSolution(problem.elements, problem.misses) ? 0 : 1;
  }
  EXPECT_GT(chosen, count / 50);
  EXPECT_GT(unsolved, count / 50);
}

TEST(PopChoiceTest, GivesUpWhereTheEffortIsSpent) {
  // 1 is below 2, and popped while 2, which nobody is known to have popped, is
  // on it.
  const std::vector<Flexible> elements = {{1, 2, 5, 6},
                                          {3, 4, kAtLast, kNever}};
  Budget budget({});
  EXPECT_EQ(ChoosePops({elements, {}, {}}, kEffort, budget).kind,
            RemovalChoice::Kind::kNone);
  EXPECT_EQ(ChoosePops({elements, {}, {}}, 1, budget).kind,
            RemovalChoice::Kind::kGivenUp);
}

}  // namespace
}  // namespace minos::checker
