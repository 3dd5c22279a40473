// read-after-write: a master, lagging replicas, and a memory of who wrote when.
//
//   write ──▶ master ──(lag)──▶ replicas ◀── read
//                ▲ read within `window_ms` of one's last write
//
// All writes go to node n1, the master. Replicas get each write `lag_ms` later,
// and now and then all that they may have missed. Each user remembers when he
// last wrote, by a clock that never jumps, and for `window_ms` afterwards reads
// from the master.
//
// Promises read-your-writes as long as replication takes less than the window:
// it breaks where `lag_ms` exceeds the window, and where replication stalls
// (crashes, pauses, partitions, losses). Copies agree in the end in any case.

#include <map>

#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kMaster = 0;
constexpr int64_t kRepairTimer = 0;  // other tags are versions
constexpr Nanoseconds kRepairPeriod = 200 * kMillisecond;
// Replication takes so much longer than its lag: for the message, with the
// delays of the `delay` fault.
constexpr int64_t kNetworkMarginMs = 250;

struct Written {
  int64_t value = kNilValue;
  int64_t version = 0;
};

struct Replication {
  std::map<int32_t, Written> keys;
  std::string_view name() const { return "replicate"; }
};

struct RawDisk {
  std::map<int32_t, Written> keys;
  int64_t version = 0;  // of the last write, at the master
};

class RawNode : public Node<Replication, RawDisk> {
 public:
  void OnStart() override {
    lag_ = Milliseconds("lag_ms");
    if (id() != kMaster) return;
    old_enough_ = disk().keys;
    After(kRepairPeriod, kRepairTimer);
  }

  void OnRequest(const Request& request) override {
    const Operation& operation = request.operation;
    if (operation.function == Function::kWrite) {
      if (id() != kMaster) return ReplyRedirect(request, kMaster);
      const int64_t version = ++disk().version;
      disk().keys[operation.key] = {operation.argument, version};
      lagging_[version] = {operation.key, {operation.argument, version}};
      After(lag_, version);
    }
    const Written& written = disk().keys[operation.key];
    Reply(request, Result::Integer(written.value, written.version));
  }

  void OnTimer(int64_t tag) override {
    if (tag == kRepairTimer) {
      Broadcast({old_enough_});
      return After(kRepairPeriod, kRepairTimer);
    }
    const auto& [key, written] = lagging_[tag];
    old_enough_[key] = written;
    Broadcast({{{key, written}}});
    lagging_.erase(tag);
  }

  void OnMessage(NodeId, const Replication& replication) override {
    for (const auto& [key, written] : replication.keys) {
      Written& mine = disk().keys[key];
      if (written.version > mine.version) mine = written;
    }
  }

 private:
  Nanoseconds lag_ = 0;
  // At the master: what replicas may know, and what they may not know yet.
  std::map<int32_t, Written> old_enough_;
  std::map<int64_t, std::pair<int32_t, Written>> lagging_;
};

class RawSession : public Session {
 public:
  void OnBegin() override {
    window_ = settings().Get("window_ms") * kMillisecond;
    forgets_ = settings().HasBug("forget-last-write");
    by_wall_clock_ = settings().HasBug("window-by-client-clock");
  }

  NodeId Route(const Operation& operation, NodeId wanted,
               int attempt) override {
    if (!IsRead(operation.function)) return kMaster;
    const bool is_within = has_written_ && Clock() - last_write_ < window_;
    return is_within ? kMaster : (wanted + attempt) % node_count();
  }

  void OnOk(const Operation& operation, const Answer&) override {
    if (IsRead(operation.function) || forgets_) return;
    has_written_ = true;
    last_write_ = Clock();
  }

 private:
  Nanoseconds Clock() const {
    return by_wall_clock_ ? WallClock() : MonotonicClock();
  }

  Nanoseconds window_ = 0;
  Nanoseconds last_write_ = 0;
  bool has_written_ = false;
  bool forgets_ = false;
  bool by_wall_clock_ = false;
};

std::vector<Promise> Promises(const Settings& settings) {
  std::vector<Promise> promises = {{"eventual", FaultSet::All()}};
  if (settings.Get("lag_ms") + kNetworkMarginMs <= settings.Get("window_ms")) {
    promises.push_back({"read-your-writes",
                        {FaultKind::kClock, FaultKind::kDuplicate,
                         FaultKind::kDelay, FaultKind::kReorder}});
  }
  return promises;
}

}  // namespace

TargetInfo ReadAfterWrite() {
  TargetInfo info;
  info.name = "read-after-write";
  info.summary =
      "A master and lagging replicas; one reads from the master after a write";
  info.min_nodes = 2;
  info.workloads = {"register", "session-mix", "reads-only-final"};
  info.parameters = {
      {"lag_ms", 300, 0, 100'000, "how late replicas get a write", {}},
      {"window_ms",
       1000,
       0,
       100'000,
       "for how long one reads from the master after a write",
       {}}};
  info.paced_by = "lag_ms";
  info.bugs = {{"forget-last-write",
                "nobody remembers that he wrote",
                {"read-your-writes"}},
               {"window-by-client-clock",
                "the window is measured by a wall clock that may jump",
                {"read-your-writes"}}};
  info.promises = Promises;
  info.make_cluster = MakeCluster<RawNode>;
  info.make_session = SessionFactory::Make<RawSession>;
  return info;
}

}  // namespace minos::targets
