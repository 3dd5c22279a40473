#include "history/validate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <string_view>

#include "tests/support/recordings.h"

namespace minos::history {
namespace {

using minos::testing::ReadText;
using minos::testing::ToText;

std::string Suspicions(std::string_view text) {
  return ToText(Validate(ReadText(text)));
}

TEST(ValidateTest, AReadOfAValueThatNobodyWrote) {
  EXPECT_EQ(Suspicions("0 :invoke :write 1\n"
                       "0 :ok :write 1\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 7\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 7\n"
                       "1 :invoke :cas [8 9]\n"
                       "1 :ok :cas [8 9]\n"),
            "warning 4:1 unwritten-read: process 1 reads 7, which no "
            "operation wrote\n"
            "warning 8:1 unwritten-read: process 1 reads 8, which no "
            "operation wrote\n");
}

TEST(ValidateTest, AReadOfAFailedWrite) {
  EXPECT_EQ(Suspicions("0 :invoke :write 1\n"
                       "0 :fail :write :timed-out\n"
                       "0 :invoke :cas [nil 2]\n"
                       "0 :fail :cas [nil 2]\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 1\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 2\n"),
            "warning 6:1 aborted-read: process 1 reads 1, which only the "
            "failed :write of line 1 wrote\n"
            "warning 8:1 aborted-read: process 1 reads 2, which only the "
            "failed :cas of line 3 wrote\n");
}

TEST(ValidateTest, WhoIsInterruptedSuspectsNothing) {
  const Recording recording = ReadText(
      "0 :invoke :write 1\n"
      "0 :ok :write 1\n"
      "1 :invoke :read nil\n"
      "1 :ok :read 7\n");
  std::atomic<bool> interrupted = false;
  EXPECT_EQ(FindSuspiciousReads(recording.history, &interrupted).size(), 1u);
  interrupted = true;
  EXPECT_TRUE(FindSuspiciousReads(recording.history, &interrupted).empty());
}

TEST(ValidateTest, WhatMayHaveHappenedIsNotSuspicious) {
  EXPECT_EQ(Suspicions("1 :invoke :read nil\n"
                       "1 :ok :read 0\n"  // the initial value
                       "0 :invoke :write 1\n"
                       "0 :fail :write 1\n"
                       "2 :invoke :write 1\n"  // again, and for good
                       "2 :info :write 1\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 1\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 0\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read nil\n"
                       "1 :invoke :read nil\n"
                       "1 :fail :read 9\n"
                       "3 :invoke :cas [0 4]\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read 4\n"),
            "");
}

TEST(ValidateTest, KeysAreToldApart) {
  EXPECT_EQ(Suspicions("0 :invoke :write [:x 1]\n"
                       "0 :ok :write [:x 1]\n"
                       "0 :invoke :write [:y 2]\n"
                       "0 :ok :write [:y 2]\n"
                       "1 :invoke :read [:y nil]\n"
                       "1 :ok :read [:y 1]\n"
                       "1 :invoke :read [:x nil]\n"
                       "1 :ok :read [:x 1]\n"),
            "warning 6:1 unwritten-read: process 1 reads 1 of key :y, which "
            "no operation wrote\n");
  EXPECT_EQ(
      Suspicions(
          R"({"process":0,"f":"put","key":"a","value":1,"call":1,"return":2}
{"process":0,"f":"put","key":"b","value":2,"call":3,"return":4}
{"process":0,"f":"get","key":"b","result":1,"call":5,"return":6}
)"),
      "warning 3:1 unwritten-read: process 0 reads 1 of key \"b\", which "
      "no operation wrote\n");
}

TEST(ValidateTest, SetsQueuesAndTransactions) {
  EXPECT_EQ(Suspicions("0 :invoke :add 1\n"
                       "0 :ok :add 1\n"
                       "0 :invoke :add 2\n"
                       "0 :fail :add 2\n"
                       "1 :invoke :read nil\n"
                       "1 :ok :read #{1 2 3}\n"),
            "warning 6:1 aborted-read: process 1 reads 2, which only the "
            "failed :add of line 3 wrote\n"
            "warning 6:1 unwritten-read: process 1 reads 3, which no "
            "operation wrote\n");
  EXPECT_EQ(Suspicions("0 :invoke :enqueue 1\n"
                       "0 :ok :enqueue 1\n"
                       "0 :invoke :dequeue nil\n"
                       "0 :ok :dequeue 2\n"
                       "0 :invoke :drain nil\n"
                       "0 :ok :drain [1 3]\n"),
            "warning 4:1 unwritten-read: process 0 reads 2, which no "
            "operation wrote\n"
            "warning 6:1 unwritten-read: process 0 reads 3, which no "
            "operation wrote\n");
  EXPECT_EQ(Suspicions("0 :invoke :txn [[:append :x 1] [:w :y 5]]\n"
                       "0 :ok :txn [[:append :x 1] [:w :y 5]]\n"
                       "0 :invoke :txn [[:r :x nil] [:r :y nil]]\n"
                       "0 :ok :txn [[:r :x [1 2]] [:r :y 6]]\n"),
            "warning 4:1 unwritten-read: process 0 reads 2 of key :x, which "
            "no operation wrote\n"
            "warning 4:1 unwritten-read: process 0 reads 6 of key :y, which "
            "no operation wrote\n");
}

TEST(ValidateTest, OtherModelsGiveNoFalseAlarms) {
  EXPECT_EQ(Suspicions("0 :invoke :add 1\n"  // a counter
                       "0 :ok :add 1\n"
                       "0 :invoke :add 1\n"
                       "0 :ok :add 1\n"
                       "0 :invoke :read nil\n"
                       "0 :ok :read 2\n"),
            "");
  EXPECT_EQ(Suspicions("0 :invoke :append \"a\"\n"  // strings that grow
                       "0 :ok :append \"a\"\n"
                       "0 :invoke :append \"b\"\n"
                       "0 :ok :append \"b\"\n"
                       "0 :invoke :get nil\n"
                       "0 :ok :get \"ab\"\n"),
            "");
  EXPECT_EQ(Suspicions("0 :invoke :write 0\n"  // micro-operations
                       "0 :ok :write 0\n"
                       "0 :invoke :read [[:r 0 nil]]\n"
                       "0 :ok :read [[:r 0 1]]\n"),
            "");
}

TEST(ValidateTest, ReadingErrorsComeAlone) {
  EXPECT_EQ(Suspicions("0 :ok :write 1\n"
                       "0 :invoke :read nil\n"
                       "0 :ok :read 5\n"),
            "error 1:1 orphan-completion: process 0 completes an operation "
            "that it never called\n");
}

}  // namespace
}  // namespace minos::history
