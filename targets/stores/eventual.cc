// eventual: every node takes writes, and tells the others later.
//
// A version of a key has a name, its *dot* (the node that took the write, and
// how many that node had taken), and the vector clock of what its writer had
// seen of the key: a dotted version vector (Preguiça, Baquero, Almeida, Fonte
// & Gonçalves, "Efficient causality tracking in distributed storage systems
// with dotted version vectors", PODC 2012). It replaces the versions whose dots
// it has seen. A plain clock, with the dot in it, would not do: two clients who
// write at one node without having seen each other would be given clocks of
// which the second covers the first.
//
// A write goes to one node, which answers at once and gossips what it has of
// the key to its peers; in the background each node pushes all that it has to
// one peer after another (anti-entropy), so that whatever was lost is repaired.
// Concurrent versions are settled
//
//   conflict=lww       by keeping the one with the greater (sum of the clock,
//                      dot), an order that agrees with causality and has no
//                      ties, so that all nodes pick the same;
//   conflict=siblings  by keeping both until a client who was shown them (by
//                      any answer) writes again: it has seen them all. Reads
//                      return the greater sibling. Siblings travel together:
//                      who has a version has all earlier ones of its node that
//                      nothing has replaced, so that a clock says what was
//                      seen.
//
// Promises `eventual`: when updates and faults have ended, all copies agree. A
// session that moves to another node may miss its own writes.
//
// Each node's own counter is on disk: a clock that starts anew after a restart
// would stamp new versions as if they were old ones.

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "targets/stores/stores.h"
#include "targets/vector_clock.h"

namespace minos::targets {
namespace {

struct Version {
  int32_t key = 0;
  int64_t value = 0;
  // The dot.
  NodeId writer = 0;
  uint32_t number = 0;
  VectorClock seen;  // by its writer, of the key; without the dot

  // What one has seen who has seen this version.
  VectorClock Clock() const {
    VectorClock clock = seen;
    clock.Set(writer, std::max(clock[writer], number));
    return clock;
  }
  bool Replaces(const Version& old) const {
    return seen[old.writer] >= old.number;
  }
  bool IsSameAs(const Version& other) const {
    return writer == other.writer && number == other.number;
  }
};

// True if `a` wins over the concurrent `b`. A node's own versions differ in
// their numbers, so there is no tie.
bool Wins(const Version& a, const Version& b) {
  const auto rank = [](const Version& version) {
    return std::tuple(version.Clock().Sum(), version.writer, version.number);
  };
  return rank(a) > rank(b);
}

struct Gossip {
  std::vector<Version> versions;
  bool is_anti_entropy = false;
  std::string_view name() const {
    return is_anti_entropy ? "anti-entropy" : "gossip";
  }
};

struct EventualDisk {
  // The versions of each key: one, or siblings that do not replace each other.
  std::map<int32_t, std::vector<Version>> versions;
  uint32_t counter = 0;  // of the writes that this node took
};

class EventualNode : public Node<Gossip, EventualDisk> {
 public:
  void OnStart() override {
    keep_siblings_ = Parameter("conflict") == 1;
    arrival_order_wins_ = HasBug("arrival-order-wins");
    period_ = Milliseconds("anti_entropy_ms");
    if (HasBug("clock-lost-on-restart")) disk().counter = 0;
    if (!HasBug("no-anti-entropy")) After(period_, 0);
  }

  void OnRequest(const Request& request) override {
    const Operation& operation = request.operation;
    std::vector<Version>& versions = disk().versions[operation.key];
    if (operation.function == Function::kWrite) {
      Write(operation, VectorClock::FromToken(request.token), versions);
    }
    Reply(request, Winner(versions), ClockOf(versions).ToToken());
  }

  void OnMessage(NodeId, const Gossip& gossip) override {
    for (const Version& version : gossip.versions) Learn(version);
  }

