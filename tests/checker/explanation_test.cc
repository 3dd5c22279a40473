// Cores of violations, against brute force.

#include "checker/explanation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/check.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/value_projection.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/history_dsl.h"
#include "tests/support/plain_history.h"
#include "tests/support/random_history.h"
#include "tests/support/tiny_histories.h"

namespace minos::testing {
namespace {

using history::OpIndex;

void Relax(PlainOperation& operation) {
  operation.outcome = PlainOutcome::kInfo;
  operation.result = {};
}

// The core by itself.
PlainHistory CoreOf(const PlainHistory& plain,
                    const checker::Violation& violation) {
  PlainHistory core = plain;
  core.operations.clear();
  const std::set<OpIndex> relaxed(violation.relaxed.begin(),
                                  violation.relaxed.end());
  for (const OpIndex op : violation.core) {
    core.operations.push_back(plain.operations[op]);
    if (relaxed.contains(op)) Relax(core.operations.back());
  }
  return core;
}

// What minos says of a history of one object.
checker::CheckResult Judge(const history::History& history,
                           history::ValueId initial, const std::string& type,
                           bool explain) {
  checker::CheckOptions options;
  options.model = type;
  options.initial = initial;
  options.keys = checker::KeyChoice::kNone;
  options.explain = explain;
  const auto verdict = checker::CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict.value().checks.front();
}

class Cores : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, Cores, ::testing::ValuesIn(AllDataTypes()),
                         NamedByParameter());

TEST_P(Cores, AreViolatedByThemselvesAndCannotBeRelaxedFurther) {
  TestRandom random(1);
  const PlainAlphabet alphabet = LargeAlphabet(GetParam(), true);
  size_t explained = 0;
  const size_t histories = IsLongRun() ? 20'000 : 300;
  for (size_t i = 0; i < histories; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 7, random);
    auto [history, initial] = ToHistory(plain);
    const checker::CheckResult check =
        Judge(history, initial, GetParam(), /*explain=*/true);
    if (check.verdict != checker::Verdict::kViolation) continue;
    ++explained;
    const checker::Violation& violation = check.violations.front();
    const checker::CheckResult unexplained =
        Judge(history, initial, GetParam(), /*explain=*/false);
    const PlainHistory core = CoreOf(plain, violation);
    ASSERT_FALSE(IsLinearizable(core)) << ToText(core) << "\nof\n"
                                       << ToText(plain);
    for (size_t k = 0; k < core.operations.size(); ++k) {
      const OpIndex op = violation.core[k];
      const bool is_last = op == unexplained.violations.front().culprit;
      if (is_last || core.operations[k].outcome != PlainOutcome::kOk) continue;
      PlainHistory less = core;
      Relax(less.operations[k]);
      EXPECT_TRUE(IsLinearizable(less))
          << "without " << k << ": " << ToText(core);
    }
  }
  EXPECT_GT(explained, histories / 20);
}

// The operation at whose completion the history is violated, if whatever had
// not completed by then may have happened or not; nothing if no prefix is.
std::optional<OpIndex> FirstViolated(const PlainHistory& plain) {
  std::vector<std::pair<int, OpIndex>> completions;
  for (OpIndex op = 0; op < plain.operations.size(); ++op) {
    if (plain.operations[op].outcome == PlainOutcome::kInfo) continue;
    completions.emplace_back(plain.operations[op].end, op);
  }
  std::sort(completions.begin(), completions.end());
  for (const auto& [end, last] : completions) {
    PlainHistory prefix = plain;
    prefix.operations.clear();
    for (const PlainOperation& op : plain.operations) {
      if (op.call > end) continue;
      prefix.operations.push_back(op);
      if (op.end > end) Relax(prefix.operations.back());
    }
    if (!IsLinearizable(prefix)) return last;
  }
  return std::nullopt;
}

class Prefixes : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, Prefixes, ::testing::ValuesIn(AllDataTypes()),
                         NamedByParameter());

// Whoever judges it, and explained or not.
TEST_P(Prefixes, AreTheSmallestAsRecordedAndNoneIsMissing) {
  TestRandom random(3);
  const PlainAlphabet alphabet = LargeAlphabet(GetParam(), true);
  size_t violations = 0;
  const size_t histories = IsLongRun() ? 100'000 : 2000;
  for (size_t i = 0; i < histories; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 7, random);
    auto [history, initial] = ToHistory(plain);
    const checker::CheckResult check =
        Judge(history, initial, GetParam(), /*explain=*/false);
    if (check.verdict != checker::Verdict::kViolation) continue;
    const auto first = FirstViolated(plain);
    ASSERT_TRUE(first.has_value()) << ToText(plain);
    const size_t events = history.completion(*first) + size_t{1};
    ASSERT_EQ(check.violations.front().prefix_events, events)
        << check.algorithm << ": " << ToText(plain);
    if (++violations % 4 != 0) continue;
    const checker::CheckResult explained =
        Judge(history, initial, GetParam(), /*explain=*/true);
    ASSERT_EQ(explained.violations.front().prefix_events, events)
        << check.algorithm << ": " << ToText(plain);
  }
  EXPECT_GT(violations, histories / 100);
}

