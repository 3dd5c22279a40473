#include "generators/key_distribution.h"

#include <algorithm>
#include <array>

namespace minos::generators {
namespace {

// Divisible by many small ranks, so that the weights of few keys are exact.
constexpr uint64_t kUnit = 720'720'000;

uint64_t WeightOf(KeyShape shape, int32_t rank, int32_t keys) {
  switch (shape) {
    case KeyShape::kUniform:
      return 1;
    case KeyShape::kZipf:
      return std::max<uint64_t>(1, kUnit / static_cast<uint64_t>(rank + 1));
    case KeyShape::kHotSpot:
      // The cold keys share one part in five.
      return rank == 0 ? 4 * static_cast<uint64_t>(std::max(1, keys - 1)) : 1;
  }
  return 1;
}

constexpr std::array kShapes = {KeyShape::kUniform, KeyShape::kZipf,
                                KeyShape::kHotSpot};

}  // namespace

std::string_view ToString(KeyShape shape) {
  switch (shape) {
    case KeyShape::kUniform:
      return "uniform";
    case KeyShape::kZipf:
      return "zipf";
    case KeyShape::kHotSpot:
      return "hot-spot";
  }
  return "?";
}

std::optional<KeyShape> KeyShapeFromName(std::string_view name) {
  for (KeyShape shape : kShapes) {
    if (ToString(shape) == name) return shape;
  }
  return std::nullopt;
}

KeyDistribution::KeyDistribution(KeyShape shape, int32_t keys) {
  uint64_t total = 0;
  for (int32_t rank = 0; rank < keys; ++rank) {
    total += WeightOf(shape, rank, keys);
    cumulative_.push_back(total);
  }
}

int32_t KeyDistribution::Draw(targets::Random& random) const {
  const uint64_t draw = random.Below(cumulative_.back());
  return static_cast<int32_t>(
      std::upper_bound(cumulative_.begin(), cumulative_.end(), draw) -
      cumulative_.begin());
}

}  // namespace minos::generators
