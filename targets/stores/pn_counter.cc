// pn-counter: a counter that goes up and down, without any coordination.
//
// Two grow-only counters: one for what was added, one for what was taken away;
// the value is their difference. A slot that went down would be undone by the
// merge, which takes the greater. See crdt.h.
//
// Promises `eventual` under every fault.

#include "targets/stores/counters.h"
#include "targets/stores/crdt.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

struct PnCounter {
  Slots added;
  Slots taken;
  void Merge(const PnCounter& other) {
    added.Merge(other.added);
    taken.Merge(other.taken);
  }
  Result Read(int32_t) const {
    return Result::Integer(added.Sum() - taken.Sum());
  }
};

class PnCounterNode : public CrdtNode<PnCounter> {
 protected:
  void Configure() override {
    decrements_in_place_ = HasBug("decrement-in-place");
    slot_ = HasBug("shared-replica-id") ? id() / 2 : id();
  }
  void Update(const Operation& operation) override {
    if (operation.argument >= 0 || decrements_in_place_) {
      disk().added.values[slot_] += operation.argument;
    } else {
      disk().taken.values[slot_] -= operation.argument;
    }
  }

 private:
  bool decrements_in_place_ = false;
  NodeId slot_ = 0;
};

}  // namespace

TargetInfo PnCounterTarget() {
  TargetInfo info =
      CrdtTarget("pn-counter", "A replicated counter that goes up and down");
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"counter-up-down", "counter"};
  info.bugs = {
      {"decrement-in-place",
       "a decrement lowers the slot of increments",
       {"eventual"}},
      {"merge-by-overwrite",
       "the state that arrives replaces what was here",
       {"eventual"}},
      {"shared-replica-id", "two replicas count in one slot", {"eventual"}}};
  info.make_cluster = MakeCluster<PnCounterNode>;
  return info;
}

}  // namespace minos::targets
