// causal: writes carry their dependencies, and are applied when those are met.
//
// As in COPS (Lloyd et al., SOSP 2011), but with vector clocks. A session
// remembers the clock of all that it has read and written, its context. A write
// is stamped with the context as its dependencies, and with the next number of
// the node that takes it. Another node applies it after the writes of the same
// node before it, and after its dependencies. A request whose context is ahead
// of the node waits. Of two writes of one key, the greater (Lamport stamp,
// node) wins, everywhere.
//
// Promises causal convergence under every fault, to sessions that move, too.
// Nobody waits for a quorum; a node in a minority goes on.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "targets/stores/stamp.h"
#include "targets/stores/stores.h"
#include "targets/vector_clock.h"

namespace minos::targets {
namespace {

struct CausalWrite {
  int32_t key = 0;
  NodeId origin = 0;
  uint32_t number = 0;  // among those of its origin
  StampedValue state;
  VectorClock dependencies;
};

struct CausalMessage {
  bool is_pull = false;
  VectorClock applied;  // pull: what the asker has
  std::vector<CausalWrite> writes;
  std::string_view name() const { return is_pull ? "pull" : "writes"; }
};

struct CausalDisk {
  std::map<int32_t, CausalWrite> winners;
  VectorClock applied;
  int64_t counter = 0;               // the greatest Lamport stamp seen
  std::vector<CausalWrite> log;      // all that was applied
  std::vector<CausalWrite> waiting;  // for their dependencies
};

class CausalNode : public Node<CausalMessage, CausalDisk> {
 public:
  void OnStart() override {
    ignores_dependencies_ = HasBug("ignore-dependencies");
    period_ = Milliseconds("pull_ms");
    After(period_, 0);
  }

  void OnRequest(const Request& request) override {
    requests_.push_back(request);
    ServeWhatIsReady();
  }

  void OnMessage(NodeId from, const CausalMessage& message) override {
    if (message.is_pull) return SendMissing(from, message.applied);
    for (const CausalWrite& write : message.writes) {
      const bool is_new = write.number > disk().applied[write.origin];
      if (is_new && !IsWaiting(write)) disk().waiting.push_back(write);
    }
    ApplyWhatIsReady();
    ServeWhatIsReady();
  }

  void OnTimer(int64_t) override {
    After(period_, 0);
    if (node_count() == 1) return;
    const int step = 1 + round_++ % (node_count() - 1);
    Send((id() + step) % node_count(), {true, disk().applied, {}});
  }

 private:
  void SendMissing(NodeId to, const VectorClock& applied) {
    CausalMessage answer;
    for (const CausalWrite& write : disk().log) {
      if (write.number > applied[write.origin]) answer.writes.push_back(write);
    }
    if (!answer.writes.empty()) Send(to, std::move(answer));
  }

  bool IsWaiting(const CausalWrite& write) {
    return std::any_of(disk().waiting.begin(), disk().waiting.end(),
                       [&](const CausalWrite& other) {
                         return other.origin == write.origin &&
                                other.number == write.number;
                       });
  }

  bool IsReady(const CausalWrite& write) {
    if (write.number != disk().applied[write.origin] + 1) return false;
    return disk().applied.Covers(write.dependencies);
  }

  void ApplyWhatIsReady() {
    std::vector<CausalWrite>& waiting = disk().waiting;
    while (true) {
      std::erase_if(waiting, [&](const CausalWrite& write) {
        return write.number <= disk().applied[write.origin];
      });
      const auto ready =
          std::find_if(waiting.begin(), waiting.end(),
                       [&](const CausalWrite& w) { return IsReady(w); });
      if (ready == waiting.end()) return;
      Apply(*ready);
    }
  }

  void Apply(const CausalWrite& write) {
    disk().applied.Set(write.origin, write.number);
    disk().counter = std::max(disk().counter, write.state.stamp.counter);
    const auto [winner, is_first] =
        disk().winners.try_emplace(write.key, write);
    if (!is_first && write.state.stamp > winner->second.state.stamp) {
      winner->second = write;
    }
    disk().log.push_back(write);
  }

  void ServeWhatIsReady() {
    std::vector<Request> waiting;
    for (const Request& request : requests_) {
      if (disk().applied.Covers(VectorClock::FromToken(request.token))) {
        Serve(request);
      } else {
        waiting.push_back(request);
      }
    }
    requests_ = std::move(waiting);
  }

  void Serve(const Request& request) {
    const Operation& operation = request.operation;
    if (operation.function == Function::kWrite) {
      CausalWrite write;
      write.key = operation.key;
      write.origin = id();
      write.number = disk().applied[id()] + 1;
      write.state = {{disk().counter + 1, id()}, operation.argument};
      if (!ignores_dependencies_) {
        write.dependencies = VectorClock::FromToken(request.token);
      }
      Apply(write);
      Broadcast({false, {}, {write}});
    }
    // What a client now depends on is the write that it reads or makes, and
    // what that depends on.
    const auto winner = disk().winners.find(operation.key);
    if (winner == disk().winners.end()) return Reply(request, Result::Nil());
    VectorClock context = winner->second.dependencies;
    context.Set(winner->second.origin, std::max(context[winner->second.origin],
                                                winner->second.number));
    Reply(request, Result::Integer(winner->second.state.value),
          context.ToToken());
  }

  bool ignores_dependencies_ = false;
  Nanoseconds period_ = 0;
  int round_ = 0;
  std::vector<Request> requests_;  // whose context is ahead of this node
};

class CausalSession : public Session {
 public:
  void Prepare(Request& request) override {
    request.token = context_.ToToken();
  }
  void OnOk(const Operation&, const Answer& answer) override {
    const VectorClock seen = VectorClock::FromToken(answer.token);
    if (settings().HasBug("drop-transitive")) {
      context_ = seen;
    } else {
      context_.Merge(seen);
    }
  }

 private:
  VectorClock context_;
};

}  // namespace

TargetInfo Causal() {
  TargetInfo info;
  info.name = "causal";
  info.summary = "Writes carry dependencies and are applied when they are met";
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"session-mix", "register", "reads-only-final"};
  info.parameters = {{"pull_ms",
                      100,
                      1,
                      10'000,
                      "how often a node asks a peer for what it lacks",
                      {}}};
  info.paced_by = "pull_ms";
  info.bugs = {
      {"ignore-dependencies",
       "a write carries no dependencies, and is applied before them",
       {"causal-convergence"}},
      {"drop-transitive",
       "a session forgets what it depended on before its last operation",
       {"causal-convergence"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"causal-convergence", FaultSet::All()},
                                {"session", FaultSet::All()},
                                {"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<CausalNode>;
  info.make_session = SessionFactory::Make<CausalSession>;
  return info;
}

}  // namespace minos::targets
