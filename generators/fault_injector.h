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
#include <optional>
#include <string_view>
#include <vector>

#include "generators/rare_events.h"
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
  // Whether the fault `index` lies in wait instead of beginning at its start.
  bool LiesInWait(size_t index) const { return faults_[index].rarity > 0; }
  // From now on it waits for its event.
  void Await(size_t index) { waiting_.push_back(index); }
  // Node `node` is about to handle an event called `name`. If a fault has
  // waited for it, returns which; from then on its start and its nodes are
  // known. Of several it is the one that has waited longest.
  std::optional<size_t> Notice(NodeId node, std::string_view name);
  const PlannedFault& fault(size_t index) const { return faults_[index]; }
  // Those of the recipe, after the run: what was aimed has the nodes that it
  // struck, what lay in wait the moment at which it began; what waited in vain
  // is left out.
  std::vector<PlannedFault> TakeFaults() &&;

  bool any_active() const { return active_count_ > 0; }

 private:
  void Aim(NodeId node, PlannedFault& fault) const;
  void ResetCuts();
  void AddCuts(const PlannedFault& fault, std::vector<uint64_t>& cut) const;
  bool IsStruck(FaultKind kind, NodeId node) const;
  bool ResetNetwork(FaultKind kind);
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
  std::vector<size_t> waiting_;  // for an event
  RareEvents rare_events_;
  std::vector<bool> active_;
  size_t active_count_ = 0;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAULT_INJECTOR_H_
