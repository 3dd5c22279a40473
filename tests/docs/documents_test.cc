// Is what the documents say true?

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/console_block.h"

namespace minos::testing {
namespace {

namespace fs = std::filesystem;

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const char kSourceDir[] = MINOS_SOURCE_DIR;
const char kProgram[] = MINOS_PROGRAM;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// README.md and the documents below docs/.
std::vector<std::string> Documents() {
  std::vector<std::string> files = {fs::path(kSourceDir) / "README.md"};
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(kSourceDir) / "docs")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin() + 1, files.end());
  return files;
}

std::vector<FencedBlock> AllBlocks() {
  std::vector<FencedBlock> blocks;
  for (const std::string& file : Documents()) {
    for (FencedBlock& block : ReadFencedBlocks(file)) {
      blocks.push_back(std::move(block));
    }
  }
  return blocks;
}

std::vector<FencedBlock> ConsoleBlocks() {
  std::vector<FencedBlock> blocks = AllBlocks();
  std::erase_if(
      blocks, [](const FencedBlock& block) { return block.info != "console"; });
  return blocks;
}

// README_md_12, docs_architecture_md_40.
std::string BlockName(const ::testing::TestParamInfo<FencedBlock>& info) {
  std::string name = fs::relative(info.param.file, kSourceDir).string() + "_" +
                     std::to_string(info.param.line);
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !isalnum(c); },
      '_');
  return name;
}

// Every match of the first group of `pattern` in `text`.
std::vector<std::string> FindAll(const std::string& text,
                                 const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end;
       match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

class ConsoleBlock : public ::testing::TestWithParam<FencedBlock> {};

TEST_P(ConsoleBlock, DoesWhatTheDocumentShows) {
  const std::vector<ConsoleStep> steps = ParseConsole(GetParam());
  ASSERT_THAT(steps, Not(IsEmpty()));
  for (const std::string& failure : RunConsole(steps, kSourceDir, kProgram)) {
    ADD_FAILURE() << GetParam().file << " " << failure;
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, ConsoleBlock,
                         ::testing::ValuesIn(ConsoleBlocks()), BlockName);

TEST(Documents, ShowConsoleSessions) {
  EXPECT_THAT(ConsoleBlocks(), Not(IsEmpty()));
}

TEST(Documents, QuoteSourcesExactly) {
  for (const FencedBlock& block : AllBlocks()) {
    const size_t at = block.info.find("file=");
    if (at == std::string::npos) continue;
    const std::string source = block.info.substr(at + 5);
    EXPECT_THAT(ReadFile(fs::path(kSourceDir) / source), HasSubstr(block.text))
        << block.file << ":" << block.line;
  }
}

TEST(Documents, LinkToFilesThatExist) {
  for (const std::string& file : Documents()) {
    for (const std::string& link :
         FindAll(ReadFile(file), R"(\]\(([^)#]+)[^)]*\))")) {
      // A lambda in a piece of code looks like a link, but for its spaces.
      if (link.find("://") != std::string::npos ||
          link.find(' ') != std::string::npos) {
        continue;
      }
      EXPECT_TRUE(fs::exists(fs::path(file).parent_path() / link))
          << file << " links to " << link;
    }
  }
}

TEST(Documents, NameOnlyFilesThatExist) {
  for (const std::string& file : Documents()) {
    for (const std::string& named :
         FindAll(ReadFile(file),
                 R"(`([a-z_]+/[a-z_/]*(\w\.(h|cc|cmake|sh|md))?)`)")) {
      if (named.starts_with("build/")) continue;
      EXPECT_TRUE(fs::exists(fs::path(kSourceDir) / named))
          << file << " names " << named;
    }
  }
}

TEST(Documents, NameOnlyCommandsOfDevThatExist) {
  const std::string dev = ReadFile(fs::path(kSourceDir) / "dev");
  const std::string usage = dev.substr(0, dev.find("\nTEXT\n"));
  const std::vector<std::string> commands = FindAll(usage, "\n  ([a-z]+) ");
  ASSERT_THAT(commands, Contains("demo"));
  for (const std::string& file : Documents()) {
    for (const std::string& named :
         FindAll(ReadFile(file), R"(\./dev ([a-z]+))")) {
      EXPECT_THAT(commands, Contains(named)) << file;
    }
  }
}

// The machinery of these tests is itself held to its promise.

TEST(Console, ParsesCommandsAndTheirOutput) {
  const std::vector<ConsoleStep> steps = ParseConsole(
      {"a.md", 10, "console", "$ echo a \\\n    b\na b\n$ true\n"});
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].command, "echo a \\\n    b");
  EXPECT_EQ(steps[0].expected_output, "a b\n");
  EXPECT_EQ(steps[0].line, 11);
  EXPECT_EQ(steps[1].command, "true");
  EXPECT_EQ(steps[1].line, 14);
}

TEST(Console, EllipsisStandsForAnyText) {
  EXPECT_TRUE(MatchesText("a\n…\nd\n", "a\nb\nc\nd\n"));
  EXPECT_TRUE(MatchesText("took … s\n", "took 0.3 s\n"));
  EXPECT_TRUE(MatchesText("a \nb\n\n", "a\nb"));
  EXPECT_FALSE(MatchesText("took … s\n", "took 0.3 ms\n"));
  EXPECT_FALSE(MatchesText("a\n…\nd\n", "a\nb\nc\n"));
  EXPECT_FALSE(MatchesText("aba…aba", "aba"));
  EXPECT_FALSE(MatchesText("a\n", "a\nb\n"));
  EXPECT_FALSE(MatchesText("a\n", "b\na\n"));
}

std::vector<std::string> RunSession(const std::string& text) {
  return RunConsole(ParseConsole({"a.md", 1, "console", text}), kSourceDir,
                    kProgram);
}

TEST(Console, AcceptsWhatIsTrue) {
  EXPECT_THAT(
      RunSession(
          "$ false\n$ echo $?\n1\n$ echo a | tr a b\nb\n$ test -d docs\n"),
      IsEmpty());
}

TEST(Console, ReportsAnExitCodeThatIsNotShown) {
  EXPECT_THAT(RunSession("$ false\n"), ElementsAre(HasSubstr("exits with 1")));
}

TEST(Console, ReportsAWrongExitCode) {
  EXPECT_THAT(RunSession("$ (exit 3)\n$ echo $?\n1\n"),
              ElementsAre(HasSubstr("prints\n3")));
}

TEST(Console, ReportsWrongOutput) {
  EXPECT_THAT(RunSession("$ echo a\nb\n"),
              ElementsAre(HasSubstr("instead of\nb")));
}

}  // namespace
}  // namespace minos::testing
