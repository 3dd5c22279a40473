// session-sticky: every session is pinned to one replica.
//
// Each replica takes reads and writes alone, and pulls what the others have in
// the order of their logs (see causal_log.h). A session that stays where it is
// sees its own writes, and its replica never goes back. If the replica does not
// answer, the session does not go elsewhere: its operations fail until the
// replica is back, or the client starts a new session.
//
// Promises all four session guarantees, and causal convergence, under every
// fault; what it costs is availability.

#include "targets/stores/log_replica.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

class StickyNode : public LogReplica {
 public:
  void OnRequest(const Request& request) override {
    Reply(request, Apply(request.operation));
  }
};

class StickySession : public Session {
 public:
  void OnBegin() override {
    replica_ = home();
    fails_over_ = settings().HasBug("fail-over-forgets");
  }

  NodeId Route(const Operation&, NodeId, int attempt) override {
    // With the bug, the session goes on at the next replica as if it had always
    // been there.
    if (attempt > 0 && fails_over_) replica_ = (replica_ + 1) % node_count();
    return replica_;
  }

 private:
  NodeId replica_ = 0;
  bool fails_over_ = false;
};

}  // namespace

TargetInfo SessionSticky() {
  TargetInfo info;
  info.name = "session-sticky";
  info.summary =
      "Sessions pinned to one replica; replicas pull from each other";
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"register", "session-mix", "reads-only-final"};
  info.parameters = {{"pull_ms",
                      30,
                      1,
                      10'000,
                      "how often a replica asks a peer for what it lacks",
                      {}}};
  info.paced_by = "pull_ms";
  info.bugs = {{"fail-over-forgets",
                "a session goes on at another replica that may lag behind",
                {"read-your-writes", "monotonic-reads", "session",
                 "causal-convergence"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"session", FaultSet::All()},
                                {"causal-convergence", FaultSet::All()},
                                {"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<StickyNode>;
  info.make_session = SessionFactory::Make<StickySession>;
  return info;
}

}  // namespace minos::targets
