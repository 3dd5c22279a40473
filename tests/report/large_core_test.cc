// Reports of violations whose core is nearly the whole history stay small.

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "report/dot.h"
#include "report/json.h"
#include "report/renderer.h"
#include "tests/support/history_dsl.h"
#include "tests/support/judged.h"

namespace minos::report {
namespace {

using minos::testing::Judge;
using minos::testing::Judged;
using minos::testing::TestHistory;

constexpr size_t kOperations = 3000;

// A stale read after many writes, all of which are said to be needed.
Judged StaleReadWithLargeCore() {
  TestHistory history;
  for (size_t i = 0; i + 1 < kOperations; ++i) {
    history.Write(0, std::to_string(i));
  }
  history.Read(1, "1");
  Judged judged = Judge(history.Build());
  checker::Violation& violation = judged.verdict.checks[0].violations[0];
  violation.core.clear();
  for (history::OpIndex op = 0; op < kOperations; ++op) {
    violation.core.push_back(op);
  }
  return judged;
}

std::string Rendered(Renderer& renderer, const Judged& judged) {
  const std::string text = renderer.Add(judged.Result("test"));
  return text + renderer.Finish();
}

TEST(LargeCore, JsonDescribesTheLatestOperations) {
  const Judged judged = StaleReadWithLargeCore();
  const auto renderer = MakeJsonRenderer(RenderOptions());
  const auto json = nlohmann::json::parse(Rendered(*renderer, judged));
  const auto& violation = json["histories"][0]["checks"][0]["violations"][0];
  EXPECT_EQ(violation["core"].size(), kOperations);
  EXPECT_EQ(violation["operations"].size(), 1000u);
  EXPECT_EQ(violation["operations"].back()["index"], kOperations - 1);
  EXPECT_EQ(violation["omitted_operations"], kOperations - 1000);
}

TEST(LargeCore, DotDrawsTheLatestOperations) {
  const Judged judged = StaleReadWithLargeCore();
  const auto renderer = MakeDotRenderer(RenderOptions());
  const std::string text = Rendered(*renderer, judged);
  EXPECT_NE(text.find("2800 earlier operations are not drawn"), text.npos);
  EXPECT_NE(text.find("v0_2999 "), text.npos);
  EXPECT_EQ(text.find("v0_2799 "), text.npos);
}

}  // namespace
}  // namespace minos::report
