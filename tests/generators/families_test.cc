#include "generators/families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/check.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/replay.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value_text.h"
#include "tests/support/data_types.h"

namespace minos::generators {

// For the messages of GoogleTest.
void PrintTo(const FamilyInfo& family, std::ostream* out) {
  *out << family.name;
}

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using checker::Verdict;
using history::History;
using history::OpIndex;
using history::Outcome;

constexpr size_t kTextLength = 100'000;

History Generate(std::string_view family, const FamilyOptions& options) {
  absl::StatusOr<History> history = GenerateFamily(family, options);
  EXPECT_TRUE(history.ok()) << std::string(family) << ": " << history.status();
  return history.ok() ? *std::move(history) : History();
}

checker::CheckResult Check(const FamilyInfo& family, History& history,
                           std::chrono::seconds limit) {
  checker::CheckOptions options;
  options.model = std::string(family.model);
  if (family.initial.has_value()) {
    options.initial = history.mutable_values().Integer(*family.initial);
  }
  options.explain = false;
  options.limits.time = limit;
  const auto result = checker::CheckHistory(history, options);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? result->checks.front() : checker::CheckResult();
}

Verdict Judge(const FamilyInfo& family, History& history) {
  return Check(family, history, std::chrono::seconds(1)).verdict;
}

// True if the operation numbered `op` is the same in both, in what it asks for
// and what it got. (Equal values may have different numbers.)
bool IsSame(const History& a, const History& b, OpIndex op) {
  const auto text = [op](const History& history,
                         history::ValueId (History::*column)(OpIndex) const) {
    return history::ToShortText(history.values(), (history.*column)(op),
                                kTextLength);
  };
  return a.completion(op) == b.completion(op) &&
         text(a, &History::function) == text(b, &History::function) &&
         text(a, &History::argument) == text(b, &History::argument) &&
         text(a, &History::result) == text(b, &History::result);
}

// All that makes up a history, one line an event.
std::string Describe(const History& history) {
  std::string text;
  for (OpIndex op = 0; op < history.size(); ++op) {
    const history::Operation row = history.operation(op);
    for (const uint64_t column :
         {uint64_t{history::ToInt(row.process)},
          uint64_t{history::ToInt(row.function)},
          uint64_t{history::ToInt(row.key)},
          uint64_t{history::ToInt(row.argument)},
          uint64_t{history::ToInt(row.result)}, uint64_t{row.call},
          uint64_t{row.completion}, static_cast<uint64_t>(row.call_time),
          static_cast<uint64_t>(row.outcome)}) {
      text += std::to_string(column) + " ";
    }
    text += "\n";
  }
  return text;
}

class EveryFamily : public ::testing::TestWithParam<FamilyInfo> {
 protected:
  std::string_view name() const { return GetParam().name; }

