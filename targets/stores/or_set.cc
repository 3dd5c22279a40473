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

#include <algorithm>
#include <compare>
#include <utility>
#include <vector>

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

// An add that no remove has taken.
struct LivingAdd {
  Tag tag;
  int32_t key = 0;
  int64_t value = 0;
};

struct OrSet {
  // Sorted by tag; a vector, since states are copied with every message.
  std::vector<LivingAdd> living;
  VectorClock seen;

  bool HasSeen(const Tag& tag) const { return seen[tag.replica] >= tag.number; }

  // REQUIRES: the tag has not been seen.
  void Add(const LivingAdd& add) {
    seen.Set(add.tag.replica, add.tag.number);
    const auto place = std::lower_bound(
        living.begin(), living.end(), add,
        [](const LivingAdd& a, const LivingAdd& b) { return a.tag < b.tag; });
    living.insert(place, add);
  }
  void Remove(int32_t key, int64_t value) {
    std::erase_if(living, [&](const LivingAdd& add) {
      return add.key == key && add.value == value;
    });
  }
  void Merge(const OrSet& other) {
    std::vector<LivingAdd> merged;
    merged.reserve(living.size() + other.living.size());
    auto mine = living.begin();
    auto theirs = other.living.begin();
    while (mine != living.end() || theirs != other.living.end()) {
      const bool only_theirs =
          mine == living.end() ||
          (theirs != other.living.end() && theirs->tag < mine->tag);
      if (only_theirs) {
        if (!HasSeen(theirs->tag)) merged.push_back(*theirs);
        ++theirs;
        continue;
      }
      const bool in_both =
          theirs != other.living.end() && theirs->tag == mine->tag;
      if (in_both || !other.HasSeen(mine->tag)) merged.push_back(*mine);
      if (in_both) ++theirs;
      ++mine;
    }
    living = std::move(merged);
    seen.Merge(other.seen);
  }
  Result Read(int32_t key) const {
    std::vector<int64_t> values;
    for (const LivingAdd& add : living) {
      if (add.key == key) values.push_back(add.value);
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return Result::List(std::move(values));
  }
};

class OrSetNode : public CrdtNode<OrSet> {
 protected:
  void Configure() override { shares_id_ = HasBug("shared-replica-id"); }
  void Update(const Operation& operation) override {
    if (operation.function == Function::kRemove) {
      return disk().Remove(operation.key, operation.argument);
    }
    const NodeId replica = shares_id_ ? id() / 2 : id();
    const Tag tag = {replica, disk().seen[replica] + 1};
    disk().Add({tag, operation.key, operation.argument});
  }

 private:
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
