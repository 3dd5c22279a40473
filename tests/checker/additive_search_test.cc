// The search by sums against brute force, and what it finds by itself.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/additive_object.h"
#include "checker/budget.h"
#include "checker/search_strategies.h"
#include "checker/set_layout.h"
#include "checker/subset_sums.h"
#include "checker/wgl.h"
#include "gtest/gtest.h"
#include "tests/support/brute_force.h"
#include "tests/support/plain_history.h"
#include "tests/support/posed_search.h"
#include "tests/support/random_history.h"
#include "tests/support/sanitized.h"
#include "tests/support/tiny_histories.h"

namespace minos::testing {
namespace {

using checker::AdditiveObject;
using checker::SearchResult;
using checker::Verdict;

constexpr size_t kNoBound = 1'000'000;

// What the search says; nothing where the object is not additive.
std::optional<SearchResult> Judge(const PlainHistory& plain, size_t beam,
                                  size_t most = kNoBound) {
  PosedSearch posed(plain);
  const auto object =
      AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
  if (!object) return std::nullopt;
  return SearchAdditively(posed.ToEnd(), *object, most, beam);
}

PlainValue Transfer(const char* from, const char* to, int amount) {
  return PlainValue::Map({{"amount", amount}, {"from", from}, {"to", to}});
}

// Additions of amounts that make the same sums in several ways, reads, and
// additions that return the sum.
PlainAlphabet AnyCounter(bool returns) {
  PlainAlphabet alphabet;
  alphabet.type = "counter";
  alphabet.initial = 1;
  std::vector<PlainValue> sums;
  for (int sum = -3; sum <= 7; ++sum) sums.emplace_back(sum);
  for (const int amount : {1, 2, 3, -1, -2}) {
    alphabet.calls.push_back({"add", amount, {{}}});
  }
  alphabet.calls.push_back({"read", {}, sums});
  alphabet.calls.push_back({"read", {}, sums});
  if (!returns) return alphabet;
  alphabet.calls.push_back({"add-and-get", 2, sums});
  alphabet.calls.push_back({"get-and-add", -1, sums});
  return alphabet;
}

// Few amounts of one sign, so that many additions are equal and the sum goes
// one way.
PlainAlphabet OneWayCounter(int sign, bool returns = true) {
  PlainAlphabet alphabet;
  alphabet.type = "counter";
  alphabet.initial = 5 * sign;
  std::vector<PlainValue> sums;
  for (int sum = 4; sum <= 12; ++sum) sums.emplace_back(sum * sign);
  for (const int amount : {1, 1, 2, 3}) {
    alphabet.calls.push_back({"add", amount * sign, {{}}});
  }
  for (int i = 0; i < 3; ++i) alphabet.calls.push_back({"read", {}, sums});
  if (returns) alphabet.calls.push_back({"add-and-get", sign, sums});
  return alphabet;
}

// Hardly anything but equal additions, of both signs.
PlainAlphabet EqualCounter() {
  PlainAlphabet alphabet;
  alphabet.type = "counter";
  alphabet.initial = 0;
  std::vector<PlainValue> sums;
  for (int sum = -2; sum <= 5; ++sum) sums.emplace_back(sum);
  for (const int amount : {1, 1, 1, 1, -1, -1, 2}) {
    alphabet.calls.push_back({"add", amount, {{}}});
  }
  for (int i = 0; i < 4; ++i) alphabet.calls.push_back({"read", {}, sums});
  return alphabet;
}

// What had happened by the time `end`: of what was open nobody knows the
// outcome.
PlainHistory PrefixOf(const PlainHistory& history, int end) {
  PlainHistory prefix = history;
  std::erase_if(prefix.operations, [&](const PlainOperation& operation) {
    return operation.call > end || operation.outcome == PlainOutcome::kFail;
  });
  for (PlainOperation& operation : prefix.operations) {
    if (operation.outcome == PlainOutcome::kOk && operation.end > end) {
      operation.outcome = PlainOutcome::kInfo;
      operation.result = {};
    }
  }
  return prefix;
}

// When the completed operations return, in order.
std::vector<int> ReturnsOf(const PlainHistory& history) {
  std::vector<int> ends;
  for (const PlainOperation& operation : history.operations) {
    if (operation.outcome == PlainOutcome::kOk) ends.push_back(operation.end);
  }
  std::ranges::sort(ends);
  return ends;
}

// Judges the prefix up to each return. How many were violations.
size_t JudgePrefixes(const PlainHistory& history) {
  PosedSearch posed(history);
  const auto object =
      AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
  if (!object) return 0;
  const std::vector<int> ends = ReturnsOf(history);
  checker::SearchProblem problem = posed.ToEnd();
  const uint32_t all = problem.end;
  size_t violations = 0;
  size_t returns = 0;
  for (uint32_t event = 0; event < all; ++event) {
    if (problem.timeline.event(event).type !=
        checker::TimelineEvent::Type::kReturn) {
      continue;
    }
    problem.end = event + 1;
    const SearchResult result =
        SearchAdditively(problem, *object, kNoBound, 1000);
    const PlainHistory prefix = PrefixOf(history, ends[returns++]);
    if (result.verdict == Verdict::kUnknown) continue;
    EXPECT_EQ(result.verdict == Verdict::kValid, IsLinearizable(prefix))
        << ToText(prefix);
    violations += result.verdict == Verdict::kViolation ? 1 : 0;
  }
  return violations;
}

// Little money in three accounts, so that the order of the transfers matters.
PlainAlphabet PoorBank(bool reads_all) {
  PlainAlphabet alphabet;
  alphabet.type = "bank";
  alphabet.initial = PlainValue::Map({{"x", 2}, {"y", 1}, {"z", 0}});
  for (const auto& [from, to] :
       {std::pair("x", "y"), {"y", "x"}, {"y", "z"}, {"z", "x"}}) {
    for (const int amount : {1, 2}) {
      const PlainValue transfer = Transfer(from, to, amount);
      alphabet.calls.push_back({"transfer", transfer, {transfer}});
    }
  }
  PlainCall read = {"read", {}, {}};
  for (int x = 0; x <= 3; ++x) {
    for (int y = 0; x + y <= 3; ++y) {
      read.results.push_back(
          PlainValue::Map({{"x", x}, {"y", y}, {"z", 3 - x - y}}));
    }
    if (reads_all) continue;
    read.results.push_back(PlainValue::Map({{"x", x}}));
    read.results.push_back(PlainValue::Map({{"x", x}, {"z", 1}}));
  }
  for (int i = 0; i < 4; ++i) alphabet.calls.push_back(read);
  return alphabet;
}

struct Counts {
  size_t valid = 0;
  size_t violations = 0;
  size_t unknown = 0;
  size_t missed = 0;  // of the unknown, those that are valid
};

bool HasCrashes(const PlainHistory& history) {
  return std::any_of(history.operations.begin(), history.operations.end(),
                     [](const PlainOperation& op) {
                       return op.outcome == PlainOutcome::kInfo;
                     });
}

// The start is told by nobody: any of them will do. Five transfers take at most
// 10 from an account.
bool IsLinearizableFromSomeStart(PlainHistory history) {
  constexpr int kMost = 10;
  for (int x = 0; x <= kMost; ++x) {
    for (int y = 0; y <= kMost; ++y) {
      for (int z = 0; z <= kMost; ++z) {
        history.initial = PlainValue::Map({{"x", x}, {"y", y}, {"z", z}});
        if (IsLinearizable(history)) return true;
      }
    }
  }
  return false;
}

// Judges random histories of up to `size` operations.
Counts JudgeRandom(const PlainAlphabet& alphabet, size_t size, size_t beam,
                   size_t count, bool knows_start = true) {
  Counts counts;
  TestRandom random(size * 100 + beam);
  for (size_t i = 0; i < count; ++i) {
    PlainHistory history = RandomHistory(alphabet, size, random);
    if (!knows_start) history.initial = PlainValue();
    const auto result = Judge(history, beam);
    if (!result) continue;
    if (result->verdict == Verdict::kUnknown) {
      EXPECT_FALSE(result->unknown.has_value());
      const bool may_be = HasCrashes(history) || beam == 1 || !knows_start ||
                          alphabet.type == "bank";
      EXPECT_TRUE(may_be) << ToText(history);
      ++counts.unknown;
      counts.missed += knows_start && IsLinearizable(history) ? 1 : 0;
      continue;
    }
    const bool expected = knows_start ? IsLinearizable(history)
                                      : IsLinearizableFromSomeStart(history);
    EXPECT_EQ(result->verdict == Verdict::kValid, expected) << ToText(history);
    if (expected && knows_start) {
      EXPECT_TRUE(IsWitness(SilenceReads(history), result->linearization))
          << ToText(history);
    }
    ++(expected ? counts.valid : counts.violations);
  }
  return counts;
}

// The starts of an object with one view that each operation that sees allows,
// with some subset of what may or may not have come before it.
std::vector<uint64_t> StartsByTryingAll(const PosedSearch& posed,
                                        const AdditiveObject& object) {
  std::optional<std::set<uint64_t>> starts;
  for (const checker::Interval& seer : posed.intervals) {
    if (seer.end == history::kNever || !object.Sees(seer.action)) continue;
    std::set<uint64_t> allowed = {object.TargetOf(seer.action)};
    for (const checker::Interval& each : posed.intervals) {
      const bool is_addition =
          !posed.model->IsReadOnly(each.action) && object.Adds(each.action) &&
          each.operation != seer.operation && each.call < seer.end;
      if (!is_addition) continue;
      std::set<uint64_t> with;
      for (const uint64_t start : allowed) {
        with.insert(start - object.Effect(each.action, 0));
      }
      if (each.end < seer.call) allowed.clear();
      allowed.insert(with.begin(), with.end());
    }
    if (starts) {
      std::erase_if(allowed,
                    [&](uint64_t start) { return !starts->contains(start); });
    }
    starts = std::move(allowed);
  }
  if (!starts) return {};
  return {starts->begin(), starts->end()};
}

void ExpectFoundByTheNarrowestBeam(const PlainHistory& history) {
  const auto result = Judge(history, 1);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->verdict, Verdict::kValid);
  EXPECT_TRUE(IsWitness(SilenceReads(history), result->linearization));
}

size_t HistoryCount() {
  if (IsLongRun()) return 300'000;
  return kIsSanitized ? 1000 : 8000;
}

TEST(AdditiveSearch, JudgesCountersAsByBruteForce) {
  for (const bool returns : {false, true}) {
    const Counts counts =
        JudgeRandom(AnyCounter(returns), 8, 1000, HistoryCount());
    EXPECT_GT(counts.valid, HistoryCount() / 10);
    EXPECT_GT(counts.violations, HistoryCount() / 20);
    EXPECT_LT(counts.unknown, HistoryCount() / 2);
    EXPECT_LT(counts.missed, HistoryCount() / 100);
  }
}

TEST(AdditiveSearch, JudgesCountersThatGoOneWayAsByBruteForce) {
  for (const int sign : {1, -1}) {
    const Counts counts =
        JudgeRandom(OneWayCounter(sign), 8, 1000, HistoryCount());
    EXPECT_GT(counts.valid, HistoryCount() / 20);
    EXPECT_GT(counts.violations, HistoryCount() / 20);
    EXPECT_LT(counts.missed, HistoryCount() / 100);
  }
}

TEST(AdditiveSearch, JudgesCountersOfEqualAdditionsAsByBruteForce) {
  for (const size_t size : {8, 10}) {
    const Counts counts =
        JudgeRandom(EqualCounter(), size, 1000, HistoryCount());
    EXPECT_GT(counts.valid, HistoryCount() / 20);
    EXPECT_GT(counts.violations, HistoryCount() / 20);
    EXPECT_LT(counts.missed, HistoryCount() / 100);
  }
}

TEST(AdditiveSearch, JudgesPrefixesAsByBruteForce) {
  for (const PlainAlphabet& alphabet :
       {OneWayCounter(1, false), OneWayCounter(-1, false), AnyCounter(false),
        EqualCounter()}) {
    TestRandom random(3);
    size_t violations = 0;
    for (size_t i = 0; i < HistoryCount() / 4; ++i) {
      violations += JudgePrefixes(RandomHistory(alphabet, 7, random));
    }
    EXPECT_GT(violations, HistoryCount() / 20);
  }
}

TEST(AdditiveSearch, JudgesBanksAsByBruteForce) {
  for (const bool reads_all : {false, true}) {
    const Counts counts =
        JudgeRandom(PoorBank(reads_all), 7, 1000, HistoryCount());
    EXPECT_LT(counts.missed, HistoryCount() / 100);
    EXPECT_GT(counts.valid, HistoryCount() / 20);
    EXPECT_GT(counts.violations, HistoryCount() / 20);
  }
}

TEST(AdditiveSearch, JudgesBanksWhoseStartNobodyKnowsAsByTryingAll) {
  const Counts counts =
      JudgeRandom(PoorBank(true), 5, 1000, HistoryCount() / 10, false);
  EXPECT_GT(counts.valid, HistoryCount() / 100);
  EXPECT_GT(counts.violations, HistoryCount() / 200);
}

TEST(AdditiveSearch, NeverLiesWithTheNarrowestBeam) {
  const Counts counts = JudgeRandom(AnyCounter(true), 8, 1, HistoryCount());
  EXPECT_GT(counts.valid, HistoryCount() / 20);
  const Counts of_bank = JudgeRandom(PoorBank(false), 7, 1, HistoryCount());
  EXPECT_GT(of_bank.valid, HistoryCount() / 50);
  const Counts of_one_way = JudgeRandom(OneWayCounter(1), 8, 1, HistoryCount());
  EXPECT_GT(of_one_way.valid, HistoryCount() / 20);
}

// Additions of these amounts that are all open while a read sees `sum`.
Verdict JudgeOpen(const std::vector<int>& amounts, int sum) {
  constexpr int kLate = 1000;
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  int now = 0;
  for (const int amount : amounts) {
    history.operations.push_back(
        {"add", amount, {}, PlainOutcome::kOk, now, kLate + now});
    ++now;
  }
  history.operations.push_back(
      {"read", {}, sum, PlainOutcome::kOk, now, now + 1});
  return Judge(history, 1000)->verdict;
}

TEST(AdditiveSearch, ChoosesFromManyOpenUpdatesWhereMostAreEqual) {
  std::vector<int> amounts;
  for (int i = 0; i < 50; ++i) amounts.push_back(i % 5 * 2 + 1);
  EXPECT_EQ(JudgeOpen(amounts, 249), Verdict::kValid);
  EXPECT_EQ(JudgeOpen(amounts, 250), Verdict::kValid);
  EXPECT_EQ(JudgeOpen(amounts, 248), Verdict::kValid) << "without two ones";
  EXPECT_EQ(JudgeOpen(amounts, 251), Verdict::kViolation);
  EXPECT_EQ(JudgeOpen(std::vector<int>(60, 2), 118), Verdict::kValid);
  EXPECT_EQ(JudgeOpen(std::vector<int>(60, 2), 119), Verdict::kViolation);
}

// The read can be explained by updates that cannot be chosen.
TEST(AdditiveSearch, TellsNoViolationWhereMoreUpdatesAreOpenThanCanBeChosen) {
  EXPECT_EQ(JudgeOpen(std::vector<int>(70, 2), 138), Verdict::kUnknown);
  EXPECT_EQ(JudgeOpen(std::vector<int>(70, 2), 100), Verdict::kValid);
  std::vector<int> amounts;
  for (int i = 0; i < 30; ++i) amounts.push_back(1 << i);
  EXPECT_EQ(JudgeOpen(amounts, (1 << 30) - 1), Verdict::kUnknown);
  EXPECT_EQ(JudgeOpen(amounts, (1 << 20) - 1), Verdict::kValid);
}

// Two additions of which nobody knows whether they happened explain a read
// together, and an open one explains it as well, but then not the next read.
TEST(AdditiveSearch, UsesTwoInfoOperationsAtOnceWhereOneWayOnIsADeadEnd) {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  history.operations = {
      {"add", 3, {}, PlainOutcome::kInfo, 0, 0},
      {"add", 4, {}, PlainOutcome::kInfo, 1, 0},
      {"add", 7, {}, PlainOutcome::kOk, 2, 9},
      {"read", {}, 7, PlainOutcome::kOk, 3, 4},
      {"read", {}, 14, PlainOutcome::kOk, 5, 12},
      {"read", {}, 14, PlainOutcome::kOk, 6, 13},
      {"read", {}, 7, PlainOutcome::kOk, 7, 8},
  };
  ExpectFoundByTheNarrowestBeam(history);
}

// Nobody looked for long, and then two at once see what five additions of which
// nobody knows whether they happened have made.
TEST(AdditiveSearch, UsesAsManyInfoOperationsAsALateReadSees) {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  for (const int amount : {7, 7, 7, 11, 13, 17, -1, -2}) {
    const int call = static_cast<int>(history.operations.size());
    history.operations.push_back(
        {"add", amount, {}, PlainOutcome::kInfo, call, 0});
  }
  history.operations.push_back({"read", {}, 49, PlainOutcome::kOk, 20, 23});
  history.operations.push_back({"read", {}, 49, PlainOutcome::kOk, 21, 22});
  ExpectFoundByTheNarrowestBeam(history);
}

// Six additions have hardly begun, and one read sees them all, which is rated
// so low that it is tried last.
TEST(AdditiveSearch, TriesWhatIsRatedLeastAsWell) {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  for (int i = 0; i < 6; ++i) {
    history.operations.push_back(
        {"add", 1 << i, {}, PlainOutcome::kOk, i, 100 + i});
  }
  history.operations.push_back({"read", {}, 63, PlainOutcome::kOk, 10, 11});
  for (int i = 0; i < 40; ++i) {
    history.operations.push_back(
        {"read", {}, 63, PlainOutcome::kOk, 12 + 2 * i, 13 + 2 * i});
  }
  ExpectFoundByTheNarrowestBeam(history);
  history.operations.back().result = 62;
  const auto violated = Judge(history, 1000);
  ASSERT_TRUE(violated.has_value());
  EXPECT_EQ(violated->verdict, Verdict::kViolation);
}

// The transfer of 2 needs one of 1 before it; that of 1 which returns first was
// called too late for that.
TEST(AdditiveSearch, TakesTheEqualTransferThatWasCalledInTime) {
  PlainHistory history;
  history.type = "bank";
  history.initial = PlainValue::Map({{"x", 2}, {"y", 1}});
  const PlainValue one = Transfer("x", "y", 1);
  const PlainValue two = Transfer("y", "x", 2);
  history.operations = {
      {"transfer", one, one, PlainOutcome::kOk, 1, 11},
      {"transfer", two, two, PlainOutcome::kOk, 2, 4},
      {"read", {}, PlainValue::Map({{"x", 3}}), PlainOutcome::kOk, 6, 8},
      {"transfer", one, one, PlainOutcome::kOk, 7, 10},
  };
  ExpectFoundByTheNarrowestBeam(history);
}

// What an info operation of long ago did is seen after much else.
TEST(AdditiveSearch, UsesAnInfoOperationOfLongAgo) {
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  history.operations.push_back({"add", 1000, {}, PlainOutcome::kInfo, 0, 0});
  for (int i = 1; i <= 300; ++i) {
    history.operations.push_back(
        {"add", 1, {}, PlainOutcome::kOk, 2 * i, 2 * i + 1});
  }
  history.operations.push_back({"read", {}, 1300, PlainOutcome::kOk, 700, 701});
  ExpectFoundByTheNarrowestBeam(history);
}

// What `clients` do one after the other with a counter that works, without info
// operations.
PlainHistory RunOfACounter(size_t clients, size_t operations,
                           TestRandom& random) {
  struct Timed {
    PlainOperation operation;
    int effect;
    int amount;  // 0 for reads
  };
  std::vector<Timed> run;
  std::vector<int> free_at(clients, 0);
  const auto count = static_cast<int>(operations);
  for (int i = 0; i < count; ++i) {
    int& time = free_at[random.Below(clients)];
    // Moments are told apart by the operation.
    const auto later = [&](int from) {
      return from + static_cast<int>(1 + random.Below(99)) * 3 * count;
    };
    const int call = later(time) / (3 * count) * 3 * count + 3 * i;
    const int effect = later(call) + 1;
    const int end = later(effect) + 1;
    time = end;
    const int amount =
        random.Percent(50) ? static_cast<int>(random.Below(41)) - 20 : 0;
    PlainOperation operation = {"read", {}, {}, PlainOutcome::kOk, call, end};
    if (amount != 0) {
      operation.function = "add";
      operation.argument = amount;
    }
    run.push_back({operation, effect, amount});
  }
  std::ranges::sort(run, {}, &Timed::effect);
  int sum = 0;
  PlainHistory history;
  history.type = "counter";
  history.initial = 0;
  for (Timed& timed : run) {
    sum += timed.amount;
    if (timed.amount == 0) timed.operation.result = sum;
    history.operations.push_back(timed.operation);
  }
  std::ranges::sort(history.operations, {}, &PlainOperation::call);
  return history;
}

// These are too long for brute force, and too contended for a narrow beam; so
// much is left out on the way.
TEST(AdditiveSearch, NeverCallsAViolationWhatACounterDid) {
  TestRandom random(7);
  size_t valid = 0;
  for (int i = 0; i < 12; ++i) {
    const PlainHistory history = RunOfACounter(30, 600, random);
    const auto result = Judge(history, 1, 30'000);
    ASSERT_TRUE(result.has_value());
    EXPECT_NE(result->verdict, Verdict::kViolation) << i;
    valid += result->verdict == Verdict::kValid ? 1 : 0;
  }
  EXPECT_GT(valid, 6);
}

// With less memory than it would like to have, it forgets what is least likely
// and goes on.
TEST(AdditiveSearch, ForgetsWhereMemoryIsShortAndIsStillRight) {
  TestRandom random(11);
  size_t valid = 0;
  for (int i = 0; i < 6; ++i) {
    const PlainHistory history = RunOfACounter(20, 400, random);
    PosedSearch posed(history);
    const auto object =
        AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
    ASSERT_TRUE(object.has_value());
    const checker::SearchProblem problem = posed.ToEnd();
    const SearchResult free = SearchAdditively(problem, *object, kNoBound, 12);
    ASSERT_EQ(free.verdict, Verdict::kValid) << i;
    checker::Limits limits;
    limits.memory_bytes = problem.budget.peak_bytes() * 8 / 10;
    checker::Budget budget(limits);
    const checker::SearchProblem limited = {problem.timeline, problem.model,
                                            budget, problem.end,
                                            problem.footprints};
    const SearchResult result =
        SearchAdditively(limited, *object, kNoBound, 12);
    EXPECT_NE(result.verdict, Verdict::kViolation) << i;
    EXPECT_LE(budget.peak_bytes(), *limits.memory_bytes);
    valid += result.verdict == Verdict::kValid ? 1 : 0;
  }
  EXPECT_GT(valid, 2);
}

// Each read allows several starts, and what they allow together is no single
// one.
TEST(AdditiveSearch, FollowsSeveralStartsAtOnce) {
  PlainHistory history;
  history.type = "bank";
  const PlainValue move = Transfer("x", "y", 1);
  const auto shows = [](int x, int y) {
    return PlainValue::Map({{"x", x}, {"y", y}});
  };
  history.operations = {
      {"transfer", move, move, PlainOutcome::kOk, 0, 20},
      {"transfer", move, move, PlainOutcome::kOk, 1, 21},
      {"transfer", move, move, PlainOutcome::kOk, 2, 22},
      {"read", {}, shows(5, 5), PlainOutcome::kOk, 3, 5},
      {"read", {}, shows(4, 6), PlainOutcome::kOk, 4, 6},
      {"read", {}, shows(3, 7), PlainOutcome::kOk, 23, 24},
  };
  const auto valid = Judge(history, 1000);
  ASSERT_TRUE(valid.has_value());
  EXPECT_EQ(valid->verdict, Verdict::kValid);
  history.operations.back().result = shows(1, 9);
  const auto violated = Judge(history, 1000);
  ASSERT_TRUE(violated.has_value());
  EXPECT_EQ(violated->verdict, Verdict::kViolation);
}

// While all of `amounts` are being moved from x to y, reads return one after
// the other, and show this of x, and what is left of `total`.
PlainHistory ReadsWhileMoving(int total, const std::vector<int>& amounts,
                              const std::vector<int>& shown) {
  constexpr int kLate = 100;
  PlainHistory history;
  history.type = "bank";
  int now = 1;
  for (const int amount : amounts) {
    const PlainValue move = Transfer("x", "y", amount);
    history.operations.push_back(
        {"transfer", move, move, PlainOutcome::kOk, now, kLate + now});
    ++now;
  }
  for (const int x : shown) {
    const PlainValue seen = PlainValue::Map({{"x", x}, {"y", total - x}});
    history.operations.push_back(
        {"read", {}, seen, PlainOutcome::kOk, now, now + 1});
    now += 3;
  }
  return history;
}

TEST(AdditiveStarts, AreThoseThatEveryReadAllowsWithSomeSetOfMoves) {
  TestRandom random(5);
  size_t several = 0;
  size_t none = 0;
  for (int i = 0; i < 400; ++i) {
    PlainHistory history = RandomHistory(PoorBank(true), 8, random);
    history.initial = PlainValue();
    PosedSearch posed(history);
    const auto object =
        AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
    if (!object || object->views() != 1) continue;
    const auto starts =
        object->Starts(*posed.timeline, *posed.model,
                       static_cast<uint32_t>(posed.timeline->event_count()));
    if (!starts) continue;
    std::vector<uint64_t> found;
    for (const auto& start : *starts) found.push_back(start[0]);
    std::sort(found.begin(), found.end());
    const std::vector<uint64_t> expected = StartsByTryingAll(posed, *object);
    // Where one is left, nobody else is asked.
    const bool is_one = found.size() == 1 && expected.empty();
    EXPECT_TRUE(is_one || found == expected) << ToText(history);
    several += found.size() > 1 ? 1 : 0;
    none += found.empty() ? 1 : 0;
  }
  EXPECT_GT(several, 20u);
  EXPECT_GT(none, 5u);
}

// 256 starts are too many to be told. But what is read later leaves one; the
// read that shows more money than there is in between leaves none.
TEST(AdditiveStarts, OfAPrefixMayBeGuessedFromWhatIsSeenLater) {
  PlainHistory history =
      ReadsWhileMoving(1000, {1, 2, 4, 8, 16, 32, 64, 128}, {700});
  int now = 200;
  for (const int y : {999, 555}) {
    const PlainValue seen = PlainValue::Map({{"x", 445}, {"y", y}});
    history.operations.push_back(
        {"read", {}, seen, PlainOutcome::kOk, now, now + 1});
    now += 2;
  }
  PosedSearch posed(history);
  const auto object =
      AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
  ASSERT_TRUE(object.has_value());
  const uint32_t end = 8 + 2;  // the calls of all moves, and the first read
  EXPECT_FALSE(object->Starts(*posed.timeline, *posed.model, end).has_value());
  const auto supposing =
      object->SupposeStarts(*posed.timeline, *posed.model, end);
  ASSERT_TRUE(supposing.has_value());
  const auto starts = supposing->Starts(*posed.timeline, *posed.model, end);
  ASSERT_TRUE(starts.has_value());
  ASSERT_EQ(starts->size(), 1u);
  const auto& operations = posed.timeline->operations();
  uint64_t start = object->TargetOf(operations.back().action);
  for (size_t op = 0; op < 8; ++op) {
    start -= object->Effect(operations[op].action, 0);
  }
  EXPECT_EQ(starts->front()[0], start);
  // Where all can be told, there is nothing to guess.
  EXPECT_FALSE(
      supposing->SupposeStarts(*posed.timeline, *posed.model, end).has_value());
}

// What is read after the violation suggests a start from which the first reads
// cannot be explained. From another one they can.
TEST(AdditiveStarts, ThatAreGuessedMakeNoViolation) {
  PlainHistory history =
      ReadsWhileMoving(1000, {1, 2, 4, 8, 16, 32, 64}, {700, 699, 697, 693});
  const auto read = [&](int x, int y, int call) {
    const PlainValue seen = PlainValue::Map({{"x", x}, {"y", y}});
    history.operations.push_back(
        {"read", {}, seen, PlainOutcome::kOk, call, call + 1});
  };
  read(1, 1, 50);
  read(700 - 127 + 5, 300 + 127 - 5, 200);
  PosedSearch posed(history);
  const auto object =
      AdditiveObject::Make(*posed.timeline, *posed.footprints, *posed.model);
  ASSERT_TRUE(object.has_value());
  checker::SearchProblem problem = posed.ToEnd();
  constexpr size_t kImpossible = 11;
  problem.end = posed.timeline->operations()[kImpossible].return_event;
  const auto supposing =
      object->SupposeStarts(*posed.timeline, *posed.model, problem.end);
  ASSERT_TRUE(supposing.has_value());
  EXPECT_EQ(SearchAdditively(problem, *supposing, kNoBound, 1000).verdict,
            Verdict::kViolation);
  const SearchResult result = checker::SearchLinearization(
      posed.intervals, *posed.model, posed.budget, {});
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  EXPECT_EQ(result.culprit, kImpossible);
  EXPECT_TRUE(result.is_culprit_exact);
}

TEST(SubsetSums, FindsEachSubsetOfWhatIsAvailableOnce) {
  // The groups of two are runs: of those only so many are told apart.
  const std::vector<uint32_t> sizes = {1, 2, 1, 2, 1};
  std::vector<uint32_t> order;
  const checker::SetLayout layout(sizes, order);
  const std::vector<uint64_t> group_amounts = {5, 3, 2, 4, 7};
  std::vector<uint64_t> amounts;
  for (const uint32_t group : order) {
    amounts.insert(amounts.end(), sizes[group], group_amounts[group]);
  }
  checker::SubsetSums sums;
  sums.Reset(layout, amounts);
  for (uint64_t available = 0; available <= layout.all(); ++available) {
    if (layout.SetOf(available) != available) continue;
    for (uint64_t sum = 0; sum <= 30; ++sum) {
      std::vector<uint64_t> expected;
      for (uint64_t set = 0; set <= layout.all(); ++set) {
        uint64_t total = 0;
        for (size_t i = 0; i < amounts.size(); ++i) {
          if ((set >> i & 1) != 0) total += amounts[i];
        }
        const bool is_there =
            layout.SetOf(set) == set && (set & ~available) == 0 && total == sum;
        if (is_there) expected.push_back(set);
      }
      std::vector<uint64_t> found;
      sums.ForEach(available, sum, [&](uint64_t set) {
        found.push_back(set);
        return true;
      });
      std::sort(found.begin(), found.end());
      EXPECT_EQ(found, expected);
      EXPECT_EQ(sums.Has(available, sum), !expected.empty());
    }
  }
}

}  // namespace
}  // namespace minos::testing
