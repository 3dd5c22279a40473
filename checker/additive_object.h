// Objects whose state is a sum: a counter, the accounts of a bank.
//
// Every update adds amounts to places, whatever is there, and every other
// operation sees what some places hold. Then the order of the updates says
// nothing: only which of them come before an operation that sees.

#ifndef MINOS_CHECKER_ADDITIVE_OBJECT_H_
#define MINOS_CHECKER_ADDITIVE_OBJECT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/footprints.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"

namespace minos::checker {

// The operations of a timeline, as additions to sums.
//
// A *view* is a set of places that some operation sees together. What these
// places hold is one number: the sum of factor · value over them, modulo 2^64,
// with an odd factor for each place (1 if it is the only one). Where the places
// are right the number is right; so to rule out by it is sound, and what it
// admits is to be checked with the model.
class AdditiveObject {
 public:
  // Nothing if the object is not of this kind, or its operations see more than
  // kMostViews sets of places. O(n + actions · views).
  static std::optional<AdditiveObject> Make(const Timeline& timeline,
                                            const Footprints& footprints,
                                            const SequentialModel& model);

  static constexpr size_t kMostViews = 4;

  size_t views() const { return views_; }
  // What `action` adds to the number of `view`.
  uint64_t Effect(ActionId action, size_t view) const {
    return effects_[action * views_ + view];
  }
  bool Adds(ActionId action) const { return actions_[action].adds; }
  bool Sees(ActionId action) const { return actions_[action].view != kNoView; }
  // REQUIRES: it sees.
  size_t ViewOf(ActionId action) const { return actions_[action].view; }
  // What the number of its view is before it.
  uint64_t TargetOf(ActionId action) const { return actions_[action].target; }

  // Additions of one class add the same; all else is alone in its class.
  uint32_t ClassOf(ActionId action) const { return actions_[action].of_class; }
  // Whether operations with these actions can change places wherever both have
  // been called. With conditions none can: what is owed may have to come after
  // one that was called before the other.
  bool AreEqual(ActionId a, ActionId b) const {
    return is_unconditional_ && ClassOf(a) == ClassOf(b);
  }

  // Whether every addition fits every state. If not, as where no account may be
  // overdrawn, the order of the additions between two operations that see is to
  // be found with the model.
  bool is_unconditional() const { return is_unconditional_; }

  // What the numbers of the views can be at the start, by view, one possibility
  // after the other; each admits all the others as far as is known. Where
  // nobody says, they are told from the operations that see and have few
  // additions in doubt. Nothing where there are too many possibilities; empty
  // if there is none, and the history is a violation.
  std::optional<std::vector<std::vector<uint64_t>>> Starts(
      const Timeline& timeline, SequentialModel& model, uint32_t end) const;

  // Where Starts() tells nothing: the same object, which supposes that it began
  // with one of a few starts that most of what the whole timeline saw allows.
  // What is valid so is valid; a violation says nothing. Nothing if not even
  // that many are found.
  std::optional<AdditiveObject> SupposeStarts(const Timeline& timeline,
                                              SequentialModel& model,
                                              uint32_t end) const;

 private:
  static constexpr size_t kNoView = 0xFF;

  struct Role {
    bool adds = false;
    uint8_t view = kNoView;
    uint64_t target = 0;
    uint32_t of_class = 0;
  };

  bool AddAction(ActionId action, const Footprints& footprints,
                 const SequentialModel& model);
  void FindClasses(const std::vector<ActionId>& actions);
  std::optional<size_t> FindView(std::vector<uint32_t> places);

  size_t views_ = 0;
  std::vector<std::vector<uint32_t>> places_;  // by view, ascending
  std::vector<Role> actions_;
  std::vector<uint64_t> effects_;
  bool is_unconditional_ = true;
  std::vector<std::vector<uint64_t>> supposed_;  // starts, if they are
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_OBJECT_H_
