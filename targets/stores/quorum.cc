// quorum: tunable replication as in Dynamo (DeCandia et al., SOSP 2007).
//
// A key has N replicas: the N nodes that follow it in the ring. Any node
// coordinates: a write goes to all N and is acknowledged after W answers, a
// read asks all N and returns the newest of the first R. Then
//
//   read repair     the coordinator writes the newest back to who lacked it,
//                   after having answered
//   hinted handoff  (sloppy=on) where replicas do not answer, other nodes take
//                   the write for them, count towards W, and hand it over later
//   anti-entropy    replicas push what they have to each other now and then
//
// Newer is by stamps (counter, coordinator); a session sends along the last
// counter it has seen, so that its later write wins.
//
// Promises `eventual`; and with R+W>N and strict quorums read-your-writes, as
// every R shares a node with every W. R+W>N does not make it linearizable: a
// write that is under way may be seen by one read and missed by the next.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "targets/stores/stamp.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr Nanoseconds kRepairPeriod = 100 * kMillisecond;
// A replica that has not answered by then is taken for down.
constexpr Nanoseconds kSuspicion = 40 * kMillisecond;
constexpr int64_t kRepairTimer = 0;  // other tags are jobs

struct QuorumMessage {
  enum Kind : uint8_t {
    kGet,
    kState,
    kPut,
    kDone,
    kRepair,  // a put that nobody waits for
    kHint,    // keep it for node `owner`
  } kind = kGet;
  int64_t job = 0;
  int32_t key = 0;
  NodeId owner = 0;
  StampedValue state;
  std::string_view name() const {
    constexpr std::string_view kNames[] = {"get",  "state",  "put",
                                           "done", "repair", "hint"};
    return kNames[kind];
  }
};

struct QuorumDisk {
  std::map<int32_t, StampedValue> keys;
  // What this node keeps for others.
  std::map<std::pair<NodeId, int32_t>, StampedValue> hints;
  int64_t counter = 0;  // the greatest seen
  // Answers to an earlier life of the node are not for a job of this one.
  int64_t last_job = 0;
};

class QuorumNode : public Node<QuorumMessage, QuorumDisk> {
 public:
  void OnStart() override {
    replicas_ =
        static_cast<int>(std::min<int64_t>(Parameter("n"), node_count()));
    read_quorum_ =
        static_cast<int>(std::min<int64_t>(Parameter("r"), replicas_));
    write_quorum_ =
        static_cast<int>(std::min<int64_t>(Parameter("w"), replicas_));
    is_sloppy_ = Parameter("sloppy") != 0;
    repairs_reads_ = Parameter("read_repair") != 0;
    acks_early_ = HasBug("ack-before-quorum");
    repairs_with_older_ = HasBug("repair-with-older");
    After(kRepairPeriod, kRepairTimer);
  }

  void OnRequest(const Request& request) override {
    const int64_t id = ++disk().last_job;
    Job& job = jobs_[id];
    job.request = request;
    job.is_read = IsRead(request.operation.function);
    const int32_t key = request.operation.key;
    if (!request.token.empty()) Advance(request.token.front());
    if (!job.is_read) {
      job.newest = {{++disk().counter, this->id()}, request.operation.argument};
    }
    for (NodeId node : Owners(key)) {
      Send(node, {job.is_read ? QuorumMessage::kGet : QuorumMessage::kPut, id,
                  key, node, job.newest});
    }
    if (!job.is_read && acks_early_) Answer(job);
    After(kSuspicion, id);
  }

  void OnMessage(NodeId from, const QuorumMessage& message) override {
    Advance(message.state.stamp.counter);
    switch (message.kind) {
      case QuorumMessage::kGet:
        return Send(from, {QuorumMessage::kState, message.job, message.key,
                           id(), disk().keys[message.key]});
      case QuorumMessage::kPut:
        Store(message);
        return Send(from,
                    {QuorumMessage::kDone, message.job, message.key, id(), {}});
      case QuorumMessage::kHint:
        Keep(message);
        return Send(from, {QuorumMessage::kDone,
                           message.job,
                           message.key,
                           message.owner,
                           {}});
      case QuorumMessage::kRepair:
        if (repairs_with_older_ && message.job != 0) {
          disk().keys[message.key] = message.state;
        } else {
          Store(message);
        }
        return;
      case QuorumMessage::kState:
      case QuorumMessage::kDone:
        return OnReplica(message);
    }
  }

  void OnTimer(int64_t tag) override {
    if (tag == kRepairTimer) return PushAll();
    const auto job = jobs_.find(tag);
    if (job == jobs_.end()) return;
    if (is_sloppy_ && !job->second.is_read) SendHints(tag, job->second);
  }

 private:
  struct Job {
    Request request;
    bool is_read = false;
    bool is_answered = false;
    StampedValue newest;
    StampedValue oldest;
    std::vector<std::pair<NodeId, Stamp>> replies;  // by owner
  };

  std::vector<NodeId> Owners(int32_t key) const {
    std::vector<NodeId> owners;
    for (int i = 0; i < replicas_; ++i) {
      owners.push_back((key + i) % node_count());
    }
    return owners;
  }

  void Advance(int64_t counter) {
    disk().counter = std::max(disk().counter, counter);
  }

