// strong-counter: one copy behind a lock.
//
// A request waits for the lock, reads the counter, works for a while, writes
// the counter back, and gives the lock to the next. Each answer carries the
// value and its version, which counts the increments. The counter is on disk:
// a crash loses the requests under way, nothing else.
//
// Promises a linearizable counter, whatever happens: there is only one copy.
// What it costs is availability: no answer while the node is down.

#include <deque>
#include <utility>

#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

// One node has no peers.
struct NoMessage {
  std::string_view name() const { return "none"; }
};

struct CounterDisk {
  int64_t value = 0;
  int64_t version = 0;
  int64_t previous_value = 0;  // at version - 1
};

class StrongCounterNode : public Node<NoMessage, CounterDisk> {
 public:
  void OnStart() override {
    has_lock_ = !HasBug("no-lock");
    stale_version_ = HasBug("stale-version");
    work_ = Parameter("work_us") * kMicrosecond;
  }

  void OnRequest(const Request& request) override {
    waiting_.push_back({request, 0});
    if (has_lock_) {
      if (waiting_.size() == 1) Begin();
    } else {
      // Everybody reads at once, and writes when the work is done.
      waiting_.back().value_seen = disk().value;
      After(work_, 0);
    }
  }

  void OnTimer(int64_t) override {
    Finish(waiting_.front());
    waiting_.pop_front();
    if (has_lock_ && !waiting_.empty()) Begin();
  }

  void OnMessage(NodeId, const NoMessage&) override {}

 private:
  struct Job {
    Request request;
    int64_t value_seen;
  };

  void Begin() {
    waiting_.front().value_seen = disk().value;
    After(work_, 0);
  }

  void Finish(const Job& job) {
    if (!IsRead(job.request.operation.function)) {
      disk().previous_value = disk().value;
      disk().value = job.value_seen + job.request.operation.argument;
      ++disk().version;
    } else if (stale_version_ && disk().version > 0) {
      Reply(job.request,
            Result::Integer(disk().previous_value, disk().version - 1));
      return;
    }
    Reply(job.request, Result::Integer(disk().value, disk().version));
  }

  std::deque<Job> waiting_;  // the first has the lock, where there is one
  bool has_lock_ = true;
  bool stale_version_ = false;
  Nanoseconds work_ = 0;
};

}  // namespace

TargetInfo StrongCounter() {
  TargetInfo info;
  info.name = "strong-counter";
  info.summary = "One copy behind a lock; answers carry value and version";
  info.default_nodes = 1;
  info.max_nodes = 1;
  info.workloads = {"add-and-get", "counter", "counter-up-down"};
  info.parameters = {{"work_us",
                      500,
                      1,
                      1'000'000,
                      "how long an operation holds the lock",
                      {}}};
  info.bugs = {
      {"no-lock",
       "two increments read the same value, and one is lost",
       {"linearizable"}},
      {"stale-version",
       "reads return the copy before the last increment",
       {"linearizable"}},
  };
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"linearizable", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<StrongCounterNode>;
  return info;
}

}  // namespace minos::targets
