// abd: a linearizable register from majorities, without a leader.
//
// Attiya, Bar-Noy & Dolev (JACM 1995), for many writers as Lynch & Shvartsman
// (FTCS 1997). The node that a client asks coordinates the operation in two
// rounds, each with a majority:
//
//   read   ask for (stamp, value), take the greatest; write it back; answer
//   write  ask for (stamp, value); write with a greater stamp; answer
//
// Two majorities share a node, so an operation sees what any earlier one wrote.
// The write-back is what makes reads linearizable: without it a read may
// return a value that has reached a minority only, and the next read miss it.
//
// Promises a linearizable register under every fault; what it costs is two
// rounds an operation, and no answer in a minority.

#include <map>

#include "targets/stores/stamp.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr Nanoseconds kResendPeriod = 80 * kMillisecond;

struct AbdMessage {
  enum Kind : uint8_t { kQuery, kState, kStore, kStored } kind = kQuery;
  int64_t round = 0;  // of the coordinator
  int32_t key = 0;
  StampedValue state;
  std::string_view name() const {
    constexpr std::string_view kNames[] = {"query", "state", "store", "stored"};
    return kNames[kind];
  }
};

struct AbdDisk {
  std::map<int32_t, StampedValue> keys;
  int64_t last_round = 0;
  int64_t last_counter = 0;  // of the stamps given out
};

class AbdNode : public Node<AbdMessage, AbdDisk> {
 public:
  void OnStart() override {
    skips_write_back_ = HasBug("skip-write-back");
    After(kResendPeriod, 0);
  }

  void OnRequest(const Request& request) override {
    Job job;
    job.request = request;
    Begin(job);
  }

  void OnMessage(NodeId from, const AbdMessage& message) override {
    switch (message.kind) {
      case AbdMessage::kQuery:
        return Send(from, {AbdMessage::kState, message.round, message.key,
                           disk().keys[message.key]});
      case AbdMessage::kStore: {
        StampedValue& mine = disk().keys[message.key];
        if (message.state.stamp > mine.stamp) mine = message.state;
        return Send(from,
                    {AbdMessage::kStored, message.round, message.key, {}});
      }
      case AbdMessage::kState:
      case AbdMessage::kStored:
        return OnAnswer(from, message);
    }
  }

  // Rounds under way are sent again: messages may be lost.
  void OnTimer(int64_t) override {
    for (auto& [round, job] : jobs_) SendRound(round, job);
    After(kResendPeriod, 0);
  }

 private:
  struct Job {
    Request request;
    bool is_storing = false;
    StampedValue state;     // the greatest seen, or what is being stored
    uint64_t answered = 0;  // a bit set of nodes
    int answers = 0;
  };

  // A new round of `job`.
  void Begin(Job job) {
    job.answered = 0;
    job.answers = 0;
    const int64_t round = ++disk().last_round;
    SendRound(round, jobs_[round] = std::move(job));
  }

  void SendRound(int64_t round, const Job& job) {
    AbdMessage message;
    message.kind = job.is_storing ? AbdMessage::kStore : AbdMessage::kQuery;
    message.round = round;
    message.key = job.request.operation.key;
    message.state = job.state;
    for (NodeId to = 0; to < node_count(); ++to) {
      if ((job.answered >> to & 1) == 0) Send(to, message);
    }
  }

  void OnAnswer(NodeId from, const AbdMessage& message) {
    const auto found = jobs_.find(message.round);
    if (found == jobs_.end()) return;
    Job& job = found->second;
    const uint64_t bit = uint64_t{1} << from;
    if ((job.answered & bit) != 0) return;
    job.answered |= bit;
    ++job.answers;
    if (!job.is_storing && message.state.stamp > job.state.stamp) {
      job.state = message.state;
    }
    if (job.answers < majority()) return;
    Job done = std::move(job);
    jobs_.erase(found);
    if (done.is_storing) return Finish(done);
    Store(std::move(done));
  }

  void Store(Job job) {
    if (IsRead(job.request.operation.function)) {
      if (skips_write_back_) return Finish(job);
    } else {
      // Greater than what a majority has, and than all this node gave out.
      AbdDisk& mine = disk();
      mine.last_counter =
          std::max(mine.last_counter, job.state.stamp.counter) + 1;
      job.state.stamp = {mine.last_counter, id()};
      job.state.value = job.request.operation.argument;
    }
    job.is_storing = true;
    Begin(std::move(job));
  }

  void Finish(const Job& job) {
    Reply(job.request, Result::Integer(job.state.value));
  }

  bool skips_write_back_ = false;
  std::map<int64_t, Job> jobs_;  // by round
};

}  // namespace

TargetInfo Abd() {
  TargetInfo info;
  info.name = "abd";
  info.summary = "A linearizable register by majorities with write-back";
  info.default_nodes = 3;
  info.workloads = {"read-mostly", "register", "session-mix", "multi-key",
                    "reads-only-final"};
  info.bugs = {{"skip-write-back",
                "a read returns what may have reached a minority only",
                {"linearizable"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"linearizable", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<AbdNode>;
  return info;
}

}  // namespace minos::targets
