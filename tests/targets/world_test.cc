#include "targets/world.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "targets/node.h"
#include "targets/target.h"

namespace minos::targets {
namespace {

using ::testing::ElementsAre;

struct Note {
  int64_t number = 0;
  std::string_view name() const { return "note"; }
};

struct Notebook {
  std::vector<int64_t> numbers;
};

// Writes down what it is asked to, on disk and in memory, and tells the others.
// A read returns [how many in memory, how many on disk].
class NoteNode : public Node<Note, Notebook> {
 public:
  void OnStart() override {
    if (buffered) BufferDisk();
    After(10 * kMillisecond, 1);
  }
  void OnRequest(const Request& request) override {
    if (request.operation.function == Function::kRead) {
      Reply(request, Result::List({in_memory_, OnDisk(), timers_,
                                   Clock() / kMillisecond}));
      return;
    }
    Keep(request.operation.argument);
    if (request.operation.argument % 10 == 0) Sync();
    Broadcast({request.operation.argument});
    Reply(request, Result::Nil());
  }
  void OnMessage(NodeId, const Note& note) override { Keep(note.number); }
  void OnTimer(int64_t) override {
    ++timers_;
    After(10 * kMillisecond, 1);
  }

  static inline bool buffered = false;

 private:
  int64_t OnDisk() { return static_cast<int64_t>(disk().numbers.size()); }
  void Keep(int64_t number) {
    ++in_memory_;
    disk().numbers.push_back(number);
  }

  int64_t in_memory_ = 0;
  int64_t timers_ = 0;
};

// Three nodes, and a client that asks and waits.
class WorldTest : public ::testing::Test, public Host {
 protected:
  explicit WorldTest(bool buffered = false) : world_({3, 1, {}, true}, *this) {
    NoteNode::buffered = buffered;
    cluster_ = MakeCluster<NoteNode>(world_, settings_, Random(1));
    world_.Start(*cluster_);
  }

  void OnAnswer(ProcessId, const Answer& answer) override {
    answers_.push_back(answer);
  }
  void OnHostTimer(int64_t) override { is_time_ = true; }

  void Wait(Nanoseconds time) {
    is_time_ = false;
    world_.SetHostTimer(time, 0);
    while (!is_time_) world_.RunNext();
  }
  void Write(NodeId node, int64_t value) { Ask(node, Function::kWrite, value); }
  // {in memory, on disk, timers, clock in ms}
  std::vector<int64_t> Read(NodeId node) {
    answers_.clear();
    Ask(node, Function::kRead, kNilValue);
    return answers_.empty() ? std::vector<int64_t>()
                            : answers_.back().result.elements;
  }
  int64_t InMemory(NodeId node) { return Read(node).at(0); }
  int64_t OnDisk(NodeId node) { return Read(node).at(1); }

 private:
  void Ask(NodeId node, Function function, int64_t value) {
    Request request;
    request.operation.function = function;
    request.operation.argument = value;
    world_.SendRequest(node, request);
    Wait(50 * kMillisecond);
  }

 protected:
  Settings settings_;
  World world_;
  std::unique_ptr<Cluster> cluster_;
  std::vector<Answer> answers_;
  bool is_time_ = false;
};

TEST_F(WorldTest, MessagesReachTheOtherNodes) {
  Write(0, 5);
  EXPECT_EQ(InMemory(0), 1);
  EXPECT_EQ(InMemory(1), 1);
  EXPECT_EQ(InMemory(2), 1);
}

TEST_F(WorldTest, AMomentIsFreeIfNothingIsDueThen) {
  const Nanoseconds time = world_.now() + 12345;
  EXPECT_EQ(world_.FreeMomentFrom(time), time);
  world_.SetHostTimer(12345, 0);
  world_.SetHostTimer(12346, 0);
  EXPECT_EQ(world_.FreeMomentFrom(time), time + 2);
}

TEST_F(WorldTest, ACrashForgetsTheMemoryAndKeepsTheDisk) {
  Write(0, 5);
  world_.Crash(1);
  world_.Restart(1);
  EXPECT_EQ(InMemory(1), 0);
  EXPECT_EQ(OnDisk(1), 1);
}

TEST_F(WorldTest, ANodeThatIsDownHearsNothingAndTurnsClientsAway) {
  world_.Crash(1);
  Write(0, 5);
  EXPECT_TRUE(Read(1).empty());
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0].status, AnswerStatus::kRedirect);
  world_.Restart(1);
  EXPECT_EQ(OnDisk(1), 0);
  EXPECT_EQ(OnDisk(2), 1);
}

TEST_F(WorldTest, TimersOfAnEarlierLifeDoNotRun) {
  world_.Crash(1);
  world_.Restart(1);
  Wait(35 * kMillisecond);
  const int64_t timers = Read(1).at(2);
  EXPECT_GE(timers, 3);
  EXPECT_LE(timers, 4);
}

TEST_F(WorldTest, APausedNodeCatchesUpWhenItResumes) {
  world_.Pause(1);
  Write(0, 5);
  EXPECT_TRUE(Read(1).empty());
  world_.Resume(1);
  Wait(kMillisecond);
  EXPECT_EQ(InMemory(1), 1);
}

TEST_F(WorldTest, CutLinksSeparateNodes) {
  world_.network().Block(0, 0b010);
  Write(0, 5);
  EXPECT_EQ(InMemory(1), 0);
  EXPECT_EQ(InMemory(2), 1);
}

TEST_F(WorldTest, ClocksJumpAndDrift) {
  const auto ahead = [&] {
    return (world_.ClockOf(1) - world_.now()) / kMillisecond;
  };
  EXPECT_EQ(ahead(), 0);
  world_.SetClock(1, 500 * kMillisecond, 0);
  EXPECT_EQ(ahead(), 500);
  world_.SetClock(1, 0, 100'000);
  Wait(kSecond);
  EXPECT_EQ(ahead(), 100);
}

TEST_F(WorldTest, TheTraceNamesEveryStep) {
  Write(0, 5);
  const std::string trace = world_.trace().ToJsonLines();
  EXPECT_THAT(trace, ::testing::HasSubstr(
                         "\"step\":\"send\",\"from\":\"n1\",\"to\":\"n2\","
                         "\"name\":\"note\""));
  EXPECT_THAT(trace, ::testing::HasSubstr("\"step\":\"ask\",\"from\":0"));
}

class BufferedDiskTest : public WorldTest {
 protected:
  BufferedDiskTest() : WorldTest(true) {}
};

TEST_F(BufferedDiskTest, ACrashLosesWhatWasNotSynced) {
  Write(0, 10);  // synced
  Write(0, 11);
  EXPECT_EQ(OnDisk(0), 2);
  world_.Crash(0);
  world_.Restart(0);
  EXPECT_EQ(OnDisk(0), 1);
}

}  // namespace
}  // namespace minos::targets
