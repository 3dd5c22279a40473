#include "generators/fault_schedule.h"

#include <algorithm>

namespace minos::generators {
namespace {

using targets::kMillisecond;
using targets::Random;

std::vector<PartitionShape> ShapesFor(int nodes) {
  std::vector<PartitionShape> shapes = {PartitionShape::kOne};
  if (nodes >= 2) shapes.push_back(PartitionShape::kOneWay);
  if (nodes >= 3) {
    shapes.push_back(PartitionShape::kHalves);
    shapes.push_back(PartitionShape::kBridge);
  }
  // Below four nodes each sees all others in the ring.
  if (nodes >= 4) shapes.push_back(PartitionShape::kRing);
  return shapes;
}

std::vector<NodeId> AllNodes(int count, Random& random) {
  std::vector<NodeId> nodes;
  nodes.reserve(count);
  for (NodeId node = 0; node < count; ++node) nodes.push_back(node);
  random.Shuffle(nodes);
  return nodes;
}

// One node often, some sometimes, all of them now and then.
std::vector<NodeId> SomeNodes(int count, Random& random) {
  std::vector<NodeId> nodes = AllNodes(count, random);
  size_t struck = 1;
  if (random.Chance(400'000)) {
    struck = 1 + random.Below(static_cast<uint64_t>(count));
  }
  nodes.resize(struck);
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

void DrawClock(PlannedFault& fault, Random& random) {
  // Small skews and large jumps, ahead or back.
  const Nanoseconds most =
      random.Chance(500'000) ? 100 * kMillisecond : 3000 * kMillisecond;
  fault.amount = random.Between(-most, most);
  fault.rate_parts = random.Between(-50'000, 50'000);
}

void DrawDetails(int nodes, PlannedFault& fault, Random& random) {
  switch (fault.kind) {
    case FaultKind::kPartition: {
      const std::vector<PartitionShape> shapes = ShapesFor(nodes);
      fault.shape = shapes[random.Below(shapes.size())];
      fault.nodes = AllNodes(nodes, random);
      break;
    }
    case FaultKind::kCrash:
    case FaultKind::kPause:
      fault.nodes = SomeNodes(nodes, random);
      break;
    case FaultKind::kClock:
      fault.nodes = SomeNodes(nodes, random);
      DrawClock(fault, random);
      break;
    case FaultKind::kLoss:
      fault.amount = random.Between(50'000, 400'000);
      break;
    case FaultKind::kDuplicate:
      fault.amount = random.Between(50'000, 500'000);
      break;
    case FaultKind::kDelay:
      fault.amount = random.Between(10 * kMillisecond, 200 * kMillisecond);
      break;
    case FaultKind::kReorder:
      break;
  }
}

bool Overlaps(const std::vector<PlannedFault>& faults,
              const PlannedFault& fault) {
  return std::any_of(faults.begin(), faults.end(),
                     [&](const PlannedFault& other) {
                       return other.kind == fault.kind &&
                              fault.start <= other.start + other.duration &&
                              other.start <= fault.start + fault.duration;
                     });
}

}  // namespace

std::vector<PlannedFault> PlanFaults(const FaultOptions& options,
                                     targets::Random random) {
  std::vector<FaultKind> kinds;
  for (FaultKind kind : targets::kAllFaultKinds) {
    // A single node has no links to cut, nor messages to overtake each other.
    const bool needs_peers = kind == FaultKind::kPartition ||
                             kind == FaultKind::kDuplicate ||
                             kind == FaultKind::kReorder;
    if (needs_peers && options.nodes < 2) continue;
    if (options.kinds.contains(kind)) kinds.push_back(kind);
  }
  std::vector<PlannedFault> faults;
  if (kinds.empty()) return faults;
  for (int line = 0; line < options.intensity; ++line) {
    Random luck = random.Split(static_cast<uint64_t>(line));
    Nanoseconds time = luck.Between(0, options.interval);
    while (time < options.horizon) {
      PlannedFault fault;
      fault.kind = kinds[luck.Below(kinds.size())];
      fault.start = time;
      fault.duration = luck.Between(options.interval / 8, options.interval);
      DrawDetails(options.nodes, fault, luck);
      if (!Overlaps(faults, fault)) faults.push_back(fault);
      time += fault.duration + luck.Between(1, options.interval / 2 + 1);
    }
  }
  std::stable_sort(faults.begin(), faults.end(),
                   [](const PlannedFault& a, const PlannedFault& b) {
                     return a.start < b.start;
                   });
  return faults;
}

}  // namespace minos::generators
