// What a store is made of: nodes that react to requests, messages and timers.
//
// A node's class derives from Node<Message> or Node<Message, Disk>:
//
//   struct Ping {
//     int64_t number = 0;
//     std::string_view name() const { return "ping"; }   // for the trace
//   };
//
//   class PingNode : public Node<Ping> {
//     void OnRequest(const Request& request) override {
//       Broadcast({1});
//       Reply(request, Result::Integer(1));
//     }
//     void OnMessage(NodeId from, const Ping& ping) override { … }
//   };
//
// When a node crashes its object is destroyed, and a new one is made when it
// restarts: its members are its volatile state, by construction. What lives on
// is disk(). Handlers are atomic: nothing happens while one runs.

#ifndef MINOS_TARGETS_NODE_H_
#define MINOS_TARGETS_NODE_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "targets/luck.h"
#include "targets/pool.h"
#include "targets/random.h"
#include "targets/request.h"
#include "targets/settings.h"
#include "targets/world.h"

namespace minos::targets {

// What every node can do, whatever its messages.
class NodeBase {
 public:
  NodeBase() = default;
  NodeBase(const NodeBase&) = delete;
  NodeBase& operator=(const NodeBase&) = delete;
  virtual ~NodeBase() = default;

  // The node begins, for the first time or after a crash.
  virtual void OnStart() {}
  // A client asks. Answer at once or later, or never.
  virtual void OnRequest(const Request& request) = 0;
  // A timer set by After in this life of the node has run out.
  virtual void OnTimer(int64_t tag) { static_cast<void>(tag); }

 protected:
  NodeId id() const { return id_; }
  int node_count() const { return world_->node_count(); }
  int majority() const { return node_count() / 2 + 1; }

  // The node's own clock, which may be wrong, and may jump.
  Nanoseconds Clock() const { return world_->ClockOf(id_); }
  Random& random() { return luck_->At(world_->now()); }

  // OnTimer(tag) after `delay` of true time, unless the node crashes before.
  void After(Nanoseconds delay, int64_t tag) {
    world_->SetNodeTimer(id_, delay, tag);
  }

  int64_t Parameter(std::string_view name) const {
    return settings_->Get(name);
  }
  // A duration parameter, whose name ends in _ms.
  Nanoseconds Milliseconds(std::string_view name) const {
    return settings_->Get(name) * kMillisecond;
  }
  bool HasBug(std::string_view name) const { return settings_->HasBug(name); }

  // Tells the client of `request` that it took effect.
  void Reply(const Request& request, Result result,
             std::vector<int64_t> token = {});
  // … that it did not, and never will.
  void ReplyFail(const Request& request);
  // … that it did not, and that it should ask `node`, or any other if kNoNode.
  void ReplyRedirect(const Request& request, NodeId node = kNoNode);

  World& world() { return *world_; }

 private:
  template <typename NodeT>
  friend class ClusterOf;

  World* world_ = nullptr;
  const Settings* settings_ = nullptr;
  Luck* luck_ = nullptr;
  NodeId id_ = 0;
};

// For stores without a disk.
struct NoDisk {};

template <typename MessageT, typename DiskT = NoDisk>
class Node : public NodeBase {
 public:
  using Message = MessageT;
  using Disk = DiskT;

  virtual void OnMessage(NodeId from, const Message& message) = 0;

 protected:
  // What survives a crash. Everything written is safe at once, unless the node
  // has called BufferDisk.
  Disk& disk() { return *disk_; }
  // From now on, in this life, a crash undoes what was written since the last
  // Sync.
  void BufferDisk() {
    *synced_ = *disk_;
    *is_buffered_ = true;
  }
  void Sync() {
    if (*is_buffered_) *synced_ = *disk_;
  }

  void Send(NodeId to, Message message) {
    world().SendMessage(id(), to, messages_->Put(std::move(message)));
  }
  // To every other node.
  void Broadcast(const Message& message) {
    for (NodeId to = 0; to < node_count(); ++to) {
      if (to != id()) Send(to, message);
    }
  }

 private:
  template <typename NodeT>
  friend class ClusterOf;

  Disk* disk_ = nullptr;
  Disk* synced_ = nullptr;
  bool* is_buffered_ = nullptr;
  Pool<Message>* messages_ = nullptr;
};

// The cluster whose nodes are of class NodeT. `world` and `settings` outlive
// it.
template <typename NodeT>
class ClusterOf final : public Cluster {
 public:
  ClusterOf(World& world, const Settings& settings, Random random)
      : world_(world), settings_(settings) {
    for (NodeId id = 0; id < world.node_count(); ++id) {
      places_.push_back(std::make_unique<Place>(
          Luck(random.Split(static_cast<uint64_t>(id)), world.luck_by())));
    }
  }

  void Start(NodeId id) override {
    Place& place = *places_[id];
    place.is_buffered = false;
    place.node = std::make_unique<NodeT>();
    NodeT& node = *place.node;
    node.world_ = &world_;
    node.settings_ = &settings_;
    node.luck_ = &place.luck;
    node.id_ = id;
    node.disk_ = &place.disk;
    node.synced_ = &place.synced;
    node.is_buffered_ = &place.is_buffered;
    node.messages_ = &messages_;
    Base(node).OnStart();
  }

  void Crash(NodeId id) override {
    Place& place = *places_[id];
    place.node.reset();
    if (place.is_buffered) place.disk = place.synced;
  }

  NodeBase& node(NodeId id) override { return *places_[id]->node; }

  void Deliver(NodeId from, NodeId to, uint32_t slot) override {
    static_cast<Node<Message, Disk>&>(*places_[to]->node)
        .OnMessage(from, messages_[slot]);
  }
  uint32_t Duplicate(uint32_t slot) override {
    return messages_.Put(messages_[slot]);
  }
  void Discard(uint32_t slot) override { messages_.Free(slot); }
  std::string_view NameOf(uint32_t slot) const override {
    return messages_[slot].name();
  }

 private:
  using Message = typename NodeT::Message;
  using Disk = typename NodeT::Disk;

  struct Place {
    explicit Place(const Luck& of_node) : luck(of_node) {}
    Luck luck;
    std::unique_ptr<NodeT> node;
    Disk disk;
    Disk synced;
    bool is_buffered = false;
  };

  static NodeBase& Base(NodeT& node) { return node; }

  World& world_;
  const Settings& settings_;
  std::vector<std::unique_ptr<Place>> places_;
  Pool<Message> messages_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_NODE_H_
