// What a guided search keeps failing for.

#include "checker/culprits.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace minos::testing {
namespace {

using checker::Culprits;

TEST(Culprits, BecomeMoreUrgentWithEachAttemptThatFailsForThem) {
  Culprits culprits(3);
  EXPECT_EQ(culprits.UrgencyOf(1), 0u);
  for (uint32_t attempt = 1; attempt <= 3; ++attempt) {
    culprits.Note(1);
    culprits.Learn();
    EXPECT_EQ(culprits.UrgencyOf(1), attempt);
  }
  EXPECT_EQ(culprits.UrgencyOf(0), 0u);
}

TEST(Culprits, AreThoseForWhichMostFailed) {
  Culprits culprits(3);
  culprits.Note(0, 10);
  culprits.Note(1, 4);
  culprits.Note(2, 4);
  culprits.Note(2);
  culprits.Learn();
  EXPECT_EQ(culprits.UrgencyOf(0), 1u);
  EXPECT_EQ(culprits.UrgencyOf(1), 0u);
  EXPECT_EQ(culprits.UrgencyOf(2), 1u);
}

TEST(Culprits, AreForgottenAfterEachAttempt) {
  Culprits culprits(2);
  culprits.Note(0, 10);
  culprits.Learn();
  culprits.Note(1);
  culprits.Learn();
  culprits.Learn();
  EXPECT_EQ(culprits.UrgencyOf(0), 1u);
  EXPECT_EQ(culprits.UrgencyOf(1), 1u);
}

TEST(Culprits, AreNotMoreUrgentWithoutEnd) {
  Culprits culprits(1);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    culprits.Note(0);
    culprits.Learn();
  }
  EXPECT_LT(culprits.UrgencyOf(0), 32u);
}

}  // namespace
}  // namespace minos::testing
