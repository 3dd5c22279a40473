// What waits before a return, and what is kept of it.

#include "checker/additive_column.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "checker/additive_object.h"
#include "checker/crash_usage.h"
#include "checker/open_operations.h"
#include "checker/passed_sums.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"

namespace minos::testing {
namespace {

using checker::AdditiveColumn;
using checker::AdditiveObject;
using checker::AdditivePoint;
using checker::CrashUsage;
using checker::OpenOperations;
using checker::SlotSet;
using checker::TimelineEvent;

PlainOperation Add(int amount, int call, int end) {
  return {"add", amount, {}, PlainOutcome::kOk, call, end};
}

PlainOperation Read(int sum, int call, int end) {
  return {"read", {}, sum, PlainOutcome::kOk, call, end};
}

PlainOperation AddAndGet(int amount, int sum, int call, int end) {
  return {"add-and-get", amount, sum, PlainOutcome::kOk, call, end};
}

// The column of the first return of a counter.
class FirstColumn {
 public:
  explicit FirstColumn(std::vector<PlainOperation> operations)
      : posed_(Counter(std::move(operations))),
        problem_(posed_.ToEnd()),
        object_(*AdditiveObject::Make(*posed_.timeline, *posed_.footprints,
                                      *posed_.model)),
        passed_(problem_, object_, std::vector<std::vector<uint64_t>>{{0}}),
        open_(*posed_.timeline),
        usages_(posed_.timeline->crashes().size()) {
    size_t crash_calls = 0;
    while (posed_.timeline->event(open_.event()).type !=
           TimelineEvent::Type::kReturn) {
      const auto type = posed_.timeline->event(open_.event()).type;
      crash_calls += type == TimelineEvent::Type::kCrash ? 1 : 0;
      open_.Pass();
    }
    column_.emplace(problem_, object_, passed_, open_,
                    std::vector<AdditiveColumn::Open>(), crash_calls);
  }

  AdditiveColumn& operator*() { return *column_; }

  checker::ActionId ActionOfCrash(size_t kind) const {
    return posed_.timeline->crashes()[kind].action;
  }

  // One in which the operations with these numbers are linearized.
  AdditivePoint Point(const std::vector<size_t>& operations) const {
    AdditivePoint point(SlotSet::WordsFor(posed_.timeline->slot_count()));
    point.sums.assign(object_.views(), 0);
    for (const size_t operation : operations) {
      const auto& timed = posed_.timeline->operations()[operation];
      point.linearized.Insert(timed.slot);
      for (size_t view = 0; view < object_.views(); ++view) {
        point.sums[view] += object_.Effect(timed.action, view);
      }
    }
    return point;
  }
  // Adds it, and returns its number.
  uint32_t Place(const std::vector<size_t>& operations) {
    EXPECT_TRUE(column_->Add(Point(operations)));
    return static_cast<uint32_t>(column_->points().size() - 1);
  }
  // Whether the second is dominated by the first.
  bool Dominates(const std::vector<size_t>& better,
                 const std::vector<size_t>& worse) {
    EXPECT_FALSE(column_->IsDominated(Place(better), usages_));
    return column_->IsDominated(Place(worse), usages_);
  }

 private:
  static PlainHistory Counter(std::vector<PlainOperation> operations) {
    PlainHistory history;
    history.type = "counter";
    history.initial = 0;
    history.operations = std::move(operations);
    return history;
  }

