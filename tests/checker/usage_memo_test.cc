// What was asked about multisets of info operations, remembered.

#include "checker/usage_memo.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace minos::testing {
namespace {

using checker::UsageMemo;

TEST(UsageMemo, DoesNotFindTheSameAgain) {
  UsageMemo memo;
  int asked = 0;
  const auto find = [&asked] { return static_cast<uint32_t>(++asked); };
  EXPECT_EQ(memo.Get(5, 2, find), 1u);
  EXPECT_EQ(memo.Get(5, 2, find), 1u);
  EXPECT_EQ(asked, 1);
}

// Most of so many share their place with others.
TEST(UsageMemo, NeverTellsWhatWasFoundForAnother) {
  UsageMemo memo;
  for (int round = 0; round < 2; ++round) {
    for (uint32_t usage = 0; usage < 300; ++usage) {
      for (uint32_t kind = 0; kind < 40; ++kind) {
        const uint32_t expected = usage * 100 + kind;
        EXPECT_EQ(memo.Get(usage, kind, [=] { return expected; }), expected);
      }
    }
  }
}

}  // namespace
}  // namespace minos::testing