  void Store(const QuorumMessage& message) {
    StampedValue& mine = disk().keys[message.key];
    if (message.state.stamp > mine.stamp) mine = message.state;
  }
  void Keep(const QuorumMessage& message) {
    StampedValue& hint = disk().hints[{message.owner, message.key}];
    if (message.state.stamp > hint.stamp) hint = message.state;
  }

  void OnReplica(const QuorumMessage& message) {
    const auto found = jobs_.find(message.job);
    if (found == jobs_.end()) return;
    Job& job = found->second;
    for (const auto& [owner, stamp] : job.replies) {
      if (owner == message.owner) return;  // a twin
    }
    job.replies.push_back({message.owner, message.state.stamp});
    if (job.is_read) Compare(message, job);
    const int wanted = job.is_read ? read_quorum_ : write_quorum_;
    const int count = static_cast<int>(job.replies.size());
    if (count >= wanted && !job.is_answered) Answer(job);
    if (count < replicas_) return;
    if (job.is_read && repairs_reads_) Repair(job);
    jobs_.erase(found);
  }

  static void Compare(const QuorumMessage& message, Job& job) {
    const bool is_first = job.replies.size() == 1;
    if (is_first || message.state.stamp < job.oldest.stamp) {
      job.oldest = message.state;
    }
    // Once answered, later replies serve the repair only.
    if (message.state.stamp > job.newest.stamp) job.newest = message.state;
  }

  void Answer(Job& job) {
    job.is_answered = true;
    Reply(job.request, Result::Integer(job.newest.value),
          {std::max(disk().counter, job.newest.stamp.counter)});
  }

  void Repair(const Job& job) {
    const StampedValue& value = repairs_with_older_ ? job.oldest : job.newest;
    for (const auto& [owner, stamp] : job.replies) {
      if (stamp == value.stamp) continue;
      Send(owner, {QuorumMessage::kRepair, 1, job.request.operation.key, owner,
                   value});
    }
  }

  // Other nodes take the write for the owners that have not answered.
  void SendHints(int64_t id, const Job& job) {
    const int32_t key = job.request.operation.key;
    int next = replicas_;
    for (NodeId owner : Owners(key)) {
      const bool has_answered =
          std::any_of(job.replies.begin(), job.replies.end(),
                      [&](const auto& reply) { return reply.first == owner; });
      if (has_answered || next >= node_count()) continue;
      const NodeId keeper = (key + next++) % node_count();
      Send(keeper, {QuorumMessage::kHint, id, key, owner, job.newest});
    }
  }

  // Anti-entropy, and the handing over of hints.
  void PushAll() {
    After(kRepairPeriod, kRepairTimer);
    for (const auto& [key, state] : disk().keys) {
      const std::vector<NodeId> owners = Owners(key);
      const NodeId peer = owners[random().Below(owners.size())];
      if (peer != id()) {
        Send(peer, {QuorumMessage::kRepair, 0, key, peer, state});
      }
    }
    // Hints go out again and again: an owner leaves out what it has.
    for (const auto& [place, state] : disk().hints) {
      Send(place.first,
           {QuorumMessage::kRepair, 0, place.second, place.first, state});
    }
  }

  int replicas_ = 3;
  int read_quorum_ = 2;
  int write_quorum_ = 2;
  bool is_sloppy_ = false;
  bool repairs_reads_ = true;
  bool acks_early_ = false;
  bool repairs_with_older_ = false;
  std::map<int64_t, Job> jobs_;
};

// Sends along the greatest counter that it has seen.
class QuorumSession : public Session {
 public:
  void Prepare(Request& request) override { request.token = {counter_}; }
  void OnOk(const Operation&, const targets::Answer& answer) override {
    counter_ = std::max(counter_, answer.token.front());
  }

 private:
  int64_t counter_ = 0;
};

std::vector<Promise> Promises(const Settings& settings) {
  std::vector<Promise> promises = {{"eventual", FaultSet::All()}};
  const bool overlaps =
      settings.Get("r") + settings.Get("w") > settings.Get("n");
  if (overlaps && settings.Get("sloppy") == 0) {
    promises.push_back({"read-your-writes", FaultSet::All()});
  }
  return promises;
}

}  // namespace

TargetInfo Quorum() {
  TargetInfo info;
  info.name = "quorum";
  info.summary = "Dynamo's tunable N, R, W with read repair and handoff";
  info.default_nodes = 5;
  info.min_nodes = 3;
  info.workloads = {"register", "session-mix", "multi-key", "reads-only-final"};
  info.parameters = {
      {"n", 3, 1, 9, "replicas of a key", {}},
      {"r", 2, 1, 9, "answers that a read waits for", {}},
      {"w", 2, 1, 9, "answers that a write waits for", {}},
      {"sloppy",
       0,
       0,
       1,
       "other nodes may stand in for replicas",
       {"off", "on"}},
      {"read_repair", 1, 0, 1, "reads write the newest back", {"off", "on"}}};
  info.bugs = {{"ack-before-quorum",
                "a write is acknowledged before any replica has it",
                {"read-your-writes"}},
               {"repair-with-older",
                "read repair spreads the oldest value it saw",
                {"read-your-writes", "eventual"}}};
  info.promises = Promises;
  info.make_cluster = MakeCluster<QuorumNode>;
  info.make_session = SessionFactory::Make<QuorumSession>;
  return info;
}

}  // namespace minos::targets
