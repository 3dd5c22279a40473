// Makes the planned faults happen in a world, and notes them in the history as
// Jepsen's nemesis does.
//
// Faults of one kind may overlap: a link is cut, and a node down, until the
// last of them has ended. Of two that set the same number (a share of losses, a
// clock), the later one in the recipe counts.

#ifndef MINOS_GENERATORS_FAULT_INJECTOR_H_
#define MINOS_GENERATORS_FAULT_INJECTOR_H_

#include <cstddef>
#include <cstdint>
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

  // Node `node` has answered a client: what is aimed strikes it.
  void NoteServer(NodeId node) { server_ = node; }
  // Those of the recipe. What was aimed and has begun has the nodes that it
  // struck.
  const std::vector<PlannedFault>& faults() const { return faults_; }

  bool any_active() const { return active_count_ > 0; }

 private:
  void Aim(PlannedFault& fault) const;
  void ResetCuts();
  void AddCuts(const PlannedFault& fault, std::vector<uint64_t>& cut) const;
  bool IsStruck(FaultKind kind, NodeId node) const;
  void Apply(const PlannedFault& fault);
  void Revert(const PlannedFault& fault);
  void ResetConditions();
  bool Exists(NodeId node) const { return node < world_.node_count(); }
  history::ValueId Describe(const PlannedFault& fault);
  history::ValueId NamesOf(const std::vector<NodeId>& nodes);

  const Recipe& recipe_;
  targets::World& world_;
  Recorder& recorder_;
  std::vector<PlannedFault> faults_;
  NodeId server_ = 0;
  std::vector<bool> active_;
  size_t active_count_ = 0;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAULT_INJECTOR_H_
