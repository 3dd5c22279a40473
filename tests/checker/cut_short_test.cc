// A check that is cut short says what is true, or that it does not know: each
// is stopped at every place where it looks at its budget, as far as these small
// histories have such places.

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "checker/check.h"
#include "checker/consistency_registry.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/value.h"
#include "tests/support/data_types.h"
#include "tests/support/history_dsl.h"
#include "tests/support/plain_history.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::CheckOptions;
using checker::CheckResult;
using checker::Verdict;
using history::History;

// Past these places a check looks at its budget in the same loops again.
constexpr size_t kMostQuestions = 400;

// Nothing where the data type has no such model.
std::optional<CheckResult> Judge(const History& history,
                                 const CheckOptions& options) {
  const auto verdict = checker::CheckHistory(history, options);
  if (!verdict.ok()) return std::nullopt;
  return verdict->checks.front();
}

// How often a check of `history` that was cut short did not know.
size_t CutShortEverywhere(const History& history, CheckOptions options,
                          const std::string& text) {
  const std::optional<CheckResult> truth = Judge(history, options);
  if (!truth) return 0;
  size_t unknown = 0;
  for (size_t asked = 0; asked < kMostQuestions; asked += 1 + asked / 8) {
    options.limits.questions = asked;
    const CheckResult cut = *Judge(history, options);
    const std::string where =
        absl::StrCat(truth->model, ", ", truth->consistency, ", stopped at ",
                     asked, "\n", text);
    if (cut.verdict == Verdict::kUnknown) {
      ++unknown;
      continue;
    }
    EXPECT_EQ(cut.verdict, truth->verdict) << where;
    if (cut.verdict != Verdict::kViolation) continue;
    EXPECT_FALSE(cut.violations.empty()) << where;
    if (cut.violations.empty() || truth->violations.empty()) continue;
    const size_t prefix = cut.violations.front().prefix_events;
    if (prefix != 0) {
      EXPECT_EQ(prefix, truth->violations.front().prefix_events) << where;
    }
  }
  return unknown;
}

class CutShort : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, CutShort, ::testing::ValuesIn(AllDataTypes()),
                         NamedByParameter());

TEST_P(CutShort, NoOrderIsFoundOrDeniedThatIsNot) {
  constexpr size_t kHistories = 120;
  const auto alphabets = LargeAlphabets(GetParam());
  TestRandom random(1);
  size_t unknown = 0;
  for (size_t i = 0; i < kHistories && !HasFailure(); ++i) {
    const PlainHistory plain = RandomHistory(alphabets[i % 2], 10, random);
    auto [history, initial] = ToHistory(plain);
    CheckOptions options;
    options.model = GetParam();
    options.initial = initial;
    options.explain = i % 4 < 2;
    for (const char* consistency : {"linearizable", "sequential"}) {
      options.consistencies = {consistency};
      unknown += CutShortEverywhere(history, options, ToText(plain));
    }
  }
  EXPECT_GT(unknown, kHistories / 4);
}

// What a few sessions did to objects of which each saw some of the updates.
class RandomSessions {
 public:
  RandomSessions(std::string type, TestRandom& random)
      : type_(std::move(type)), random_(random), updates_(kKeys) {}

  History Build(std::string& text) {
    TestHistory history;
    for (size_t i = 0; i < kOperations; ++i) {
      const size_t process = random_.Below(kProcesses);
      const size_t key = random_.Below(kKeys);
      const std::string name = absl::StrCat("\"k", key, "\"");
      const bool is_read = random_.Percent(55);
      const std::string value =
          is_read ? Seen(updates_[key]) : absl::StrCat(i + 1);
      const char* const function = is_read ? "read" : Update();
      history.Ok(static_cast<int>(process), function, is_read ? "nil" : value,
                 value, name);
      absl::StrAppend(&text, process, " ", function, " ", name, " ", value,
                      "\n");
      if (!is_read) updates_[key].push_back(value);
    }
    return history.Build();
  }

