// What `minos stats` counts, and how far behind reads are.

#include "checker/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/reads_from.h"
#include "checker/session_history_builder.h"
#include "history/history_builder.h"
#include "tests/support/tiny_histories.h"

namespace minos::checker {
namespace {

using history::Event;
using history::EventType;
using history::History;
using history::HistoryBuilder;
using testing::PlausibleTinyHistory;
using testing::TinyHistory;
using testing::TinyOp;
using testing::TinyRandom;

// Operations with times in milliseconds.
class TimedHistory {
 public:
  TimedHistory& Call(int process, const std::string& function, int64_t value,
                     int64_t ms) {
    return Add(EventType::kInvoke, process, function, value, ms);
  }
  TimedHistory& Return(int process, const std::string& function, int64_t value,
                       int64_t ms, EventType type = EventType::kOk) {
    return Add(type, process, function, value, ms);
  }
  History Build() { return std::move(builder_).Build(); }

 private:
  TimedHistory& Add(EventType type, int process, const std::string& function,
                    int64_t value, int64_t ms) {
    history::ValueTable& values = builder_.values();
    Event event;
    event.type = type;
    event.process = values.Integer(process);
    event.function = values.Keyword(function);
    event.value = value == 0 ? history::kNil : values.Integer(value);
    event.key = values.String("x");
    event.node = values.String(process == 0 ? "a" : "b");
    event.time = ms * 1'000'000;
    builder_.Add(event);
    return *this;
  }

