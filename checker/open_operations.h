// Which operations are open at a point of a timeline, as a search sweeps over
// it forwards and backwards.

#ifndef MINOS_CHECKER_OPEN_OPERATIONS_H_
#define MINOS_CHECKER_OPEN_OPERATIONS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/configuration_masks.h"
#include "checker/slot_set.h"
#include "checker/timeline.h"

namespace minos::checker {

class OpenOperations {
 public:
  // Before the first event of `timeline`, which outlives this.
  explicit OpenOperations(const Timeline& timeline);

  // The next event of the timeline.
  uint32_t event() const { return event_; }
  // Passes the next event. REQUIRES: there is one.
  void Pass();
  // Goes back to `event`. REQUIRES: event <= this->event().
  void RewindTo(uint32_t event);

  // The open completed operations that change nothing, and the others.
  const SlotSet& reads() const { return reads_; }
  const SlotSet& updates() const { return updates_; }
  // Of the updates, those that are blind.
  const SlotSet& blind() const { return blind_; }
  OpenMasks masks() const { return {reads_.words(), blind_.words()}; }
  // The operation of the timeline in an open slot.
  uint32_t operation_in(uint32_t slot) const { return occupant_[slot]; }
  const TimedOperation& InSlot(uint32_t slot) const {
    return timeline_.operations()[occupant_[slot]];
  }
  // How many info operations of a kind have been called.
  uint32_t crashed(uint32_t kind) const { return crashed_[kind]; }
  size_t crash_kinds() const { return crashed_.size(); }

 private:
  void Open(uint32_t operation);
  void Close(uint32_t operation);

  const Timeline& timeline_;
  uint32_t event_ = 0;
  SlotSet reads_;
  SlotSet updates_;
  SlotSet blind_;
  std::vector<uint32_t> occupant_;
  std::vector<uint32_t> crashed_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_OPEN_OPERATIONS_H_
