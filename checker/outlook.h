// Whether what operations will have seen at their returns can still come about,
// told without searching; for objects with few places that are set. See
// outlook.cc.

#ifndef MINOS_CHECKER_OUTLOOK_H_
#define MINOS_CHECKER_OUTLOOK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "checker/freshness.h"
#include "checker/open_values.h"
#include "checker/search_strategies.h"
#include "checker/slot_mask.h"

namespace minos::checker {

class Outlook {
 public:
  // All outlive this.
  Outlook(const SearchProblem& problem, const OpenValues& values,
          const Freshness& freshness);

  // A situation at the next event.
  struct View {
    std::span<const PartId> values;  // by place
    // Of the open operations: those that have taken effect, and those that need
    // not any more.
    SlotMask done;
    SlotMask spare;
    // Whether an info operation that sets a part is left.
    absl::FunctionRef<bool(PartId)> has_crash_for;
  };

  // False only if nothing leads from `view` past the returns of all that is
  // open. O(events up to there · open operations), and mostly much less.
  bool MayGoOn(const View& view);

  // After it was denied: the operation that cannot see what it saw.
  uint32_t culprit() const { return culprit_; }

  size_t MemoryBytes() const {
    return (until_.capacity() + stamps_.capacity()) * sizeof(uint32_t);
  }

 private:
  void Begin(const View& view);
  bool Bring(const OpenValues::Program& program, uint32_t until);
  bool Bring(PartId part, uint32_t until);
  uint32_t EarliestFor(uint32_t call, uint32_t place, uint32_t since) const;
  bool IsUsable(uint32_t operation, const View& view) const;
  void Follow(const View& view);
  void Call(uint32_t operation, const View& view);
  bool Return(uint32_t operation, const View& view);

  const OpenValues::Program& ProgramOf(uint32_t operation) const {
    return values_.OfAction(timeline_.operations()[operation].action);
  }

  const Timeline& timeline_;
  const OpenValues& values_;
  const Freshness& freshness_;
  uint32_t end_;
  // By part: until when it can be set, by what is usable; valid where the stamp
  // is the current one.
  uint32_t stamp_ = 0;
  std::vector<uint32_t> stamps_;
  std::vector<uint32_t> until_;
  // By place: the first return of what is open, sets it, and is still to take
  // effect.
  std::array<uint32_t, OpenValues::kMostPlaces> renewed_ = {};
  // Those that are not usable yet.
  std::vector<uint32_t> pending_;
  uint32_t culprit_ = 0;
  uint32_t horizon_ = 0;  // the last return of what is open
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_OUTLOOK_H_
