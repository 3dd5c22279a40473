// lease-lock: a lock that expires, and what it protects.
//
//   client ──▶ worker ──(1) lease──▶ n1, the lock service
//                │
//                └─(2) read, (3) write──▶ n2, the storage
//
// The other nodes are workers. To add to the counter in storage, a worker gets
// a lease of `lease_ms`, reads the counter, works for a while, and writes the
// sum back; then it gives the lease back. The service grants the lease to the
// next in line when it is returned, or has expired. A worker that has paused
// may write when its lease is long over, and cannot know it; nor can one whose
// clock is slow.
//
// So each lease carries a fencing token, a number that grows; the storage
// refuses whoever comes with a token older than one that it has seen
// (Kleppmann, "How to do distributed locking", 2016).
//
// Promises a linearizable counter under every fault with fencing=on. With
// fencing=off it promises that only where no worker can be late: under `clock`
// (leases are measured at the service), `duplicate` and `reorder`, and where a
// lease is longer than the work and its messages.

#include <deque>
#include <map>

#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kLockService = 0;
constexpr NodeId kStorage = 1;
constexpr Nanoseconds kResendPeriod = 30 * kMillisecond;
constexpr int64_t kResendTimer = -1;
// The messages of a lease take no longer without a fault: the grant, the read,
// its answer, and the write.
constexpr int64_t kMessagesMs = 20;

struct LeaseMessage {
  enum Kind : uint8_t {
    kAcquire,  // worker → service
    kGranted,  // service → worker: `token`
    kRelease,  // worker → service
    kRead,     // worker → storage
    kValue,    // storage → worker: `value`, or refused
    kWrite,    // worker → storage
    kWritten,  // storage → worker, or refused
  } kind = kAcquire;
  uint64_t request = 0;
  int64_t token = 0;
  int64_t value = 0;
  bool is_refused = false;
  std::string_view name() const {
    constexpr std::string_view kNames[] = {
        "acquire", "granted", "release", "read", "value", "write", "written"};
    return kNames[kind];
  }
};

struct LeaseDisk {
  // Of the service.
  int64_t last_token = 0;
  // Of the storage.
  int64_t value = 0;
  int64_t newest_token = 0;  // seen
  // Writes done, by request: a write that comes again is done already.
  std::map<uint64_t, int64_t> done;
};

class LeaseNode : public Node<LeaseMessage, LeaseDisk> {
 public:
  void OnStart() override {
    lease_ = Milliseconds("lease_ms");
    work_ = Milliseconds("work_ms");
    is_fenced_ = Parameter("fencing") != 0 && !HasBug("no-fencing");
    // A service that has forgotten who has the lease waits until it is over.
    if (id() == kLockService) {
      is_held_ = true;
      After(lease_, disk().last_token);
    }
    if (id() > kStorage) After(kResendPeriod, kResendTimer);
  }

  void OnRequest(const Request& request) override {
    if (id() <= kStorage) return ReplyRedirect(request);
    Job job;
    job.request = request;
    // Reads need no lease: they are one step at the storage.
    job.step.kind = IsRead(request.operation.function) ? LeaseMessage::kRead
                                                       : LeaseMessage::kAcquire;
    job.step.request = request.id;
    jobs_[request.id] = job;
    SendStep(job);
  }

  void OnTimer(int64_t tag) override {
    if (id() == kLockService) {
      if (tag == disk().last_token) GrantNext();
      return;
    }
    if (tag != kResendTimer) return Write(static_cast<uint64_t>(tag));
    for (const auto& [request, job] : jobs_) {
      if (!job.is_working) SendStep(job);
    }
    After(kResendPeriod, kResendTimer);
  }

  void OnMessage(NodeId from, const LeaseMessage& message) override {
    switch (message.kind) {
      case LeaseMessage::kAcquire:
        return Enqueue(from, message.request);
      case LeaseMessage::kRelease:
        if (is_held_ && message.token == disk().last_token) GrantNext();
        return;
      case LeaseMessage::kRead:
      case LeaseMessage::kWrite:
        return ServeStorage(from, message);
      case LeaseMessage::kGranted:
      case LeaseMessage::kValue:
      case LeaseMessage::kWritten:
        return OnProgress(message);
    }
  }

 private:
  struct Job {
    Request request;
    LeaseMessage step;  // what was sent last, and is sent until answered
    bool is_working = false;
  };
  struct Waiter {
    NodeId worker;
    uint64_t request;
  };

  // The lock service.

  void Enqueue(NodeId worker, uint64_t request) {
    if (is_held_ && holder_ == request) return Grant(worker, request);
    for (const Waiter& waiter : line_) {
      if (waiter.request == request) return;
    }
    line_.push_back({worker, request});
    if (!is_held_) GrantNext();
  }

  void GrantNext() {
    is_held_ = false;
    holder_ = 0;
    if (line_.empty()) return;
    const Waiter next = line_.front();
    line_.pop_front();
    is_held_ = true;
    holder_ = next.request;
    ++disk().last_token;
    After(lease_, disk().last_token);
    Grant(next.worker, next.request);
  }

