#include "report/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace minos::report {
namespace {

TEST(Words, ControlCharactersCannotReachTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb\n\x7f"), "a\\x1b[31mb\\x0a\\x7f");
  EXPECT_EQ(Printable("größe → 3"), "größe → 3");
}

TEST(Words, WidthCountsCharactersNotBytes) {
  EXPECT_EQ(Width("read → 3"), 8u);
  EXPECT_EQ(Pad("→", 3), "→  ");
  EXPECT_EQ(Pad("long", 2), "long");
}

TEST(Words, ShortenKeepsTheWidthPromised) {
  EXPECT_EQ(Shorten("abcdef", 6), "abcdef");
  EXPECT_EQ(Shorten("abcdef", 4), "abc…");
  EXPECT_EQ(Width(Shorten("→→→→→→", 4)), 4u);
}

TEST(Words, WrappingBreaksBetweenWordsOnly) {
  EXPECT_EQ(Wrapped("one two three", 2, 9), "  one two\n  three\n");
  EXPECT_EQ(Wrapped("a incomprehensibilities b", 0, 5),
            "a\nincomprehensibilities\nb\n");
  EXPECT_EQ(Wrapped("", 2, 9), "");
}

TEST(Words, CountsAreReadable) {
  EXPECT_EQ(Count(1, "file", "files"), "1 file");
  EXPECT_EQ(Count(0, "file", "files"), "0 files");
  EXPECT_EQ(Count(1234567, "operation", "operations"), "1,234,567 operations");
  EXPECT_EQ(Count(100, "a", "b"), "100 b");
}

TEST(Words, DurationsAreReadable) {
  EXPECT_EQ(Seconds(0.0004), "0.4 ms");
  EXPECT_EQ(Seconds(0.25), "250 ms");
  EXPECT_EQ(Seconds(3.25), "3.2 s");
  EXPECT_EQ(Seconds(125), "2 min 5 s");
}

TEST(Words, FurtherSentencesRepeatNeitherTheSummaryNorTheCycle) {
  checker::Violation violation;
  violation.summary = "the demands form a circle";
  violation.cycle = {{0, 1, "session-order", "a was before b"},
                     {1, 0, "reads-from", "a read b"}};
  violation.sentences = {"the demands form a circle", "a was before b",
                         "a read b", "so no order meets them all"};
  EXPECT_THAT(FurtherSentences(violation),
              ::testing::ElementsAre("so no order meets them all"));
}

}  // namespace
}  // namespace minos::report
