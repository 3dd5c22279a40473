// What becomes of a configuration by each step of its path, where the state of
// the object is a sum.

#ifndef MINOS_CHECKER_ADDITIVE_STEPS_H_
#define MINOS_CHECKER_ADDITIVE_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/additive_column.h"
#include "checker/additive_object.h"
#include "checker/crash_usage.h"
#include "checker/search_strategies.h"
#include "checker/settling.h"
#include "checker/trails.h"

namespace minos::checker {

class AdditiveSteps {
 public:
  // Both outlive this.
  AdditiveSteps(const SearchProblem& problem, const AdditiveObject& object);

  // What has to be added before the action `seer` sees what it saw.
  uint64_t MissingTo(const AdditivePoint& point, ActionId seer) const {
    return object_.TargetOf(seer) - point.sums[object_.ViewOf(seer)];
  }
  // How many info operations of `kind` it has used. O(log n).
  uint32_t CountOf(const AdditivePoint& point, uint32_t kind) const;
  // Makes nothing of it fresh. Most configurations are never expanded: their
  // multisets are not worth a place among the others.
  void InternUsage(AdditivePoint& point);

  // Linearizes what neither sees nor adds, or an update that is open.
  void Pass(const AdditiveColumn::Open& open, AdditivePoint& point);
  void LinearizeUpdate(const AdditiveColumn::Open& update,
                       AdditivePoint& point);
  // Passes the return of an update: it comes before all that follows. Then
  // takes the seers of `column` that see what is there, if that is certain.
  void Owe(const AdditiveColumn& column, AdditivePoint& point);
  // Uses an info operation at `event`, one that was called before.
  void UseCrash(uint32_t kind, uint32_t event, AdditivePoint& point);
  // Linearizes `seer` after all that stands in the trail. False if the model
  // allows that in no order, or if that is not known.
  bool TakeSeer(const AdditiveColumn::Open& seer, AdditivePoint& point);
  // The same for all seers of `column` that see what is there.
  bool TakeFittingSeers(const AdditiveColumn& column, AdditivePoint& point);
  // Whether the model allows all that stands in the trail in some order, which
  // it then has.
  bool Settle(AdditivePoint& point) { return SettleTrail(nullptr, point); }
  // Whether it was ever not known if an order is allowed.
  bool was_unsure() const { return was_unsure_; }

  Trails& trails() { return trails_; }
  const CrashUsage& usages() const { return usages_; }
  size_t MemoryBytes() const {
    return usages_.MemoryBytes() + trails_.MemoryBytes();
  }

 private:
  void AddTo(AdditivePoint& point, ActionId action) const;
  void Extend(AdditivePoint& point, uint32_t code) {
    point.trail = trails_.Extend(point.trail, code);
  }
  bool SettleTrail(const Unsettled* last, AdditivePoint& point);
  Unsettled UnsettledOf(uint32_t code, const AdditivePoint& point) const;

  const SearchProblem& problem_;
  const AdditiveObject& object_;
  CrashUsage usages_;
  Trails trails_;
  Settling settling_;
  bool was_unsure_ = false;
  std::vector<Unsettled> unsettled_;  // scratch space
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_STEPS_H_
