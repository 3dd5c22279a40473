// g-set: sets that only grow; the merge is the union. See crdt.h.
//
// Promises `eventual` and `strong-eventual` under every fault.

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "targets/stores/crdt.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

// Sorted vectors: states are copied with every message, and are mostly equal
// when they are merged.
struct GSet {
  std::map<int32_t, std::vector<int64_t>> elements;  // by key

  void Add(int32_t key, int64_t element) {
    std::vector<int64_t>& mine = elements[key];
    const auto place = std::lower_bound(mine.begin(), mine.end(), element);
    if (place == mine.end() || *place != element) mine.insert(place, element);
  }
  void Merge(const GSet& other) {
    for (const auto& [key, theirs] : other.elements) {
      std::vector<int64_t>& mine = elements[key];
      if (std::includes(mine.begin(), mine.end(), theirs.begin(),
                        theirs.end())) {
        continue;
      }
      std::vector<int64_t> both;
      both.reserve(mine.size() + theirs.size());
      std::set_union(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                     std::back_inserter(both));
      mine = std::move(both);
    }
  }
  Result Read(int32_t key) const {
    const auto found = elements.find(key);
    return Result::List(found == elements.end() ? std::vector<int64_t>()
                                                : found->second);
  }
};

class GSetNode : public CrdtNode<GSet> {
 protected:
  void Update(const Operation& operation) override {
    disk().Add(operation.key, operation.argument);
  }
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
