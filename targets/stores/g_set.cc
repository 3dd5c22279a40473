// g-set: sets that only grow; the merge is the union. See crdt.h.
//
// Promises `eventual` and `strong-eventual` under every fault.

#include <map>
#include <set>

#include "targets/stores/crdt.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

struct GSet {
  std::map<int32_t, std::set<int64_t>> elements;  // by key

  void Merge(const GSet& other) {
    for (const auto& [key, theirs] : other.elements) {
      elements[key].insert(theirs.begin(), theirs.end());
    }
  }
  Result Read(int32_t key) const {
    const auto found = elements.find(key);
    if (found == elements.end()) return Result::List({});
    return Result::List({found->second.begin(), found->second.end()});
  }
};

class GSetNode : public CrdtNode<GSet> {
 protected:
  void Configure() override { overwrites_ = HasBug("merge-by-overwrite"); }
  void Update(const Operation& operation) override {
    disk().elements[operation.key].insert(operation.argument);
  }
  void Merge(const GSet& other) override {
    if (overwrites_) {
      disk() = other;
    } else {
      disk().Merge(other);
    }
  }

 private:
  bool overwrites_ = false;
};

}  // namespace

TargetInfo GSetTarget() {
  TargetInfo info = CrdtTarget("g-set", "Replicated sets that only grow");
  info.workloads = {"set", "set-session-mix"};
  info.bugs = {{"merge-by-overwrite",
                "the state that arrives replaces what was here",
                {"eventual"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"eventual", FaultSet::All()},
                                {"strong-eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<GSetNode>;
  return info;
}

}  // namespace minos::targets
