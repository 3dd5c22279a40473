// The configurations that stand before a return.

#include "checker/additive_column.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <utility>

#include "checker/additive_object.h"
#include "checker/open_operations.h"
#include "checker/slot_set.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"

namespace minos::testing {
namespace {

using checker::AdditiveColumn;
using checker::AdditiveObject;
using checker::AdditivePoint;
using checker::OpenOperations;
using checker::SlotSet;

PlainHistory TwoAdditions() {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  history.operations = {{"add", 1, {}, PlainOutcome::kOk, 0, 3},
                        {"add", 2, {}, PlainOutcome::kOk, 1, 2}};
  return history;
}

TEST(AdditiveColumn, KeepsWhatWaitsForSeveralStagesWhereItShrinks) {
  PosedSearch posed(TwoAdditions());
  const std::optional<AdditiveObject> object =
      AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
  ASSERT_TRUE(object);
  OpenOperations open(*posed.timeline);
  open.Pass();
  open.Pass();
  const auto problem = posed.ToEnd();
  AdditiveColumn column(problem, *object, open, {}, 0);
  ASSERT_EQ(column.updates().size(), 1U);

  const size_t words = SlotSet::WordsFor(posed.timeline->slot_count());
  AdditivePoint first(words);
  first.linearized.Insert(column.updates()[0].slot);
  ASSERT_TRUE(column.Add(std::move(first)));
  ASSERT_TRUE(column.Add(AdditivePoint(words)));
  column.Push({0, 0, 7});
  column.points()[0].stages = 2;
  column.Shrink(std::numeric_limits<float>::infinity());

  EXPECT_EQ(column.points().size(), 2U);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(column.is_waiting());
    const AdditiveColumn::Waiting waiting = column.PopBest();
    const AdditivePoint& point = column.points()[waiting.point];
    ASSERT_EQ(point.linearized.words().size(), words);
    const bool is_first = column.TakenBy(point.linearized) != 0;
    EXPECT_EQ(point.stages, is_first ? 2U : 1U);
  }
  EXPECT_FALSE(column.is_waiting());
}

}  // namespace
}  // namespace minos::testing
