#include "generators/fault_injector.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace minos::generators {
namespace {

using history::kNil;
using history::ValueId;

// The names of the nemesis operations that begin and end a fault.
struct Names {
  std::string_view begin;
  std::string_view end;
};

Names NamesOf(FaultKind kind) {
  switch (kind) {
    case FaultKind::kPartition:
      return {"start-partition", "stop-partition"};
    case FaultKind::kCrash:
      return {"kill", "start"};
    case FaultKind::kPause:
      return {"pause", "resume"};
    case FaultKind::kClock:
      return {"bump-clock", "reset-clock"};
    case FaultKind::kLoss:
      return {"start-loss", "stop-loss"};
    case FaultKind::kDuplicate:
      return {"start-duplicate", "stop-duplicate"};
    case FaultKind::kDelay:
      return {"start-delay", "stop-delay"};
    case FaultKind::kReorder:
      return {"start-reorder", "stop-reorder"};
  }
  return {"start-fault", "stop-fault"};
}

// A delay of the messages from one node to another, and of no others.
bool IsOfOneLink(const PlannedFault& fault) {
  return fault.kind == FaultKind::kDelay && fault.nodes.size() == 2;
}

uint64_t BitOf(NodeId node) { return uint64_t{1} << node; }

// For each place in the order of the fault: the places that do not hear it.
std::vector<uint64_t> CutPlaces(PartitionShape shape, int count) {
  std::vector<uint64_t> cut(count, 0);
  const auto separate = [&](int a, int b, bool both_ways) {
    cut[a] |= BitOf(b);
    if (both_ways) cut[b] |= BitOf(a);
  };
  const int half = count / 2;
  // A majority in the ring: oneself and so many neighbours on either side.
  const int reach = (count / 2 + 1) / 2;
  for (int a = 0; a < count; ++a) {
    for (int b = 0; b < count; ++b) {
      if (a == b) continue;
      switch (shape) {
        case PartitionShape::kOne:
          if (a == 0) separate(a, b, true);
          break;
        case PartitionShape::kHalves:
          if (a < half && b >= half) separate(a, b, true);
          break;
        case PartitionShape::kRing: {
          const int gap = (b - a + count) % count;
          if (std::min(gap, count - gap) > reach) separate(a, b, false);
          break;
        }
        case PartitionShape::kBridge:
          if (a >= 1 && a <= half && b > half) separate(a, b, true);
          break;
        case PartitionShape::kOneWay:
          if (a < half && b >= half) separate(a, b, false);
          break;
      }
    }
  }
  return cut;
}

}  // namespace

FaultInjector::FaultInjector(const Recipe& recipe, targets::World& world,
                             Recorder& recorder)
    : recipe_(recipe),
      world_(world),
      recorder_(recorder),
      faults_(recipe.faults),
      active_(recipe.faults.size(), false) {}

void FaultInjector::Begin(size_t index) {
  Aim(server_, faults_[index]);
  const PlannedFault& fault = faults_[index];
  active_[index] = true;
  ++active_count_;
  world_.NoteFault(generators::NamesOf(fault.kind).begin);
  recorder_.Nemesis(world_.now(), generators::NamesOf(fault.kind).begin,
                    Describe(fault));
  Apply(fault);
}

void FaultInjector::Aim(NodeId node, PlannedFault& fault) const {
  if (!fault.is_aimed) return;
  fault.is_aimed = false;
  for (NodeId& each : fault.nodes) {
    each = (each + node) % world_.node_count();
  }
}

// The moment is one at which nothing else happens, so that it does not matter
// whether the beginning was planned before what else is due then: the recipe
// with this moment gives the same run.
std::optional<size_t> FaultInjector::Notice(NodeId node,
                                            std::string_view name) {
  const int64_t rarity = rare_events_.Count(name);
  const auto found = std::find_if(
      waiting_.begin(), waiting_.end(),
      [&](size_t index) { return faults_[index].rarity <= rarity; });
  if (found == waiting_.end()) return std::nullopt;
  const size_t index = *found;
  waiting_.erase(found);
  PlannedFault& fault = faults_[index];
  Aim(node, fault);
  fault.start = world_.FreeMomentFrom(world_.now() +
                                      std::max<Nanoseconds>(1, fault.delay));
  fault.rarity = 0;
  fault.delay = 0;
  return index;
}

std::vector<PlannedFault> FaultInjector::TakeFaults() && {
  std::erase_if(faults_,
                [](const PlannedFault& fault) { return fault.rarity > 0; });
  return std::move(faults_);
}

void FaultInjector::End(size_t index) {
  if (!active_[index]) return;
  const PlannedFault& fault = faults_[index];
  active_[index] = false;
  --active_count_;
  world_.NoteFault(generators::NamesOf(fault.kind).end);
  recorder_.Nemesis(world_.now(), generators::NamesOf(fault.kind).end, kNil);
  Revert(fault);
}

void FaultInjector::Heal() {
  for (size_t index = 0; index < active_.size(); ++index) End(index);
  // Those that have not begun never will.
  for (PlannedFault& fault : faults_) Aim(server_, fault);
}

