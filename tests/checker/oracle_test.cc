// The search and the models against brute force: on every small history of five
// data types, and on random histories of all.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/check.h"
#include "checker/independence.h"
#include "checker/model_registry.h"
#include "checker/sequential_model.h"
#include "checker/wgl.h"
#include "gtest/gtest.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/plain_history.h"
#include "tests/support/random_history.h"
#include "tests/support/sanitized.h"
#include "tests/support/tiny_histories.h"

namespace minos::testing {
namespace {

using checker::ActionId;
using checker::Budget;
using checker::Interval;
using checker::SearchResult;
using checker::SequentialModel;
using checker::StateId;
using checker::Verdict;
using history::kNever;

constexpr auto kOkAndInfo =
    std::to_array({PlainOutcome::kOk, PlainOutcome::kInfo});
constexpr auto kAllOutcomes = std::to_array(
    {PlainOutcome::kOk, PlainOutcome::kInfo, PlainOutcome::kFail});

// A model of the data type, and the operations of the history as it sees them.
struct Problem {
  std::unique_ptr<SequentialModel> model;
  std::vector<Interval> intervals;
};

// Changes a model, or leaves it as it is.
using Wrapper = std::function<std::unique_ptr<SequentialModel>(
    std::unique_ptr<SequentialModel>)>;

Problem Pose(const PlainHistory& history, history::ValueTable& values,
             const Wrapper& wrapper) {
  Problem problem;
  problem.model = wrapper(*(*checker::FindModel(history.type))
                               ->make(values, Intern(history.initial, values)));
  for (size_t i = 0; i < history.operations.size(); ++i) {
    const PlainOperation& op = history.operations[i];
    if (op.outcome == PlainOutcome::kFail) continue;
    const bool is_ok = op.outcome == PlainOutcome::kOk;
    const auto action = problem.model->Intern(
        {values.Keyword(op.function), Intern(op.argument, values),
         is_ok ? Intern(op.result, values) : history::kNoValue, is_ok});
    EXPECT_TRUE(action.ok()) << action.status() << '\n' << ToText(history);
    if (!action.ok()) continue;
    problem.intervals.push_back(
        {static_cast<history::OpIndex>(i),
         static_cast<history::Position>(op.call),
         is_ok ? static_cast<history::Position>(op.end) : kNever, *action});
  }
  return problem;
}

std::unique_ptr<SequentialModel> AsItIs(
    std::unique_ptr<SequentialModel> model) {
  return model;
}

// A search without memory that believes what the model says about its actions.
class PlainSearch {
 public:
  explicit PlainSearch(Problem& problem)
      : model_(*problem.model), intervals_(problem.intervals) {
    model_.Settle();
    std::erase_if(intervals_, [&](const Interval& op) {
      return op.end == kNever && model_.IsUnobservable(op.action);
    });
    is_placed_.resize(intervals_.size(), false);
  }

  bool Run() {
    for (const Interval& op : intervals_) {
      if (op.end != kNever && model_.IsImpossible(op.action)) return false;
    }
    return Extend(model_.InitialState());
  }

 private:
  bool Extend(StateId state) {
    bool is_complete = true;
    for (size_t i = 0; i < intervals_.size(); ++i) {
      if (!is_placed_[i] && intervals_[i].end != kNever) is_complete = false;
    }
    if (is_complete) return true;
    for (size_t i = 0; i < intervals_.size(); ++i) {
      if (!MayComeNext(i)) continue;
      std::vector<StateId> successors;
      model_.Step(state, intervals_[i].action, successors);
      if (successors.empty()) continue;
      const bool is_read = model_.IsReadOnly(intervals_[i].action);
      if (is_read) {
        EXPECT_EQ(successors, std::vector<StateId>{state});
      }
      is_placed_[i] = true;
      for (const StateId next : successors) {
        if (Extend(next)) return true;
      }
      is_placed_[i] = false;
      // A read that fits may be taken at once: there is no need to go on.
      if (is_read) return false;
    }
    return false;
  }

