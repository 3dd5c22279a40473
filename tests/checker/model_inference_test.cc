#include "checker/model_inference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/history_dsl.h"

namespace minos::checker {
namespace {

using ::minos::testing::TestHistory;
using ::testing::HasSubstr;

// The data type, or why it cannot be told.
std::string Told(TestHistory& history) {
  const auto model = InferModel(history.Build());
  return model.ok() ? std::string(*model)
                    : std::string(model.status().message());
}

TEST(ModelInference, FunctionsTellTheDataType) {
  TestHistory registers;
  EXPECT_EQ(Told(registers.Write(0, "1").Read(1, "1")), "register");
  TestHistory cas;
  EXPECT_EQ(Told(cas.Ok(0, "cas", "[1 2]", "[1 2]")), "cas-register");
  TestHistory bank;
  EXPECT_EQ(Told(bank.Ok(0, "transfer", "{:from 0 :to 1 :amount 5}", "nil")),
            "bank");
}

TEST(ModelInference, WhatReadsReturnTellsCountersFromSets) {
  TestHistory counter;
  EXPECT_EQ(Told(counter.Ok(0, "add", "1", "1").Read(0, "1")), "counter");
  TestHistory grows;
  EXPECT_EQ(Told(grows.Ok(0, "add", "1", "1").Read(0, "[1]")), "g-set");
  TestHistory set;
  EXPECT_EQ(Told(set.Ok(0, "remove", "1", "1").Read(0, "#{}")), "set");
}

TEST(ModelInference, TransactionsAreToldByWhatTheyDo) {
  TestHistory registers;
  EXPECT_EQ(Told(registers.Ok(0, "txn", "[[:w :x 1] [:r :y nil]]",
                              "[[:w :x 1] [:r :y 2]]")),
            "multi-register");
  TestHistory named;
  EXPECT_EQ(
      Told(named.Ok(0, "read", "[[:r 0 nil] [:r 1 nil]]", "[[:r 0 1] [:r 1 2]]")
               .Ok(0, "write", "[[:w 0 1]]", "[[:w 0 1]]")),
      "multi-register");
  TestHistory lists;
  EXPECT_EQ(Told(lists.Ok(0, "txn", "[[:append :x 1]]", "[[:append :x 1]]")
                     .Ok(0, "txn", "[[:r :x nil]]", "[[:r :x [1]]]")),
            "list-append");
}

TEST(ModelInference, TransactionsThatNoDataTypeHasAreRefused) {
  TestHistory lists;
  EXPECT_THAT(Told(lists.Ok(0, "txn", "[[:append :x 1] [:r :y nil]]",
                            "[[:append :x 1] [:r :y [2]]]")),
              HasSubstr("no data type of minos has such"));
}

TEST(ModelInference, ReadsOfMapsAloneMayBeThoseOfABankOrOfARegister) {
  TestHistory reads;
  EXPECT_THAT(Told(reads.Read(0, "{0 10}").Read(0, "{0 11}")),
              HasSubstr("pass --model bank if they read accounts"));
}

}  // namespace
}  // namespace minos::checker
