// Results that contradict the others by themselves.

#include "checker/impossible.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/intervals.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/timeline.h"
#include "history/edn.h"
#include "history/history.h"
#include "tests/support/brute_force.h"
#include "tests/support/history_dsl.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"
#include "tests/support/random_history.h"

namespace minos::checker {
namespace {

using minos::testing::TestHistory;

// The operation that is found to be impossible.
std::optional<history::OpIndex> Impossible(TestHistory& builder,
                                           std::string_view model,
                                           std::string_view initial) {
  history::History history = builder.Build();
  const auto value = history::ParseEdn(initial, history.mutable_values());
  const auto info = FindModel(model);
  const auto partitioning = SplitByKey(history, **info, KeyChoice::kNone);
  auto instance = (*info)->make(history.values(),
                                initial.empty() ? history::kNoValue : *value);
  const auto intervals =
      MakeIntervals(history, partitioning->keying,
                    partitioning->partitions.front().operations, **instance);
  (*instance)->Settle();
  const Timeline timeline(*intervals, **instance);
  const auto found = FindImpossible(timeline, **instance);
  if (!found) return std::nullopt;
  return timeline.operations()[*found].operation;
}

TEST(ImpossibleTest, AValueThatWasCertainlyOverwrittenIsNotReadAgain) {
  TestHistory history;
  history.Write(0, "1").Write(0, "2").Read(0, "1");
  EXPECT_EQ(Impossible(history, "register", ""), 2u);
}

TEST(ImpossibleTest, AWriteThatMayHaveComeLaterIsRead) {
  TestHistory history;
  history.Call(1, "write", "1").Write(0, "2").Read(0, "1").Return(1);
  EXPECT_EQ(Impossible(history, "register", ""), std::nullopt);
}

TEST(ImpossibleTest, AnInfoWriteMayTakeEffectAfterItWasOverwritten) {
  TestHistory history;
  history.Call(1, "write", "1").Info(1).Write(0, "2").Read(0, "1");
  EXPECT_EQ(Impossible(history, "register", ""), std::nullopt);
}

TEST(ImpossibleTest, TheInitialValueIsGoneAfterAWrite) {
  TestHistory history;
  history.Read(0, "nil").Write(0, "2").Read(0, "nil");
  EXPECT_EQ(Impossible(history, "register", "nil"), 2u);
}

TEST(ImpossibleTest, ACasDoesNotBringWhatItNeedsItself) {
  TestHistory history;
  history.Write(0, "1").Write(0, "2");
  history.Ok(0, "cas", "[1 3]", "[1 3]");
  EXPECT_EQ(Impossible(history, "cas-register", ""), 2u);
}

TEST(ImpossibleTest, RegistersOfATransactionAreToldApart) {
  TestHistory history;
  history.Ok(0, "txn", "[[:w 1 1] [:w 2 1]]", "[[:w 1 1] [:w 2 1]]");
  history.Ok(0, "txn", "[[:w 1 2]]", "[[:w 1 2]]");
  history.Ok(0, "txn", "[[:r 2 nil]]", "[[:r 2 1]]");
  history.Ok(0, "txn", "[[:r 1 nil]]", "[[:r 1 1]]");
  EXPECT_EQ(Impossible(history, "multi-register", ""), 3u);
}

TEST(ImpossibleTest, ASumHasAllThatReturnedBeforeAndNothingCalledLater) {
  TestHistory history;
  history.Ok(0, "add", "5", "nil").Read(0, "5").Ok(0, "add", "2", "nil");
  history.Read(0, "5");
  EXPECT_EQ(Impossible(history, "counter", ""), 3u);
}

// 3, 6 and 9, but not 4: that is no multiple of 3.
TEST(ImpossibleTest, ASumIsOneOfSomeOfTheAdditionsInDoubt) {
  for (const char* sum : {"3", "6", "9"}) {
    TestHistory history;
    history.Call(1, "add", "3").Call(2, "add", "6").Info(2);
    history.Read(0, sum).Return(1);
    EXPECT_EQ(Impossible(history, "counter", ""), std::nullopt);
  }
  for (const char* sum : {"-3", "4", "12"}) {
    TestHistory history;
    history.Call(1, "add", "3").Call(2, "add", "6").Info(2);
    history.Read(0, sum).Return(1);
    EXPECT_EQ(Impossible(history, "counter", ""), 2u) << sum;
  }
}

// Additions that are open while a read sees a sum, against all their subsets.
TEST(ImpossibleTest, ASumIsImpossibleWhereNoSubsetMakesIt) {
  minos::testing::TestRandom random(1);
  const std::vector<std::vector<int>> kinds = {
      {1, 2, 3}, {3, -5}, {2, -4, 6, 9}, {6, 10, -15}, {1, 90, -70}};
  size_t impossible = 0;
  for (size_t i = 0; i < 2000; ++i) {
    const std::vector<int>& kind = kinds[i % kinds.size()];
    const size_t count = random.Below(7);
    TestHistory history;
    std::set<int> sums = {0};
    for (size_t process = 1; process <= count; ++process) {
      const int amount = kind[random.Below(kind.size())];
      history.Call(static_cast<int>(process), "add", absl::StrCat(amount));
      const std::set<int> without = sums;
      for (const int sum : without) sums.insert(sum + amount);
    }
    const int low = *sums.begin() - 2;
    const int high = *sums.rbegin() + 2;
    const int sum =
        low + static_cast<int>(random.Below(static_cast<size_t>(high - low)));
    history.Ok(0, "read", "nil", absl::StrCat(sum));
    for (size_t process = 1; process <= count; ++process) {
      history.Return(static_cast<int>(process));
    }
    const bool is_impossible = Impossible(history, "counter", "0").has_value();
    ASSERT_EQ(is_impossible, !sums.contains(sum)) << sum << " in round " << i;
    impossible += is_impossible ? 1 : 0;
  }
  EXPECT_GT(impossible, 200U);
  EXPECT_LT(impossible, 1800U);
}

TEST(ImpossibleTest, ASumBetweenTheOthersMayBeNone) {
  TestHistory history;
  history.Call(1, "add", "-3").Call(2, "add", "7").Info(2);
  history.Read(0, "2").Return(1);
  EXPECT_EQ(Impossible(history, "counter", ""), 2u);
}

// An addition whose outcome nobody knows may explain a larger sum, but nothing
// a smaller one.
TEST(ImpossibleTest, ASumThatOnlyGrowsIsNotReadSmallerLater) {
  const auto second_read = [](const char* amount, const char* first,
                              const char* second) {
    TestHistory history;
    history.Call(1, "add", amount).Info(1).Call(2, "add", "2").Info(2);
    history.Read(0, first).Read(0, second);
    return Impossible(history, "counter", "0");
  };
  EXPECT_EQ(second_read("5", "5", "2"), 3u);
  EXPECT_EQ(second_read("5", "5", "5"), std::nullopt);
  EXPECT_EQ(second_read("5", "2", "7"), std::nullopt);
  // Both may be what was left of 2 by an addition of -5.
  EXPECT_EQ(second_read("-5", "2", "-3"), std::nullopt);
}

TEST(ImpossibleTest, ASumThatOnlyFallsIsNotReadLargerLater) {
  TestHistory history;
  history.Call(1, "add", "-5").Info(1).Call(2, "add", "-2").Info(2);
  history.Read(0, "-5").Read(0, "-7").Read(0, "-2");
  EXPECT_EQ(Impossible(history, "counter", "0"), 4u);
}

TEST(ImpossibleTest, ASumThatWasReadAtTheSameTimeMayBeLarger) {
  TestHistory history;
  history.Call(1, "add", "5").Info(1);
  history.Call(0, "read").Read(2, "5").Return(0, "0");
  EXPECT_EQ(Impossible(history, "counter", "0"), std::nullopt);
}

TEST(ImpossibleTest, WhatIsSaidOfCountersThatGoOneWayIsSoByBruteForce) {
  using testing::PlainAlphabet;
  PlainAlphabet alphabet;
  alphabet.type = "counter";
  alphabet.initial = 0;
  for (const int amount : {1, 2}) {
    alphabet.calls.push_back({"add", amount, {{}}});
  }
  for (int i = 0; i < 3; ++i) {
    alphabet.calls.push_back({"read", {}, {0, 1, 2, 3, 4}});
  }
  alphabet.calls.push_back({"add-and-get", 1, {1, 2, 3}});
  testing::TestRandom random(5);
  int found = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto history = testing::RandomHistory(alphabet, 7, random);
    testing::PosedSearch posed(history);
    if (!FindImpossible(*posed.timeline, *posed.model)) continue;
    ++found;
    EXPECT_FALSE(testing::IsLinearizable(history)) << ToText(history);
  }
  EXPECT_GT(found, 1000);
}

// Nobody knows what the accounts held at the start; the first read tells.
TEST(ImpossibleTest, ABalanceMissesNoTransferThatWasDone) {
  const char* transfer = "{:from 0 :to 1 :amount 1}";
  TestHistory history;
  history.Call(1, "transfer", "{:from 0 :to 1 :amount 2}").Info(1);
  history.Ok(0, "read", "nil", "{0 10, 1 10}");
  history.Ok(0, "transfer", transfer, transfer);
  history.Ok(0, "read", "nil", "{0 7, 1 13}");
  history.Ok(0, "read", "nil", "{0 10, 1 10}");
  EXPECT_EQ(Impossible(history, "bank", ""), 4u);
}

TEST(ImpossibleTest, WhatTheFirstReadMayHaveSeenIsInDoubt) {
  const char* transfer = "{:from 0 :to 1 :amount 1}";
  TestHistory history;
  history.Call(1, "transfer", transfer);
  history.Ok(0, "read", "nil", "{0 10, 1 10}").Return(1, transfer);
  history.Ok(0, "read", "nil", "{0 10, 1 10}");
  EXPECT_EQ(Impossible(history, "bank", ""), std::nullopt);
}

}  // namespace
}  // namespace minos::checker
