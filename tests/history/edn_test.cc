#include "history/edn.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/value_table.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

// What `text` reads as, written again; or the error.
std::string Read(std::string_view text) {
  ValueTable values;
  const auto value = ParseEdn(text, values);
  if (!value.ok()) return std::string(value.status().message());
  std::string written;
  AppendEdn(values, *value, written);
  return written;
}

ValueKind KindOf(std::string_view text) {
  ValueTable values;
  const auto value = ParseEdn(text, values);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? values.kind(*value) : ValueKind::kNil;
}

using Cases = std::vector<std::pair<std::string_view, std::string_view>>;

void ExpectReads(const Cases& cases) {
  for (const auto& [text, written] : cases) {
    EXPECT_EQ(Read(text), written) << "of " << text;
  }
}

TEST(EdnTest, ReadsConstants) {
  ExpectReads({{"nil", "nil"}, {"true", "true"}, {" false ", "false"}});
  EXPECT_EQ(KindOf("nil"), ValueKind::kNil);
  EXPECT_EQ(KindOf("false"), ValueKind::kBool);
}

TEST(EdnTest, ReadsIntegersOf64BitsAndLarger) {
  ExpectReads({{"0", "0"},
               {"-0", "0"},
               {"+7", "7"},
               {"-12N", "-12"},
               {"9223372036854775807", "9223372036854775807"},
               {"-9223372036854775808", "-9223372036854775808"},
               {"9223372036854775808", "9223372036854775808N"},
               {"+99999999999999999999N", "99999999999999999999N"},
               {"0x1f", "31"}});
  EXPECT_EQ(KindOf("12N"), ValueKind::kInteger);
  EXPECT_EQ(KindOf("-9223372036854775809"), ValueKind::kBigInteger);
}

TEST(EdnTest, ReadsFloats) {
  ExpectReads({{"1.5", "1.5"},
               {"-2e3", "-2000.0"},
               {"1.", "1.0"},
               {"3.25M", "3.25"},
               {"4M", "4.0"},
               {"##Inf", "##Inf"},
               {"##-Inf", "##-Inf"},
               {"##NaN", "##NaN"}});
}

TEST(EdnTest, ReducesRatios) {
  ExpectReads({{"2/6", "1/3"},
               {"-2/6", "-1/3"},
               {"6/3", "2"},
               {"0/5", "0"},
               {"-9223372036854775808/2", "-4611686018427387904"}});
}

TEST(EdnTest, ReadsStringsWithEscapes) {
  ValueTable values;
  const auto value = ParseEdn(R"("a\n\t\"\\\u00e9\uD83D\uDE00 é")", values);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(values.text(*value), "a\n\t\"\\é😀 é");
  EXPECT_EQ(Read("\"two\nlines\""), R"("two\nlines")");
  EXPECT_EQ(Read(R"("")"), R"("")");
}

TEST(EdnTest, ReadsCharacters) {
  ExpectReads({{R"(\a)", R"(\a)"},
               {R"(\é)", R"(\é)"},
               {R"(\u0041)", R"(\A)"},
               {R"(\newline)", R"(\newline)"},
               {R"(\space)", R"(\space)"},
               {R"([\( \)])", R"([\( \)])"}});
}

TEST(EdnTest, KeywordsAndStringsOfOneNameAreOneValue) {
  ValueTable values;
  EXPECT_EQ(*ParseEdn(":read", values), *ParseEdn("\"read\"", values));
  ExpectReads({{":a.b/c-d?", ":a.b/c-d?"}, {"a.b/c", "a.b/c"}});
  EXPECT_EQ(KindOf("a.b/c"), ValueKind::kSymbol);
}

TEST(EdnTest, ReadsCollections) {
  ExpectReads({{"[1 2,3]", "[1 2 3]"},
               {"(1 [2 ()])", "[1 [2 []]]"},
               {"{:a 1, :b {}}", "{:a 1, :b {}}"},
               {"{[1 2] #{3}}", "{[1 2] #{3}}"},
               {"[]", "[]"},
               {"#{}", "#{}"}});
}

TEST(EdnTest, MapsAndSetsAreEqualWhateverTheirOrder) {
  ValueTable values;
  EXPECT_EQ(*ParseEdn("{:a 1 :b 2}", values), *ParseEdn("{:b 2 :a 1}", values));
  EXPECT_EQ(*ParseEdn("#{1 2}", values), *ParseEdn("#{2 1}", values));
  EXPECT_NE(*ParseEdn("[1 2]", values), *ParseEdn("[2 1]", values));
}