// The core leaves out the dequeue of 3 with all else that is of 3. But when the
// dequeue of 1 returned, nobody knew yet what it would take.
TEST(PrefixOfAQueue, KnowsNothingOfWhatIsDequeuedLater) {
  TestHistory builder;
  builder.Call(0, "enqueue", "2").Call(1, "enqueue", "3").Return(0);
  builder.Call(2, "enqueue", "1").Call(0, "dequeue").Return(1);
  builder.Call(1, "dequeue").Return(2).Call(2, "enqueue", "3");
  builder.Return(0, "1").Return(1, "3").Return(2);
  const history::History history = builder.Build();
  for (const bool explain : {false, true}) {
    const checker::CheckResult check =
        Judge(history, history::kNoValue, "fifo-queue", explain);
    ASSERT_EQ(check.verdict, checker::Verdict::kViolation);
    EXPECT_EQ(check.violations.front().prefix_events, 11u);
  }
}

class Projections : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, Projections,
                         ::testing::Values("fifo-queue", "unordered-queue",
                                           "stack", "priority-queue", "set",
                                           "multiset"),
                         NamedByParameter());

// `plain` without what was done with one or more values.
PlainHistory Project(const PlainHistory& plain, TestRandom& random) {
  auto [history, initial] = ToHistory(plain);
  checker::Budget budget({});
  checker::ValueProjection projection(**checker::FindModel(plain.type),
                                      history.values(), initial, budget);
  EXPECT_TRUE(projection.Applies());
  std::vector<size_t> happened;
  std::vector<checker::Call> calls;
  for (size_t i = 0; i < plain.operations.size(); ++i) {
    if (plain.operations[i].outcome == PlainOutcome::kFail) continue;
    happened.push_back(i);
    calls.push_back(checker::CallOf(history, checker::Keying::kNone,
                                    static_cast<OpIndex>(i)));
  }
  checker::ValueProjection::Values dropped;
  for (const history::ValueId value : projection.Droppable(calls)) {
    if (random.Percent(60)) dropped.insert(value);
  }
  const std::vector<bool> stay = projection.StayWithout(dropped, calls);
  PlainHistory projected = plain;
  projected.operations.clear();
  for (size_t i = 0; i < happened.size(); ++i) {
    if (stay[i]) projected.operations.push_back(plain.operations[happened[i]]);
  }
  return projected;
}

TEST_P(Projections, OfGoodHistoriesAreGood) {
  TestRandom random(2);
  const auto alphabets = LargeAlphabets(GetParam());
  size_t smaller = 0;
  const size_t histories = IsLongRun() ? 50'000 : 1500;
  for (size_t i = 0; i < histories; ++i) {
    const PlainHistory plain = RandomHistory(alphabets[i % 2], 7, random);
    if (!IsLinearizable(plain)) continue;
    const PlainHistory projected = Project(plain, random);
    if (projected.operations.size() < plain.operations.size()) ++smaller;
    ASSERT_TRUE(IsLinearizable(projected)) << ToText(projected) << "\nof\n"
                                           << ToText(plain);
  }
  EXPECT_GT(smaller, histories / 5);
}

TEST(Explanation, ThatHasNoTimeSaysWhatIsKnownAndListsNothing) {
  TestHistory builder;
  builder.Write(0, "1").Write(0, "2").Read(1, "1");
  const history::History history = builder.Build();
  const checker::ModelInfo& model = **checker::FindModel("register");
  const auto partitioning =
      checker::SplitByKey(history, model, checker::KeyChoice::kNone);
  const std::atomic<bool> interrupted = true;
  checker::Limits limits;
  limits.interrupted = &interrupted;
  checker::Budget budget(limits);
  const auto violation = checker::ExplainNotLinearizable(
      history, model, history::kNoValue, partitioning->keying,
      partitioning->partitions.front(), 2, budget);
  ASSERT_TRUE(violation.ok()) << violation.status();
  EXPECT_EQ(violation->culprit, OpIndex{2});
  EXPECT_TRUE(violation->core.empty());
  ASSERT_EQ(violation->sentences.size(), 1u);
  EXPECT_NE(violation->sentences[0].find("No small part was found"),
            std::string::npos);
}

}  // namespace
}  // namespace minos::testing
