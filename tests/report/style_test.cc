#include "report/style.h"

#include <gtest/gtest.h>

namespace minos::report {
namespace {

TEST(Style, WritesNoEscapeSequenceUnlessAsked) {
  EXPECT_EQ(Style(false).Red("no"), "no");
  EXPECT_EQ(Style(true).Red("yes"), "\x1b[1;31myes\x1b[0m");
}

TEST(Style, LeavesNothingAroundNothing) { EXPECT_EQ(Style(true).Bold(""), ""); }

}  // namespace
}  // namespace minos::report
