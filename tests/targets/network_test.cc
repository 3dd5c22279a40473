#include "targets/network.h"

#include "gtest/gtest.h"

namespace minos::targets {
namespace {

TEST(NetworkTest, ALinkKeepsTheOrderOfItsMessages) {
  Network network(2, 1, {});
  Nanoseconds last = 0;
  for (int i = 0; i < 100; ++i) {
    const Fate fate = network.Send(0, 1, 0);
    ASSERT_EQ(fate.copies, 1);
    EXPECT_GT(fate.arrival[0], last);
    last = fate.arrival[0];
  }
}

TEST(NetworkTest, WithReorderingMessagesOvertakeEachOther) {
  NetworkConditions conditions;
  conditions.reorder = true;
  Network network(2, 1, conditions);
  int overtaken = 0;
  Nanoseconds last = 0;
  for (int i = 0; i < 100; ++i) {
    const Fate fate = network.Send(0, 1, 0);
    if (fate.arrival[0] < last) ++overtaken;
    last = fate.arrival[0];
  }
  EXPECT_GT(overtaken, 20);
}

TEST(NetworkTest, DelaysStayWithinTheirBounds) {
  NetworkConditions conditions;
  conditions.delay_min = 10;
  conditions.delay_max = 20;
  conditions.reorder = true;
  Network network(2, 1, conditions);
  for (int i = 0; i < 100; ++i) {
    const Fate fate = network.Send(0, 1, 1000);
    EXPECT_GE(fate.arrival[0], 1010);
    EXPECT_LE(fate.arrival[0], 1020);
  }
}

TEST(NetworkTest, ABlockedLinkCarriesNothingInThatDirection) {
  Network network(3, 1, {});
  network.Block(0, 0b010);
  EXPECT_EQ(network.Send(0, 1, 0).copies, 0);
  EXPECT_EQ(network.Send(1, 0, 0).copies, 1);
  EXPECT_EQ(network.Send(0, 2, 0).copies, 1);
  network.UnblockAll();
  EXPECT_EQ(network.Send(0, 1, 0).copies, 1);
}

TEST(NetworkTest, LossAndDuplicationHaveTheirShares) {
  NetworkConditions conditions;
  conditions.loss_parts = 300'000;
  conditions.duplicate_parts = 200'000;
  Network network(2, 1, conditions);
  int lost = 0;
  int doubled = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Fate fate = network.Send(0, 1, 0);
    lost += fate.copies == 0 ? 1 : 0;
    doubled += fate.copies == 2 ? 1 : 0;
  }
  EXPECT_NEAR(lost, 3000, 200);
  EXPECT_NEAR(doubled, 1400, 150);
}

TEST(NetworkTest, ConnectionsLoseButNeverDouble) {
  NetworkConditions conditions;
  conditions.loss_parts = 300'000;
  conditions.duplicate_parts = 1'000'000;
  Network network(2, 1, conditions);
  int arrived = 0;
  for (int i = 0; i < 1000; ++i) {
    const Fate fate = network.SendOnConnection(0, 1, 0);
    EXPECT_LE(fate.copies, 1);
    arrived += fate.copies;
  }
  EXPECT_NEAR(arrived, 700, 60);
}

TEST(NetworkTest, TheLuckOfALinkDoesNotDependOnOtherLinks) {
  Network quiet(3, 9, {});
  Network busy(3, 9, {});
  for (int i = 0; i < 50; ++i) busy.Send(1, 2, 0);
  EXPECT_EQ(quiet.Send(0, 1, 0).arrival[0], busy.Send(0, 1, 0).arrival[0]);
}

}  // namespace
}  // namespace minos::targets