 private:
  static constexpr size_t kKeys = 2;
  static constexpr size_t kProcesses = 3;
  static constexpr size_t kOperations = 16;

  const char* Update() const {
    return type_ == "register" ? "write"
                               : (type_ == "list-append" ? "append" : "add");
  }

  std::string Seen(const std::vector<std::string>& updates) {
    std::vector<std::string> seen;
    for (const std::string& update : updates) {
      if (random_.Percent(75)) seen.push_back(update);
    }
    if (type_ == "register") return seen.empty() ? "nil" : seen.back();
    if (type_ == "counter") {
      int sum = 0;
      for (const std::string& update : seen) sum += std::stoi(update);
      return absl::StrCat(sum);
    }
    return absl::StrCat(type_ == "g-set" ? "#{" : "[", absl::StrJoin(seen, " "),
                        type_ == "g-set" ? "}" : "]");
  }

  std::string type_;
  TestRandom& random_;
  std::vector<std::vector<std::string>> updates_;  // by key
};

class CutShortSessions : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, CutShortSessions,
                         ::testing::Values("register", "counter", "g-set",
                                           "list-append"),
                         NamedByParameter());

TEST_P(CutShortSessions, NothingIsSaidOfThemThatIsNot) {
  constexpr size_t kHistories = 40;
  TestRandom random(2);
  size_t unknown = 0;
  for (size_t i = 0; i < kHistories && !HasFailure(); ++i) {
    std::string text;
    const History history = RandomSessions(GetParam(), random).Build(text);
    CheckOptions options;
    options.model = GetParam();
    options.explain = i % 2 == 0;
    for (const checker::ConsistencyInfo& info : checker::AllConsistencies()) {
      std::string name(info.name);
      if (!info.parameter.empty()) name += "=k:2";
      options.consistencies = {name};
      unknown += CutShortEverywhere(history, options, text);
    }
  }
  EXPECT_GT(unknown, kHistories);
}

// Each session that reads breaks monotonic reads, the one by what it no longer
// sees, the other by an order; so nobody tells of monotonic writes.
TEST(CutShortAssumption, WhoBreaksItBearsNoWitness) {
  TestHistory builder;
  builder.Write(1, "1").Write(1, "2");
  builder.Read(0, "1").Read(0, "nil");
  builder.Read(2, "2").Read(2, "1").Read(2, "2");
  const History history = builder.Build();
  CheckOptions options;
  options.model = "register";
  options.consistencies = {"monotonic-writes"};
  EXPECT_EQ(Judge(history, options)->verdict, Verdict::kUnknown);
  CutShortEverywhere(history, options, "");
}

// Causality, which is asked first, is kept.
TEST(CutShortSequential, ItsWeakerModelsDoNotAnswerForIt) {
  TestHistory builder;
  builder.Ok(0, "add", "1", "1").Read(0, "1");
  builder.Ok(1, "add", "2", "2").Read(1, "2");
  const History history = builder.Build();
  CheckOptions options;
  options.model = "counter";
  options.consistencies = {"sequential"};
  EXPECT_EQ(Judge(history, options)->verdict, Verdict::kViolation);
  EXPECT_GT(CutShortEverywhere(history, options, ""), 0u);
}

// The final reads agree, but nobody added what an earlier one returned.
TEST(CutShortEventual, SumsThatNobodyMadeAreNotForgotten) {
  TestHistory builder;
  builder.Ok(0, "add", "2", "2", "1").Ok(0, "add", "2", "2", "2");
  builder.Read(1, "1", "2").Fault("heal");
  for (const int process : {0, 1}) {
    builder.Read(process, "2", "1").Read(process, "2", "2");
  }
  const History history = builder.Build();
  CheckOptions options;
  options.model = "counter";
  options.consistencies = {"eventual"};
  EXPECT_EQ(Judge(history, options)->verdict, Verdict::kViolation);
  EXPECT_GT(CutShortEverywhere(history, options, ""), 0u);
}

}  // namespace
}  // namespace minos::testing
