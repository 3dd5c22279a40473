// docs/stores.md says what each store promises, what breaks the rest, and what
// nothing can break. Here each row is tried, and none may be missing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "checker/consistency_registry.h"
#include "targets/target_registry.h"
#include "tests/support/data_types.h"
#include "tests/support/run_program.h"

namespace minos::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

using Row = std::vector<std::string>;

// The rows of the table whose first line is `head`, cell by cell.
std::vector<Row> Table(const std::string& head) {
  std::ifstream file(std::string(MINOS_SOURCE_DIR) + "/docs/stores.md");
  std::vector<Row> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == head) {
      inside = true;
      std::getline(file, line);  // of dashes
      continue;
    }
    inside = inside && line.starts_with("|");
    if (!inside) continue;
    Row row;
    std::istringstream cells(line.substr(1));
    for (std::string cell; std::getline(cells, cell, '|');) {
      const size_t begin = cell.find_first_not_of(' ');
      const size_t end = cell.find_last_not_of(' ');
      row.push_back(begin == std::string::npos
                        ? ""
                        : cell.substr(begin, end - begin + 1));
    }
    rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << head;
  return rows;
}

std::vector<Row> PromiseRows() {
  return Table("| store | the idea | promises | under |");
}
std::vector<Row> ViolationRows() { return Table("| store | run | violates |"); }
std::vector<Row> HoldRows() {
  return Table("| stores | models | why no run breaks them |");
}

std::vector<std::string> Matches(const std::string& text,
                                 const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> matches;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end;
       ++it) {
    matches.push_back((*it)[0]);
  }
  return matches;
}

// What stands in it, of letters and dashes: names of stores or models.
std::vector<std::string> Names(const std::string& cell) {
  return Matches(cell, "[a-z][a-z-]*");
}

std::vector<std::string> Words(const std::string& cell) {
  return Matches(cell, "[^ `]+");
}

std::vector<std::string> Promises(const targets::TargetInfo& target) {
  std::vector<std::string> names;
  const targets::Settings settings(target.parameters, target.bugs);
  for (const targets::Promise& promise : target.promises(settings)) {
    names.push_back(std::string(promise.consistency));
  }
  return names;
}

class StoreDocumentTest : public ::testing::TestWithParam<std::string> {
 protected:
  const targets::TargetInfo& target() const {
    return *targets::FindTarget(GetParam());
  }
};

TEST_P(StoreDocumentTest, NamesWhatTheStorePromises) {
  bool is_listed = false;
  for (const Row& row : PromiseRows()) {
    ASSERT_EQ(row.size(), 4u);
    const std::vector<std::string> stores = Names(row[0]);
    if (std::find(stores.begin(), stores.end(), GetParam()) == stores.end()) {
      continue;
    }
    is_listed = true;
    for (const std::string& promise : Promises(target())) {
      EXPECT_THAT(Names(row[2]), Contains(promise));
    }
  }
  EXPECT_TRUE(is_listed) << GetParam();
}

// From the heading that names the store to the next one.
std::string SectionOf(const std::string& store) {
  std::ifstream file(std::string(MINOS_SOURCE_DIR) + "/docs/stores.md");
  std::string section;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) {
      inside = line.starts_with("### ") &&
               line.find("`" + store + "`") != std::string::npos;
    }
    if (inside) section += line + "\n";
  }
  return section;
}

TEST_P(StoreDocumentTest, HasASectionWithAPictureAndEveryBug) {
  const std::string section = SectionOf(GetParam());
  EXPECT_THAT(section, HasSubstr("\n\n    ")) << "no picture";
  for (const targets::BugInfo& bug : target().bugs) {
    EXPECT_THAT(section, HasSubstr("`" + std::string(bug.name) + "`"));
  }
}

TEST_P(StoreDocumentTest, EachRunViolatesWhatItsRowSays) {
  for (const Row& row : ViolationRows()) {
    ASSERT_EQ(row.size(), 3u);
    if (Names(row[0]) != std::vector<std::string>{GetParam()}) continue;
    std::string models;
    for (const std::string& name : Names(row[2])) {
      models += (models.empty() ? "" : ",") + name;
    }
    std::vector<std::string> arguments = {"run", GetParam()};
    for (const std::string& word : Words(row[1])) arguments.push_back(word);
    arguments.insert(arguments.end(),
                     {"--consistency", models, "--format", "json"});
    const ProgramRun run = RunProgram(MINOS_PROGRAM, arguments);
    EXPECT_EQ(run.exit_code, 1) << row[1] << run.err;
    const auto json = nlohmann::json::parse(run.out, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << row[1];
    for (const auto& check : json["histories"][0]["checks"]) {
      EXPECT_EQ(check["verdict"], "violation")
          << GetParam() << " " << row[1] << ": " << check["consistency"];
    }
  }
}

TEST_P(StoreDocumentTest, LeavesNoModelOut) {
  for (const checker::ConsistencyInfo& model : checker::AllConsistencies()) {
    if (!model.parameter.empty()) continue;
    int said = 0;
    for (const std::string& promise : Promises(target())) {
      if (!checker::Implies(promise, model.name)) continue;
      said = 1;
    }
    for (const Row& row : ViolationRows()) {
      const std::vector<std::string> models = Names(row[2]);
      said += Names(row[0]) == std::vector<std::string>{GetParam()}
                  ? static_cast<int>(
                        std::count(models.begin(), models.end(), model.name))
                  : 0;
    }
    for (const Row& row : HoldRows()) {
      ASSERT_EQ(row.size(), 3u);
      const std::vector<std::string> stores = Names(row[0]);
      const std::vector<std::string> models = Names(row[1]);
      said += std::count(stores.begin(), stores.end(), GetParam()) > 0
                  ? static_cast<int>(
                        std::count(models.begin(), models.end(), model.name))
                  : 0;
    }
    EXPECT_EQ(said, 1) << GetParam() << " and " << model.name
                       << ": promised, broken or never broken, and one of them";
  }
}

std::vector<std::string> TargetNames() {
  std::vector<std::string> names;
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    names.push_back(std::string(target.name));
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(AllTargets, StoreDocumentTest,
                         ::testing::ValuesIn(TargetNames()),
                         NamedByParameter());

}  // namespace
}  // namespace minos::testing
