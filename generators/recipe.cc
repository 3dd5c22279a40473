#include "generators/recipe.h"

#include <algorithm>

namespace minos::generators {

std::string_view ToString(PartitionShape shape) {
  switch (shape) {
    case PartitionShape::kOne:
      return "one";
    case PartitionShape::kHalves:
      return "halves";
    case PartitionShape::kRing:
      return "majorities-ring";
    case PartitionShape::kBridge:
      return "bridge";
    case PartitionShape::kOneWay:
      return "one-way";
  }
  return "?";
}

std::optional<PartitionShape> PartitionShapeFromName(std::string_view name) {
  for (PartitionShape shape :
       {PartitionShape::kOne, PartitionShape::kHalves, PartitionShape::kRing,
        PartitionShape::kBridge, PartitionShape::kOneWay}) {
    if (name == ToString(shape)) return shape;
  }
  return std::nullopt;
}

size_t CountOperations(const Recipe& recipe) {
  size_t count = 0;
  for (const ClientPlan& client : recipe.clients) {
    count += client.operations.size();
  }
  return count;
}

size_t CountClients(const Recipe& recipe) {
  return static_cast<size_t>(std::count_if(
      recipe.clients.begin(), recipe.clients.end(),
      [](const ClientPlan& client) { return !client.operations.empty(); }));
}

targets::FaultSet PlannedKinds(const Recipe& recipe) {
  targets::FaultSet kinds;
  for (const PlannedFault& fault : recipe.faults) kinds.Insert(fault.kind);
  return kinds;
}

}  // namespace minos::generators
