// The paths of a sweep that follows many at once: lists that grow at their
// heads and share their tails.
//
// Complexity: Extend is amortized O(1), and 8 bytes. A trail whose head nobody
// holds any more stays until it is truncated or swept away.

#ifndef MINOS_CHECKER_TRAILS_H_
#define MINOS_CHECKER_TRAILS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minos::checker {

class Trails {
 public:
  // The empty path.
  static constexpr uint32_t kNone = 0;

  // The path `trail` with `code` as one more step.
  uint32_t Extend(uint32_t trail, uint32_t code) {
    links_.push_back({trail, code});
    return static_cast<uint32_t>(links_.size() - 1);
  }
  // The last step of a path that is not empty, and what is before it.
  uint32_t CodeOf(uint32_t trail) const { return links_[trail].code; }
  uint32_t RestOf(uint32_t trail) const { return links_[trail].rest; }
  // All steps, the first one first.
  std::vector<uint32_t> PathOf(uint32_t trail) const;

  size_t size() const { return links_.size(); }
  // Forgets all paths that were made since there were `size`.
  void Truncate(size_t size) { links_.resize(size); }
  // Forgets all but `kept` and what they contain. Returns what each of those
  // paths is from now on, by what it was. O(size).
  std::vector<uint32_t> Sweep(std::span<const uint32_t> kept);

  size_t MemoryBytes() const { return links_.capacity() * sizeof(Link); }

 private:
  struct Link {
    uint32_t rest;
    uint32_t code;
  };

  std::vector<Link> links_ = {{kNone, 0}};
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_TRAILS_H_
