#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checker/model_registry.h"
#include "checker/sequential_model.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history/edn.h"
#include "history/value_table.h"

namespace minos::checker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One object of a data type, on which operations are tried one after the other.
// Values are written in EDN.
class Object {
 public:
  explicit Object(std::string_view type, std::string_view initial = "") {
    const auto info = FindModel(type);
    EXPECT_TRUE(info.ok()) << info.status();
    auto model = (*info)->make(
        values_, initial.empty() ? history::kNoValue : Value(initial));
    EXPECT_TRUE(model.ok()) << model.status();
    model_ = *std::move(model);
    states_ = {model_->InitialState()};
  }

  // Whether the operation may come next with this result; it does if so.
  bool Ok(std::string_view function, std::string_view argument,
          std::string_view result = "nil") {
    const std::vector<StateId> next =
        Next(ActionOf(function, argument, result, true));
    if (!next.empty()) states_ = next;
    return !next.empty();
  }
  // The operation may or may not have happened.
  void Info(std::string_view function, std::string_view argument) {
    for (const StateId state :
         Next(ActionOf(function, argument, "nil", false))) {
      Include(states_, state);
    }
  }

  std::string State() const { return model_->DescribeState(states_.front()); }
  size_t StateCount() const { return states_.size(); }
  std::string Why(std::string_view function, std::string_view argument,
                  std::string_view result = "nil") {
    const ActionId action = ActionOf(function, argument, result, true);
    EXPECT_TRUE(Next(action).empty());
    return model_->DescribeRefusal(states_.front(), action);
  }
  std::string Error(std::string_view function, std::string_view argument,
                    std::string_view result = "nil") {
    return std::string(model_->Intern(CallOf(function, argument, result, true))
                           .status()
                           .message());
  }

  bool CanBeDropped(std::string_view function, std::string_view argument) {
    return model_->IsUnobservable(ActionOf(function, argument, "nil", false));
  }
  bool IsImpossible(std::string_view function, std::string_view argument,
                    std::string_view result) {
    return model_->IsImpossible(ActionOf(function, argument, result, true));
  }
  // Lets the model know of an operation that is not tried.
  void Mention(std::string_view function, std::string_view argument,
               std::string_view result = "nil") {
    ActionOf(function, argument, result, true);
  }

 private:
  history::ValueId Value(std::string_view edn) {
    const auto value = history::ParseEdn(edn, values_);
    EXPECT_TRUE(value.ok()) << value.status();
    return *value;
  }

  Call CallOf(std::string_view function, std::string_view argument,
              std::string_view result, bool is_ok) {
    return {values_.Keyword(function), Value(argument),
            is_ok ? Value(result) : history::kNoValue, is_ok};
  }

  ActionId ActionOf(std::string_view function, std::string_view argument,
                    std::string_view result, bool is_ok) {
    const auto action =
        model_->Intern(CallOf(function, argument, result, is_ok));
    EXPECT_TRUE(action.ok()) << action.status();
    return *action;
  }

  static void Include(std::vector<StateId>& states, StateId state) {
    if (std::find(states.begin(), states.end(), state) == states.end()) {
      states.push_back(state);
    }
  }

  std::vector<StateId> Next(ActionId action) {
    std::vector<StateId> next;
    for (const StateId state : states_) {
      std::vector<StateId> successors;
      model_->Step(state, action, successors);
      for (const StateId successor : successors) Include(next, successor);
    }
    return next;
  }

  history::ValueTable values_;
  std::unique_ptr<SequentialModel> model_;
  std::vector<StateId> states_;
};

