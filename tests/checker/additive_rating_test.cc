// What makes a configuration of a sum likely.

#include "checker/additive_rating.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "checker/timeline.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"

namespace minos::testing {
namespace {

using checker::AdditiveRating;
using checker::TimedOperation;

PlainHistory Counter(std::vector<PlainOperation> operations) {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  history.operations = std::move(operations);
  return history;
}

PlainOperation Add(int amount, int call, int end) {
  return {"add", amount, {}, PlainOutcome::kOk, call, end};
}

PlainOperation Read(int sum, int call, int end) {
  return {"read", {}, sum, PlainOutcome::kOk, call, end};
}

// The operations of a history, by their numbers.
struct Times {
  explicit Times(const PlainHistory& history) : posed(history) {}

  const TimedOperation& operator[](size_t operation) const {
    return posed.timeline->operations()[operation];
  }

  PosedSearch posed;
};

TEST(AdditiveRating, TakesWhatWasOpenForMostOfItsTimeToBeLinearized) {
  const Times times(Counter({
      Add(1, 0, 50),
      Add(2, 1, 10),
      Add(3, 2, 90),
      Add(4, 3, 4),
  }));
  const uint32_t event = times[3].return_event;
  const auto rating = [&](size_t operation) {
    return AdditiveRating::OfUpdate(times[operation], event);
  };
  EXPECT_GT(rating(1), rating(0));
  EXPECT_GE(rating(0), rating(2));
}

TEST(AdditiveRating, TakesSeersToSpeakForAConfigurationAndUpdatesAgainstIt) {
  const Times times(Counter({
      Add(1, 0, 50),
      Read(1, 1, 51),
      Add(4, 3, 4),
  }));
  const uint32_t event = times[2].return_event;
  EXPECT_GT(AdditiveRating::OfSeer(times[1], event), 0);
  EXPECT_LT(AdditiveRating::OfUpdate(times[0], event), 0);
}

TEST(AdditiveRating, TakesInfoOperationsToTakeEffectSoonAfterTheirCall) {
  EXPECT_LT(AdditiveRating::OfCrash(1, 9), AdditiveRating::OfCrash(7, 9));
}

TEST(AdditiveRating, AddsUpTheChancesOfPaths) {
  const AdditiveRating rating(3);
  EXPECT_FLOAT_EQ(rating.LogChance(3, 1), -std::log(3.0F));
  EXPECT_FLOAT_EQ(rating.LogChance(3, 3), 0);
  EXPECT_FLOAT_EQ(AdditiveRating::Either(std::log(0.25F), std::log(0.5F)),
                  std::log(0.75F));
}

}  // namespace
}  // namespace minos::testing
