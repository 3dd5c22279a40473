// Histories that the search once judged wrongly, or could.

#include "checker/wgl.h"

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/intervals.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/verdict.h"
#include "history/edn.h"
#include "history/history.h"
#include "tests/support/history_dsl.h"

namespace minos::checker {
namespace {

using minos::testing::TestHistory;
using Strategy = SearchOptions::Strategy;

// What the search says of `builder` as a `model` that is initially `initial`,
// in EDN.
SearchResult SearchFor(TestHistory& builder, std::string_view model,
                       std::string_view initial, const SearchOptions& options) {
  history::History history = builder.Build();
  const auto value = history::ParseEdn(initial, history.mutable_values());
  const auto info = FindModel(model);
  const auto partitioning = SplitByKey(history, **info, KeyChoice::kNone);
  auto instance = (*info)->make(history.values(), *value);
  const auto intervals =
      MakeIntervals(history, partitioning->keying,
                    partitioning->partitions.front().operations, **instance);
  Budget budget({});
  return SearchLinearization(*intervals, **instance, budget, options);
}

// What it says where it has no effort to spend on what comes before an
// impossible result.
TEST(SearchOfTheImpossible, IsAViolationAlsoWhereThePrefixIsNotDecided) {
  const auto judge = [](size_t max_configurations) {
    TestHistory history;
    history.Call(0, "write", "1").Write(1, "2").Return(0).Read(2, "2");
    history.Read(2, "3");
    SearchOptions options;
    options.max_configurations = max_configurations;
    return SearchFor(history, "register", "nil", options);
  };
  const SearchResult hasty = judge(1);
  EXPECT_EQ(hasty.verdict, Verdict::kViolation);
  EXPECT_FALSE(hasty.is_culprit_exact);
  const SearchResult patient = judge(0);
  EXPECT_EQ(patient.verdict, Verdict::kViolation);
  EXPECT_TRUE(patient.is_culprit_exact);
  EXPECT_EQ(patient.culprit, hasty.culprit);
}

class Search : public ::testing::TestWithParam<Strategy> {
 protected:
  Verdict Judge(TestHistory& builder, std::string_view model,
                std::string_view initial) {
    SearchOptions options;
    options.strategy = GetParam();
    options.first_width = 1;
    return SearchFor(builder, model, initial, options).verdict;
  }
};

INSTANTIATE_TEST_SUITE_P(, Search,
                         ::testing::Values(Strategy::kDepthFirst,
                                           Strategy::kBreadthFirst,
                                           Strategy::kWidening,
                                           Strategy::kNarrow, Strategy::kGuided,
                                           Strategy::kBoth),
                         [](const auto& info) {
                           switch (info.param) {
                             case Strategy::kDepthFirst:
                               return "DepthFirst";
                             case Strategy::kBreadthFirst:
                               return "BreadthFirst";
                             case Strategy::kWidening:
                               return "Widening";
                             case Strategy::kNarrow:
                               return "Narrow";
                             case Strategy::kGuided:
                               return "Guided";
                             case Strategy::kBoth:
                               break;
                           }
                           return "Both";
                         });

// The info write of 1 changes nothing where it is taken, but lets the write of
// 2 stand before it.
TEST_P(Search, TakesAnInfoWriteForWhatItAbsorbs) {
  TestHistory history;
  history.Write(0, "1").Call(9, "write", "1").Info(9);
  history.Call(1, "cas", "[1 3]").Call(2, "write", "2");
  history.Return(1).Return(2).Ok(3, "cas", "[3 1]", "[3 1]");
  EXPECT_EQ(Judge(history, "cas-register", "2"), Verdict::kValid);
}

TEST_P(Search, TakesAWriteForWhatItAbsorbs) {
  TestHistory history;
  history.Write(0, "1").Call(9, "write", "1");
  history.Call(1, "cas", "[1 3]").Call(2, "write", "2");
  history.Return(1).Return(2).Ok(3, "cas", "[3 1]", "[3 1]").Return(9);
  EXPECT_EQ(Judge(history, "cas-register", "2"), Verdict::kValid);
}

// An append makes the same of a missing key as of an empty string, but the put
// of the empty string is owed all the same.
TEST_P(Search, DoesNotLeaveOutAWriteThatIsOwed) {
  TestHistory history;
  history.Call(0, "put", "\"\"").Ok(1, "append", "\"a\"", "\"a\"").Return(0);
  history.Ok(2, "cas", "[\"a\" \"b\"]", "[\"a\" \"b\"]");
  EXPECT_EQ(Judge(history, "kv", "nil"), Verdict::kValid);
}

TEST_P(Search, KnowsThatAnAbsorbedWriteIsGoneAfterItsReturn) {
  TestHistory history;
  history.Call(0, "write", "1").Write(1, "2").Return(0).Read(2, "2");
  history.Read(2, "1");
  EXPECT_EQ(Judge(history, "register", "nil"), Verdict::kViolation);
}

TEST_P(Search, LetsAnAbsorbedWriteTakeEffectUntilItsReturn) {
  TestHistory history;
  history.Call(0, "write", "1").Write(1, "2").Read(2, "2").Read(2, "1");
  history.Return(0).Read(2, "1");
  EXPECT_EQ(Judge(history, "register", "nil"), Verdict::kValid);
}

// There are two ways to 3 through 1 that use the info compare-and-sets: with
// the read of 5 on the way, and without it. The one without it has used less,
// but cannot make up for it.
TEST_P(Search, KeepsTheWayOnWhichMoreWasSeen) {
  TestHistory history;
  history.Call(6, "cas", "[1 2]").Info(6).Call(7, "cas", "[2 3]").Info(7);
  history.Call(8, "write", "1").Info(8).Call(9, "write", "5").Info(9);
  history.Call(0, "read").Call(1, "read").Return(0, "3").Return(1, "5");
  history.Read(2, "3");
  EXPECT_EQ(Judge(history, "cas-register", "4"), Verdict::kValid);
}

// The same with a write that is owed instead of what was read.
TEST_P(Search, KeepsTheWayOnWhichLessIsOwed) {
  TestHistory history;
  history.Call(6, "cas", "[1 2]").Info(6).Call(7, "cas", "[2 3]").Info(7);
  history.Call(8, "write", "1").Info(8);
  history.Call(0, "read").Call(1, "write", "5").Return(0, "3").Return(1);
  history.Read(2, "3");
  EXPECT_EQ(Judge(history, "cas-register", "1"), Verdict::kValid);
}

TEST_P(Search, LetsNoWriteTakeEffectTwice) {
  TestHistory history;
  history.Call(0, "write", "1").Read(2, "1").Write(1, "2").Read(2, "2");
  history.Read(2, "1").Return(0);
  EXPECT_EQ(Judge(history, "register", "nil"), Verdict::kViolation);
}

}  // namespace
}  // namespace minos::checker
