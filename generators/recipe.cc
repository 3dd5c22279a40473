#include "generators/recipe.h"

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

}  // namespace minos::generators
