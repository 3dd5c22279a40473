#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "checker/check.h"
#include "checker/decider.h"
#include "tests/support/decider_oracle.h"
#include "tests/support/history_dsl.h"

namespace minos::testing {
namespace {

using checker::FindDecider;

// A queue of the elements 1 … `values`. Half of the letters of a long alphabet
// are dequeues.
DeciderAlphabet Queue(std::string model, int values, int dequeues) {
  DeciderAlphabet alphabet{std::move(model), "", {}};
  DeciderLetter dequeue{"dequeue", "nil", {"nil"}};
  for (int value = 1; value <= values; ++value) {
    const std::string text = std::to_string(value);
    alphabet.letters.push_back({"enqueue", text, {text}});
    dequeue.results.push_back(text);
  }
  for (int i = 0; i < dequeues; ++i) alphabet.letters.push_back(dequeue);
  return alphabet;
}

TEST(QueueOrderTest, FifoEqualsBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("fifo-queue"),
                                         Queue("fifo-queue", 2, 1),
                                         AllHistoriesSize(4)));
}

TEST(QueueOrderTest, UnorderedEqualsBruteForceOnAllSmallHistories) {
  ExpectEachAnswer(CompareOnAllHistories(*FindDecider("unordered-queue"),
                                         Queue("unordered-queue", 2, 1),
                                         AllHistoriesSize(4)));
}

TEST(QueueOrderTest, FifoEqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("fifo-queue"),
                                            Queue("fifo-queue", 9, 8), 14,
                                            RandomHistoryCount(20'000), 1));
}

TEST(QueueOrderTest, FifoThatIsOftenEmptyEqualsTheSearch) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("fifo-queue"),
                                            Queue("fifo-queue", 7, 14), 14,
                                            RandomHistoryCount(20'000), 2));
}

TEST(QueueOrderTest, UnorderedEqualsTheSearchOnRandomHistories) {
  ExpectEachAnswer(CompareOnRandomHistories(*FindDecider("unordered-queue"),
                                            Queue("unordered-queue", 8, 11), 14,
                                            RandomHistoryCount(20'000), 3));
}

// One crashed dequeue cannot remove both the element that is in the way of a
// dequeue that found nothing, and one that was overtaken later.
TEST(QueueOrderTest, ACrashedDequeueIsNotSpentTwice) {
  const history::History history = TestHistory()
                                       .Ok(0, "enqueue", "1", "1")
                                       .Call(1, "dequeue")
                                       .Info(1)
                                       .Ok(0, "dequeue", "nil", "nil")
                                       .Ok(0, "enqueue", "2", "2")
                                       .Ok(0, "enqueue", "3", "3")
                                       .Ok(0, "dequeue", "nil", "3")
                                       .Build();
  checker::CheckOptions options;
  options.model = "fifo-queue";
  options.algorithm = "queue-order";
  const auto verdict = checker::CheckHistory(history, options);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_EQ(verdict->verdict, checker::Verdict::kViolation);
  EXPECT_EQ(verdict->checks.front().violations.front().culprit, 5u);
}

}  // namespace
}  // namespace minos::testing
