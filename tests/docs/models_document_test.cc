// docs/models.md describes each data type in the words of the table that
// `minos list models` prints, in its order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "checker/decider.h"
#include "checker/model_registry.h"

namespace minos::checker {
namespace {

using ::testing::HasSubstr;

std::string Text(std::string_view view) { return std::string(view); }

// What the document must say of `model`.
std::string SectionOf(const ModelInfo& model) {
  std::string section = "## `" + Text(model.name) + "`\n\n" +
                        Text(model.summary) + "\n\n" +
                        "| function | takes | returns | what it does |\n"
                        "|---|---|---|---|\n";
  for (const FunctionInfo& function : model.functions) {
    section += "| " + Text(function.name) + " | " + Text(function.argument) +
               " | " + Text(function.result) + " | " + Text(function.meaning) +
               " |\n";
  }
  section += "\n`--initial`: " + Text(model.initial) + "\n\n";
  std::string deciders;
  for (const DeciderInfo& decider : AllDeciders()) {
    if (!Decides(decider, model.name)) continue;
    deciders +=
        "- `" + Text(decider.name) + "`: " + Text(decider.summary) + "\n";
  }
  return section +
         (deciders.empty()
              ? "Decided by search.\n"
              : "Decided without a search where it is one of\n\n" + deciders);
}

std::string Document() {
  std::ifstream file(std::string(MINOS_SOURCE_DIR) + "/docs/models.md");
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

TEST(ModelsDocument, SaysOfEachDataTypeWhatTheProgramSays) {
  const std::string document = Document();
  for (const ModelInfo& model : AllModels()) {
    EXPECT_THAT(document, HasSubstr(SectionOf(model)));
  }
}

TEST(ModelsDocument, HasTheDataTypesInTheirOrderAndNoOthers) {
  std::vector<std::string> expected;
  for (const ModelInfo& model : AllModels())
    expected.push_back(Text(model.name));
  std::vector<std::string> named;
  const std::string document = Document();
  const std::string mark = "\n## `";
  for (size_t at = document.find(mark); at != std::string::npos;
       at = document.find(mark, at + 1)) {
    const size_t begin = at + mark.size();
    named.push_back(document.substr(begin, document.find('`', begin) - begin));
  }
  EXPECT_EQ(named, expected);
}

}  // namespace
}  // namespace minos::checker