TEST(ModelRegistryTest, SuggestsTheNearestName) {
  EXPECT_EQ(FindModel("cas-regster").status().message(),
            "there is no model `cas-regster`; did you mean `cas-register`?");
  EXPECT_EQ(FindModel("queue-fifo").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(ModelRegistryTest, ListsEveryTypeWithItsFunctions) {
  std::vector<std::string_view> names;
  for (const ModelInfo& model : AllModels()) {
    names.push_back(model.name);
    EXPECT_FALSE(model.summary.empty()) << model.name;
    EXPECT_FALSE(model.initial.empty()) << model.name;
    EXPECT_FALSE(model.functions.empty()) << model.name;
  }
  EXPECT_THAT(names,
              ElementsAre("register", "cas-register", "multi-register", "kv",
                          "list-append", "log", "counter", "g-set", "set",
                          "multiset", "fifo-queue", "unordered-queue",
                          "priority-queue", "stack", "mutex", "reentrant-mutex",
                          "fenced-lock", "semaphore", "bank", "unique-ids"));
}

TEST(RegisterTest, ReadsWhatWasWrittenLast) {
  Object x("register");
  EXPECT_TRUE(x.Ok("read", "nil", "nil"));
  EXPECT_TRUE(x.Ok("write", "1", ":timed-out"));
  EXPECT_TRUE(x.Ok("w", "2", "2"));
  EXPECT_TRUE(x.Ok("r", "7", "2"));  // what a read is called with is ignored
  EXPECT_EQ(x.State(), "the value is 2");
  EXPECT_EQ(x.Why("read", "nil", "3"), "it read 3, but the value is 2");
}

TEST(RegisterTest, StartsWithTheInitialValue) {
  Object x("register", "0");
  EXPECT_FALSE(x.Ok("read", "nil", "1"));
  EXPECT_TRUE(x.Ok("read", "nil", "0"));
}

TEST(RegisterTest, AReadOfNilSaysNothingWhereNilIsNeverAValue) {
  Object never("register", "0");
  EXPECT_TRUE(never.Ok("read", "nil", "nil"));
  EXPECT_FALSE(never.IsImpossible("read", "nil", "nil"));
  Object initially("register");
  EXPECT_TRUE(initially.Ok("write", "1"));
  EXPECT_FALSE(initially.Ok("read", "nil", "nil"));
  Object written("register", "0");
  written.Mention("write", "nil");
  EXPECT_FALSE(written.Ok("read", "nil", "nil"));
}

TEST(RegisterTest, ComparesValuesAsAWhole) {
  Object x("register");
  EXPECT_TRUE(x.Ok("write", "{:a [1 #{2}]}"));
  EXPECT_TRUE(x.Ok("read", "nil", "{\"a\" (1 #{2})}"));
  EXPECT_FALSE(x.Ok("read", "nil", "{:a [1 #{3}]}"));
}

TEST(RegisterTest, SaysWhichModelHasAnUnknownFunction) {
  EXPECT_EQ(Object("register").Error("push", "1"),
            "the register has no function `push` (it has read, write); pass "
            "--model stack, which has it");
  EXPECT_THAT(Object("register").Error("drain", "1"),
              HasSubstr("see `minos list models`"));
}

TEST(RegisterTest, DropsCrashedWritesThatNobodyReads) {
  Object x("cas-register");
  x.Mention("read", "nil", "1");
  x.Mention("write", "1");
  x.Mention("cas", "[2 3]");
  EXPECT_FALSE(x.CanBeDropped("write", "1"));
  EXPECT_FALSE(x.CanBeDropped("write", "2"));
  EXPECT_TRUE(x.CanBeDropped("write", "3"));
  EXPECT_TRUE(x.CanBeDropped("cas", "[1 4]"));
  EXPECT_TRUE(x.CanBeDropped("cas", "[9 1]"));
  EXPECT_TRUE(x.CanBeDropped("read", "nil"));
  EXPECT_TRUE(x.IsImpossible("read", "nil", "9"));
}

TEST(CasRegisterTest, ReplacesOnlyWhatMatches) {
  Object x("cas-register", "0");
  EXPECT_TRUE(x.Ok("cas", "[0 1]"));
  EXPECT_EQ(x.Why("cas", "[0 2]"), "it replaced 0, but the value is 1");
  EXPECT_TRUE(x.Ok("cas", "[0 2]", "false"));
  EXPECT_EQ(x.Why("cas", "[1 2]", "false"),
            "it was refused, as if the value were not 1, but the value is 1");
  EXPECT_EQ(x.Error("cas", "3"),
            "the cas-register's `cas` takes a pair [old new], not 3");
}

TEST(MultiRegisterTest, RunsATransactionInOrder) {
  Object x("multi-register", "{:x 0 :y 0}");
  EXPECT_TRUE(x.Ok("txn", "[[:write :x 1] [:read :x nil] [:read :y nil]]",
                   "[[:write :x 1] [:read :x 1] [:read :y 0]]"));
  EXPECT_TRUE(x.Ok("txn", "[[:r :x nil] [:w :x 2]]", "[[:r :x 1] [:w :x 2]]"));
  EXPECT_EQ(x.Why("txn", "[[:r :x nil]]", "[[:r :x 1]]"),
            "it read 1 from :x, but :x is 2");
}

TEST(MultiRegisterTest, AReadOfNilSaysNothingWhereNilIsNeverAValue) {
  Object x("multi-register", "{:x 0}");
  EXPECT_TRUE(x.Ok("txn", "[[:r :x nil]]", "[[:r :x nil]]"));
  x.Mention("txn", "[[:w :x nil]]");
  EXPECT_FALSE(
      x.Ok("txn", "[[:r :x nil] [:r :x nil]]", "[[:r :x nil] [:r :x nil]]"));
}

TEST(MultiRegisterTest, ReadsAndWritesMaps) {
  Object x("multi-register");
  EXPECT_TRUE(x.Ok("read", "nil", "{:x nil}"));
  EXPECT_TRUE(x.Ok("write", "{:x 1 :y 2}"));
  EXPECT_TRUE(x.Ok("read", "[:x :z]", "{:x 1 :z nil}"));
  EXPECT_FALSE(x.Ok("read", "nil", "{:x 1 :y 1}"));
  EXPECT_THAT(x.Error("write", "1"), HasSubstr("pass --model register"));
  EXPECT_THAT(x.Error("txn", "[[:append :x 1]]"), HasSubstr("takes a list of"));
}

TEST(MultiRegisterTest, ReadsAndWritesOfMicroOperationsAreTransactions) {
  Object x("multi-register");
  EXPECT_TRUE(x.Ok("write", "[[:w 0 1] [:w 1 1]]"));
  EXPECT_TRUE(x.Ok("read", "[[:r 0 nil] [:r 1 nil]]", "[[:r 0 1] [:r 1 1]]"));
  EXPECT_FALSE(
      x.Ok("read", "[[:r 0 nil] [:r 1 nil]]", "[[:r 0 1] [:r 1 nil]]"));
}

TEST(KvTest, AppendsToTheValue) {
  Object x("kv");
  EXPECT_TRUE(x.Ok("get", "nil", "\"\""));
  EXPECT_TRUE(x.Ok("get", "nil", "nil"));
  EXPECT_TRUE(x.Ok("append", "\"x 0 0 y\""));
  EXPECT_TRUE(x.Ok("append", "\"x 0 1 y\""));
  EXPECT_TRUE(x.Ok("get", "nil", "\"x 0 0 yx 0 1 y\""));
  EXPECT_EQ(x.Why("get", "nil", "\"x 0 1 y\""),
            "it read \"x 0 1 y\", but the value is \"x 0 0 yx 0 1 y\"");
  EXPECT_TRUE(x.Ok("delete", "nil"));
  EXPECT_EQ(x.State(), "the key is missing");
}

TEST(KvTest, KnowsAStringHoweverItWasPutTogether) {
  Object x("kv");
  EXPECT_TRUE(x.Ok("put", "\"ab\""));
  EXPECT_TRUE(x.Ok("append", "\"cd\""));
  x.Info("put", "\"abc\"");
  x.Info("append", "\"d\"");
  // abcd (in two ways), abc, abcdd.
  EXPECT_EQ(x.StateCount(), 3u);
  EXPECT_TRUE(x.Ok("cas", "[\"abcd\" 7]"));
  EXPECT_EQ(x.Why("append", "\"x\""), "it appended \"x\", but the value is 7");
}

TEST(CounterTest, AddsUp) {
  Object x("counter", "10");
  EXPECT_TRUE(x.Ok("add", "-3"));
  EXPECT_TRUE(x.Ok("inc", "nil"));
  EXPECT_TRUE(x.Ok("decrement", "2"));
  EXPECT_TRUE(x.Ok("read", "nil", "6"));
  EXPECT_TRUE(x.Ok("add-and-get", "2", "[2 8]"));
  EXPECT_TRUE(x.Ok("add-and-read", "2", "10"));
  EXPECT_TRUE(x.Ok("add-and-read", "1", "[11]"));
  EXPECT_EQ(x.Why("read", "nil", "6"), "it read 6, but the sum is 11");
  EXPECT_EQ(x.Error("add", "\"1\""),
            "the counter's `add` takes an integer, not \"1\"");
}

TEST(GSetTest, ShowsWhatWasAdded) {
  Object x("g-set");
  EXPECT_TRUE(x.Ok("add", "2", "2"));
  EXPECT_TRUE(x.Ok("add", "1", "1"));
  EXPECT_TRUE(x.Ok("read", "nil", "[1 2]"));
  EXPECT_TRUE(x.Ok("read", "nil", "#{2 1}"));
  EXPECT_EQ(x.Why("read", "nil", "[2 3]"),
            "it read {2 3}, but {1} had been added and {3} was not in the set");
  EXPECT_THAT(x.Why("read", "nil", "[1 2 2]"), HasSubstr("twice"));
}

TEST(SetTest, TellsWhetherItChanged) {
  Object x("set", "[5]");
  EXPECT_TRUE(x.Ok("add", "1", "true"));
  EXPECT_TRUE(x.Ok("add", "1", "false"));
  EXPECT_TRUE(x.Ok("add", "1", "1"));
  EXPECT_TRUE(x.Ok("contains", "1", "true"));
  EXPECT_TRUE(x.Ok("remove", "5"));
  EXPECT_EQ(x.Why("remove", "5", "true"),
            "it said that 5 was in the set before, but it was not");
  EXPECT_TRUE(x.Ok("read", "nil", "#{1}"));
}

TEST(FifoQueueTest, GivesTheOldestFirst) {
  Object x("fifo-queue", "[1]");
  EXPECT_TRUE(x.Ok("enqueue", "2"));
  EXPECT_EQ(x.State(), "the queue is [1 2]");
  EXPECT_EQ(x.Why("dequeue", "nil", "2"), "it took 2, but the queue is [1 2]");
  EXPECT_TRUE(x.Ok("dequeue", "nil", "1"));
  EXPECT_TRUE(x.Ok("dequeue", "nil", "2"));
  EXPECT_TRUE(x.Ok("dequeue", "nil", "nil"));
  EXPECT_TRUE(x.Ok("dequeue", "nil", ":exhausted"));
  EXPECT_THAT(x.Error("enqueue", "nil"), HasSubstr("takes an element"));
}

TEST(FifoQueueTest, ACrashedDequeueTookTheFirstOrNothing) {
  Object x("fifo-queue", "[1 2 3]");
  x.Info("dequeue", "nil");
  EXPECT_EQ(x.StateCount(), 2u);
  EXPECT_TRUE(x.Ok("dequeue", "nil", "2"));
  EXPECT_TRUE(x.Ok("dequeue", "nil", "3"));
  EXPECT_TRUE(x.Ok("dequeue", "nil", ":empty"));
}

TEST(FifoQueueTest, EqualContentsAreOneStateHoweverTheyCameAbout) {
  Object x("fifo-queue");
  x.Info("enqueue", "1");
  for (int i = 0; i < 4; ++i) {
    x.Info("enqueue", "2");
    x.Info("dequeue", "nil");
    x.Info("enqueue", "1");
    x.Info("dequeue", "nil");
  }
  // Sequences over {1, 2} of bounded length; without merging there would be
  // thousands of states.
  EXPECT_LE(x.StateCount(), 1023u);
  EXPECT_TRUE(x.Ok("dequeue", "nil", "nil"));
  EXPECT_EQ(x.StateCount(), 1u);
}

TEST(UnorderedQueueTest, GivesAnyElementOnce) {
  Object x("unordered-queue", "[1 1 2]");
  EXPECT_TRUE(x.Ok("dequeue", "nil", "2"));
  EXPECT_FALSE(x.Ok("dequeue", "nil", "2"));
  EXPECT_TRUE(x.Ok("dequeue", "nil", "1"));
  EXPECT_EQ(x.Why("dequeue", "nil"),
            "it found the queue empty, but the queue holds {1}");
}

TEST(UnorderedQueueTest, ACrashedDequeueTookAnyElement) {
  Object x("unordered-queue", "[1 2 3]");
  x.Info("dequeue", "nil");
  EXPECT_EQ(x.StateCount(), 4u);
}

TEST(StackTest, GivesTheNewestFirst) {
  Object x("stack", "[1 2]");
  EXPECT_TRUE(x.Ok("push", "3"));
  EXPECT_EQ(x.Why("pop", "nil", "1"),
            "it popped 1, but the stack is [1 2 3] (the top is last)");
  EXPECT_TRUE(x.Ok("pop", "nil", "3"));
  EXPECT_TRUE(x.Ok("pop", "nil", "2"));
  EXPECT_TRUE(x.Ok("pop", "nil", "1"));
  EXPECT_TRUE(x.Ok("pop", "nil", "nil"));
}

TEST(StackTest, DropsACrashedPushThatNobodyPopped) {
  Object x("stack");
  x.Mention("push", "1");
  x.Mention("pop", "nil", "1");
  EXPECT_FALSE(x.CanBeDropped("push", "1"));
  EXPECT_TRUE(x.CanBeDropped("push", "2"));
  EXPECT_FALSE(x.CanBeDropped("pop", "nil"));
}

TEST(ListAppendTest, ReadsTheWholeList) {
  Object x("list-append");
  EXPECT_TRUE(x.Ok("read", "nil", "nil"));
  EXPECT_TRUE(x.Ok("append", "1"));
  EXPECT_TRUE(x.Ok("append", "2"));
  EXPECT_TRUE(x.Ok("r", "nil", "[1 2]"));
  EXPECT_EQ(x.Why("read", "nil", "[2 1]"),
            "it read [2 1], but the list is [1 2]");
  EXPECT_TRUE(x.IsImpossible("read", "nil", "[1 2 3]"));
}

TEST(MutexTest, IsHeldByOneAtATime) {
  Object x("mutex");
  EXPECT_EQ(x.Why("release", "nil"), "it freed the lock, but the lock is free");
  EXPECT_TRUE(x.Ok("acquire", "nil"));
  EXPECT_EQ(x.Why("acquire", "nil"), "it took the lock, but the lock is held");
  x.Info("release", "nil");
  EXPECT_TRUE(x.Ok("lock", "nil"));
  EXPECT_THAT(x.Error("acquire", "nil", "false"), HasSubstr("record `fail`"));
}

TEST(BankTest, MovesWhatAnAccountHas) {
  Object x("bank");
  EXPECT_TRUE(x.Ok("read", "nil", "{0 10, 1 10}"));
  EXPECT_TRUE(x.Ok("transfer", "{:from 0 :to 1 :amount 4}"));
  EXPECT_TRUE(x.Ok("read", "nil", "{0 6, 1 14}"));
  EXPECT_TRUE(x.Ok("read", "nil", "{1 14}"));
  EXPECT_EQ(x.State(), "the balances are {0 6, 1 14}");
  EXPECT_EQ(x.Why("transfer", "{:from 0 :to 1 :amount 7}"),
            "it moved the money, but 0 had 6");
  EXPECT_EQ(x.Why("transfer", "{:from 0 :to 1 :amount 6}", "false"),
            "it said that the balance was too small, but 0 had 6");
  EXPECT_TRUE(x.Ok("transfer", "{:from 0 :to 1 :amount 7}", "false"));
  EXPECT_EQ(x.Why("read", "nil", "{0 10, 1 10}"),
            "it read 10 in account 0, but there was 6");
}

TEST(BankTest, NeverLosesMoney) {
  Object x("bank", "10");
  x.Mention("transfer", "{:from 0 :to 1 :amount 4}");
  EXPECT_TRUE(x.IsImpossible("read", "nil", "{0 10, 1 9}"));
  EXPECT_FALSE(x.IsImpossible("read", "nil", "{0 10}"));
  EXPECT_FALSE(x.IsImpossible("read", "nil", "{0 3, 1 17}"));
}

TEST(BankTest, StartsWithTheBalancesThatItIsGiven) {
  Object own("bank", "{:a 5}");
  EXPECT_TRUE(own.Ok("read", "nil", "{:a 5, :b 0}"));
  EXPECT_FALSE(own.Ok("transfer", "{:from :b :to :a :amount 1}"));
  Object all("bank", "100");
  EXPECT_TRUE(all.Ok("read", "nil", "{:a 100, :b 100}"));
}

TEST(BankTest, LearnsFromReadsWhatNobodySaid) {
  Object x("bank");
  EXPECT_TRUE(x.Ok("transfer", "{:from 0 :to 1 :amount 4}"));
  EXPECT_FALSE(x.Ok("read", "nil", "{1 3}"));
  EXPECT_TRUE(x.IsImpossible("read", "nil", "{0 -1}"));
  EXPECT_TRUE(x.Ok("transfer", "{:from 0 :to 1 :amount 3}", "false"));
  EXPECT_EQ(x.State(),
            "the balances are {0 at least 0 and less than 3, 1 at least 4}");
  EXPECT_EQ(x.Why("read", "nil", "{0 3}"),
            "it read 3 in account 0, but there was at least 0 and less than 3");
  EXPECT_TRUE(x.Ok("read", "nil", "{0 2, 1 100}"));
  EXPECT_FALSE(x.Ok("read", "nil", "{0 1}"));
  EXPECT_EQ(x.State(), "the balances are {0 2, 1 100}");
}

TEST(BankTest, TakesTheStringOfANumberForTheNumber) {
  Object x("bank");
  EXPECT_TRUE(x.Ok("read", "nil", "{\"0\" 10, \"1\" 10}"));
  EXPECT_TRUE(x.Ok("transfer", "{:from 0 :to 1 :amount 4}"));
  EXPECT_TRUE(x.Ok("read", "nil", "{\"0\" 6, 1 14}"));
}

TEST(BankTest, DropsACrashedTransferThatNothingDependsOn) {
  Object x("bank");
  x.Mention("transfer", "{:from 0 :to 1 :amount 4}");
  EXPECT_TRUE(x.CanBeDropped("transfer", "{:from 0 :to 1 :amount 3}"));
  EXPECT_TRUE(x.CanBeDropped("transfer", "{:from 0 :to 1 :amount 0}"));
  x.Mention("transfer", "{:from 1 :to 2 :amount 4}");
  EXPECT_FALSE(x.CanBeDropped("transfer", "{:from 0 :to 1 :amount 3}"));
  x.Mention("read", "nil", "{2 14}");
  EXPECT_FALSE(x.CanBeDropped("transfer", "{:from 1 :to 2 :amount 3}"));
}

TEST(BankTest, RefusesWhatIsNoTransfer) {
  Object x("bank");
  EXPECT_THAT(x.Error("transfer", "{:from 0 :to 1}"), HasSubstr("amount"));
  EXPECT_THAT(x.Error("transfer", "{:from 0 :to 1 :amount -1}"),
              HasSubstr("not below 0"));
  EXPECT_THAT(x.Error("read", "nil", "[10 10]"),
              HasSubstr("{account balance}"));
}

TEST(CounterTest, ReturnsTheSumBeforeAnAddition) {
  Object x("counter", "5");
  EXPECT_TRUE(x.Ok("get-and-add", "3", "5"));
  EXPECT_TRUE(x.Ok("fetch-and-add", "1", "[1 8]"));
  EXPECT_TRUE(x.Ok("get-and-decrement", "nil", "9"));
  EXPECT_EQ(x.State(), "the sum is 8");
  EXPECT_EQ(x.Why("get-and-add", "2", "10"),
            "it returned 10, but the sum was 8 before and would be 10");
}

TEST(MultisetTest, CountsItsElements) {
  Object x("multiset");
  EXPECT_TRUE(x.Ok("add", "1"));
  EXPECT_TRUE(x.Ok("add", "1"));
  EXPECT_TRUE(x.Ok("count", "1", "2"));
  EXPECT_TRUE(x.Ok("read", "nil", "[1 1]"));
  EXPECT_FALSE(x.Ok("read", "nil", "[1]"));
  EXPECT_EQ(x.Why("count", "1", "3"), "it counted 3 of 1, but there were 2");
  EXPECT_TRUE(x.Ok("remove", "1", "true"));
  EXPECT_TRUE(x.Ok("remove", "1"));
  EXPECT_EQ(x.Why("contains", "1", "true"),
            "it said that 1 was there, but it was not");
}

TEST(PriorityQueueTest, GivesTheSmallestElementFirst) {
  Object x("priority-queue", "[7]");
  EXPECT_TRUE(x.Ok("insert", "10"));
  EXPECT_TRUE(x.Ok("insert", "9"));
  EXPECT_TRUE(x.Ok("insert", "-3"));
  EXPECT_EQ(x.Why("delete-min", "nil", "7"),
            "it took 7, but the queue holds {-3 7 9 10}");
  EXPECT_TRUE(x.Ok("delete-min", "nil", "-3"));
  EXPECT_TRUE(x.Ok("poll", "nil", "7"));
  EXPECT_TRUE(x.Ok("delete-min", "nil", "9"));
  EXPECT_TRUE(x.Ok("delete-min", "nil", "10"));
  EXPECT_TRUE(x.Ok("delete-min", "nil", ":empty"));
  EXPECT_THAT(x.Error("insert", ":a"), HasSubstr("an integer"));
}

TEST(ReentrantMutexTest, IsTakenAgainByItsHolder) {
  Object x("reentrant-mutex");
  EXPECT_TRUE(x.Ok("acquire", "{:client :a}"));
  EXPECT_TRUE(x.Ok("acquire", "{:client :a}"));
  EXPECT_TRUE(x.Ok("release", "{:client :a}"));
  EXPECT_EQ(x.Why("acquire", "{:client :b}"),
            ":b took the lock, but the lock is held by :a");
  EXPECT_EQ(x.Why("release", "{:client :b}"),
            ":b released the lock, but the lock is held by :a");
  EXPECT_TRUE(x.Ok("release", "{:client :a}"));
  EXPECT_TRUE(x.Ok("acquire", "{:client :b}"));
}

TEST(FencedLockTest, HandsOutGrowingTokens) {
  Object x("fenced-lock", "4");
  EXPECT_FALSE(x.Ok("acquire", "{:client :a}", "4"));
  EXPECT_TRUE(x.Ok("acquire", "{:client :a}", "{:fence 6}"));
  EXPECT_TRUE(x.Ok("release", "{:client :a}"));
  EXPECT_TRUE(x.Ok("acquire", "{:client :b}"));  // 7 or more
  EXPECT_TRUE(x.Ok("release", "{:client :b}"));
  EXPECT_EQ(x.Why("acquire", "{:client :a}", "7"),
            ":a took the lock with token 7, but the lock is free and the last "
            "token is 7 or larger");
  EXPECT_TRUE(x.Ok("acquire", "{:client :a}", "8"));
}

TEST(SemaphoreTest, HandsOutWhatItHas) {
  Object x("semaphore", "3");
  EXPECT_TRUE(x.Ok("acquire", "2"));
  EXPECT_EQ(x.Why("acquire", "2"), "it took 2, but 1 of 3 permits are free");
  EXPECT_TRUE(x.Ok("acquire", "nil"));
  EXPECT_TRUE(x.Ok("release", "3"));
  EXPECT_EQ(x.Why("release", "nil"), "it freed 1, but 3 of 3 permits are free");
  EXPECT_TRUE(x.IsImpossible("acquire", "4", "nil"));
}

TEST(UniqueIdsTest, GivesNoIdentifierTwice) {
  Object x("unique-ids", "[1]");
  EXPECT_FALSE(x.Ok("generate", "nil", "1"));
  EXPECT_TRUE(x.Ok("generate", "nil", "2"));
  EXPECT_EQ(x.Why("generate", "nil", "2"),
            "it gave 2, which had been given before");
  EXPECT_TRUE(x.CanBeDropped("generate", "nil"));
}

TEST(LogTest, TellsWhereAnElementStands) {
  Object x("log");
  EXPECT_TRUE(x.Ok("read", "0", "nil"));
  EXPECT_TRUE(x.Ok("append", ":a", "0"));
  EXPECT_TRUE(x.Ok("append", ":b", "[:b 1]"));
  EXPECT_TRUE(x.Ok("append", ":c", ":ok"));  // says nothing
  EXPECT_TRUE(x.Ok("read", "nil", "[:a :b :c]"));
  EXPECT_TRUE(x.Ok("read", "1", ":b"));
  EXPECT_EQ(x.Why("append", ":d", "2"),
            "it got offset 2, but the log has 3 elements");
  EXPECT_EQ(x.Why("read", "2", ":b"),
            "it read :b at offset 2, but there is :c");
}

TEST(LogTest, DropsACrashedAppendThatNothingDependsOn) {
  Object x("log");
  x.Mention("read", "nil", "[1]");
  EXPECT_FALSE(x.CanBeDropped("append", "1"));
  EXPECT_TRUE(x.CanBeDropped("append", "2"));
  x.Mention("append", "3", "5");
  EXPECT_FALSE(x.CanBeDropped("append", "2"));
}

TEST(ModelTest, RefusesAnInitialValueThatIsNoState) {
  history::ValueTable values;
  const history::ValueId text = values.String("x");
  for (const char* type :
       {"multi-register", "list-append", "counter", "g-set", "set",
        "fifo-queue", "unordered-queue", "stack", "mutex", "bank", "multiset",
        "priority-queue", "reentrant-mutex", "fenced-lock", "semaphore",
        "unique-ids", "log"}) {
    EXPECT_EQ((*FindModel(type))->make(values, text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << type;
  }
}

}  // namespace
}  // namespace minos::checker
