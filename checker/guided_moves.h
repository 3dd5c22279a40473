// What leads from one point of a guided search to the next (guided_search.cc).

#ifndef MINOS_CHECKER_GUIDED_MOVES_H_
#define MINOS_CHECKER_GUIDED_MOVES_H_

#include <cstddef>
#include <cstdint>

#include "checker/guided_crashes.h"
#include "checker/guided_point.h"
#include "checker/guided_rating.h"
#include "checker/open_values.h"
#include "checker/slot_mask.h"
#include "checker/timeline.h"
#include "checker/trails.h"

namespace minos::checker {

class GuidedMoves {
 public:
  // All outlive this; `open` is where the points are. What is taken is
  // appended to `trails`, and what comes of it is rated by `rating`.
  GuidedMoves(const Timeline& timeline, const OpenValues& open,
              GuidedCrashes& crashes, GuidedRating& rating, Trails& trails)
      : timeline_(timeline),
        open_(open),
        crashes_(crashes),
        rating_(rating),
        trails_(trails),
        places_(open.start().size()) {}

  static bool Fits(const GuidedPoint& point,
                   const OpenValues::Program& program);
  // What is open and does not fit.
  SlotMask Unfit(const GuidedPoint& point) const {
    return open_.Unfit(point.ValuesOf(places_));
  }
  // What is open and sets something that neither is there already nor replaces
  // what is forgotten.
  SlotMask Noticed(const GuidedPoint& point) const {
    return open_.Noticed(point.ValuesOf(places_));
  }
  // Those that wait for what they see; of the spare ones, those that have to be
  // taken, since only they can bring what is needed or waited for.
  SlotMask Waiting(const GuidedPoint& point) const;

  // Takes all that was called since and needs no choice.
  void Arrive(GuidedPoint& point);
  // Takes the update in `slot`. REQUIRES: it fits.
  void Take(GuidedPoint& point, uint32_t slot);
  // Takes one info operation of `kind`. REQUIRES: it fits, and one is left.
  void TakeCrash(GuidedPoint& point, uint32_t kind);
  // Lets the spare operation in `slot` stand where it is.
  void Pass(GuidedPoint& point, uint32_t slot);

 private:
  void Push(GuidedPoint& point, uint32_t code) {
    point.trail = trails_.Extend(point.trail, code);
  }
  void Spare(GuidedPoint& point, uint32_t slot);
  void SpareBefore(GuidedPoint& point, const OpenValues::Program& program,
                   SlotMask others);
  SlotMask OnlyBringerOf(const GuidedPoint& point, PartId part) const;
  void TakeReads(GuidedPoint& point, SlotMask reads, SlotMask unfit);
  void Forget(GuidedPoint& point) const;
  void Settle(GuidedPoint& point, SlotMask unfit);
  void Apply(GuidedPoint& point, const OpenValues::Program& program);

  const Timeline& timeline_;
  const OpenValues& open_;
  GuidedCrashes& crashes_;
  GuidedRating& rating_;
  Trails& trails_;
  size_t places_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_GUIDED_MOVES_H_
