// The sequential specification of a data type: what each operation does to one
// copy of the object, and which results it may give.
//
// A model is a state machine over small integers. States and actions (an
// operation's function, argument and result) are interned as they come, so
// that a search compares ids and never looks inside:
//
//   model.Intern({function, argument, result})    → an action, or an error that
//                                                   says why the type has none
//   model.Step(state, action, successors)         → the states it may lead to;
//                                                   none if it does not fit
//
// One instance judges one partition and belongs to one thread.

#ifndef MINOS_CHECKER_SEQUENTIAL_MODEL_H_
#define MINOS_CHECKER_SEQUENTIAL_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "history/value.h"

namespace minos::checker {

// A state of a model; which one, only the model knows.
using StateId = uint32_t;
// An operation as the model sees it: equal operations are one action. Dense:
// 0, 1, 2, … in the order in which they were interned.
using ActionId = uint32_t;

// An operation's part that a model looks at.
struct Call {
  history::ValueId function = history::kNoValue;
  history::ValueId argument = history::kNil;
  // kNoValue where nobody knows it: the outcome is info.
  history::ValueId result = history::kNoValue;
  bool is_ok = true;  // false: info
  // In which session; locks belong to the one that takes them.
  history::ValueId session = history::kNoValue;
};

// What an action sees and does, of an object that has places for values, each a
// number: the one place of a register, the accounts of a bank. A search looks
// ahead by it; see look_ahead.h.
struct Footprint {
  struct Part {
    uint32_t place = 0;
    uint64_t value = 0;
  };
  // The action fits only where each of these places holds that value. (It may
  // need more.)
  std::vector<Part> sees;
  // Where it fits, it leaves each of these places with that value,
  std::vector<Part> sets;
  // adds that to what is there (modulo 2^64), and changes nothing else. No
  // place of an object is both set and added to.
  std::vector<Part> adds;
  // Whether the action fits wherever it sees what it says.
  bool says_all = false;
};

class SequentialModel {
 public:
  virtual ~SequentialModel() = default;

  // The action of `call`. Calls that do the same and say the same are one
  // action, also if one is ok and the other info. Fails with InvalidArgument,
  // in words for the user, if the data type has no such function or the
  // argument is not one of its. Failed operations are never shown to a model:
  // they did not happen.
  virtual absl::StatusOr<ActionId> Intern(const Call& call) = 0;

  // True if the action leaves every state that it fits as it is.
  virtual bool IsReadOnly(ActionId action) const = 0;

  // True if every linearization that uses the action for an info operation can
  // do without it (and perhaps without other info operations as well): it says
  // nothing (a crashed read), or nothing in this history could ever tell that
  // it happened. So all such operations can be dropped at once. Asked when all
  // operations of the partition have been interned. Amortized O(1).
  virtual bool IsUnobservable(ActionId action) const = 0;

  // True if no state that the interned actions can lead to fits `action`, as a
  // read of a value that nobody wrote. False where the model cannot tell. Asked
  // when all operations of the partition have been interned.
  virtual bool IsImpossible(ActionId action) const {
    (void)action;
    return false;
  }

  // True if wherever `special` fits, `general` fits too and leads to the same
  // states: a write of v covers a cas to v. Both are actions of info
  // operations. Answering false is always right; answering true lets a search
  // spare the more useful of the two.
  virtual bool Covers(ActionId general, ActionId special) const {
    (void)general;
    (void)special;
    return false;
  }

  // True if the action fits every state: it tells nothing of what was before
  // it, as a write does, or an addition that returns no sum. A read of a value
  // does.
  virtual bool FitsEveryState(ActionId action) const { return IsBlind(action); }

  // True if the action fits every state and leads to the same one from all, as
  // a write of a register does. Answering false is always right.
  virtual bool IsBlind(ActionId action) const {
    (void)action;
    return false;
  }

  // Sets `footprint`, which is empty, to that of `action`. False for all
  // actions if the object has no places. Asked when all operations of the
  // partition have been interned.
  virtual bool FindFootprint(ActionId action, Footprint& footprint) const {
    (void)action;
    (void)footprint;
    return false;
  }
  // What `place` holds in `state`; nothing where that is not known yet. Only
  // asked of objects with places.
  virtual std::optional<uint64_t> Lookup(StateId state, uint32_t place) const {
    (void)state;
    (void)place;
    return std::nullopt;
  }

  // Says that all operations of the partition have been interned, before the
  // first state is asked for. A model may then take states for one that none of
  // these operations, in whatever order, can tell apart.
  virtual void Settle() {}

  virtual StateId InitialState() const = 0;

  // Appends to `successors` each state in which the object may be after
  // `action` in `state`, and nothing if the action's result does not fit. Few
  // actions have more than one successor: a crashed dequeue from an unordered
  // queue may have removed any element. An info operation that would change
  // nothing need not have a successor: it can be left out. The order of the
  // successors is a function of the arguments alone.
  virtual void Step(StateId state, ActionId action,
                    std::vector<StateId>& successors) = 0;

  // For explanations: "the value is 4", "the queue is [1 2 3]".
  virtual std::string DescribeState(StateId state) const = 0;
  // Why `action` does not fit `state`: "it read 3, but the value is 4". Only
  // asked where Step has no successor.
  virtual std::string DescribeRefusal(StateId state, ActionId action) const = 0;

  // What the interned states and actions occupy.
  virtual size_t MemoryBytes() const = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SEQUENTIAL_MODEL_H_