  PosedSearch posed_;
  checker::SearchProblem problem_;
  AdditiveObject object_;
  checker::PassedSums passed_;
  OpenOperations open_;
  CrashUsage usages_;
  std::optional<AdditiveColumn> column_;
};

// Two additions, two reads, and an addition that returns first.
std::vector<PlainOperation> SomeOpen() {
  return {Add(1, 0, 20), Add(2, 1, 21), Read(3, 2, 22), Read(1, 3, 23),
          Add(5, 4, 5)};
}

// The set of the updates of a column that have these numbers.
uint64_t SetOf(const AdditiveColumn& column,
               const std::vector<size_t>& operations) {
  uint64_t set = 0;
  for (size_t i = 0; i < column.updates().size(); ++i) {
    const auto found =
        std::ranges::find(operations, column.updates()[i].operation);
    if (found != operations.end()) set |= uint64_t{1} << i;
  }
  return set;
}

TEST(AdditiveColumn, TriesOfEqualUpdatesTheOneThatReturnsFirst) {
  FirstColumn first({Add(1, 0, 22), Add(1, 1, 21), Add(2, 2, 20), Read(9, 3, 5),
                     Add(1, 4, 23)});
  const AdditiveColumn& column = *first;
  // What is linearized where two more of the ones, and the two, are taken.
  const auto added = [&](const std::vector<size_t>& linearized) {
    const SlotSet slots = first.Point(linearized).linearized;
    const uint64_t taken = column.TakenBy(slots);
    uint64_t set = taken;
    const uint64_t ones = SetOf(column, {0, 1, 4});
    for (int i = 0; i < 2; ++i) set |= (set << 1 | (ones & -ones)) & ones;
    set |= SetOf(column, {2});
    std::vector<size_t> operations;
    column.ForEachAdded(set, taken, slots,
                        [&](const AdditiveColumn::Open& update) {
                          operations.push_back(update.operation);
                        });
    std::ranges::sort(operations);
    return operations;
  };
  using Operations = std::vector<size_t>;
  EXPECT_EQ(added({}), Operations({0, 1, 2}));
  EXPECT_EQ(added({1}), Operations({0, 2, 4}));
  // What is linearized already was so before the others were called.
  EXPECT_EQ(added({0}), Operations({1, 2, 4}));
  EXPECT_EQ(added({4, 2}), Operations({0, 1}));
}

TEST(AdditiveColumn, CountsWhatIsTakenOfEqualUpdates) {
  FirstColumn first({Add(1, 0, 22), Add(1, 1, 21), Add(2, 2, 20), Read(9, 3, 5),
                     Add(1, 4, 23)});
  const auto taken_by = [&](const std::vector<size_t>& linearized) {
    return (*first).TakenBy(first.Point(linearized).linearized);
  };
  EXPECT_EQ(taken_by({}), 0u);
  EXPECT_EQ(taken_by({0}), taken_by({4}));
  EXPECT_EQ(taken_by({0, 2}), taken_by({1}) | taken_by({2}));
  EXPECT_EQ(taken_by({0, 4}), taken_by({0, 1}));
  EXPECT_NE(taken_by({0, 4}), taken_by({0}));
}

TEST(AdditiveColumn, UsesNoUpdateBeforeItsEqualThatReturnsNow) {
  FirstColumn first(
      {Add(1, 0, 5), Add(1, 1, 21), Add(2, 2, 20), Read(4, 30, 31)});
  const AdditiveColumn& column = *first;
  EXPECT_EQ(column.equals_returning(), SetOf(column, {1}));
}

TEST(AdditiveColumn, UsesEqualUpdatesBeforeInfoOperations) {
  const auto crash = [](int amount, int call) {
    return PlainOperation{"add", amount, {}, PlainOutcome::kInfo, call, 0};
  };
  FirstColumn first({crash(1, 0), crash(2, 1), crash(3, 2), Add(1, 3, 20),
                     Add(2, 4, 6), Add(1, 5, 21), Read(4, 30, 31)});
  const AdditiveColumn& column = *first;
  // The completed ones are numbered by themselves.
  EXPECT_EQ(column.EqualTo(first.ActionOfCrash(0)), SetOf(column, {0, 2}));
  EXPECT_EQ(column.EqualTo(first.ActionOfCrash(1)), std::nullopt);
  EXPECT_EQ(column.EqualTo(first.ActionOfCrash(2)), 0u);
}

// So many additions of each of these amounts, and one more that returns first.
std::vector<PlainOperation> ManyOpen(int count,
                                     const std::vector<int>& amounts) {
  std::vector<PlainOperation> open;
  int call = 0;
  for (int i = 0; i < count; ++i) {
    for (const int amount : amounts) {
      open.push_back(Add(amount, call, 1000 - call));
      ++call;
    }
  }
  open.push_back(Add(50, call, call + 1));
  return open;
}

TEST(AdditiveColumn, HasRoomForManyUpdatesWhereMostAreEqual) {
  FirstColumn equal(ManyOpen(10, {1, 2, 3, 4, 5}));
  EXPECT_EQ((*equal).updates().size(), 50);
  EXPECT_FALSE((*equal).has_more_updates());
  FirstColumn one(ManyOpen(60, {1}));
  EXPECT_EQ((*one).updates().size(), 60);
  EXPECT_FALSE((*one).has_more_updates());
}

TEST(AdditiveColumn, ForgetsOfVeryManyUpdatesThoseThatReturnLast) {
  for (const std::vector<int>& amounts :
       std::vector<std::vector<int>>{{1}, {1, 2}, {1, 2, 3, 4, 5, 6, 7}}) {
    const auto open = ManyOpen(90 / static_cast<int>(amounts.size()), amounts);
    FirstColumn column(open);
    const auto& updates = (*column).updates();
    EXPECT_TRUE((*column).has_more_updates());
    EXPECT_GE(updates.size(), 26);
    EXPECT_LE(updates.size(), 63);
    // These were called last.
    const auto least =
        std::ranges::min_element(updates, {}, &AdditiveColumn::Open::operation);
    EXPECT_EQ(least->operation, open.size() - 1 - updates.size());
  }
}

TEST(AdditiveColumn, KnowsWhatHasBeenPassed) {
  FirstColumn first({Add(1, 0, 20), Add(2, 1, 21), Read(2, 2, 5),
                     Read(1, 3, 23), Read(2, 30, 31)});
  const AdditiveColumn& column = *first;
  EXPECT_EQ(column.DistanceToNext(first.Point({}), 0), 1);
  EXPECT_EQ(column.DistanceToNext(first.Point({0}), 0), 0);
  EXPECT_FALSE(column.HasPassed(first.Point({0})));
  EXPECT_TRUE(column.HasPassed(first.Point({1})));
  // Both reads are done, but one is called later.
  EXPECT_FALSE(column.HasPassed(first.Point({1, 2, 3})));
  EXPECT_TRUE(column.HasPassed(first.Point({0, 1, 2, 3})));
}

TEST(AdditiveColumn, KnowsWhatIsOpen) {
  FirstColumn column(SomeOpen());
  EXPECT_EQ((*column).updates().size(), 2) << "without the one that returns";
  EXPECT_EQ((*column).looks().size(), 2);
  EXPECT_EQ((*column).open_count(), 4);
  EXPECT_EQ((*column).TakenBy(column.Point({1}).linearized), 2);
}

TEST(AdditiveColumn, PutsSeersTogetherThatSeeTheSameAndAddNothing) {
  FirstColumn column({Read(3, 0, 20), Read(3, 1, 21), AddAndGet(2, 5, 2, 22),
                      AddAndGet(2, 5, 3, 23), Read(3, 4, 5)});
  const auto& looks = (*column).looks();
  ASSERT_EQ(looks.size(), 3);
  size_t due = 0;
  for (const auto& look : looks) {
    EXPECT_EQ(look.seers.size(), look.adds ? 1 : 3);
    due += look.is_due ? 1 : 0;
  }
  EXPECT_EQ(due, 1);
}

TEST(AdditiveColumn, FindsWhatIsThereAgain) {
  FirstColumn column(SomeOpen());
  column.Place({0});
  EXPECT_FALSE((*column).Add(column.Point({0})));
  EXPECT_TRUE((*column).Merge(column.Point({0})));
  EXPECT_FALSE((*column).Merge(column.Point({1})));
  AdditivePoint elsewhere = column.Point({0});
  elsewhere.start = 1;
  EXPECT_FALSE((*column).Merge(elsewhere));
}

TEST(AdditiveColumn, IsDominatedByWhatHasSeenMoreAndUsedLess) {
  EXPECT_TRUE(FirstColumn(SomeOpen()).Dominates({2}, {0}));
  EXPECT_TRUE(FirstColumn(SomeOpen()).Dominates({0, 2, 3}, {0, 1, 2}));
  EXPECT_FALSE(FirstColumn(SomeOpen()).Dominates({0}, {1}));
  EXPECT_FALSE(FirstColumn(SomeOpen()).Dominates({0, 2}, {3}));
  EXPECT_FALSE(FirstColumn(SomeOpen()).Dominates({2}, {0, 3}));
}

// What a seer has added is in the sum.
TEST(AdditiveColumn, IsNotDominatedByWhatASeerHasAddedTo) {
  const std::vector<PlainOperation> open = {
      Add(1, 0, 20), AddAndGet(2, 5, 1, 21), Read(3, 2, 22), Add(5, 4, 5)};
  EXPECT_FALSE(FirstColumn(open).Dominates({1}, {0}));
  EXPECT_TRUE(FirstColumn(open).Dominates({1, 2}, {0, 1}));
}

TEST(AdditiveColumn, IsNotDominatedFromAnotherStart) {
  FirstColumn column(SomeOpen());
  const CrashUsage none(0);
  EXPECT_FALSE((*column).IsDominated(column.Place({2}), none));
  AdditivePoint elsewhere = column.Point({0});
  elsewhere.start = 1;
  EXPECT_TRUE((*column).Add(std::move(elsewhere)));
  EXPECT_FALSE((*column).IsDominated(1, none));
}

TEST(AdditiveColumn, IsDominatedByWhatHasUsedLessOfTheInfoOperations) {
  FirstColumn column(SomeOpen());
  constexpr size_t kKinds = 70;  // 0 and 64 share a bit
  CrashUsage usages(kKinds);
  const auto place = [&](const std::vector<size_t>& linearized,
                         const std::vector<uint32_t>& kinds) {
    AdditivePoint point = column.Point(linearized);
    for (const uint32_t kind : kinds) {
      point.usage = usages.Add(point.usage, kind);
      point.used_bits |= uint64_t{1} << (kind % 64);
      point.used_hash += kind + 1;
    }
    EXPECT_TRUE((*column).Add(std::move(point)));
    return static_cast<uint32_t>((*column).points().size() - 1);
  };
  EXPECT_FALSE((*column).IsDominated(place({2}, {0, 1}), usages));
  EXPECT_FALSE((*column).IsDominated(place({0}, {1, 64}), usages));
  EXPECT_TRUE((*column).IsDominated(place({0}, {0, 1}), usages));
  EXPECT_TRUE((*column).IsDominated(place({0}, {0, 1, 5}), usages));
  EXPECT_FALSE((*column).IsDominated(place({0}, {}), usages));
}

TEST(AdditiveColumn, CountsWhatCannotBeSeenInTime) {
  // The read of 9 returns before anything else is called.
  FirstColumn column({Add(1, 0, 20), Add(2, 1, 21), Read(9, 2, 6),
                      Read(6, 3, 7), Add(5, 4, 5)});
  EXPECT_EQ((*column).CountUnsatisfied(column.Point({})), 1)
      << "6 is the addition that returns, and that of 1";
  EXPECT_EQ((*column).CountUnsatisfied(column.Point({1})), 2);
}

// Then there is no sum to look at.
TEST(AdditiveColumn, CountsNothingWhereNobodySees) {
  FirstColumn column({Add(1, 0, 20), Add(2, 1, 5)});
  AdditivePoint point(column.Point({0}));
  EXPECT_EQ((*column).CountUnsatisfied(point), 0);
}

TEST(AdditiveColumn, ShrinksToWhatIsRatedBest) {
  FirstColumn column(SomeOpen());
  const CrashUsage none(0);
  for (const std::vector<size_t>& each :
       std::vector<std::vector<size_t>>{{2, 3}, {2}, {0}, {0, 1}}) {
    column.Place(each);
  }
  const auto best = (*column).PopBest();
  EXPECT_FALSE((*column).IsDominated(best.point, none));
  // It waits for two stages, and still may do both afterwards.
  const auto& points = (*column).points();
  (*column).Push({points[best.point].rating - 0.1F, best.point, 1});
  (*column).Push({points[best.point].rating - 0.2F, best.point, 2});
  std::vector<float> deficits;
  (*column).ListDeficits(deficits);
  ASSERT_EQ(deficits.size(), 5);
  (*column).Shrink(*std::ranges::max_element(deficits));
  ASSERT_TRUE((*column).is_waiting());
  for (const uint32_t stage : {1, 2}) {
    while ((*column).best().stage != stage) (*column).PopBest();
    const auto kept = (*column).PopBest();
    EXPECT_EQ((*column).points()[kept.point].linearized.words()[0],
              column.Point({2, 3}).linearized.words()[0]);
    EXPECT_EQ((*column).points()[kept.point].stages, 2);
  }
  EXPECT_LT((*column).points().size(), 4);
  EXPECT_FALSE((*column).Add(column.Point({0, 1})))
      << "what is forgotten does not come again";
}

}  // namespace
}  // namespace minos::testing
