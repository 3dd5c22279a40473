#include "checker/guided_rating.h"

#include <algorithm>
#include <iterator>

#include "checker/slot_mask.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;
using Program = OpenValues::Program;

// What a point costs: for each info operation of its level, each value that is
// waited for, by how many can bring it, each open read, each operation that
// waits for what it sees, and each value that one of those sees besides the
// first.
struct Taste {
  uint32_t level;
  std::array<uint32_t, 4> bringers;  // 0 …, 3 or more
  uint32_t read;
  uint32_t seer;
  uint32_t further;
};
constexpr Taste kTastes[] = {
    {5, {0, 4, 2, 1}, 1, 0, 0},
    {5, {0, 3, 0, 0}, 0, 1, 1},
    {5, {0, 6, 3, 2}, 0, 2, 0},
};

}  // namespace

// Notes that `part` is waited for, which so many can bring. False if nothing is
// left for it.
bool GuidedRating::Await(const GuidedPoint& point, PartId part,
                         uint32_t bringers) {
  if (stamps_[part] == stamp_) return true;
  stamps_[part] = stamp_;
  ++awaited_[std::min<size_t>(bringers, awaited_.size() - 1)];
  return bringers > 0 || crashes_.HasFor(point, part);
}

void GuidedRating::Rate(GuidedPoint& point) {
  ++stamp_;
  awaited_ = {};
  bool has_hope = true;
  for (const PartId part : open_.needed()) {
    if (point.values[open_.PlaceOf(part)] == part) continue;
    const SlotMask bringers = open_.BringersOf(part) - point.linearized;
    has_hope = has_hope && Await(point, part, bringers.Count());
  }
  const Taste& taste = kTastes[taste_ % std::size(kTastes)];
  const SlotMask waiting = open_.seers() - point.linearized - point.spare;
  point.score = taste.seer * waiting.Count() +
                taste.read * (open_.reads() - point.linearized).Count();
  waiting.ForEach([&](uint32_t slot) {
    const Program& program = open_.InSlot(slot);
    point.score +=
        taste.further * static_cast<uint32_t>(program.sees.size() - 1);
    for (const Cell& seen : program.sees) {
      if (point.values[seen.place] == seen.part) continue;
      SlotMask bringers = open_.BringersOf(seen.part) - point.linearized;
      bringers.Erase(slot);
      const bool is_called =
          open_.IsCalledBefore(seen.part, open_.ReturnOf(slot));
      has_hope = has_hope && Await(point, seen.part,
                                   bringers.Count() + (is_called ? 1 : 0));
    }
  });
  point.level = point.used + awaited_[0];
  point.score += taste.level * point.level;
  for (size_t i = 0; i < awaited_.size(); ++i) {
    point.score += taste.bringers[i] * awaited_[i];
  }
  if (!has_hope) point.score = GuidedPoint::kHopeless;
}

}  // namespace minos::checker
