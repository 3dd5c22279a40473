// geo: strong within a region, asynchronous between regions.
//
// Each node is the one copy of its region: all sessions of the region go to it,
// and see each other's writes at once, as with a single store. Regions ask each
// other every `wan_ms` for what they lack, in the order of the other's log (see
// causal_log.h); of concurrent writes of two regions the greater (Lamport
// stamp, region) wins everywhere. A session never leaves its region: if that is
// down, its operations fail.
//
// Promises all four session guarantees and causal convergence under every
// fault, and that all regions agree in the end.

#include "targets/stores/log_replica.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

class RegionNode : public LogReplica {
 public:
  void OnStart() override {
    period_ = Milliseconds("wan_ms");
    arrival_wins_ = HasBug("merge-by-arrival");
    ships_newest_ = HasBug("ship-newest-only");
    After(period_, 0);
  }

  void OnRequest(const Request& request) override {
    Reply(request, Apply(request.operation));
  }

  void OnTimer(int64_t) override {
    After(period_, 0);
    PullFromAll();
  }

  void OnMessage(NodeId from, const LogMessage& message) override {
    if (!message.is_question) {
      return disk().Absorb(message.entries, arrival_wins_, ships_newest_);
    }
    std::vector<LogEntry> missing = disk().Missing(message.known);
    // With the bug, a region ships what it has last, and not what was before.
    if (ships_newest_ && missing.size() > 1) {
      missing.erase(missing.begin(), missing.end() - 1);
    }
    if (!missing.empty()) Send(from, {false, {}, std::move(missing)});
  }

 private:
  Nanoseconds period_ = 0;
  bool arrival_wins_ = false;
  bool ships_newest_ = false;
};

class RegionSession : public Session {
 public:
  NodeId Route(const Operation&, NodeId, int) override { return home(); }
};

}  // namespace

TargetInfo Geo() {
  TargetInfo info;
  info.name = "geo";
  info.summary = "Strong within a region, asynchronous between regions";
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"register", "multi-key", "reads-only-final"};
  info.parameters = {{"wan_ms",
                      60,
                      1,
                      10'000,
                      "how often a region asks the others for what it lacks",
                      {}}};
  info.paced_by = "wan_ms";
  info.bugs = {{"merge-by-arrival",
                "of two regions' writes the later to arrive wins",
                {"eventual", "causal-convergence"}},
               {"ship-newest-only",
                "a region ships its last write, and skips others",
                {"causal-convergence", "eventual"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"session", FaultSet::All()},
                                {"causal-convergence", FaultSet::All()},
                                {"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<RegionNode>;
  info.make_session = SessionFactory::Make<RegionSession>;
  return info;
}

}  // namespace minos::targets
