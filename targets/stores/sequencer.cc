// sequencer: one total order of updates, and local reads.
//
// A replica forwards an update to node n1, the sequencer, which gives it the
// next number and sends it to all. Every replica applies updates by number; the
// replica that was asked answers when it has applied the update itself. Reads
// are answered from the replica's own copy. What was lost is asked for again.
//
// Promises sequential consistency to sessions that stay at one replica: all see
// the updates in one order, which contains everybody's own. It is not
// linearizable: a replica may be behind, and its reads with it.

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kSequencer = 0;
constexpr Nanoseconds kRepairPeriod = 40 * kMillisecond;

struct Update {
  uint64_t request = 0;
  int32_t key = 0;
  int64_t value = kNilValue;
};

struct OrderMessage {
  enum Kind : uint8_t {
    kForward,  // to the sequencer: order `update`
    kOrdered,  // updates from `first` on
    kPull,     // to the sequencer: what comes from `first` on?
  } kind = kForward;
  int64_t first = 0;
  std::vector<Update> updates;
  std::string_view name() const {
    constexpr std::string_view kNames[] = {"forward", "ordered", "pull"};
    return kNames[kind];
  }
};

struct OrderDisk {
  std::vector<Update> log;    // at the sequencer: all, in order
  std::set<uint64_t> in_log;  // at the sequencer: requests
  int64_t applied = 0;        // how many updates this replica has applied
  std::map<int32_t, int64_t> values;
};

class SequencerNode : public Node<OrderMessage, OrderDisk> {
 public:
  void OnStart() override {
    applies_out_of_order_ = HasBug("apply-out-of-order");
    After(kRepairPeriod, 0);
  }

  void OnRequest(const Request& request) override {
    const Operation& operation = request.operation;
    if (IsRead(operation.function)) {
      return Reply(request, Result::Integer(Value(operation.key)));
    }
    const Update update = {request.id, operation.key, operation.argument};
    waiting_[request.id] = {request, update};
    Send(kSequencer, {OrderMessage::kForward, 0, {update}});
  }

  void OnMessage(NodeId from, const OrderMessage& message) override {
    switch (message.kind) {
      case OrderMessage::kForward:
        return Order(message.updates.front());
      case OrderMessage::kPull:
        return SendFrom(from, message.first);
      case OrderMessage::kOrdered:
        return Receive(message);
    }
  }

  // Asks again for what may have been lost on the way.
  void OnTimer(int64_t) override {
    After(kRepairPeriod, 0);
    for (const auto& [request, waiter] : waiting_) {
      Send(kSequencer, {OrderMessage::kForward, 0, {waiter.second}});
    }
    Send(kSequencer, {OrderMessage::kPull, disk().applied, {}});
  }

 private:
  int64_t Value(int32_t key) {
    const auto found = disk().values.find(key);
    return found == disk().values.end() ? kNilValue : found->second;
  }

  void Order(const Update& update) {
    if (!disk().in_log.insert(update.request).second) return;
    disk().log.push_back(update);
    const int64_t number = static_cast<int64_t>(disk().log.size()) - 1;
    for (NodeId to = 0; to < node_count(); ++to) {
      Send(to, {OrderMessage::kOrdered, number, {update}});
    }
  }

  void SendFrom(NodeId to, int64_t first) {
    const std::vector<Update>& log = disk().log;
    if (first >= static_cast<int64_t>(log.size())) return;
    Send(to, {OrderMessage::kOrdered, first,
              std::vector<Update>(log.begin() + first, log.end())});
  }

  void Receive(const OrderMessage& message) {
    int64_t number = message.first;
    for (const Update& update : message.updates) {
      if (number == disk().applied || applies_out_of_order_) Apply(update);
      ++number;
    }
  }

  void Apply(const Update& update) {
    // Out of order, an update that comes again is applied again.
    ++disk().applied;
    disk().values[update.key] = update.value;
    const auto waiter = waiting_.find(update.request);
    if (waiter == waiting_.end()) return;
    Reply(waiter->second.first, Result::Integer(update.value));
    waiting_.erase(waiter);
  }

  bool applies_out_of_order_ = false;
  std::map<uint64_t, std::pair<Request, Update>> waiting_;  // by request
};

// Sessions stay where they are.
class SequencerSession : public Session {
 public:
  NodeId Route(const Operation&, NodeId, int) override { return home(); }
};

}  // namespace

TargetInfo Sequencer() {
  TargetInfo info;
  info.name = "sequencer";
  info.summary = "One total order of updates, applied everywhere; local reads";
  info.workloads = {"register", "multi-key", "reads-only-final"};
  info.bugs = {{"apply-out-of-order",
                "updates are applied as they arrive",
                {"sequential"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"sequential", FaultSet::All()},
                                {"causal-convergence", FaultSet::All()},
                                {"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<SequencerNode>;
  info.make_session = SessionFactory::Make<SequencerSession>;
  return info;
}

}  // namespace minos::targets
