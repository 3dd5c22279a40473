#include "report/lanes.h"

#include <gtest/gtest.h>

#include <string>

#include "report/lanes_svg.h"
#include "tests/support/history_dsl.h"

namespace minos::report {
namespace {

using history::History;
using minos::testing::TestHistory;

TEST(Lanes, TimeRunsFromLeftToRightWhereThePictureFits) {
  TestHistory dsl;
  dsl.Call(0, "write", "3").Call(1, "read").Return(0, "3").Return(1, "1");
  const History history = dsl.Build();
  EXPECT_EQ(DrawLanes(history, {{0, 1}, {}, 1}, 2, 80, Style(false)),
            "  process 0  ├ write 3 ┤\n"
            "  process 1    ├ read → 1 ┤ ✗\n"
            "  line       1 2       3  4\n");
}

TEST(Lanes, TimeRunsFromTopToBottomWhereItDoesNot) {
  const History history = TestHistory().Write(0, "3").Read(1, "1").Build();
  EXPECT_EQ(DrawLanes(history, {{0, 1}, {}, 1}, 0, 36, Style(false)),
            "line  process 0     process 1\n"
            "   1  ┌ write 3\n"
            "   2  └\n"
            "   3                ┌ read → 1 ✗\n"
            "   4                └\n");
}

TEST(Lanes, AnOperationWithoutReturnIsOpenAndDashed) {
  TestHistory dsl;
  dsl.Call(0, "write", "3").Read(1, "3").Info(0);
  const History history = dsl.Build();
  const std::string picture =
      DrawLanes(history, {{0, 1}, {}, {}}, 0, 80, Style(false));
  EXPECT_NE(picture.find("├ write 3 → ? ┄┄>"), picture.npos) << picture;
}

TEST(Lanes, NothingIsDrawnOfNothing) {
  const History history = TestHistory().Write(0, "3").Build();
  EXPECT_EQ(DrawLanes(history, {}, 0, 80, Style(false)), "");
  EXPECT_EQ(LanesSvg(history, {}), "");
}

}  // namespace
}  // namespace minos::report
