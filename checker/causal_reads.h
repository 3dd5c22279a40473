// Reads of registers that return what their causal past had overwritten.

#ifndef MINOS_CHECKER_CAUSAL_READS_H_
#define MINOS_CHECKER_CAUSAL_READS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/budget.h"
#include "checker/causal_clocks.h"
#include "checker/session_history.h"

namespace minos::checker {

// A chain is swept in its order with the clock of what causally precedes its
// next step, and of each key the updates that precede and are overwritten by
// no other one that does: those that come causally before another one of the
// key are dropped when that one arrives, since what comes before them comes
// before it. So these are few, and a read that returned v is wrong exactly if
// v comes causally before one of them.
//
// A sweep takes the updates of each chain in their order: O(updates), and a
// little for each step.
class CausalReads {
 public:
  struct Found {
    Step update;  // precedes the read, and comes after the source
    Step source;  // kInitialStep, if the read returned the initial value
    Step read;
  };

  // Both outlive this. `initial_first` says that the initial value comes before
  // every update.
  CausalReads(const SessionHistory& steps, const CausalClocks& clocks,
              bool initial_first);

  // Judges the reads of `chain`.
  void Sweep(uint32_t chain, Budget& budget);

  // One for each wrong read, in the order of the sweeps.
  const std::vector<Found>& found() const { return found_; }
  size_t MemoryBytes() const;

 private:
  // An update and its chain.
  struct Latest {
    Step step;
    uint32_t chain;
  };
  struct Update {
    Step step;
    uint32_t key;
  };

  // If so, all that it knows has arrived as well.
  bool HasArrived(Step update) const;
  // All that `step` knows and the step itself precede what follows.
  void Learn(Step step);
  void Arrive(const Update& update, uint32_t chain);
  void Judge(Step read);

  const SessionHistory& steps_;
  const CausalClocks& clocks_;
  bool initial_first_;
  // The updates, chain after chain; by chain the first one, and one more entry.
  std::vector<Update> updates_;
  std::vector<uint32_t> begin_;
  std::vector<uint32_t> next_;  // by chain: the first that has not arrived
  std::vector<std::vector<Latest>> latest_;  // by key
  std::vector<Found> found_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CAUSAL_READS_H_