  bool MayComeNext(size_t i) const {
    if (is_placed_[i]) return false;
    for (size_t j = 0; j < intervals_.size(); ++j) {
      if (!is_placed_[j] && intervals_[j].end < intervals_[i].call) {
        return false;
      }
    }
    return true;
  }

  SequentialModel& model_;
  std::vector<Interval> intervals_;
  std::vector<bool> is_placed_;
};

// What disagrees with brute force about `history`; nothing if all is well.
using Comparison = std::function<std::optional<std::string>(
    const PlainHistory&, history::ValueTable&, const Wrapper&)>;

std::string Complaint(const char* what, const PlainHistory& history,
                      bool is_linearizable) {
  return std::string(what) + "; by brute force it is " +
         (is_linearizable ? "" : "not ") + "linearizable: " + ToText(history);
}

std::optional<std::string> ComparePlainSearch(const PlainHistory& history,
                                              history::ValueTable& values,
                                              const Wrapper& wrapper) {
  const bool expected = IsLinearizable(history);
  Problem problem = Pose(history, values, wrapper);
  if (PlainSearch(problem).Run() == expected) return std::nullopt;
  return Complaint("the plain search says otherwise", history, expected);
}

// What had happened when `events` events had. Of the operations that were open
// the results are known, but they need not have happened.
PlainHistory Prefix(const PlainHistory& history, int events) {
  PlainHistory prefix = SilenceReads(history);
  std::erase_if(prefix.operations, [=](const PlainOperation& op) {
    return op.call >= events || op.outcome == PlainOutcome::kFail;
  });
  for (PlainOperation& op : prefix.operations) {
    if (op.end >= events) op.end = kOpenEnd;
  }
  return prefix;
}

// One strategy of the search: its verdict, its witness, and the operation that
// it blames.
std::optional<std::string> CompareStrategy(
    const PlainHistory& history, bool expected, const Problem& problem,
    checker::SearchOptions::Strategy strategy) {
  Budget budget({});
  checker::SearchOptions options;
  options.strategy = strategy;
  options.first_width = 1;
  const SearchResult result = checker::SearchLinearization(
      problem.intervals, *problem.model, budget, options);
  if ((result.verdict == Verdict::kValid) != expected) {
    return Complaint("the search says otherwise", history, expected);
  }
  if (expected && !IsWitness(SilenceReads(history), result.linearization)) {
    return Complaint("the search gives a wrong witness", history, expected);
  }
  if (expected) return std::nullopt;
  const int end = history.operations[result.culprit].end;
  if (CanBeReplayed(Prefix(history, end + 1)) ||
      !CanBeReplayed(Prefix(history, end))) {
    return Complaint("the search blames the wrong return", history, expected);
  }
  return std::nullopt;
}

std::optional<std::string> CompareSearch(const PlainHistory& history,
                                         history::ValueTable& values,
                                         const Wrapper& wrapper) {
  const bool expected = IsLinearizable(history);
  const Problem problem = Pose(history, values, wrapper);
  using Strategy = checker::SearchOptions::Strategy;
  for (const Strategy strategy :
       {Strategy::kDepthFirst, Strategy::kBreadthFirst, Strategy::kWidening,
        Strategy::kNarrow, Strategy::kGuided, Strategy::kBoth}) {
    auto complaint = CompareStrategy(history, expected, problem, strategy);
    if (complaint) return complaint;
  }
  return std::nullopt;
}

checker::CheckOptions OptionsFor(const PlainHistory& plain,
                                 history::ValueId initial) {
  checker::CheckOptions options;
  options.model = plain.type;
  options.initial = initial;
  options.keys = checker::KeyChoice::kNone;
  options.explain = false;
  return options;
}

// The whole way, from a recording to the verdict.
std::optional<std::string> CompareCheck(const PlainHistory& plain,
                                        history::ValueTable&, const Wrapper&) {
  const bool expected = IsLinearizable(plain);
  const auto [history, initial] = ToHistory(plain);
  const checker::CheckOptions options = OptionsFor(plain, initial);
  const auto verdict = checker::CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  if (verdict.ok() && (verdict->verdict == Verdict::kValid) == expected) {
    return std::nullopt;
  }
  return Complaint("the check says otherwise", plain, expected);
}

// The same with all that the check says, by the search of independent parts.
std::optional<std::string> CompareParts(const PlainHistory& plain,
                                        history::ValueTable&, const Wrapper&) {
  const bool expected = IsLinearizable(plain);
  const auto [history, initial] = ToHistory(plain);
  checker::CheckOptions options = OptionsFor(plain, initial);
  options.algorithm = "wgl";
  options.certificate = true;
  const auto verdict = checker::CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  if (!verdict.ok() || (verdict->verdict == Verdict::kValid) != expected) {
    return Complaint("the check says otherwise", plain, expected);
  }
  const checker::CheckResult& check = verdict->checks.front();
  if (expected) {
    if (IsWitness(SilenceReads(plain), check.linearization)) {
      return std::nullopt;
    }
    return Complaint("the check gives a wrong witness", plain, expected);
  }
  const int end = plain.operations[*check.violations.front().culprit].end;
  if (CanBeReplayed(Prefix(plain, end + 1)) ||
      !CanBeReplayed(Prefix(plain, end))) {
    return Complaint("the check blames the wrong return", plain, expected);
  }
  return std::nullopt;
}

// Calls that look at parts of an object which seldom meet.
PlainAlphabet LooseAlphabet(const std::string& type) {
  PlainAlphabet alphabet = LargeAlphabet(type, false);
  std::erase_if(alphabet.calls, [&](const PlainCall& call) {
    const bool reads_all = type == "set" || type == "multiset";
    return reads_all && call.function == "read";
  });
  if (type == "unordered-queue") {
    for (PlainCall& call : alphabet.calls) {
      if (call.function == "dequeue") std::erase(call.results, PlainValue());
    }
  }
  if (type == "bank") {
    alphabet.initial =
        PlainValue::Map({{"v", 3}, {"w", 3}, {"x", 6}, {"y", 6}});
    alphabet.calls.clear();
    for (const auto& [from, to] :
         {std::pair("v", "w"), {"w", "v"}, {"x", "y"}, {"y", "x"}}) {
      const PlainValue transfer =
          PlainValue::Map({{"amount", 3}, {"from", from}, {"to", to}});
      alphabet.calls.push_back({"transfer", transfer, {transfer}});
      PlainCall read = {"read", {}, {}};
      for (const int balance : {0, 3, 6, 9}) {
        read.results.push_back(PlainValue::Map({{from, balance}}));
      }
      alphabet.calls.push_back(read);
    }
    alphabet.calls.push_back(
        {"read", {}, {PlainValue::Map({{"v", 3}, {"x", 3}})}});
  }
  return alphabet;
}

// How many of a run of comparisons disagreed, and the smallest history.
struct Tally {
  size_t histories = 0;
  size_t linearizable = 0;
  size_t disagreements = 0;
  std::string smallest;
};

void Count(const Comparison& compare, const PlainHistory& history,
           history::ValueTable& values, const Wrapper& wrapper, Tally& tally) {
  ++tally.histories;
  const auto complaint = compare(history, values, wrapper);
  if (!complaint) return;
  ++tally.disagreements;
  if (tally.smallest.empty() || complaint->size() < tally.smallest.size()) {
    tally.smallest = *complaint;
  }
}

Tally CompareAll(const Comparison& compare, const std::string& type,
                 size_t operations, std::span<const PlainOutcome> outcomes,
                 size_t shard, size_t shards, const Wrapper& wrapper) {
  Tally tally;
  history::ValueTable values;
  ForEachHistory(SmallAlphabet(type), operations, outcomes, shard, shards,
                 [&](const PlainHistory& history) {
                   Count(compare, history, values, wrapper, tally);
                 });
  return tally;
}

Tally CompareRandom(const Comparison& compare, const std::string& type,
                    size_t histories, uint64_t seed) {
  Tally tally;
  history::ValueTable values;
  TestRandom random(seed);
  const auto alphabets = LargeAlphabets(type);
  for (size_t i = 0; i < histories; ++i) {
    const PlainHistory history = RandomHistory(alphabets[i % 2], 8, random);
    Count(compare, history, values, &AsItIs, tally);
  }
  return tally;
}

const std::string kSmallTypes[] = {"register", "cas-register", "fifo-queue",
                                   "stack", "set"};
const std::string kAllTypes[] = {
    "register",    "cas-register",    "multi-register", "kv",
    "mutex",       "counter",         "g-set",          "set",
    "fifo-queue",  "unordered-queue", "stack",          "list-append",
    "bank",        "multiset",        "priority-queue", "reentrant-mutex",
    "fenced-lock", "semaphore",       "unique-ids",     "log"};

constexpr size_t kShards = 4;

class EveryHistory
    : public ::testing::TestWithParam<std::tuple<std::string, size_t>> {
 protected:
  std::string type() const { return std::get<0>(GetParam()); }
  size_t shard() const { return std::get<1>(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(, EveryHistory,
                         ::testing::Combine(::testing::ValuesIn(kSmallTypes),
                                            ::testing::Range<size_t>(0,
                                                                     kShards)),
                         [](const auto& info) {
                           return TestName(std::get<0>(info.param)) + "_" +
                                  std::to_string(std::get<1>(info.param));
                         });

TEST_P(EveryHistory, OfFourOperationsIsJudgedAsByBruteForce) {
  const Tally tally = CompareAll(&CompareSearch, type(), 4, kOkAndInfo, shard(),
                                 kShards, &AsItIs);
  EXPECT_GT(tally.histories, 1000u);
  EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
}

class EveryShortHistory : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, EveryShortHistory, ::testing::ValuesIn(kSmallTypes),
                         NamedByParameter());

TEST_P(EveryShortHistory, IsJudgedAsByBruteForceBySearch) {
  for (size_t operations = 1; operations <= 3; ++operations) {
    const Tally tally = CompareAll(&CompareSearch, GetParam(), operations,
                                   kAllOutcomes, 0, 1, &AsItIs);
    EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
  }
}

TEST_P(EveryShortHistory, IsJudgedAsByBruteForceWithWhatTheModelSays) {
  for (size_t operations = 1; operations <= 3; ++operations) {
    const Tally tally = CompareAll(&ComparePlainSearch, GetParam(), operations,
                                   kOkAndInfo, 0, 1, &AsItIs);
    EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
  }
}

TEST_P(EveryShortHistory, IsJudgedAsByBruteForceFromRecordingToVerdict) {
  for (size_t operations = 1; operations <= 2; ++operations) {
    const Tally tally = CompareAll(&CompareCheck, GetParam(), operations,
                                   kAllOutcomes, 0, 1, &AsItIs);
    EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
  }
}

class RandomHistories : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, RandomHistories, ::testing::ValuesIn(kAllTypes),
                         NamedByParameter());

// Of each data type; A long run has MINOS_LONG_TESTS in its
// environment.
size_t RandomHistoriesAType() {
  if (IsLongRun()) return 200'000;
  return kIsSanitized ? 1000 : 8500;
}

TEST_P(RandomHistories, AreJudgedAsByBruteForceBySearch) {
  const Tally tally =
      CompareRandom(&CompareSearch, GetParam(), RandomHistoriesAType(), 1);
  EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
}

TEST_P(RandomHistories, AreJudgedAsByBruteForceWithWhatTheModelSays) {
  const Tally tally = CompareRandom(&ComparePlainSearch, GetParam(),
                                    RandomHistoriesAType() / 2, 2);
  EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
}

TEST_P(RandomHistories, AreJudgedAsByBruteForceFromRecordingToVerdict) {
  const Tally tally = CompareRandom(&CompareCheck, GetParam(), 500, 3);
  EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
}

TEST_P(RandomHistories, AreOfBothKinds) {
  TestRandom random(4);
  const PlainAlphabet alphabet = LargeAlphabet(GetParam(), true);
  size_t linearizable = 0;
  for (int i = 0; i < 1000; ++i) {
    if (IsLinearizable(RandomHistory(alphabet, 8, random))) ++linearizable;
  }
  EXPECT_GT(linearizable, 250u);
  EXPECT_LT(linearizable, 900u);
}

// A model with a bug planted in it; otherwise it does as the one inside.
class BrokenModel : public SequentialModel {
 public:
  explicit BrokenModel(std::unique_ptr<SequentialModel> model)
      : model_(std::move(model)) {}

  absl::StatusOr<ActionId> Intern(const checker::Call& call) override {
    return model_->Intern(call);
  }
  bool IsReadOnly(ActionId action) const override {
    return model_->IsReadOnly(action);
  }
  bool IsUnobservable(ActionId action) const override {
    return model_->IsUnobservable(action);
  }
  bool IsImpossible(ActionId action) const override {
    return model_->IsImpossible(action);
  }
  StateId InitialState() const override { return model_->InitialState(); }
  void Step(StateId state, ActionId action,
            std::vector<StateId>& successors) override {
    model_->Step(state, action, successors);
  }
  std::string DescribeState(StateId state) const override {
    return model_->DescribeState(state);
  }
  std::string DescribeRefusal(StateId state, ActionId action) const override {
    return model_->DescribeRefusal(state, action);
  }
  size_t MemoryBytes() const override { return model_->MemoryBytes(); }

 private:
  std::unique_ptr<SequentialModel> model_;
};

struct DropsAllCrashed : BrokenModel {
  using BrokenModel::BrokenModel;
  bool IsUnobservable(ActionId) const override { return true; }
};

struct TakesUpdatesForReads : BrokenModel {
  using BrokenModel::BrokenModel;
  bool IsReadOnly(ActionId) const override { return true; }
};

struct AcceptsWhatDoesNotFit : BrokenModel {
  using BrokenModel::BrokenModel;
  void Step(StateId state, ActionId action,
            std::vector<StateId>& successors) override {
    BrokenModel::Step(state, action, successors);
    if (successors.empty()) successors.push_back(state);
  }
};

struct CallsEverythingImpossible : BrokenModel {
  using BrokenModel::BrokenModel;
  bool IsImpossible(ActionId action) const override {
    return BrokenModel::IsReadOnly(action);
  }
};

template <typename Broken>
std::unique_ptr<SequentialModel> Break(std::unique_ptr<SequentialModel> model) {
  return std::make_unique<Broken>(std::move(model));
}

// Transfers and reads of two accounts with little money.
PlainAlphabet SmallBank() {
  PlainAlphabet alphabet;
  alphabet.type = "bank";
  alphabet.initial = PlainValue::Map({{"x", 2}, {"y", 1}});
  for (const int amount : {1, 2}) {
    for (const auto& [from, to] : {std::pair("x", "y"), {"y", "x"}}) {
      const PlainValue transfer =
          PlainValue::Map({{"amount", amount}, {"from", from}, {"to", to}});
      alphabet.calls.push_back(
          {"transfer", transfer, {transfer, PlainValue::Bool(false)}});
    }
  }
  PlainCall read = {"read", {}, {}};
  for (const int balance : {0, 1, 2, 3}) {
    read.results.push_back(PlainValue::Map({{"x", balance}}));
    read.results.push_back(PlainValue::Map({{"y", balance}}));
    read.results.push_back(
        PlainValue::Map({{"x", balance}, {"y", 3 - balance}}));
  }
  alphabet.calls.push_back(read);
  return alphabet;
}

// Whether some balances at the start explain `history`. No more than was read
// and moved can have been there: 3 by a read, 2 by each of five operations.
bool IsLinearizableFromSomeStart(PlainHistory history) {
  for (int x = 0; x <= 13; ++x) {
    for (int y = 0; y <= 13; ++y) {
      history.initial = PlainValue::Map({{"x", x}, {"y", y}});
      if (IsLinearizable(history)) return true;
    }
  }
  return false;
}

TEST(UnknownStarts, OfABankAreFoundAsByTryingAll) {
  const PlainAlphabet alphabet = SmallBank();
  TestRandom random(11);
  size_t violations = 0;
  const size_t count = RandomHistoriesAType() / 20;
  for (size_t i = 0; i < count; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 5, random);
    const bool expected = IsLinearizableFromSomeStart(plain);
    violations += expected ? 0 : 1;
    checker::CheckOptions options;
    options.model = "bank";
    options.keys = checker::KeyChoice::kNone;
    options.explain = false;
    const auto verdict = checker::CheckHistory(ToHistory(plain).first, options);
    ASSERT_TRUE(verdict.ok()) << verdict.status();
    EXPECT_EQ(verdict->verdict == Verdict::kValid, expected) << ToText(plain);
  }
  EXPECT_GT(violations, count / 20);
  EXPECT_LT(violations, count);
}

class IndependentParts : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, IndependentParts,
                         ::testing::Values("set", "multiset", "unordered-queue",
                                           "bank", "multi-register"),
                         NamedByParameter());

TEST_P(IndependentParts, AreJudgedAsByBruteForce) {
  const PlainAlphabet alphabet = LooseAlphabet(GetParam());
  Tally tally;
  history::ValueTable values;
  TestRandom random(5);
  size_t split = 0;
  const size_t count = RandomHistoriesAType() / 4;
  for (size_t i = 0; i < count; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 8, random);
    Count(&CompareParts, plain, values, &AsItIs, tally);
    const history::History history = ToHistory(plain).first;
    std::vector<history::OpIndex> operations;
    for (history::OpIndex op = 0; op < history.size(); ++op) {
      if (history.outcome(op) != history::Outcome::kFail) {
        operations.push_back(op);
      }
    }
    split +=
        checker::SplitIndependent(history, **checker::FindModel(GetParam()),
                                  checker::Keying::kNone, operations)
                    .size() > 1
            ? 1
            : 0;
  }
  EXPECT_EQ(tally.disagreements, 0u) << tally.smallest;
  EXPECT_GT(split, count / 4);
}

class PlantedBug : public ::testing::TestWithParam<std::string> {
 protected:
  static size_t Disagreements(const Wrapper& wrapper) {
    size_t disagreements = 0;
    for (size_t operations = 1; operations <= 3; ++operations) {
      disagreements += CompareAll(&CompareSearch, GetParam(), operations,
                                  kOkAndInfo, 0, 1, wrapper)
                           .disagreements;
    }
    return disagreements;
  }
};

INSTANTIATE_TEST_SUITE_P(, PlantedBug, ::testing::ValuesIn(kSmallTypes),
                         NamedByParameter());

TEST_P(PlantedBug, IsFoundByTheSameComparison) {
  EXPECT_GT(Disagreements(&Break<DropsAllCrashed>), 0u);
  EXPECT_GT(Disagreements(&Break<AcceptsWhatDoesNotFit>), 0u);
  EXPECT_GT(Disagreements(&Break<TakesUpdatesForReads>), 0u);
  EXPECT_GT(Disagreements(&Break<CallsEverythingImpossible>), 0u);
}

}  // namespace
}  // namespace minos::testing