  void Grant(NodeId worker, uint64_t request) {
    Send(worker,
         {LeaseMessage::kGranted, request, disk().last_token, 0, false});
  }

  // The storage.

  void ServeStorage(NodeId from, const LeaseMessage& message) {
    LeaseMessage answer = message;
    const bool is_write = message.kind == LeaseMessage::kWrite;
    answer.kind = is_write ? LeaseMessage::kWritten : LeaseMessage::kValue;
    const auto done = disk().done.find(message.request);
    if (is_write && done != disk().done.end()) {
      answer.value = done->second;
      return Send(from, answer);
    }
    // A token of 0 belongs to a read without a lease.
    const bool is_late =
        message.token != 0 && message.token < disk().newest_token;
    answer.is_refused = is_fenced_ && is_late;
    if (!answer.is_refused) {
      disk().newest_token = std::max(disk().newest_token, message.token);
      if (is_write) {
        disk().value = message.value;
        disk().done[message.request] = message.value;
      }
      answer.value = disk().value;
    }
    Send(from, answer);
  }

  // A worker.

  void SendStep(const Job& job) {
    const bool is_acquire = job.step.kind == LeaseMessage::kAcquire;
    Send(is_acquire ? kLockService : kStorage, job.step);
  }

  void OnProgress(const LeaseMessage& message) {
    const auto found = jobs_.find(message.request);
    if (found == jobs_.end()) {
      // Granted to an operation that is over.
      if (message.kind == LeaseMessage::kGranted) Release(message.token);
      return;
    }
    Job& job = found->second;
    if (message.kind == LeaseMessage::kGranted) {
      if (job.step.kind != LeaseMessage::kAcquire) return;
      job.step = {LeaseMessage::kRead, message.request, message.token, 0,
                  false};
      return SendStep(job);
    }
    if (message.kind == LeaseMessage::kValue) return OnValue(message, job);
    if (job.step.kind != LeaseMessage::kWrite) return;
    Finish(message, job);
  }

  void OnValue(const LeaseMessage& message, Job& job) {
    if (job.step.kind != LeaseMessage::kRead || job.is_working) return;
    if (IsRead(job.request.operation.function) || message.is_refused) {
      return Finish(message, job);
    }
    job.step.value = message.value + job.request.operation.argument;
    job.is_working = true;
    After(work_, static_cast<int64_t>(message.request));
  }

  void Write(uint64_t request) {
    const auto found = jobs_.find(request);
    if (found == jobs_.end()) return;
    Job& job = found->second;
    job.is_working = false;
    job.step.kind = LeaseMessage::kWrite;
    SendStep(job);
  }

  void Finish(const LeaseMessage& message, const Job& job) {
    if (message.is_refused) {
      ReplyFail(job.request);
    } else {
      Reply(job.request, Result::Integer(message.value));
    }
    if (message.token != 0) Release(message.token);
    jobs_.erase(message.request);
  }

  void Release(int64_t token) {
    Send(kLockService, {LeaseMessage::kRelease, 0, token, 0, false});
  }

  Nanoseconds lease_ = 0;
  Nanoseconds work_ = 0;
  bool is_fenced_ = true;
  // Of the service.
  bool is_held_ = false;
  uint64_t holder_ = 0;  // the request that has the lease
  std::deque<Waiter> line_;
  // Of a worker.
  std::map<uint64_t, Job> jobs_;  // by request
};

// Asks the workers.
class LeaseSession : public Session {
 public:
  NodeId Route(const Operation&, NodeId wanted, int attempt) override {
    return 2 + (wanted + attempt) % (node_count() - 2);
  }
};

}  // namespace

TargetInfo LeaseLock() {
  TargetInfo info;
  info.name = "lease-lock";
  info.summary = "A counter in a storage, protected by a lock that expires";
  info.default_nodes = 5;
  info.min_nodes = 3;
  info.workloads = {"counter", "counter-up-down"};
  info.parameters = {
      {"lease_ms", 60, 1, 100'000, "how long a lease lasts", {}},
      {"work_ms", 5, 1, 100'000, "how long a worker works with the lease", {}},
      {"fencing",
       1,
       0,
       1,
       "whether the storage refuses old tokens",
       {"off", "on"}}};
  info.bugs = {{"no-fencing",
                "the storage takes writes with old tokens",
                {"linearizable"}}};
  info.promises = [](const Settings& settings) {
    const FaultSet harmless = {FaultKind::kClock, FaultKind::kDuplicate,
                               FaultKind::kReorder};
    std::vector<Promise> promises;
    if (settings.Get("fencing") != 0) {
      promises.push_back({"linearizable", FaultSet::All()});
    } else if (settings.Get("work_ms") + kMessagesMs <=
               settings.Get("lease_ms")) {
      promises.push_back({"linearizable", harmless});
    }
    return promises;
  };
  info.make_cluster = MakeCluster<LeaseNode>;
  info.make_session = SessionFactory::Make<LeaseSession>;
  return info;
}

}  // namespace minos::targets
