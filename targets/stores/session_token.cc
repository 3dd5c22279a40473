// session-token: a session carries what it has seen, and may go anywhere.
//
// Replicas are those of session-sticky. Each answer carries the replica's
// version vector, each request the merge of all that the session got. A replica
// that has not reached the token pulls from its peers, and lets the request
// wait until it has.
//
// Promises all four session guarantees, and causal convergence, under every
// fault, to clients that move between nodes. What it costs: a request may have
// to wait for replication.

#include <utility>
#include <vector>

#include "targets/stores/log_replica.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

class TokenNode : public LogReplica {
 public:
  void OnRequest(const Request& request) override {
    if (IsReached(request)) {
      Serve(request);
    } else {
      waiting_.push_back(request);
      PullFromAll();
    }
  }

 protected:
  void OnProgress() override {
    std::vector<Request> still_waiting;
    for (const Request& request : waiting_) {
      if (IsReached(request)) {
        Serve(request);
      } else {
        still_waiting.push_back(request);
      }
    }
    waiting_ = std::move(still_waiting);
  }

 private:
  bool IsReached(const Request& request) {
    return disk().known().Covers(VectorClock::FromToken(request.token));
  }
  void Serve(const Request& request) {
    // The token is taken after the operation: it has the session's own write.
    Result result = Apply(request.operation);
    Reply(request, std::move(result), disk().known().ToToken());
  }

  std::vector<Request> waiting_;
};

class TokenSession : public Session {
 public:
  void Prepare(Request& request) override { request.token = token_.ToToken(); }
  void OnOk(const Operation& operation, const Answer& answer) override {
    if (settings().HasBug("token-not-advanced") && has_token_) return;
    if (settings().HasBug("reads-not-in-token") && IsRead(operation.function)) {
      return;
    }
    token_.Merge(VectorClock::FromToken(answer.token));
    has_token_ = true;
  }

 private:
  VectorClock token_;
  bool has_token_ = false;
};

}  // namespace

TargetInfo SessionToken() {
  TargetInfo info;
  info.name = "session-token";
  info.summary = "Sessions carry a version vector that a replica must reach";
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"session-mix", "register", "reads-only-final"};
  info.parameters = {{"pull_ms",
                      30,
                      1,
                      10'000,
                      "how often a replica asks a peer for what it lacks",
                      {}}};
  info.paced_by = "pull_ms";
  info.bugs = {{"token-not-advanced",
                "the token stays at the session's first answer",
                {"read-your-writes", "monotonic-reads", "session"}},
               {"reads-not-in-token",
                "only writes advance the token",
                {"monotonic-reads", "session"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"session", FaultSet::All()},
                                {"causal-convergence", FaultSet::All()},
                                {"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<TokenNode>;
  info.make_session = SessionFactory::Make<TokenSession>;
  return info;
}

}  // namespace minos::targets