  // Small histories with `violation` get the verdict `expected`. A few are too
  // small for a violation, or too hard for a second; most are neither.
  void ExpectVerdicts(Verdict expected, ViolationPlace violation) {
    int decided = 0;
    int tried = 0;
    for (const double info : {0.0, 10.0}) {
      for (const int keys : {1, 3}) {
        for (uint64_t seed = 1; seed <= 6; ++seed, ++tried) {
          absl::StatusOr<History> history =
              GenerateFamily(name(), {.operations = 60 * keys,
                                      .clients = 4,
                                      .info_percent = info,
                                      .keys = keys,
                                      .seed = seed,
                                      .violation = violation});
          if (!history.ok()) continue;
          const Verdict verdict = Judge(GetParam(), *history);
          if (verdict == Verdict::kUnknown) continue;
          EXPECT_EQ(verdict, expected)
              << "info " << info << ", keys " << keys << ", seed " << seed;
          ++decided;
        }
      }
    }
    EXPECT_GE(decided, tried / 2);
  }
};

INSTANTIATE_TEST_SUITE_P(Families, EveryFamily,
                         ::testing::ValuesIn(AllFamilies().begin(),
                                             AllFamilies().end()),
                         [](const auto& info) {
                           return testing::TestName(info.param.name);
                         });

TEST_P(EveryFamily, IsValidWithoutAViolation) {
  ExpectVerdicts(Verdict::kValid, ViolationPlace::kNone);
}

TEST_P(EveryFamily, IsViolatedEarly) {
  ExpectVerdicts(Verdict::kViolation, ViolationPlace::kEarly);
}

TEST_P(EveryFamily, IsViolatedLate) {
  ExpectVerdicts(Verdict::kViolation, ViolationPlace::kLate);
}

// The smallest prefix that is a violation is found also where many operations
// are open whose results were recorded later.
TEST_P(EveryFamily, IsViolatedByAPrefixThatIsFound) {
  for (const int clients : {10, 30}) {
    for (const auto place : {ViolationPlace::kEarly, ViolationPlace::kLate}) {
      for (uint64_t seed = 1; seed <= 3; ++seed) {
        History history = Generate(name(), {.operations = 1000,
                                            .clients = clients,
                                            .seed = seed,
                                            .violation = place});
        const checker::CheckResult check =
            Check(GetParam(), history, std::chrono::seconds(60));
        ASSERT_EQ(check.verdict, Verdict::kViolation);
        EXPECT_GT(check.violations.front().prefix_events, 0u)
            << clients << " clients, seed " << seed;
      }
    }
  }
}

// Up to the violation, a history is that of the same seed without one.
TEST_P(EveryFamily, IsViolatedWhereItWasAskedFor) {
  const auto violated_after = [&](ViolationPlace place) {
    FamilyOptions options = {.operations = 10'000, .clients = 5};
    const History valid = Generate(name(), options);
    options.violation = place;
    const History violated = Generate(name(), options);
    OpIndex op = 0;
    while (IsSame(valid, violated, op)) ++op;
    return op;
  };
  EXPECT_NEAR(violated_after(ViolationPlace::kEarly), 500, 150);
  EXPECT_NEAR(violated_after(ViolationPlace::kLate), 9500, 150);
}

TEST_P(EveryFamily, IsTheSameForTheSameSeed) {
  const FamilyOptions options = {.operations = 500,
                                 .info_percent = 5,
                                 .seed = 7,
                                 .violation = ViolationPlace::kLate};
  EXPECT_EQ(Describe(Generate(name(), options)),
            Describe(Generate(name(), options)));
  FamilyOptions other = options;
  other.seed = 8;
  EXPECT_NE(Describe(Generate(name(), options)),
            Describe(Generate(name(), other)));
}

TEST_P(EveryFamily, HasAsManyOperationsAsAskedFor) {
  const History history =
      Generate(name(), {.operations = 1000, .clients = 7, .info_percent = 3});
  EXPECT_EQ(history.size(), 1000);
}

TEST_P(EveryFamily, KeepsAllClientsBusy) {
  const History history = Generate(name(), {.operations = 2000, .clients = 10});
  // In the middle half of the events.
  size_t open = 0;
  size_t sum = 0;
  size_t count = 0;
  std::vector<int> change(history.event_count(), 0);
  for (OpIndex op = 0; op < history.size(); ++op) {
    change[history.call(op)] = 1;
    change[history.completion(op)] = -1;
  }
  for (size_t i = 0; i < change.size(); ++i) {
    open += static_cast<size_t>(change[i]);
    if (i < change.size() / 4 || i >= change.size() * 3 / 4) continue;
    sum += open;
    ++count;
  }
  EXPECT_GT(static_cast<double>(sum) / static_cast<double>(count), 9.0);
}

TEST_P(EveryFamily, HasTheAskedShareOfInfoOperations) {
  const History history =
      Generate(name(), {.operations = 20'000, .info_percent = 5});
  size_t info = 0;
  size_t able = 0;
  for (OpIndex op = 0; op < history.size(); ++op) {
    const bool is_release =
        history.values().text(history.function(op)) == "release";
    if (!is_release) ++able;
    if (history.outcome(op) == Outcome::kInfo) ++info;
    EXPECT_FALSE(is_release && history.outcome(op) == Outcome::kInfo);
  }
  EXPECT_NEAR(static_cast<double>(info) / static_cast<double>(able), 0.05,
              0.008);
}

TEST_P(EveryFamily, ReportsProcessesAsJepsenNumbersThem) {
  const int clients = 6;
  const History history = Generate(
      name(), {.operations = 3000, .clients = clients, .info_percent = 10});
  // After a time-out the client goes on as the next process.
  absl::flat_hash_map<int64_t, int64_t> process_of_client;
  for (OpIndex op = 0; op < history.size(); ++op) {
    const int64_t process = history.values().integer(history.process(op));
    const auto [entry, is_new] =
        process_of_client.try_emplace(process % clients, process % clients);
    EXPECT_EQ(process, entry->second);
    if (history.outcome(op) == Outcome::kInfo) entry->second += clients;
  }
}

// Whose operations are decided without a search although many crashed, at sizes
// that a search does not reach.
TEST(Families, CollectionsOfFewClientsThatOftenCrashAreDecided) {
  for (const char* name : {"stack", "set"}) {
    for (uint64_t seed : {1, 2, 3}) {
      const History history = Generate(
          name,
          {.operations = 5000, .clients = 10, .info_percent = 5, .seed = seed});
      checker::CheckOptions options;
      options.model = name;
      options.explain = false;
      const auto result = checker::CheckHistory(history, options);
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_EQ(result->verdict, Verdict::kValid) << name << ' ' << seed;
      EXPECT_NE(result->checks.front().algorithm, "wgl") << name << ' ' << seed;
    }
  }
}

// Checks a history without keys, which has to be valid and to have an order
// that can be replayed.
checker::CheckResult CheckAndReplay(const History& history,
                                    const std::string& model_name) {
  const checker::ModelInfo& model = **checker::FindModel(model_name);
  checker::CheckOptions options;
  options.model = model_name;
  options.certificate = true;
  options.limits.time = std::chrono::seconds(10);
  const auto result = checker::CheckHistory(history, options);
  EXPECT_TRUE(result.ok()) << result.status();
  if (!result.ok()) return {};
  const checker::CheckResult& check = result->checks.front();
  EXPECT_EQ(check.verdict, Verdict::kValid);
  const auto partitioning =
      checker::SplitByKey(history, model, checker::KeyChoice::kNone);
  const auto replayed = checker::ReplayLinearization(
      history, model, *partitioning, history::kNoValue, check.linearization);
  EXPECT_TRUE(replayed.ok()) << replayed.status();
  if (!replayed.ok()) return check;
  EXPECT_EQ(replayed->outcome, checker::ReplayResult::Outcome::kHolds)
      << replayed->reason;
  return check;
}

// Where many clients read a set at once, what was supposed of some read turns
// out wrong and is taken back. What comes out in the end is an order all the
// same.
TEST(Families, SetsOfManyClientsHaveAnOrderThatCanBeReplayed) {
  for (const double info : {0.0, 5.0}) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(::testing::Message() << info << " %, seed " << seed);
      const History history = Generate("set", {.operations = 1000,
                                               .clients = 100,
                                               .info_percent = info,
                                               .seed = seed});
      EXPECT_EQ(CheckAndReplay(history, "set").algorithm, "snapshots");
    }
  }
}

TEST(Families, CountersOfFewAmountsHaveAnOrderThatCanBeReplayed) {
  for (const double info : {0.0, 1.0, 5.0}) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(::testing::Message() << info << " %, seed " << seed);
      CheckAndReplay(Generate("counter-few", {.operations = 1000,
                                              .clients = 30,
                                              .info_percent = info,
                                              .seed = seed}),
                     "counter");
    }
  }
}

