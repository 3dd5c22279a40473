// Of an object with few places that are set (see Footprint): at each event of a
// timeline, who can still bring which value, who wants to see it, and which
// values matter at all. A guided search finds its way by it.
//
// A *part* is a value in a place (Footprints). All sets of slots here are of
// open completed operations; those that return at or after the end of the sweep
// want nothing.

#ifndef MINOS_CHECKER_OPEN_VALUES_H_
#define MINOS_CHECKER_OPEN_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/footprints.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"
#include "checker/sequential_model.h"
#include "checker/slot_mask.h"

namespace minos::checker {

using PartId = uint32_t;
// What nobody sees or sets, or will see any more.
inline constexpr PartId kNoPart = 0xFFFFFFFFu;

class OpenValues {
 public:
  static constexpr size_t kMostPlaces = 16;

  struct Cell {
    PartId part = kNoPart;
    uint32_t place = 0;
  };
  // What an action sees and sets; its places also as bits.
  struct Program {
    std::span<const Cell> sees;
    std::span<const Cell> sets;
    uint32_t seen_places = 0;
    uint32_t set_places = 0;
  };

  // Before the first event. `problem` outlives this. O(n log n).
  explicit OpenValues(const SearchProblem& problem);

  // False if the object is not of this kind, or has too many places or clients;
  // then nothing else may be called.
  bool is_applicable() const { return is_applicable_; }
  // What each place holds at the start.
  const std::vector<PartId>& start() const { return start_; }

  uint32_t event() const { return open_.event(); }
  // Passes the next event, which there is.
  void Pass();
  // REQUIRES: event <= this->event().
  void RewindTo(uint32_t event);

  // Those that change nothing, and the others.
  const SlotMask& reads() const { return reads_; }
  const SlotMask& updates() const { return updates_; }
  // Those that see something that they have to see before the end.
  const SlotMask& seers() const { return seers_; }
  // Those that see `part`, whether they have to or not.
  const SlotMask& SeersOf(PartId part) const { return seers_of_[part]; }
  // Those that set `part`.
  const SlotMask& BringersOf(PartId part) const { return bringers_of_[part]; }
  // Those that set `place`.
  const SlotMask& SettersIn(size_t place) const { return setters_in_[place]; }

  // Where the places hold `values`, of which kNoPart fits nobody: who does not
  // see what is there, and whose sets would change something other than
  // kNoPart. O(places).
  SlotMask Unfit(std::span<const PartId> values) const;
  SlotMask Noticed(std::span<const PartId> values) const;

  const Program& InSlot(uint32_t slot) const { return *in_slot_[slot]; }
  const Program& OfAction(ActionId action) const { return programs_[action]; }
  uint32_t operation_in(uint32_t slot) const {
    return open_.operation_in(slot);
  }
  uint32_t ReturnOf(uint32_t slot) const {
    return open_.InSlot(slot).return_event;
  }
  // How many info operations of a kind have been called.
  uint32_t crashed(uint32_t kind) const { return open_.crashed(kind); }

  // Whether what sets `part` will be called before the event `end`.
  bool IsCalledBefore(PartId part, uint32_t end) const;
  // The parts that an operation not called yet will see, and that nobody will
  // be called in time to set: they must be there, or be set by what is open, or
  // by an info operation.
  const std::vector<PartId>& needed() const { return needed_; }
  uint32_t PlaceOf(PartId part) const { return place_of_[part]; }
  // Whether an operation that has not been called yet may see `part`, if it is
  // there now: one that is called before its place is certainly set anew, or an
  // info operation, whether it has been called or not.
  bool MayBeSeenLater(PartId part) const;

  size_t MemoryBytes() const { return bytes_; }

 private:
  bool Compile(const SearchProblem& problem);
  void CompileAction(const Footprints& footprints, ActionId action,
                     std::vector<Program>& offsets);
  // The calls and returns of those that see a part and return before the end.
  using SeenDuring = std::vector<std::pair<uint32_t, uint32_t>>;

  void FindMoments();
  // By part.
  std::vector<SeenDuring> FindSeersAndReturns();
  void FindToggles(std::span<const SeenDuring> seers);
  void FindNeeds(PartId part, const SeenDuring& seers,
                 std::vector<std::pair<uint32_t, PartId>>& toggles);
  void Toggle(PartId part);
  void ToggleAll(uint32_t event);
  void Open(uint32_t slot);
  void Close(uint32_t slot);
  void Count(uint32_t event, uint32_t step);

  const Timeline& timeline_;
  const Footprints* footprints_;
  uint32_t end_;
  bool is_applicable_ = false;
  OpenOperations open_;
  size_t bytes_ = 0;

  absl::flat_hash_map<uint32_t, uint32_t> places_;
  std::vector<Cell> cells_;
  std::vector<Program> programs_;  // by action
  std::vector<uint32_t> place_of_;
  std::vector<PartId> start_;

  // Of the timeline. By part: the calls of those that see it; by place: of the
  // completed operations that set it, in the order of their calls, the first
  // return of each and those after it. Then, by event, the parts that begin or
  // cease to be needed there.
  std::vector<std::vector<uint32_t>> seen_calls_;
  std::vector<std::vector<uint32_t>> first_returns_;
  std::vector<bool> is_seen_by_crashes_;  // by part
  std::vector<PartId> toggles_;
  std::vector<uint32_t> toggles_begin_;

  // At the event.
  SlotMask reads_;
  SlotMask updates_;
  SlotMask seers_;
  std::vector<const Program*> in_slot_;
  std::vector<SlotMask> seers_of_;
  std::vector<SlotMask> bringers_of_;
  std::vector<SlotMask> seers_in_;
  std::vector<SlotMask> setters_in_;
  std::vector<PartId> needed_;
  std::vector<uint32_t> position_;  // by part, in needed_
  // How many have been called: by part, of those that set it and that see it;
  // by place, of those completed that set it.
  std::vector<uint32_t> bringers_called_;
  std::vector<uint32_t> seers_called_;
  std::vector<uint32_t> setters_called_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_OPEN_VALUES_H_
