// primary-backup: one node serves, another keeps up and takes over.
//
// Node n1 only keeps the *view*: who is primary, who is backup (view service).
// The other nodes ping it. When the primary has not pinged for a while, the
// backup becomes primary, provided that the primary had confirmed the view, and
// so the backup had the whole state; when the backup is gone, or a spare node
// comes, the view changes likewise.
//
//   mode=sync   the primary answers an operation after its backup has confirmed
//               it, reads too (fencing=on): a node that has been replaced hears
//               of the new view from its backup, and never answers
//   mode=async  it answers at once, and ships its state now and then; what was
//               not shipped is lost at fail-over
//
// Without fencing reads are answered by whoever believes to be primary. Nodes
// keep their state and their view on disk.
//
// Promises with mode=sync and fencing=on a linearizable register under every
// fault. Otherwise only where nobody fails over: under `clock`, `duplicate`
// and `reorder`.

#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kViewService = 0;
constexpr Nanoseconds kTick = 20 * kMillisecond;
// A node that has not pinged for so long is taken for dead.
constexpr Nanoseconds kDeadAfter = 100 * kMillisecond;
// More operations than a node does in one life.
constexpr int64_t kNumbersALife = int64_t{1} << 32;

struct View {
  int64_t number = 0;
  NodeId primary = kNoNode;
  NodeId backup = kNoNode;
};

using Values = std::map<int32_t, int64_t>;

struct PbMessage {
  enum Kind : uint8_t {
    kPing,       // to the view service: `view` is confirmed
    kView,       // from it: `view` is current
    kState,      // primary → backup: all `values`, for `view`
    kHaveState,  // the answer
    kForward,    // primary → backup: do `operation`, number `sequence`
    kDone,       // the answer
  } kind = kPing;
  View view;
  int64_t sequence = 0;
  Operation operation;
  Values values;
  std::string_view name() const {
    constexpr std::string_view kNames[] = {"ping",       "view",    "state",
                                           "have-state", "forward", "done"};
    return kNames[kind];
  }
};

struct PbDisk {
  View view;                  // of the view service: the current one
  bool is_confirmed = false;  // the view service: by its primary
  Values values;
  int64_t has_state_of = 0;  // the view for which the state is complete
  int64_t sequence = 0;      // of the last operation done
};

class PrimaryBackupNode : public Node<PbMessage, PbDisk> {
 public:
  void OnStart() override {
    is_sync_ = Parameter("mode") == 0;
    is_fenced_ = Parameter("fencing") != 0;
    goes_on_alone_ = HasBug("split-brain");
    acks_early_ = HasBug("ack-before-backup");
    After(kTick, 0);
    if (IsPrimary()) BeginAnew();
  }

  void OnRequest(const Request& request) override {
    if (id() == kViewService)
      return ReplyRedirect(request, disk().view.primary);
    if (!IsPrimary()) return ReplyRedirect(request);
    const bool is_read = IsRead(request.operation.function);
    if (!is_sync_ || (is_read && !is_fenced_)) {
      return Reply(request, Do(request.operation));
    }
    queue_.push_back(request);
    if (queue_.size() == 1) ForwardFirst();
  }

  void OnMessage(NodeId from, const PbMessage& message) override {
    switch (message.kind) {
      case PbMessage::kPing:
        return OnPing(from, message.view.number);
      case PbMessage::kView:
        return Adopt(message.view);
      case PbMessage::kState:
        return TakeState(from, message);
      case PbMessage::kHaveState:
        if (IsPrimary() && message.view.number == disk().view.number) {
          disk().has_state_of = disk().view.number;
          if (!queue_.empty()) ForwardFirst();
        }
        return;
      case PbMessage::kForward:
        return TakeForward(from, message);
      case PbMessage::kDone:
        return OnBackupDone(message);
    }
  }

