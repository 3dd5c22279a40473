// or-set: sets whose elements come and go; of an add and a remove at the same
// time, the add wins.
//
// Each add has a tag of its own, (replica, number); an element is in the set
// while one of its tags is. A remove takes away the tags that its replica has
// seen, and no others. A state keeps the living tags and a version vector of
// all tags ever seen: a tag that one side has seen and no longer holds was
// removed (Bieniusa et al., "An optimized conflict-free replicated set", 2012).
//
// Promises `eventual` under every fault.

#include <map>
#include <set>
#include <utility>

#include "targets/stores/crdt.h"
#include "targets/stores/stores.h"
#include "targets/vector_clock.h"

namespace minos::targets {
namespace {

struct Tag {
  NodeId replica = 0;
  uint32_t number = 0;
  auto operator<=>(const Tag&) const = default;
};

struct OrSet {
  using Element = std::pair<int32_t, int64_t>;  // key, value
  std::map<Tag, Element> living;
  VectorClock seen;

  bool HasSeen(const Tag& tag) const { return seen[tag.replica] >= tag.number; }

  void Merge(const OrSet& other) {
    std::erase_if(living, [&](const auto& entry) {
      return other.HasSeen(entry.first) && other.living.count(entry.first) == 0;
    });
    for (const auto& [tag, element] : other.living) {
      if (!HasSeen(tag)) living[tag] = element;
    }
    seen.Merge(other.seen);
  }
  Result Read(int32_t key) const {
    std::set<int64_t> values;
    for (const auto& [tag, element] : living) {
      if (element.first == key) values.insert(element.second);
    }
    return Result::List({values.begin(), values.end()});
  }
};

class OrSetNode : public CrdtNode<OrSet> {
 protected:
  void Configure() override {
    overwrites_ = HasBug("merge-by-overwrite");
    shares_id_ = HasBug("shared-replica-id");
  }
  void Update(const Operation& operation) override {
    const OrSet::Element element = {operation.key, operation.argument};
    if (operation.function == Function::kAdd) {
      const NodeId replica = shares_id_ ? id() / 2 : id();
      const Tag tag = {replica, disk().seen[replica] + 1};
      disk().seen.Set(replica, tag.number);
      disk().living[tag] = element;
    } else {
      std::erase_if(disk().living,
                    [&](const auto& entry) { return entry.second == element; });
    }
  }
  void Merge(const OrSet& other) override {
    if (overwrites_) {
      disk() = other;
    } else {
      disk().Merge(other);
    }
  }

 private:
  bool overwrites_ = false;
  bool shares_id_ = false;
};

}  // namespace

TargetInfo OrSetTarget() {
  TargetInfo info = CrdtTarget(
      "or-set", "Replicated sets whose elements come and go; adds win");
  info.max_nodes = VectorClock::kSize;
  info.workloads = {"set", "set-add-remove", "set-session-mix"};
  info.bugs = {{"merge-by-overwrite",
                "the state that arrives replaces what was here",
                {"eventual"}},
               {"shared-replica-id",
                "two replicas give out the same tags",
                {"eventual"}}};
  info.make_cluster = MakeCluster<OrSetNode>;
  return info;
}

}  // namespace minos::targets
