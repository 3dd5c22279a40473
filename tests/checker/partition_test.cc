#include "checker/partition.h"

#include <string>
#include <vector>

#include "checker/model_registry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history/value_text.h"
#include "tests/support/history_dsl.h"

namespace minos::checker {
namespace {

using history::History;
using ::minos::testing::TestHistory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Partitioning Split(const History& history, std::string_view model,
                   KeyChoice choice = KeyChoice::kAuto) {
  const auto result = SplitByKey(history, **FindModel(model), choice);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *result : Partitioning{};
}

std::string Refusal(const History& history, std::string_view model,
                    KeyChoice choice) {
  return std::string(
      SplitByKey(history, **FindModel(model), choice).status().message());
}

// Each partition as "key: operations".
std::vector<std::string> Parts(const History& history,
                               const Partitioning& partitioning) {
  std::vector<std::string> parts;
  for (const Partition& partition : partitioning.partitions) {
    std::string text =
        history::ToShortText(history.values(), partition.key, 20);
    for (const history::OpIndex op : partition.operations) {
      text += ' ' + std::to_string(op);
    }
    parts.push_back(text);
  }
  return parts;
}

TEST(PartitionTest, TakesTheKeyField) {
  const History history = TestHistory()
                              .Write(0, "1", ":x")
                              .Write(1, "2", ":y")
                              .Read(0, "1", ":x")
                              .Build();
  const Partitioning split = Split(history, "register");
  EXPECT_EQ(split.keying, Keying::kField);
  EXPECT_THAT(Parts(history, split), ElementsAre(":x 0 2", ":y 1"));
  EXPECT_FALSE(split.note.empty());
}

TEST(PartitionTest, LeavesOutWhatCertainlyDidNotHappen) {
  const History history = TestHistory()
                              .Call(0, "write", "1")
                              .Fail(0)
                              .Call(1, "write", "2")
                              .Info(1)
                              .Read(2, "2")
                              .Build();
  EXPECT_THAT(Parts(history, Split(history, "register")), ElementsAre("? 1 2"));
}

TEST(PartitionTest, TakesTuplesWhereAReadIsCalledWithOne) {
  const History history = TestHistory()
                              .Ok(0, "write", "[0 3]", "[0 3]")
                              .Ok(1, "read", "[0 nil]", "[0 3]")
                              .Ok(2, "cas", "[1 [3 4]]", "[1 [3 4]]")
                              .Build();
  const Partitioning split = Split(history, "cas-register");
  EXPECT_EQ(split.keying, Keying::kTuple);
  EXPECT_THAT(Parts(history, split), ElementsAre("0 0 1", "1 2"));
  const Call read = CallOf(history, split.keying, 1);
  EXPECT_EQ(read.argument, history::kNil);
  EXPECT_EQ(read.result, history.values().FindInteger(3));
}

TEST(PartitionTest, TakesTuplesWhereTheTypeCannotTakeAPair) {
  const History history = TestHistory().Ok(0, "add", "[0 3]", "[0 3]").Build();
  EXPECT_EQ(Split(history, "counter").keying, Keying::kTuple);
  EXPECT_EQ(Split(history, "g-set").keying, Keying::kNone);
}

TEST(PartitionTest, TakesTuplesWhereACasHasAPairInside) {
  const History history = TestHistory()
                              .Ok(0, "write", "[0 1]", "nil")
                              .Ok(0, "cas", "[0 [1 2]]", "nil")
                              .Build();
  EXPECT_EQ(Split(history, "cas-register").keying, Keying::kTuple);
}

TEST(PartitionTest, LeavesPairsThatAreValues) {
  const History history = TestHistory()
                              .Ok(0, "write", "[0 1]", "[0 1]")
                              .Ok(0, "read", "nil", "[0 1]")
                              .Build();
  EXPECT_EQ(Split(history, "register").keying, Keying::kNone);
  const History cas = TestHistory().Ok(0, "cas", "[0 1]", "[0 1]").Build();
  EXPECT_EQ(Split(cas, "cas-register").keying, Keying::kNone);
}

TEST(PartitionTest, TakesNoTupleWhereAResultIsNone) {
  const History history = TestHistory()
                              .Ok(0, "add", "[0 1]", "[0 1]")
                              .Ok(0, "read", "[0 nil]", "[0 1 2]")
                              .Build();
  EXPECT_EQ(Split(history, "g-set").keying, Keying::kNone);
  EXPECT_THAT(Refusal(history, "g-set", KeyChoice::kTuple),
              HasSubstr("line 3: the result [0 1 2] of the operation is no "
                        "pair with the key 0"));
}

TEST(PartitionTest, AStoreOfKeysTakesTuplesWhateverTheValues) {
  const History history = TestHistory().Ok(0, "put", "[:x 1]", "nil").Build();
  EXPECT_EQ(Split(history, "kv").keying, Keying::kTuple);
}

TEST(PartitionTest, TakesTheKeyOfASingleMicroOperation) {
  const History history =
      TestHistory()
          .Ok(0, "txn", "[[:append 7 1]]", "[[:append 7 1]]")
          .Ok(1, "txn", "[[:r 8 nil]]", "[[:r 8 [1]]]")
          .Build();
  const Partitioning split = Split(history, "list-append");
  EXPECT_EQ(split.keying, Keying::kTransaction);
  EXPECT_THAT(Parts(history, split), ElementsAre("7 0", "8 1"));
  const Call append = CallOf(history, split.keying, 0);
  EXPECT_EQ(append.function, history.values().FindString("append"));
  EXPECT_EQ(append.argument, history.values().FindInteger(1));
}

TEST(PartitionTest, KeepsAMultiRegisterWhole) {
  const History history =
      TestHistory().Ok(0, "txn", "[[:w 7 1]]", "[[:w 7 1]]").Build();
  EXPECT_EQ(Split(history, "multi-register").keying, Keying::kNone);
  EXPECT_THAT(Refusal(history, "multi-register", KeyChoice::kTuple),
              HasSubstr("pass --keys none"));
}

TEST(PartitionTest, SaysWhichOperationHasNoKey) {
  const History history =
      TestHistory().Write(0, "1", ":x").Write(0, "2").Build();
  EXPECT_THAT(Refusal(history, "register", KeyChoice::kAuto),
              HasSubstr("line 3: the operation has no `key` field"));
  EXPECT_EQ(Split(history, "register", KeyChoice::kNone).partitions.size(), 1u);
}

}  // namespace
}  // namespace minos::checker
