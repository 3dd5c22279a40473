// What makes a configuration of a sum likely.

#include "checker/additive_rating.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "checker/open_operations.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"

namespace minos::testing {
namespace {

using checker::AdditiveRating;
using checker::OpenOperations;
using checker::SlotSet;
using checker::TimelineEvent;

PlainHistory Counter(std::vector<PlainOperation> operations) {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  history.operations = std::move(operations);
  return history;
}

PlainOperation Add(int amount, int call, int end,
                   PlainOutcome outcome = PlainOutcome::kOk) {
  return {"add", amount, {}, outcome, call, end};
}

PlainOperation Read(int sum, int call, int end) {
  return {"read", {}, sum, PlainOutcome::kOk, call, end};
}

// Before the first return of a history.
struct AtFirstReturn {
  explicit AtFirstReturn(const PlainHistory& history)
      : posed(history), open(*posed.timeline), rating(*posed.timeline) {
    while (posed.timeline->event(open.event()).type !=
           TimelineEvent::Type::kReturn) {
      open.Pass();
    }
    std::vector<uint32_t> updates;
    std::vector<uint32_t> seers;
    const SlotSet none(1);
    SlotSet::ForEach(open.updates(), none,
                     [&](uint32_t slot) { updates.push_back(slot); });
    SlotSet::ForEach(open.reads(), none,
                     [&](uint32_t slot) { seers.push_back(slot); });
    returning = posed.timeline
                    ->operations()[posed.timeline->event(open.event()).subject]
                    .slot;
    rating.LookAt(open, returning, updates, seers);
  }

  // Of the operation with this number.
  float Of(size_t operation) const {
    return rating.OfSlot(posed.timeline->operations()[operation].slot);
  }

  PosedSearch posed;
  OpenOperations open;
  AdditiveRating rating;
  uint32_t returning = 0;
};

TEST(AdditiveRating, TakesWhatWasOpenForMostOfItsTimeToBeLinearized) {
  const AtFirstReturn at(Counter({
      Add(1, 0, 50),
      Add(2, 1, 10),
      Add(3, 2, 90),
      Add(4, 3, 4),
  }));
  EXPECT_GT(at.Of(1), at.Of(0));
  EXPECT_GE(at.Of(0), at.Of(2));
}

TEST(AdditiveRating, TakesSeersToSpeakForAConfigurationAndUpdatesAgainstIt) {
  const AtFirstReturn at(Counter({
      Add(1, 0, 50),
      Read(1, 1, 51),
      Add(4, 3, 4),
  }));
  EXPECT_GT(at.Of(1), 0);
  EXPECT_LT(at.Of(0), 0);
  EXPECT_EQ(at.Of(2), 0) << "all that gets past its return has linearized it";
  SlotSet both(1);
  both.Insert(at.posed.timeline->operations()[0].slot);
  both.Insert(at.posed.timeline->operations()[1].slot);
  EXPECT_FLOAT_EQ(at.rating.OfLinearized(both), at.Of(0) + at.Of(1));
}

TEST(AdditiveRating, TakesInfoOperationsToTakeEffectSoonAfterTheirCall) {
  const AtFirstReturn at(Counter({
      Add(1, 0, 100, PlainOutcome::kInfo),
      Add(2, 1, 60),
      Add(3, 2, 61),
      Add(4, 3, 101, PlainOutcome::kInfo),
      Read(5, 4, 5),
  }));
  ASSERT_EQ(at.posed.timeline->crashes().size(), 2);
  EXPECT_LT(at.rating.OfCrash(at.open, 0), at.rating.OfCrash(at.open, 1));
}

TEST(AdditiveRating, AddsUpTheChancesOfPaths) {
  const AtFirstReturn at(Counter({Add(1, 0, 9), Add(2, 1, 8), Add(3, 2, 7)}));
  EXPECT_FLOAT_EQ(at.rating.LogChance(3, 1), -std::log(3.0F));
  EXPECT_FLOAT_EQ(at.rating.LogChance(3, 3), 0);
  EXPECT_FLOAT_EQ(AdditiveRating::Either(std::log(0.25F), std::log(0.5F)),
                  std::log(0.75F));
}

}  // namespace
}  // namespace minos::testing
