// Which key an operation goes to.

#ifndef MINOS_GENERATORS_KEY_DISTRIBUTION_H_
#define MINOS_GENERATORS_KEY_DISTRIBUTION_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "targets/random.h"

namespace minos::generators {

// How often each key is drawn.
enum class KeyShape : uint8_t {
  kUniform,  // all keys alike
  kZipf,     // the k-th key with weight 1/k
  kHotSpot,  // four operations of five go to the first key
};

// "uniform", "zipf", "hot-spot".
std::string_view ToString(KeyShape shape);
// nullopt if no shape is called so.
std::optional<KeyShape> KeyShapeFromName(std::string_view name);

// Draws keys.
class KeyDistribution {
 public:
  // REQUIRES: keys > 0.
  KeyDistribution(KeyShape shape, int32_t keys);

  // A key of 0 … keys-1. O(log keys).
  int32_t Draw(targets::Random& random) const;

 private:
  // Key k is drawn by the draws below cumulative_[k] that are not below
  // cumulative_[k - 1].
  std::vector<uint64_t> cumulative_;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_KEY_DISTRIBUTION_H_