TEST(EdnTest, DropsTagsEvenGluedOnes) {
  ExpectReads({{"#foo/bar 1", "1"},
               {"#jepsen.history.Op{:f :read}", "{:f :read}"},
               {"#inst \"2020-01-01\"", "\"2020-01-01\""},
               {"[#a #b 1]", "[1]"},
               {"#object[a.B$c 0x5f2d \"x\"]", "[a.B$c 24365 \"x\"]"}});
}

TEST(EdnTest, DropsDiscardedFormsAndComments) {
  ExpectReads({{"#_ 1 2", "2"},
               {"[1 #_ #_ 2 3 4]", "[1 4]"},
               {"[1 #_[2 #_3]]", "[1]"},
               {"{:a #_ 1 2}", "{:a 2}"},
               {"#foo #_ 1 2", "2"},
               {"; first\n 1 ; last", "1"},
               {"1 #_ 2", "1"}});
}

TEST(EdnTest, ErrorsNameTheExactPlace) {
  ExpectReads({
      {"", "1:1: the text ends where a form should begin"},
      {"; only", "1:7: the text ends where a form should begin"},
      {"[1\n [2",
       "2:4: the vector that begins at 2:2 is not closed; is the file cut "
       "off?"},
      {"(1",
       "1:3: the list that begins at 1:1 is not closed; is the file cut "
       "off?"},
      {"\"ab\nc",
       "2:2: the string that begins at 1:1 is not closed; is the file cut "
       "off?"},
      {"[1 }",
       "1:4: `}` stands where `]` should close the vector that begins "
       "at 1:1"},
      {"]", "1:1: `]` closes nothing"},
      {"{:a 1 :b}",
       "1:9: the map that begins at 1:1 has a key without a "
       "value: :b"},
      {"[{:a 1 :a 2}]", "1:2: the map that begins here has the key :a twice"},
      {"#{1 2 1}", "1:1: the set that begins here has the element 1 twice"},
      {"[#foo]",
       "1:6: the tag that begins at 1:2 stands before no form; is "
       "the file cut off?"},
      {"[#_]",
       "1:4: the discard `#_` that begins at 1:2 stands before no "
       "form; is the file cut off?"},
      {"1 2",
       "1:3: more text follows the form; write several values as a "
       "vector: [1 2]"},
      {"[12a]", "1:2: `12a`: not a number"},
      {"012", "1:1: `012`: an integer must not begin with 0"},
      {"1/0", "1:1: `1/0`: the denominator of a ratio must not be 0"},
      {"1e999", "1:1: `1e999`: the float does not fit 64 bits"},
      {":", "1:1: `:` is followed by no name"},
      {"::a", "1:1: `:` is followed by no name"},
      {"@x", "1:1: `@` does not begin an EDN form"},
      {"[\x01]", "1:2: the byte 0x01 does not begin an EDN form"},
      {"##Foo", "1:1: `##` is followed by none of Inf, -Inf and NaN"},
      {"\"a\\q\"",
       "1:3: a string has an unknown escape; EDN has \\t \\n \\r "
       "\\b \\f \\\" \\\\ and \\uXXXX"},
      {"\"\\uD800\"", "1:2: half of a surrogate pair stands alone"},
      {"\"\\u12g4\"", "1:2: `\\u` is not followed by four hexadecimal digits"},
      {"\"ab\xFF\"",
       "1:4: the byte 0xff is not valid UTF-8 here; recordings "
       "are UTF-8 text"},
      {"[ab\xC3(]",
       "1:4: the byte 0xc3 is not valid UTF-8 here; recordings "
       "are UTF-8 text"},
      {"; \xFF\n1",
       "1:3: the byte 0xff is not valid UTF-8 here; recordings "
       "are UTF-8 text"},
  });
}

TEST(EdnTest, NestingIsBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(Read(nested(kMaxNesting)), nested(kMaxNesting));
  EXPECT_EQ(Read(nested(kMaxNesting + 1)),
            "1:129: forms nest more than 128 "
            "deep");
  std::string tags;
  for (int i = 0; i < 1000; ++i) tags += "#a ";
  EXPECT_EQ(Read(tags + "1"), "1:385: forms nest more than 128 deep");
  EXPECT_EQ(Read(std::string(1'000'000, '{')),
            "1:129: forms nest more than "
            "128 deep");
}

}  // namespace
}  // namespace minos::history