void FaultInjector::ResetCuts() {
  std::vector<uint64_t> cut(world_.node_count(), 0);
  for (size_t index = 0; index < active_.size(); ++index) {
    const bool cuts =
        active_[index] && faults_[index].kind == FaultKind::kPartition;
    if (cuts) AddCuts(faults_[index], cut);
  }
  for (NodeId node = 0; node < world_.node_count(); ++node) {
    world_.network().Block(node, cut[node]);
  }
}

void FaultInjector::AddCuts(const PlannedFault& fault,
                            std::vector<uint64_t>& cut) const {
  std::vector<NodeId> nodes;
  std::copy_if(fault.nodes.begin(), fault.nodes.end(),
               std::back_inserter(nodes),
               [this](NodeId node) { return Exists(node); });
  const int count = static_cast<int>(nodes.size());
  const std::vector<uint64_t> places = CutPlaces(fault.shape, count);
  for (int a = 0; a < count; ++a) {
    for (int b = 0; b < count; ++b) {
      if ((places[a] >> b & 1) != 0) cut[nodes[a]] |= BitOf(nodes[b]);
    }
  }
}

// Whether a fault of this kind that is active strikes the node.
bool FaultInjector::IsStruck(FaultKind kind, NodeId node) const {
  for (size_t index = 0; index < active_.size(); ++index) {
    const PlannedFault& fault = faults_[index];
    if (!active_[index] || fault.kind != kind) continue;
    if (std::find(fault.nodes.begin(), fault.nodes.end(), node) !=
        fault.nodes.end()) {
      return true;
    }
  }
  return false;
}

// Makes the network what all active faults together make of it. False if those
// of this kind strike nodes instead, one by one.
bool FaultInjector::ResetNetwork(FaultKind kind) {
  switch (kind) {
    case FaultKind::kPartition:
      ResetCuts();
      return true;
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
    case FaultKind::kDelay:
    case FaultKind::kReorder:
      ResetConditions();
      return true;
    case FaultKind::kCrash:
    case FaultKind::kPause:
    case FaultKind::kClock:
      break;
  }
  return false;
}

void FaultInjector::Apply(const PlannedFault& fault) {
  if (ResetNetwork(fault.kind)) return;
  for (NodeId node : fault.nodes) {
    if (!Exists(node)) continue;
    if (fault.kind == FaultKind::kCrash) world_.Crash(node);
    if (fault.kind == FaultKind::kPause) world_.Pause(node);
    if (fault.kind == FaultKind::kClock) {
      world_.SetClock(node, fault.amount, fault.rate_parts);
    }
  }
}

void FaultInjector::Revert(const PlannedFault& fault) {
  if (ResetNetwork(fault.kind)) return;
  for (NodeId node : fault.nodes) {
    if (!Exists(node) || IsStruck(fault.kind, node)) continue;
    if (fault.kind == FaultKind::kCrash) world_.Restart(node);
    if (fault.kind == FaultKind::kPause) world_.Resume(node);
    if (fault.kind == FaultKind::kClock) world_.SetClock(node, 0, 0);
  }
}

// The conditions of the recipe, and on top of them those of the active faults.
void FaultInjector::ResetConditions() {
  targets::NetworkConditions conditions = recipe_.network;
  world_.network().ClearLinkDelays();
  for (size_t index = 0; index < active_.size(); ++index) {
    if (!active_[index]) continue;
    const PlannedFault& fault = faults_[index];
    if (fault.kind == FaultKind::kLoss) conditions.loss_parts = fault.amount;
    if (IsOfOneLink(fault)) {
      if (Exists(fault.nodes[0]) && Exists(fault.nodes[1])) {
        world_.network().SetLinkDelay(fault.nodes[0], fault.nodes[1],
                                      fault.amount);
      }
    } else if (fault.kind == FaultKind::kDelay) {
      conditions.extra_delay_max = fault.amount;
    }
    if (fault.kind == FaultKind::kDuplicate) {
      conditions.duplicate_parts = fault.amount;
    }
    if (fault.kind == FaultKind::kReorder) conditions.reorder = true;
  }
  world_.network().set_conditions(conditions);
}

ValueId FaultInjector::NamesOf(const std::vector<NodeId>& nodes) {
  std::vector<ValueId> names;
  for (NodeId node : nodes) {
    if (Exists(node)) names.push_back(recorder_.NodeName(node));
  }
  return recorder_.values().List(names);
}

ValueId FaultInjector::Describe(const PlannedFault& fault) {
  history::ValueTable& values = recorder_.values();
  switch (fault.kind) {
    case FaultKind::kPartition: {
      const std::array parts = {
          values.Keyword(generators::ToString(fault.shape)),
          NamesOf(fault.nodes)};
      return values.List(parts);
    }
    case FaultKind::kCrash:
    case FaultKind::kPause:
      return NamesOf(fault.nodes);
    case FaultKind::kClock: {
      const std::array parts = {NamesOf(fault.nodes),
                                values.Integer(fault.amount)};
      return values.List(parts);
    }
    case FaultKind::kDelay:
      if (IsOfOneLink(fault)) {
        const std::array parts = {NamesOf(fault.nodes),
                                  values.Integer(fault.amount)};
        return values.List(parts);
      }
      return values.Integer(fault.amount);
    case FaultKind::kLoss:
    case FaultKind::kDuplicate:
      return values.Integer(fault.amount);
    case FaultKind::kReorder:
      return kNil;
  }
  return kNil;
}

}  // namespace minos::generators
