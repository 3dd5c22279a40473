#include "generators/rare_events.h"

#include <algorithm>
#include <limits>

namespace minos::generators {

int64_t RareEvents::Count(std::string_view name) {
  auto found =
      std::find_if(counts_.begin(), counts_.end(),
                   [name](const auto& each) { return each.first == name; });
  if (found == counts_.end()) found = counts_.insert(found, {name, 0});
  const int64_t rarity = found->second == 0
                             ? std::numeric_limits<int64_t>::max()
                             : total_ / found->second;
  ++found->second;
  ++total_;
  return rarity;
}

}  // namespace minos::generators
