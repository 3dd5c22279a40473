// hybrid: what must be right is strong, what must be fast is eventual.
//
//   strong keys     even   one copy, at node n1: stock, payments
//   eventual keys   odd    a copy at every node, last writer wins: likes, carts
//
// The prefix of a key says to which feature it belongs; keys are numbers here,
// and their lowest bit is that prefix. Operations on strong keys all go to n1,
// which has them on disk. Those on eventual keys are answered by the node
// beside the client, which sends its state to the others (see crdt.h); a
// session does not leave that node, so that it sees what it did.
//
// Promises `coherence` (each key by itself is sequentially consistent) and
// `eventual` under every fault; with features=strong, where all keys are strong
// ones, `linearizable`. What it does not promise is any order between keys.
// Nodes have copies of the strong keys too, which lag: they are for those who
// take over the archive, and no client may read them.

#include "targets/stores/crdt.h"
#include "targets/stores/lww.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kOwner = 0;  // of the strong keys

enum Features : uint8_t { kBoth, kAllStrong, kAllEventual };

bool IsStrong(int32_t key, int64_t features) {
  return features == kAllStrong || (features == kBoth && key % 2 == 0);
}

class HybridNode : public CrdtNode<LwwRegisters> {
 public:
  void OnRequest(const Request& request) override {
    const Operation& operation = request.operation;
    if (!IsStrong(operation.key, features_) || id() == kOwner) {
      return CrdtNode::OnRequest(request);
    }
    const bool serves = IsRead(operation.function) ? reads_copies_ : writes_;
    if (!serves) return ReplyRedirect(request, kOwner);
    CrdtNode::OnRequest(request);
  }

 protected:
  void Configure() override {
    features_ = Parameter("features");
    reads_copies_ = HasBug("strong-reads-from-copies");
    writes_ = HasBug("prefix-ignored-by-writes");
  }
  void Update(const Operation& operation) override {
    disk().Write(operation.key, operation.argument, id());
  }

 private:
  int64_t features_ = kBoth;
  bool reads_copies_ = false;
  bool writes_ = false;
};

class HybridSession : public Session {
 public:
  void OnBegin() override {
    features_ = settings().Get("features");
    reads_copies_ = settings().HasBug("strong-reads-from-copies");
    writes_ = settings().HasBug("prefix-ignored-by-writes");
  }
  NodeId Route(const Operation& operation, NodeId, int) override {
    const bool ignores_prefix =
        IsRead(operation.function) ? reads_copies_ : writes_;
    const bool is_strong = IsStrong(operation.key, features_);
    return is_strong && !ignores_prefix ? kOwner : home();
  }

 private:
  int64_t features_ = kBoth;
  bool reads_copies_ = false;
  bool writes_ = false;
};

std::vector<Promise> Promises(const Settings& settings) {
  std::vector<Promise> promises = {{"coherence", FaultSet::All()},
                                   {"eventual", FaultSet::All()}};
  if (settings.Get("features") == kAllStrong) {
    promises.push_back({"linearizable", FaultSet::All()});
  }
  return promises;
}

}  // namespace

TargetInfo Hybrid() {
  TargetInfo info = CrdtTarget(
      "hybrid", "Some keys strong, others eventual, as their prefix says");
  info.workloads = {"register", "multi-key", "session-mix", "reads-only-final"};
  info.parameters.push_back({"features",
                             kBoth,
                             kBoth,
                             kAllEventual,
                             "of which kind keys are",
                             {"both", "strong", "eventual"}});
  info.bugs = {{"strong-reads-from-copies",
                "reads of strong keys are answered by copies that lag",
                {"coherence"}},
               {"prefix-ignored-by-writes",
                "a node takes writes of strong keys as if they were eventual",
                {"coherence"}},
               {"merge-by-overwrite",
                "the state that arrives replaces what was here",
                {"coherence", "eventual"}}};
  info.promises = Promises;
  info.make_cluster = MakeCluster<HybridNode>;
  info.make_session = SessionFactory::Make<HybridSession>;
  return info;
}

}  // namespace minos::targets
