// Guessing which name was meant.

#ifndef MINOS_HISTORY_NEAREST_NAME_H_
#define MINOS_HISTORY_NEAREST_NAME_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace minos::history {

// How many characters must be inserted, deleted, replaced or swapped with
// their neighbour to turn `a` into `b` (the optimal string alignment distance).
// O(|a| · |b|).
size_t EditDistance(std::string_view a, std::string_view b);

// The name in `known` with the smallest distance to `name`, the first of
// several; empty if `known` is empty.
std::string_view NearestName(std::string_view name,
                             std::span<const std::string_view> known);

}  // namespace minos::history

#endif  // MINOS_HISTORY_NEAREST_NAME_H_
