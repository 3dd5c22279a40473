// The worked example of docs/writing-a-store.md is a store like any other.

#include <map>
#include <set>

#include "docs/examples/mailbox_store.h"
#include "generators/run.h"
#include "gtest/gtest.h"

namespace minos::generators {
namespace {

using history::History;
using history::OpIndex;

// What the final reads of each key returned.
std::map<uint32_t, std::set<uint32_t>> FinalValues(const History& history) {
  std::map<uint32_t, std::set<uint32_t>> values;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    if (history.Extra(op, "final") != history::kTrue) continue;
    values[ToInt(history.key(op))].insert(ToInt(history.result(op)));
  }
  return values;
}

bool AllCopiesAgree(const RunOptions& options) {
  const targets::TargetInfo mailbox = examples::Mailbox();
  const Recipe recipe = MakeRecipe(mailbox, options).value();
  const Run run = Execute(mailbox, recipe, {}).value();
  const auto values = FinalValues(run.history);
  EXPECT_FALSE(values.empty());
  for (const auto& [key, seen] : values) {
    if (seen.size() != 1) return false;
  }
  return true;
}

TEST(WritingAStoreTest, TheExampleAgreesWhereNoMailIsLost) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    RunOptions options;
    options.seed = seed;
    EXPECT_TRUE(AllCopiesAgree(options)) << "seed " << seed;
  }
}

TEST(WritingAStoreTest, LostMailIsMissed) {
  bool is_missed = false;
  for (uint64_t seed = 0; seed < 50 && !is_missed; ++seed) {
    RunOptions options;
    options.seed = seed;
    options.faults = targets::FaultSet{FaultKind::kLoss};
    is_missed = !AllCopiesAgree(options);
  }
  EXPECT_TRUE(is_missed);
}

TEST(WritingAStoreTest, ThePlantedBugShows) {
  bool is_caught = false;
  for (uint64_t seed = 0; seed < 50 && !is_caught; ++seed) {
    RunOptions options;
    options.seed = seed;
    options.bugs = {"keep-older"};
    is_caught = !AllCopiesAgree(options);
  }
  EXPECT_TRUE(is_caught);
}

}  // namespace
}  // namespace minos::generators
