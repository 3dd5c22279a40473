// Reading on several threads gives what reading on one does.

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "history/read.h"
#include "history/value_text.h"
#include "tests/support/random_history.h"
#include "tests/support/recordings.h"

namespace minos::history {
namespace {

using minos::testing::ReadText;
using minos::testing::TestRandom;
using minos::testing::ToText;

// Enough for a few chunks.
constexpr size_t kLines = 12'000;

// Values of all kinds, of which some come again and again and some are new.
std::string Value(TestRandom& random, size_t line) {
  switch (random.Below(10)) {
    case 0:
      return absl::StrCat(line);
    case 1:
      return absl::StrCat("\"text ", random.Below(line + 1), "\"");
    case 2:
      return absl::StrCat("[", random.Below(9), ",[", line, ",null,true]]");
    case 3:
      return absl::StrCat(R"({"b":)", random.Below(5), R"(,"a":)", line, "}");
    case 4:
      return absl::StrCat(R"({"a":)", line, R"(,"c)", random.Below(50),
                          R"(":2.5e100})");
    case 5:
      return absl::StrCat("123456789012345678901234567890", random.Below(99));
    default:
      return absl::StrCat(random.Below(300));
  }
}

std::string Event(TestRandom& random, size_t line) {
  std::string text =
      absl::StrCat(R"({"process":)", line / 2 % 7, R"(,"type":")",
                   line % 2 == 0 ? "invoke" : "ok", R"(","f":"write","value":)",
                   Value(random, line), R"(,"time":)", line);
  if (random.Percent(10)) absl::StrAppend(&text, R"(,"node":"n)", line, "\"");
  if (random.Percent(5)) absl::StrAppend(&text, R"(,"note":[)", line, "]");
  return text + (random.Percent(5) ? "}  \r\n" : "}\n");
}

// Something that is no event, or not one that may stand here.
std::string Mistake(TestRandom& random, size_t line) {
  switch (random.Below(7)) {
    case 0:
      return "{\"process\":0,\n";
    case 1:
      return absl::StrCat("[", line, "] and more\n");
    case 2:
      return absl::StrCat(R"({"process":[)", line,
                          R"(],"type":"ok","f":"read"})", "\n");
    case 3:
      return absl::StrCat(R"({"process":1,"type":{"z":1,"y":)", line,
                          R"(},"f":"read"})", "\n");
    case 4:
      return absl::StrCat(R"({"process":0,"f":"read","call":)", line,
                          R"(,"return":)", line + 1, "}\n");
    case 5:
      return "\n \t\n";
    default:
      return absl::StrCat(R"({"process":99,"type":"ok","f":"cas","value":)",
                          line, "}\n");
  }
}

std::string Text(TestRandom& random, size_t mistakes_per_thousand) {
  std::string text;
  for (size_t line = 0; line < kLines; ++line) {
    text += random.Below(1000) < mistakes_per_thousand ? Mistake(random, line)
                                                       : Event(random, line);
  }
  if (random.Percent(50)) text.pop_back();
  return text;
}

// All that a recording says; values also by their ids.
std::string Everything(const Recording& recording) {
  std::string text = ToText(recording.history);
  absl::StrAppend(&text, ToText(recording.problems), recording.problem_count);
  const ValueTable& values = recording.history.values();
  for (size_t id = 0; id < values.size(); ++id) {
    const ValueId value{static_cast<uint32_t>(id)};
    absl::StrAppend(&text, "\n", ToShortText(values, value, 100),
                    values.is_keyword(value) ? "k" : "");
  }
  return text;
}

void ExpectEqualOnThreads(const std::string& text) {
  const std::string expected = Everything(ReadText(text));
  for (const int jobs : {2, 3}) {
    ReadOptions options;
    options.jobs = jobs;
    // Not EXPECT_EQ, whose difference would be of megabytes.
    EXPECT_TRUE(Everything(ReadText(text, options)) == expected)
        << jobs << " threads";
  }
}

TEST(ParallelLines, GiveTheSameHistoryAndIds) {
  TestRandom random(1);
  for (int i = 0; i < 3; ++i) ExpectEqualOnThreads(Text(random, 0));
}

TEST(ParallelLines, GiveTheSameProblems) {
  TestRandom random(2);
  for (const size_t mistakes : {1, 1, 10, 300}) {
    ExpectEqualOnThreads(Text(random, mistakes));
  }
}

TEST(ParallelLines, AreReadFromTheMiddleOfALine) {
  TestRandom random(3);
  ExpectEqualOnThreads("\xEF\xBB\xBF \n  " + Text(random, 1));
  ExpectEqualOnThreads("{\"process\":1,\"type\":\"invoke\",\"f\":\"x\"}");
  ExpectEqualOnThreads("");
}

TEST(ParallelLines, OfWholeOperations) {
  std::string text;
  for (size_t i = 0; i < kLines; ++i) {
    absl::StrAppend(&text, R"({"process":)", i % 5,
                    R"(,"f":"write","value":"v)", i % 1000, R"(","call":)",
                    i * 10, R"(,"return":)", i * 10 + 5, "}\n");
  }
  ExpectEqualOnThreads(text);
}

TEST(ParallelLines, KeepTheMemoryLimit) {
  TestRandom random(4);
  ReadOptions options;
  options.jobs = 2;
  options.memory_bytes = size_t{2} << 20;
  const std::string text = Text(random, 0);
  minos::testing::TextSource source(text);
  EXPECT_TRUE(
      absl::IsResourceExhausted(ReadHistory(source, "test", options).status()));
}

}  // namespace
}  // namespace minos::history