  void OnTimer(int64_t) override {
    After(kTick, 0);
    ++ticks_;
    if (id() == kViewService) return UpdateView();
    Ping();
    if (!IsPrimary() || disk().view.backup == kNoNode) return;
    if (!BackupHasState() || !is_sync_) {
      SendState();
    } else if (!queue_.empty()) {
      if (goes_on_alone_ && ticks_ - forwarded_at_ > 3) return FinishFirst();
      SendForward();
    }
  }

 private:
  // The view service.

  void OnPing(NodeId from, int64_t confirmed) {
    last_ping_[from] = ticks_;
    View& view = disk().view;
    if (from == view.primary && confirmed == view.number) {
      disk().is_confirmed = true;
    }
    Send(from, {PbMessage::kView, view, 0, {}, {}});
  }

  bool IsAlive(NodeId node) {
    const auto last = last_ping_.find(node);
    return last != last_ping_.end() &&
           (ticks_ - last->second) * kTick < kDeadAfter;
  }

  NodeId Spare() {
    for (NodeId node = 1; node < node_count(); ++node) {
      const View& view = disk().view;
      if (node != view.primary && node != view.backup && IsAlive(node)) {
        return node;
      }
    }
    return kNoNode;
  }

  // The next view, where there is need and the primary confirmed this one.
  void UpdateView() {
    View& view = disk().view;
    View next = view;
    if (view.number == 0) {
      next.primary = Spare();
      if (next.primary == kNoNode) return;
    } else {
      // A service that has just started knows nobody's pings yet.
      if (!disk().is_confirmed || ticks_ * kTick < kDeadAfter) return;
      if (!IsAlive(view.primary) && view.backup != kNoNode &&
          IsAlive(view.backup)) {
        next.primary = view.backup;
        next.backup = kNoNode;
      } else if (view.backup != kNoNode && !IsAlive(view.backup)) {
        next.backup = kNoNode;
      }
      if (next.backup == kNoNode) {
        const NodeId spare = Spare();
        if (spare != next.primary) next.backup = spare;
      }
    }
    if (next.primary == view.primary && next.backup == view.backup) return;
    next.number = view.number + 1;
    view = next;
    disk().is_confirmed = false;
  }

  // The others.

  bool IsPrimary() { return disk().view.primary == id(); }

  // The backup may have done what this node forwarded in its last life and has
  // not done itself. Numbers that were never given out, and the whole state,
  // make both the same again; until then nothing is answered.
  void BeginAnew() {
    disk().sequence += kNumbersALife;
    if (disk().view.backup != kNoNode) disk().has_state_of = 0;
  }
  bool BackupHasState() { return disk().has_state_of == disk().view.number; }

  // A primary confirms its view when its backup, if there is one, has the
  // state.
  void Ping() {
    const View& view = disk().view;
    const bool confirms =
        !IsPrimary() || view.backup == kNoNode || BackupHasState();
    PbMessage ping;
    ping.view.number = confirms ? view.number : view.number - 1;
    Send(kViewService, std::move(ping));
  }

  void Adopt(const View& view) {
    if (view.number <= disk().view.number) return;
    disk().view = view;
    if (!IsPrimary()) {
      // What was forwarded may have been done: nobody knows.
      queue_.clear();
      return;
    }
    if (view.backup == kNoNode) {
      disk().has_state_of = view.number;
    } else {
      SendState();
    }
    if (!queue_.empty()) ForwardFirst();
  }

  void SendState() {
    Send(disk().view.backup,
         {PbMessage::kState, disk().view, disk().sequence, {}, disk().values});
  }

  void TakeState(NodeId from, const PbMessage& message) {
    Adopt(message.view);
    const View& view = disk().view;
    if (message.view.number != view.number || view.backup != id()) return;
    // A late twin must not undo what was forwarded since.
    if (message.sequence >= disk().sequence ||
        disk().has_state_of != view.number) {
      disk().values = message.values;
      disk().sequence = message.sequence;
    }
    disk().has_state_of = view.number;
    Send(from, {PbMessage::kHaveState, view, 0, {}, {}});
  }

