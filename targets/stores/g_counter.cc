// g-counter: a counter that only grows, without any coordination.
//
// Each replica counts its own increments in a slot of its own; the value is the
// sum of the slots, and the merge takes the greater of each. See crdt.h.
//
// Promises `eventual` under every fault: in the end every replica counts every
// increment, once.

#include "targets/stores/counters.h"
#include "targets/stores/crdt.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

struct GCounter {
  Slots slots;
  void Merge(const GCounter& other) { slots.Merge(other.slots); }
  Result Read(int32_t) const { return Result::Integer(slots.Sum()); }
};

class GCounterNode : public CrdtNode<GCounter> {
 protected:
  void Configure() override {
    sums_ = HasBug("merge-by-sum");
    slot_ = HasBug("shared-replica-id") ? id() / 2 : id();
  }
  void Update(const Operation& operation) override {
    disk().slots.values[slot_] += operation.argument;
  }
  void Merge(const GCounter& other) override {
    if (sums_) return disk().slots.MergeBySum(other.slots);
    CrdtNode::Merge(other);
  }

 private:
  bool sums_ = false;
  NodeId slot_ = 0;
};

}  // namespace

TargetInfo GCounterTarget() {
  TargetInfo info =
      CrdtTarget("g-counter", "A replicated counter that only grows");
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"counter"};
  info.bugs = {
      {"merge-by-sum", "slots are added when states meet", {"eventual"}},
      {"merge-by-overwrite",
       "the state that arrives replaces what was here",
       {"eventual"}},
      {"shared-replica-id", "two replicas count in one slot", {"eventual"}}};
  info.make_cluster = MakeCluster<GCounterNode>;
  return info;
}

}  // namespace minos::targets
