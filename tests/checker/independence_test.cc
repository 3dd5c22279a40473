// What sees the whole holds an object together, also for the search.

#include "checker/independence.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "checker/check.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "history/history.h"
#include "tests/support/history_dsl.h"

namespace minos::testing {
namespace {

using checker::Verdict;
using history::History;

size_t CountParts(const History& history, const std::string& model) {
  const checker::ModelInfo& info = **checker::FindModel(model);
  const auto partitioning =
      checker::SplitByKey(history, info, checker::KeyChoice::kNone);
  return checker::SplitIndependent(history, info, partitioning->keying,
                                   partitioning->partitions.front().operations)
      .size();
}

Verdict Search(const History& history, const std::string& model) {
  checker::CheckOptions options;
  options.model = model;
  options.algorithm = "wgl";
  const auto result = checker::CheckHistory(history, options);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? result->verdict : Verdict::kUnknown;
}

TEST(Independence, ASetFallsApartUnlessItIsReadAsAWhole) {
  for (const char* model : {"set", "multiset"}) {
    TestHistory parts;
    parts.Ok(0, "add", "1", "1").Ok(0, "add", "2", "2");
    parts.Call(1, "read").Info(1);
    EXPECT_EQ(CountParts(parts.Build(), model), 2u);

    TestHistory whole;
    whole.Ok(0, "add", "1", "1").Ok(0, "add", "2", "2").Read(1, "[1]");
    const History history = whole.Build();
    EXPECT_EQ(CountParts(history, model), 1u);
    EXPECT_EQ(Search(history, model), Verdict::kViolation);
  }
}

TEST(Independence, AQueueFallsApartUnlessItIsFoundEmpty) {
  TestHistory parts;
  parts.Ok(0, "enqueue", "1", "1").Ok(0, "enqueue", "2", "2");
  parts.Ok(1, "dequeue", "nil", "2").Call(1, "dequeue").Info(1);
  EXPECT_EQ(CountParts(parts.Build(), "unordered-queue"), 2u);

  for (const char* nothing : {"nil", ":empty", ":exhausted"}) {
    TestHistory whole;
    whole.Ok(0, "enqueue", "1", "1").Ok(0, "enqueue", "2", "2");
    whole.Ok(1, "dequeue", "nil", "2").Ok(1, "dequeue", "nil", nothing);
    const History history = whole.Build();
    EXPECT_EQ(CountParts(history, "unordered-queue"), 1u) << nothing;
    EXPECT_EQ(Search(history, "unordered-queue"), Verdict::kViolation)
        << nothing;
  }
}

}  // namespace
}  // namespace minos::testing