  void ForwardFirst() {
    forwarded_at_ = ticks_;
    if (disk().view.backup == kNoNode || acks_early_) {
      FinishFirst();
      return;
    }
    if (BackupHasState()) SendForward();
  }

  void SendForward() {
    Send(disk().view.backup, {PbMessage::kForward,
                              disk().view,
                              disk().sequence + 1,
                              queue_.front().operation,
                              {}});
  }

  void TakeForward(NodeId from, const PbMessage& message) {
    const View& view = disk().view;
    if (message.view.number != view.number || view.backup != id() ||
        !BackupHasState()) {
      return;
    }
    if (message.sequence == disk().sequence + 1) {
      Do(message.operation);
      disk().sequence = message.sequence;
    }
    if (message.sequence > disk().sequence) return;
    Send(from, {PbMessage::kDone, view, message.sequence, {}, {}});
  }

  void OnBackupDone(const PbMessage& message) {
    if (!IsPrimary() || queue_.empty()) return;
    if (message.view.number != disk().view.number) return;
    if (message.sequence != disk().sequence + 1) return;
    FinishFirst();
  }

  void FinishFirst() {
    const Request request = queue_.front();
    queue_.pop_front();
    const Result result = Do(request.operation);
    ++disk().sequence;
    if (acks_early_ && disk().view.backup != kNoNode) SendState();
    Reply(request, result);
    if (!queue_.empty()) ForwardFirst();
  }

  Result Do(const Operation& operation) {
    if (operation.function == Function::kWrite) {
      disk().values[operation.key] = operation.argument;
    }
    const auto found = disk().values.find(operation.key);
    return found == disk().values.end() ? Result::Nil()
                                        : Result::Integer(found->second);
  }

  bool is_sync_ = true;
  bool is_fenced_ = true;
  bool goes_on_alone_ = false;
  bool acks_early_ = false;
  int64_t ticks_ = 0;
  int64_t forwarded_at_ = 0;
  std::deque<Request> queue_;  // of the primary; the first is forwarded
  std::map<NodeId, int64_t> last_ping_;  // of the view service, in ticks
};

// Asks the nodes other than the view service, in turn; remembers who answered.
class PrimaryBackupSession : public Session {
 public:
  void OnBegin() override { primary_ = 1; }
  NodeId Route(const Operation&, NodeId, int attempt) override {
    if (attempt > 0) primary_ = 1 + primary_ % (node_count() - 1);
    return primary_;
  }
  void OnOk(const Operation&, const Answer& answer) override {
    primary_ = answer.node;
  }

 private:
  NodeId primary_ = 1;
};

std::vector<Promise> Promises(const Settings& settings) {
  if (settings.Get("mode") == 0 && settings.Get("fencing") != 0) {
    return {{"linearizable", FaultSet::All()}};
  }
  return {{"linearizable",
           {FaultKind::kClock, FaultKind::kDuplicate, FaultKind::kReorder}}};
}

}  // namespace

TargetInfo PrimaryBackup() {
  TargetInfo info;
  info.name = "primary-backup";
  info.summary = "A primary, a backup, and a view service that replaces them";
  info.default_nodes = 4;
  info.min_nodes = 3;
  info.workloads = {"register", "multi-key", "reads-only-final"};
  info.parameters = {{"mode",
                      0,
                      0,
                      1,
                      "whether the primary waits for its backup",
                      {"sync", "async"}},
                     {"fencing",
                      1,
                      0,
                      1,
                      "whether reads are confirmed by the backup",
                      {"off", "on"}}};
  info.bugs = {{"split-brain",
                "a primary that its backup does not answer goes on alone",
                {"linearizable"}},
               {"ack-before-backup",
                "the primary answers before its backup has it",
                {"linearizable"}}};
  info.promises = Promises;
  info.client.attempt_timeout = 60 * kMillisecond;
  info.client.operation_timeout = 500 * kMillisecond;
  info.make_cluster = MakeCluster<PrimaryBackupNode>;
  info.make_session = SessionFactory::Make<PrimaryBackupSession>;
  return info;
}

}  // namespace minos::targets
