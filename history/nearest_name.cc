#include "history/nearest_name.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

namespace minos::history {

size_t EditDistance(std::string_view a, std::string_view b) {
  // Rows of the table of distances between prefixes: the one before the last,
  // the last, and the one being filled.
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view NearestName(std::string_view name,
                             std::span<const std::string_view> known) {
  std::string_view nearest;
  size_t smallest = std::numeric_limits<size_t>::max();
  for (std::string_view candidate : known) {
    const size_t distance = EditDistance(name, candidate);
    if (distance >= smallest) continue;
    smallest = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace minos::history
