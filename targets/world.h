// The simulated world: a clock that jumps from event to event, a network, and
// nodes that crash, pause and disagree about the time.
//
// One thread, no wall clock, no luck but that of the seed: the same calls give
// the same run, byte for byte.

#ifndef MINOS_TARGETS_WORLD_H_
#define MINOS_TARGETS_WORLD_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "targets/coverage.h"
#include "targets/event_queue.h"
#include "targets/luck.h"
#include "targets/network.h"
#include "targets/pool.h"
#include "targets/random.h"
#include "targets/request.h"
#include "targets/trace.h"

namespace minos::targets {

class NodeBase;

// The nodes of one store and the messages between them; see node.h.
class Cluster {
 public:
  virtual ~Cluster() = default;
  // Makes node `id` anew: its disk is as the last life left it, all else gone.
  virtual void Start(NodeId id) = 0;
  // Ends the life of node `id`; what it had not synced is lost.
  virtual void Crash(NodeId id) = 0;
  // REQUIRES: `id` is started.
  virtual NodeBase& node(NodeId id) = 0;
  // Hands message `slot` to node `to`.
  virtual void Deliver(NodeId from, NodeId to, uint32_t slot) = 0;
  // Another message like `slot`.
  virtual uint32_t Duplicate(uint32_t slot) = 0;
  // Forgets message `slot`.
  virtual void Discard(uint32_t slot) = 0;
  // What the store calls message `slot`; static storage.
  virtual std::string_view NameOf(uint32_t slot) const = 0;
};

// Whoever runs the world: he plays the clients and the faults.
class Host {
 public:
  virtual ~Host() = default;
  // An answer arrives at a process.
  virtual void OnAnswer(ProcessId process, const Answer& answer) = 0;
  // The timer that was set with `tag` is due.
  virtual void OnHostTimer(int64_t tag) = 0;
  // Node `node` is about to handle an event called `name` (see coverage.h);
  // only if World::Options::watched.
  virtual void OnEvent(NodeId node, std::string_view name) {
    static_cast<void>(node);
    static_cast<void>(name);
  }
};

// How much happened.
struct WorldCounters {
  uint64_t steps = 0;             // events that were handled
  uint64_t messages = 0;          // sent from node to node
  uint64_t messages_lost = 0;     // of these
  uint64_t messages_doubled = 0;  // of these
  uint64_t attempts = 0;          // requests sent by clients
};

// One run of one store.
class World {
 public:
  struct Options {
    int nodes = 3;
    uint64_t seed = 0;
    NetworkConditions network;
    bool trace = false;
    LuckBy luck = LuckBy::kCount;
    bool coverage = false;
    bool watched = false;  // the host hears of events
  };

  // `host` outlives the world.
  World(const Options& options, Host& host);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Starts all nodes of `cluster`, which outlives the world. Call it first.
  void Start(Cluster& cluster);

  // Handles the next event; false if there is none.
  bool RunNext();
  Nanoseconds now() const { return now_; }
  int node_count() const { return static_cast<int>(nodes_.size()); }
  LuckBy luck_by() const { return luck_by_; }
  const WorldCounters& counters() const { return counters_; }
  Trace& trace() { return trace_; }
  // Empty unless it was asked for.
  Coverage coverage() const {
    return coverage_.has_value() ? coverage_->coverage() : Coverage();
  }
  Network& network() { return network_; }

  // For the host.
  void SendRequest(NodeId to, Request request);
  // Host::OnHostTimer is called with `tag` after `delay`.
  void SetHostTimer(Nanoseconds delay, int64_t tag);
  // The first moment from `time` on for which nothing is due yet. O(events that
  // are due) for each moment that is taken.
  Nanoseconds FreeMomentFrom(Nanoseconds time) const;

  // Faults. Each does nothing where the node is in that state already.
  void Crash(NodeId node);
  void Restart(NodeId node);
  void Pause(NodeId node);  // it does nothing, then all at once
  void Resume(NodeId node);
  // The node's clock is `offset` ahead of the time, and gains `rate_parts`
  // nanoseconds a millisecond from now on.
  void SetClock(NodeId node, Nanoseconds offset, int64_t rate_parts);
  bool is_up(NodeId node) const { return nodes_[node].up; }
  void NoteFault(std::string_view name);  // in the trace; static storage

  // For nodes.
  Nanoseconds ClockOf(NodeId node) const;
  void SendMessage(NodeId from, NodeId to, uint32_t slot);
  void SetNodeTimer(NodeId node, Nanoseconds delay, int64_t tag);
  void SendAnswer(ProcessId process, Answer answer);

 private:
  struct NodeState {
    bool up = false;
    bool paused = false;
    uint32_t life = 0;
    Nanoseconds clock_offset = 0;
    Nanoseconds clock_set_at = 0;
    int64_t clock_rate_parts = 0;
    std::vector<Step> deferred;  // what came while it was paused
  };

  void Handle(const Step& step);
  void HandleMessage(const Step& step);
  void HandleRequest(const Step& step);
  void HandleAnswer(const Step& step);
  void HandleNodeTimer(const Step& step);
  bool Defer(const Step& step);
  bool IsCutShort(const Step& step) const;
  void Refuse(const Request& request, NodeId node);
  void Record(TraceKind kind, int from, int to, std::string_view name,
              uint64_t id) {
    if (tracing_) trace_.Add({now_, kind, from, to, name, id});
  }

  void Cover(NodeId node, std::string_view name) {
    if (coverage_.has_value()) coverage_->Handle(node, name);
    if (watched_) host_.OnEvent(node, name);
  }

  Host& host_;
  Cluster* cluster_ = nullptr;
  LuckBy luck_by_;
  Network network_;
  EventQueue queue_;
  Nanoseconds now_ = 0;
  std::vector<NodeState> nodes_;
  Pool<Request> requests_;
  Pool<Answer> answers_;
  WorldCounters counters_;
  bool tracing_;
  bool watched_;
  Trace trace_;
  std::optional<CoverageRecorder> coverage_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_WORLD_H_
