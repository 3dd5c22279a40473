// What a sum that goes one way has passed.

#include "checker/passed_sums.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/additive_object.h"
#include "gtest/gtest.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"

namespace minos::testing {
namespace {

using checker::AdditiveObject;
using checker::PassedSums;

PlainOperation Add(int amount, PlainOutcome outcome, int call, int end) {
  return {"add", amount, {}, outcome, call, end};
}

PlainOperation Read(int sum, int call, int end) {
  return {"read", {}, sum, PlainOutcome::kOk, call, end};
}

// A counter that starts with 10, and what is told of its only view.
struct Counter {
  explicit Counter(std::vector<PlainOperation> operations,
                   std::vector<std::vector<uint64_t>> starts = {{10}})
      : posed({.type = "counter",
               .initial = 10,
               .operations = std::move(operations)}),
        object(*AdditiveObject::Make(*posed.timeline, *posed.footprints,
                                     *posed.model)),
        passed(posed.ToEnd(), object, starts) {}

  PosedSearch posed;
  AdditiveObject object;
  PassedSums passed;
};

constexpr PlainOutcome kOk = PlainOutcome::kOk;
constexpr PlainOutcome kInfo = PlainOutcome::kInfo;

TEST(PassedSums, GoOneWayIfAllAdditionsHaveOneSign) {
  EXPECT_TRUE(Counter({Add(1, kOk, 0, 1), Add(2, kInfo, 2, 0), Read(11, 3, 4)})
                  .passed.is_one_way(0));
  EXPECT_TRUE(
      Counter({Add(-1, kOk, 0, 1), Read(9, 3, 4)}).passed.is_one_way(0));
  EXPECT_FALSE(Counter({Add(1, kOk, 0, 1), Add(-1, kOk, 2, 3), Read(9, 4, 5)})
                   .passed.is_any_one_way());
  EXPECT_FALSE(Counter({Add(1, kOk, 0, 1), Add(-1, kInfo, 2, 0), Read(9, 4, 5)})
                   .passed.is_any_one_way());
}

TEST(PassedSums, TellHowFarATargetIsInTheDirectionOfTheAdditions) {
  const Counter up({Add(1, kOk, 0, 1), Read(11, 3, 4)});
  EXPECT_EQ(up.passed.DistanceTo(0, 15, 11), 4);
  EXPECT_EQ(up.passed.DistanceTo(0, 11, 11), 0);
  EXPECT_EQ(up.passed.DistanceTo(0, 11, 15), -4);
  const Counter down({Add(-1, kOk, 0, 1), Read(9, 3, 4)});
  EXPECT_EQ(down.passed.DistanceTo(0, 11, 15), 4);
  EXPECT_EQ(down.passed.DistanceTo(0, 15, 11), -4);
}

// The events are the calls and returns in their order.
TEST(PassedSums, HeedWhatIsCalledLaterAndHasToReturn) {
  const Counter counter({Add(4, kOk, 0, 1), Read(14, 2, 3), Read(12, 4, 5)});
  EXPECT_EQ(counter.passed.DistanceToLater(0, 0, 10), 2);
  EXPECT_EQ(counter.passed.DistanceToLater(0, 3, 13), -1);
  EXPECT_EQ(counter.passed.DistanceToLater(0, 5, 13), PassedSums::kFar);
}

TEST(PassedSums, KnowThatNothingBeforeTheStartIsSeen) {
  const Counter counter({Add(4, kOk, 0, 1), Read(9, 2, 3), Read(14, 4, 5)});
  EXPECT_LT(counter.passed.DistanceToLater(0, 0, 10), 0);
}

TEST(PassedSums, DoNotTellWhatIsLaterWhereThereAreSeveralStarts) {
  const Counter counter({Add(4, kOk, 0, 1), Read(14, 2, 3)}, {{10}, {11}});
  EXPECT_TRUE(counter.passed.is_one_way(0));
  EXPECT_EQ(counter.passed.DistanceToLater(0, 0, 100), PassedSums::kFar);
}

}  // namespace
}  // namespace minos::testing
