// Makes the planned faults happen in a world, and notes them in the history as
// Jepsen's nemesis does.

#ifndef MINOS_GENERATORS_FAULT_INJECTOR_H_
#define MINOS_GENERATORS_FAULT_INJECTOR_H_

#include <cstddef>
#include <vector>

#include "generators/recipe.h"
#include "generators/recorder.h"
#include "history/value.h"
#include "targets/world.h"

namespace minos::generators {

class FaultInjector {
 public:
  // All outlive the injector.
  FaultInjector(const Recipe& recipe, targets::World& world,
                Recorder& recorder);

  // The fault `index` of the recipe begins, or ends. Ending what has not begun,
  // or has ended, does nothing.
  void Begin(size_t index);
  void End(size_t index);
  // Ends all of them, and repairs everything.
  void Heal();

  bool any_active() const { return active_count_ > 0; }

 private:
  void Cut(const PlannedFault& fault);
  void Apply(const PlannedFault& fault);
  void Revert(const PlannedFault& fault);
  void ResetConditions();
  bool Exists(NodeId node) const { return node < world_.node_count(); }
  history::ValueId Describe(const PlannedFault& fault);
  history::ValueId NamesOf(const std::vector<NodeId>& nodes);

  const Recipe& recipe_;
  targets::World& world_;
  Recorder& recorder_;
  std::vector<bool> active_;
  size_t active_count_ = 0;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAULT_INJECTOR_H_
