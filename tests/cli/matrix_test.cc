// minos matrix: what it measures, that shards make the whole, and that the
// tables of the README are true.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

// What stands between the marks of the README.
std::string MatrixOfReadme() {
  std::ifstream file(std::string(MINOS_SOURCE_DIR) + "/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  const std::string readme = text.str();
  const std::string begin = "<!-- minos matrix -->\n";
  const size_t from = readme.find(begin);
  const size_t to = readme.find("<!-- end of minos matrix -->");
  EXPECT_NE(from, std::string::npos);
  EXPECT_NE(to, std::string::npos);
  return readme.substr(from + begin.size(), to - from - begin.size());
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream rest(line);
  std::string cell;
  std::getline(rest, cell, '|');
  while (std::getline(rest, cell, '|')) {
    const size_t first = cell.find_first_not_of(" `");
    const size_t last = cell.find_last_not_of(" `");
    cells.push_back(first == cell.npos ? ""
                                       : cell.substr(first, last - first + 1));
  }
  return cells;
}

struct Table {
  std::vector<std::string> head;
  std::map<std::string, std::vector<std::string>> rows;
};

// The table of `markdown` in whose head `word` stands.
Table TableWith(const std::string& markdown, const std::string& word) {
  Table table;
  std::istringstream lines(markdown);
  std::string line;
  while (std::getline(lines, line)) {
    const bool is_row = line.starts_with("|");
    if (!is_row && !table.head.empty()) break;
    if (!is_row) continue;
    if (table.head.empty()) {
      if (line.find(word) != line.npos) table.head = Cells(line);
    } else if (!line.starts_with("|-")) {
      const std::vector<std::string> cells = Cells(line);
      table.rows[cells.front()] = cells;
    }
  }
  return table;
}

TEST(Matrix, SaysWhatHoldsAndWhatIsBrokenByWhichSeed) {
  const ProgramRun run = Minos({"matrix", "strong-counter", "eventual",
                                "--runs", "4", "--format", "json"});
  EXPECT_EQ(run.exit_code, 0);
  const Json json = JsonOf(run);
  EXPECT_EQ(json["schema"], "minos.matrix/1");
  EXPECT_EQ(json["targets"].size(), 2u);
  const Json& calm = json["targets"][0]["conditions"][0];
  EXPECT_EQ(calm["runs"], 4);
  EXPECT_EQ(calm["cells"][0]["consistency"], "linearizable");
  EXPECT_TRUE(calm["cells"][0]["promised"]);
  EXPECT_EQ(calm["cells"][0]["held"], 4);
  const Json& stale = json["targets"][1]["conditions"][1]["cells"][0];
  EXPECT_FALSE(stale["promised"]);
  EXPECT_GT(stale["broken"], 0);
  EXPECT_THAT(stale["first"]["command"].get<std::string>(),
              HasSubstr("minos run eventual --seed "));
}

TEST(Matrix, IsTheSameWhateverTheThreadsAndTheShards) {
  const std::vector<std::string> whole = {
      "matrix", "quorum", "g-set", "--runs", "6", "--format", "json"};
  const std::string one = Minos(whole).out;
  std::vector<std::string> threads = whole;
  threads.insert(threads.end(), {"--jobs", "3"});
  EXPECT_EQ(Minos(threads).out, one);
  ScratchDirectory scratch;
  std::vector<std::string> merge = {"merge"};
  for (const char* shard : {"1", "2", "3", "4"}) {
    std::vector<std::string> part = whole;
    const std::string file = scratch.File(shard);
    part.insert(part.end(),
                {"--shard", std::string(shard) + "/4", "--output", file});
    EXPECT_EQ(Minos(part).exit_code, 0);
    merge.push_back(file);
  }
  EXPECT_EQ(Minos(merge).out, one);
}

TEST(Matrix, EveryFormatNamesTheStores) {
  for (const char* format : {"text", "markdown", "html"}) {
    const ProgramRun run =
        Minos({"matrix", "abd", "--runs", "1", "--format", format});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, HasSubstr("abd"));
    EXPECT_THAT(run.out, HasSubstr("a register that must be exact"));
  }
}

// The seeds that a row names.
std::set<std::string> SeedsOf(const std::vector<std::string>& cells) {
  std::set<std::string> seeds;
  for (const std::string& cell : cells) {
    const size_t space = cell.find(' ');
    if (space != cell.npos) seeds.insert(cell.substr(space + 1));
  }
  return seeds;
}

// Runs `seed` of `store`, and looks whether it breaks what `cells` say it does.
void ExpectBroken(const std::string& store, const std::string& seed,
                  const std::vector<std::string>& cells) {
  const Json json = JsonOf(Minos(
      {"matrix", store, "--runs", "1", "--seed", seed, "--format", "json"}));
  for (size_t i = 1; i < cells.size(); ++i) {
    if (!cells[i].ends_with(" " + seed)) continue;
    const size_t condition = cells[i].starts_with("✗") ? 0 : 1;
    const Json& cell =
        json["targets"][0]["conditions"][condition]["cells"][i - 1];
    EXPECT_EQ(cell["broken"], 1)
        << store << ", seed " << seed << ", " << cell["consistency"];
  }
}

// The README has the stores, the models and the promises of the program, none
// broken, and the first and the last seed of each row break what it says.
TEST(Matrix, OfTheReadmeIsTrue) {
  const Table readme = TableWith(MatrixOfReadme(), "linearizable");
  const Table made =
      TableWith(Minos({"matrix", "--runs", "1", "--format", "markdown"}).out,
                "linearizable");
  ASSERT_EQ(readme.head, made.head);
  ASSERT_EQ(readme.rows.size(), made.rows.size());
  for (const auto& [store, cells] : readme.rows) {
    ASSERT_TRUE(made.rows.contains(store)) << store;
    for (size_t i = 1; i < cells.size(); ++i) {
      EXPECT_EQ(cells[i] == "●", made.rows.at(store)[i] == "●")
          << store << ", " << readme.head[i];
      EXPECT_THAT(cells[i], Not(HasSubstr("‼"))) << store;
    }
    const std::set<std::string> seeds = SeedsOf(cells);
    if (seeds.empty()) continue;
    ExpectBroken(store, *seeds.begin(), cells);
    ExpectBroken(store, *seeds.rbegin(), cells);
  }
}

// All of it, letter by letter: minutes, so only where it is asked for.
TEST(Matrix, OfTheReadmeIsWhatTheProgramMakes) {
  if (std::getenv("MINOS_LONG_TESTS") == nullptr) {
    GTEST_SKIP() << "set MINOS_LONG_TESTS=1 to measure it all";
  }
  // Its first word says how many runs it is made of.
  const std::string readme = MatrixOfReadme();
  const std::string runs = readme.substr(0, readme.find(' '));
  EXPECT_EQ(Minos({"matrix", "--runs", runs, "--format", "markdown"}).out,
            readme);
}

}  // namespace
}  // namespace minos::testing
