// Convergence against its definition, on random tiny histories of every data
// type: with reads that are flagged as final, with a moment of quiet, and with
// recorded versions.

#include "tests/support/convergence_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "checker/check.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::Outcome;
using testing::ForEachRandom;
using testing::IsLongRun;
using testing::kTinyNever;
using testing::PlausibleTinyHistoryOf;
using testing::TinyAnswer;
using testing::TinyFacts;
using testing::TinyHistory;
using testing::TinyOp;
using testing::TinyRandom;
using testing::TinyType;

Verdict VerdictFor(TinyAnswer answer) {
  switch (answer) {
    case TinyAnswer::kHolds:
      return Verdict::kValid;
    case TinyAnswer::kFails:
      return Verdict::kViolation;
    case TinyAnswer::kCannotTell:
      return Verdict::kUnknown;
  }
  return Verdict::kUnknown;
}

Verdict Check(const TinyHistory& tiny, TinyType type, int heal,
              const std::string& consistency) {
  CheckOptions options;
  options.model = DataTypeOf(type);
  options.consistencies = {consistency};
  options.explain = false;
  const auto verdict = CheckHistory(ToHistory(tiny, type, heal), options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front().verdict;
}

// What a store that has converged returns: of a register the last write, else
// all updates.
void ReadEverything(TinyType type, const TinyHistory& tiny, TinyOp& read) {
  read.value = 0;
  read.shown.clear();
  for (const TinyOp& op : tiny) {
    if (op.is_read || op.key != read.key || op.outcome == Outcome::kFail) {
      continue;
    }
    read.value = type == TinyType::kRegister ? op.value : read.value + op.value;
    read.shown.push_back(op.value);
  }
  if (type == TinyType::kRegister || type == TinyType::kCounter) {
    read.shown.clear();
    return;
  }
  read.value = 0;
  if (type == TinyType::kSet) {
    std::sort(read.shown.begin(), read.shown.end());
    read.shown.erase(std::unique(read.shown.begin(), read.shown.end()),
                     read.shown.end());
  }
}

class ConvergenceOracleTest : public ::testing::TestWithParam<TinyType> {
 protected:
  // Updates and reads, and at the end more reads, most of which return what
  // they should.
  TinyHistory SomeHistory(TinyRandom& random, size_t number) {
    const bool simple = number % 3 != 0;
    TinyHistory tiny =
        GetParam() == TinyType::kRegister
            ? testing::PlausibleTinyHistory(random, 5, simple)
            : PlausibleTinyHistoryOf(GetParam(), random, 5, simple);
    int position = 0;
    for (const TinyOp& op : tiny) {
      position = std::max(position, op.call + 1);
      if (op.ret < kTinyNever) position = std::max(position, op.ret + 1);
    }
    const TinyHistory before = tiny;
    for (int more = random.Below(4); more > 0; --more) {
      TinyOp read = before[static_cast<size_t>(
          random.Below(static_cast<int>(before.size())))];
      read.is_read = true;
      read.outcome = Outcome::kOk;
      if (GetParam() != TinyType::kRegister) read.value = 0;
      if (!before.front().is_read && random.Below(6) == 0) {
        read.key = before.front().key;
      }
      if (random.Below(4) != 0) ReadEverything(GetParam(), before, read);
      read.call = position++;
      read.ret = position++;
      tiny.push_back(read);
    }
    return tiny;
  }
};

TEST_P(ConvergenceOracleTest, EventualAgreesOnRandomHistories) {
  const auto compare = [&](TinyRandom& random, size_t number) {
    if (HasFatalFailure()) return;
    TinyHistory tiny = SomeHistory(random, number);
    const bool flags = random.Below(2) == 0;
    for (TinyOp& op : tiny) {
      const bool late = &op - tiny.data() >= 4;
      op.is_final = flags && op.is_read && random.Below(late ? 2 : 8) == 0;
    }
    const int heal = random.Below(2) == 0 ? kTinyNever : random.Below(10);
    const TinyFacts facts(tiny, GetParam());
    ASSERT_EQ(Check(tiny, GetParam(), heal, "eventual"),
              VerdictFor(AnswerEventual(facts, heal)))
        << "heal at " << heal << "\n"
        << ToString(tiny);
  };
  ForEachRandom(61, IsLongRun() ? 500'000 : 1500, compare);
}

TEST_P(ConvergenceOracleTest, StrongEventualAgreesOnRandomHistories) {
  const auto compare = [&](TinyRandom& random, size_t number) {
    if (HasFatalFailure()) return;
    TinyHistory tiny = SomeHistory(random, number);
    const bool versioned = random.Below(2) == 0;
    for (TinyOp& op : tiny) {
      if (versioned && op.is_read) op.version = random.Below(4);
    }
    const TinyFacts facts(tiny, GetParam());
    ASSERT_EQ(Check(tiny, GetParam(), kTinyNever, "strong-eventual"),
              VerdictFor(AnswerStrongEventual(facts)))
        << ToString(tiny);
  };
  ForEachRandom(62, IsLongRun() ? 500'000 : 1500, compare);
}

INSTANTIATE_TEST_SUITE_P(Types, ConvergenceOracleTest,
                         ::testing::Values(TinyType::kRegister, TinyType::kSet,
                                           TinyType::kList, TinyType::kCounter),
                         [](const auto& info) {
                           switch (info.param) {
                             case TinyType::kRegister:
                               return "Register";
                             case TinyType::kSet:
                               return "Set";
                             case TinyType::kList:
                               return "List";
                             case TinyType::kCounter:
                               return "Counter";
                           }
                           return "";
                         });

}  // namespace
}  // namespace minos::checker
