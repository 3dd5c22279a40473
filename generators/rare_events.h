// Which events of a run are rare.
//
// A message that a store sends seldom, as those of an election are, or of a
// copy that moves, marks a moment at which it changes what it does. How often
// is counted as the run goes on, for each name that the store gives its events.

#ifndef MINOS_GENERATORS_RARE_EVENTS_H_
#define MINOS_GENERATORS_RARE_EVENTS_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace minos::generators {

class RareEvents {
 public:
  // An event called `name`, of static storage, happens. Returns the greatest
  // `rarity` for which it is rare: at most one in so many events before it had
  // its name. O(number of names).
  int64_t Count(std::string_view name);

 private:
  std::vector<std::pair<std::string_view, int64_t>> counts_;
  int64_t total_ = 0;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_RARE_EVENTS_H_