  HistoryBuilder builder_{"timed"};
};

StalenessReport Measure(const History& history) {
  const ModelInfo& model = **FindModel("register");
  SessionHistory steps = *BuildSessionHistory(
      history, Observation::kRegister,
      *SplitByKey(history, model, KeyChoice::kAuto), {}, history::kNoValue);
  ResolveReads(steps);
  return MeasureStaleness(steps);
}

TEST(DistributeTest, QuantilesAreOfTheNearestRankAndClassesDouble) {
  std::vector<int64_t> numbers;
  for (int64_t i = 1; i <= 100; ++i) numbers.push_back(101 - i);
  const Distribution all = Distribute(numbers);
  EXPECT_EQ(all.count, 100u);
  EXPECT_EQ(all.minimum, 1);
  EXPECT_EQ(all.median, 50);
  EXPECT_EQ(all.p90, 90);
  EXPECT_EQ(all.p99, 99);
  EXPECT_EQ(all.maximum, 100);
  EXPECT_DOUBLE_EQ(all.mean, 50.5);
  EXPECT_EQ(all.classes, (std::vector<size_t>{0, 1, 2, 4, 8, 16, 32, 37}));
  EXPECT_EQ(Distribute({}).count, 0u);
  EXPECT_EQ(Distribute({7}).median, 7);
}

TEST(DescribeHistoryTest, CountsRatesLatenciesAndWhatIsOpenAtOnce) {
  TimedHistory h;
  h.Call(0, "write", 1, 0).Call(1, "read", 0, 2).Return(0, "write", 1, 4);
  h.Return(1, "read", 1, 5).Call(0, "write", 2, 6);
  h.Return(0, "write", 2, 8, EventType::kFail);
  h.Call(1, "write", 3, 9).Return(1, "write", 3, 10, EventType::kInfo);
  const HistoryStatistics all = DescribeHistory(h.Build());
  EXPECT_EQ(all.operations, 4u);
  EXPECT_EQ(all.info, 1u);
  EXPECT_EQ(all.duration_ns, 10'000'000);
  EXPECT_DOUBLE_EQ(all.operations_per_second, 400.0);
  EXPECT_EQ(all.largest_concurrency, 2u);
  ASSERT_EQ(all.functions.size(), 2u);
  const FunctionStatistics& write = all.functions[0];
  EXPECT_EQ(write.ok, 1u);
  EXPECT_EQ(write.fail, 1u);
  EXPECT_EQ(write.info, 1u);
  EXPECT_EQ(write.latency_ns.count, 2u);
  EXPECT_EQ(write.latency_ns.maximum, 4'000'000);
  EXPECT_EQ(all.functions[1].ok, 1u);
}

TEST(MeasureStalenessTest, CountsTheWritesThatTheReadCertainlyMissed) {
  TimedHistory h;
  h.Call(0, "write", 1, 0).Return(0, "write", 1, 10);
  h.Call(0, "write", 2, 20).Return(0, "write", 2, 30);
  h.Call(0, "write", 3, 40).Return(0, "write", 3, 50);
  h.Call(1, "read", 0, 70).Return(1, "read", 1, 80);
  h.Call(1, "read", 0, 90).Return(1, "read", 3, 95);
  const StalenessReport report = Measure(h.Build());
  EXPECT_EQ(report.all.versions.count, 2u);
  EXPECT_EQ(report.all.stale, 1u);
  EXPECT_EQ(report.all.versions.maximum, 2);
  // Since the first write that it missed had returned.
  EXPECT_EQ(report.all.time_ns.maximum, 40'000'000);
  // The last read that differs was called 20 ms after the last write returned.
  EXPECT_EQ(report.convergence_ns.maximum, 20'000'000);
  ASSERT_EQ(report.by_node.size(), 1u);
  EXPECT_EQ(report.by_node[0].stale, 1u);
  ASSERT_EQ(report.by_key.size(), 1u);
}

TEST(MeasureStalenessTest, OverlappingWritesAreNotHeldAgainstARead) {
  TimedHistory h;
  h.Call(0, "write", 1, 0).Call(2, "write", 2, 5);
  h.Return(0, "write", 1, 10).Return(2, "write", 2, 15);
  h.Call(1, "read", 0, 20).Return(1, "read", 1, 25);
  EXPECT_EQ(Measure(h.Build()).all.stale, 0u);
}

TEST(MeasureStalenessTest, AValueWrittenTwiceIsNotMeasured) {
  TimedHistory h;
  h.Call(0, "write", 1, 0).Return(0, "write", 1, 10);
  h.Call(0, "write", 1, 20).Return(0, "write", 1, 30);
  h.Call(1, "read", 0, 70).Return(1, "read", 1, 80);
  const StalenessReport report = Measure(h.Build());
  EXPECT_EQ(report.unmeasured, 1u);
  EXPECT_EQ(report.all.versions.count, 0u);
}

// By its definition: the writes of the key that lie wholly between the return
// of the write that was read and the call of the read.
int64_t VersionsBehind(const TinyHistory& tiny, const TinyOp& read) {
  const TinyOp* source = nullptr;
  for (const TinyOp& op : tiny) {
    if (!op.is_read && op.value == read.value && op.key == read.key) {
      source = &op;
    }
  }
  return std::count_if(tiny.begin(), tiny.end(), [&](const TinyOp& op) {
    return !op.is_read && op.key == read.key &&
           op.outcome == history::Outcome::kOk && op.ret < read.call &&
           (source == nullptr || (source->outcome == history::Outcome::kOk &&
                                  source->ret < op.call));
  });
}

TEST(MeasureStalenessTest, RandomHistoriesAgreeWithTheDefinition) {
  TinyRandom random(41);
  for (int i = 0; i < 3000; ++i) {
    const TinyHistory tiny = PlausibleTinyHistory(random, 8, true);
    int64_t stale = 0;
    int64_t most = 0;
    for (const TinyOp& op : tiny) {
      if (!op.is_read) continue;
      const int64_t behind = VersionsBehind(tiny, op);
      stale += behind > 0 ? 1 : 0;
      most = std::max(most, behind);
    }
    const StalenessReport report = Measure(ToHistory(tiny));
    if (report.unmeasured > 0) continue;
    ASSERT_EQ(static_cast<int64_t>(report.all.stale), stale) << ToString(tiny);
    ASSERT_EQ(report.all.versions.maximum, most) << ToString(tiny);
  }
}

}  // namespace
}  // namespace minos::checker
