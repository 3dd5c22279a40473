// What single operations say of one value: the models of visibility must not
// call a history valid for not having looked, nor a violation for taking words
// for what they are not.

#include <gtest/gtest.h>

#include <string>

#include "checker/check.h"
#include "tests/support/history_dsl.h"

namespace minos::checker {
namespace {

using testing::TestHistory;

CheckResult Check(TestHistory& history, const std::string& model,
                  const std::string& consistency) {
  CheckOptions options;
  options.model = model;
  options.consistencies = {consistency};
  const auto verdict = CheckHistory(history.Build(), options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->checks.front();
}

TEST(LeftOut, AnElementThatNobodyAddedIsNoSequentialSet) {
  TestHistory h;
  h.Ok(0, "contains", "1", "true");
  EXPECT_EQ(Check(h, "set", "sequential").verdict, Verdict::kViolation);
}

TEST(LeftOut, WhetherAnElementIsThereIsUnknownToCausality) {
  TestHistory h;
  h.Ok(0, "add", "1", "1").Ok(0, "contains", "1", "false");
  const CheckResult result = Check(h, "set", "causal");
  ASSERT_EQ(result.verdict, Verdict::kUnknown);
  EXPECT_EQ(result.unknown->reason, UnknownReason::kUnsupported);
}

TEST(LeftOut, WhatTheReadsForbidIsForbiddenAllTheSame) {
  TestHistory h;
  h.Ok(0, "add", "1", "1").Ok(0, "contains", "1", "true").Read(0, "[]");
  EXPECT_EQ(Check(h, "set", "read-your-writes").verdict, Verdict::kViolation);
}

TEST(LeftOut, ARefusedCompareAndSetIsUnknownToSessions) {
  TestHistory h;
  h.Write(0, "1").Ok(0, "cas", "[1 2]", "false");
  EXPECT_EQ(Check(h, "cas-register", "session").verdict, Verdict::kUnknown);
  TestHistory again;
  again.Write(0, "1").Ok(0, "cas", "[1 2]", "false");
  EXPECT_EQ(Check(again, "cas-register", "sequential").verdict,
            Verdict::kViolation);
}

TEST(LeftOut, WhatAnAdditionToAGrowingSetReturnsSaysNothing) {
  TestHistory h;
  h.Ok(0, "add", "1", "true").Read(0, "[1]");
  EXPECT_EQ(Check(h, "g-set", "session").verdict, Verdict::kValid);
}

TEST(MissingKeys, AreReadAsEmptyStringsUnderEveryModel) {
  for (const char* model :
       {"linearizable", "sequential", "causal", "session"}) {
    TestHistory h;
    h.Ok(0, "get", "nil", "\"\"", "x").Ok(1, "put", "\"a\"", "nil", "x");
    h.Ok(1, "delete", "nil", "nil", "x").Ok(0, "get", "nil", "\"\"", "x");
    EXPECT_EQ(Check(h, "kv", model).verdict, Verdict::kValid) << model;
  }
}

TEST(MissingKeys, AreNotReadAfterAPutThatTheSessionSaw) {
  for (const char* model : {"sequential", "read-your-writes"}) {
    TestHistory h;
    h.Ok(0, "put", "\"a\"", "nil", "x").Ok(0, "get", "nil", "\"\"", "x");
    EXPECT_EQ(Check(h, "kv", model).verdict, Verdict::kViolation) << model;
  }
}

TEST(MissingKeys, ThatAReadTellsFromEmptyStringsLeaveTheOthersOpen) {
  const auto judge = [](const std::string& model) {
    TestHistory h;
    h.Ok(0, "get", "nil", "nil", "x").Ok(0, "put", "\"\"", "nil", "x");
    h.Ok(0, "get", "nil", "\"\"", "x");
    return Check(h, "kv", model).verdict;
  };
  EXPECT_EQ(judge("sequential"), Verdict::kValid);
  EXPECT_EQ(judge("session"), Verdict::kUnknown);
}

TEST(Sequential, AnAppendReadsNothing) {
  TestHistory h;
  h.Ok(0, "append", "\"a\"", "nil", "x").Call(1, "append", "\"b\"", "x");
  h.Ok(0, "get", "nil", "\"ba\"", "x").Return(1);
  EXPECT_EQ(Check(h, "kv", "sequential").verdict, Verdict::kValid);
}

}  // namespace
}  // namespace minos::checker
