#include "checker/trails.h"

namespace minos::checker {

std::vector<uint32_t> Trails::PathOf(uint32_t trail) const {
  std::vector<uint32_t> path;
  for (; trail != kNone; trail = links_[trail].rest) {
    path.push_back(links_[trail].code);
  }
  return {path.rbegin(), path.rend()};
}

std::vector<uint32_t> Trails::Sweep(std::span<const uint32_t> kept) {
  std::vector<uint32_t> place(links_.size(), kNone);
  for (uint32_t trail : kept) {
    for (; trail != kNone && place[trail] == kNone;
         trail = links_[trail].rest) {
      place[trail] = 1;
    }
  }
  // What a path contains was made before it.
  uint32_t count = 1;
  for (size_t i = 1; i < links_.size(); ++i) {
    if (place[i] == kNone) continue;
    place[i] = count;
    links_[count++] = {place[links_[i].rest], links_[i].code};
  }
  links_.resize(count);
  return place;
}

}  // namespace minos::checker