  // Anti-entropy: everything to the next peer.
  void OnTimer(int64_t) override {
    After(period_, 0);
    if (node_count() == 1) return;
    Gossip all;
    all.is_anti_entropy = true;
    for (const auto& [key, versions] : disk().versions) {
      all.versions.insert(all.versions.end(), versions.begin(), versions.end());
    }
    const int step = 1 + round_++ % (node_count() - 1);
    Send((id() + step) % node_count(), std::move(all));
  }

 private:
  void Write(const Operation& operation, VectorClock context,
             std::vector<Version>& versions) {
    Version version;
    version.key = operation.key;
    version.value = operation.argument;
    version.writer = id();
    version.number = disk().counter + 1;
    // Without siblings the writer overwrites what is here, or was written here,
    // seen or not.
    if (!keep_siblings_) {
      context.Merge(ClockOf(versions));
      context.Set(id(), disk().counter);
      versions.clear();
    }
    version.seen = context;
    ++disk().counter;
    Add(version, versions);
    Broadcast({versions, false});
  }

  void Learn(const Version& version) {
    std::vector<Version>& versions = disk().versions[version.key];
    for (const Version& known : versions) {
      if (known.IsSameAs(version) || known.Replaces(version)) return;
    }
    const bool is_concurrent =
        !versions.empty() && !version.Replaces(versions.front());
    if (is_concurrent && !keep_siblings_) {
      if (!arrival_order_wins_ && Wins(versions.front(), version)) return;
      versions.clear();
    }
    Add(version, versions);
  }

  static void Add(const Version& version, std::vector<Version>& versions) {
    std::erase_if(versions,
                  [&](const Version& old) { return version.Replaces(old); });
    versions.push_back(version);
  }

  static VectorClock ClockOf(const std::vector<Version>& versions) {
    VectorClock clock;
    for (const Version& version : versions) clock.Merge(version.Clock());
    return clock;
  }

  static Result Winner(const std::vector<Version>& versions) {
    if (versions.empty()) return Result::Nil();
    const Version* winner = &versions.front();
    for (const Version& version : versions) {
      if (Wins(version, *winner)) winner = &version;
    }
    return Result::Integer(winner->value);
  }

  bool keep_siblings_ = false;
  bool arrival_order_wins_ = false;
  Nanoseconds period_ = 0;
  int round_ = 0;
};

// Remembers, per key, the clock of all that it saw. That of the last answer
// alone would not do: a node that has restarted, or lags, may answer with less,
// and the next write would be concurrent with those before it, and might lose
// to them.
class EventualSession : public Session {
 public:
  void Prepare(Request& request) override {
    request.token = contexts_[request.operation.key];
  }
  void OnOk(const Operation& operation, const Answer& answer) override {
    std::vector<int64_t>& context = contexts_[operation.key];
    VectorClock seen = VectorClock::FromToken(context);
    seen.Merge(VectorClock::FromToken(answer.token));
    context = seen.ToToken();
  }

 private:
  std::map<int32_t, std::vector<int64_t>> contexts_;
};

}  // namespace

TargetInfo Eventual() {
  TargetInfo info;
  info.name = "eventual";
  info.summary = "Every node takes writes; gossip and anti-entropy spread them";
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"register", "session-mix", "reads-only-final"};
  info.parameters = {{"conflict",
                      0,
                      0,
                      1,
                      "how concurrent writes are settled",
                      {"lww", "siblings"}},
                     {"anti_entropy_ms",
                      50,
                      1,
                      10'000,
                      "how often a node pushes all it has to a peer",
                      {}}};
  info.paced_by = "anti_entropy_ms";
  info.bugs = {
      {"arrival-order-wins",
       "of concurrent writes, the later to arrive wins",
       {"eventual"}},
      {"no-anti-entropy", "what gossip lost is never repaired", {"eventual"}},
      {"clock-lost-on-restart",
       "a restarted node stamps its writes as if they were old",
       {"eventual"}},
  };
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<EventualNode>;
  info.make_session = SessionFactory::Make<EventualSession>;
  return info;
}

}  // namespace minos::targets