// The three families of counters differ in this alone.
TEST(Families, CountersAddTheAmountsThatTheirNamesSay) {
  const auto amounts_of = [](std::string_view family) {
    const History history = Generate(family, {.operations = 10'000});
    std::set<int64_t> amounts;
    for (OpIndex op = 0; op < history.size(); ++op) {
      if (history.values().text(history.function(op)) != "add") continue;
      amounts.insert(history.values().integer(history.argument(op)));
    }
    return amounts;
  };
  EXPECT_THAT(amounts_of("counter"), ElementsAre(1));
  EXPECT_THAT(amounts_of("counter-few"), ElementsAre(1, 2, 3, 4, 5));
  const std::set<int64_t> any = amounts_of("counter-any");
  EXPECT_EQ(*any.begin(), -100);
  EXPECT_EQ(*any.rbegin(), 100);
}

TEST(Families, NamesTheNearestFamily) {
  const auto history = GenerateFamily("registr", {});
  EXPECT_EQ(history.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(history.status().message()), HasSubstr("`register`"));
}

TEST(Families, RefusesWhatIsOutOfRange) {
  for (const FamilyOptions& options :
       {FamilyOptions{.operations = 0}, FamilyOptions{.clients = 0},
        FamilyOptions{.info_percent = -1}, FamilyOptions{.info_percent = 101},
        FamilyOptions{.keys = 0}}) {
    EXPECT_EQ(GenerateFamily("register", options).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(Families, RefusesAViolationWithoutRoom) {
  for (const FamilyInfo& family : AllFamilies()) {
    const auto history = GenerateFamily(
        family.name, {.operations = 2, .violation = ViolationPlace::kLate});
    EXPECT_EQ(history.status().code(), absl::StatusCode::kInvalidArgument)
        << std::string(family.name);
  }
}

}  // namespace
}  // namespace minos::generators
