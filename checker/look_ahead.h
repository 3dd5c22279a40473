// Whether a configuration can still lead anywhere, told without searching.

#ifndef MINOS_CHECKER_LOOK_AHEAD_H_
#define MINOS_CHECKER_LOOK_AHEAD_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/configuration.h"
#include "checker/crash_usage.h"
#include "checker/footprints.h"
#include "checker/open_operations.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"

namespace minos::checker {

class LookAhead {
 public:
  // All outlive this. `footprints` may be null: then all is possible.
  LookAhead(const Timeline& timeline, const OpenOperations& open,
            const CrashUsage& usages, const SequentialModel& model,
            const Footprints* footprints);

  // False if nothing leads from `configuration`, which is at the return of what
  // is in `returning`, past that return; with no info operation, unless it
  // `may_crash`. See look_ahead.cc.
  bool MayPass(const Configuration& configuration, uint32_t returning,
               bool may_crash);

  // False if some operation that is open cannot come before it returns, which
  // is before the event `end`.
  bool MayReach(const Configuration& configuration, uint32_t end);

  // The same as MayPass with exactly one info operation.
  bool MayPassWithOne(const Configuration& configuration, uint32_t returning);

  // Appends to `kinds` those of info operations that are left of which one
  // alone may help some open operation to see what it saw; each once.
  void FindHelpful(const Configuration& configuration,
                   std::vector<uint32_t>& kinds);

  // Appends all kinds of info operations of which there are some left.
  void FindLeft(const Configuration& configuration,
                std::vector<uint32_t>& kinds) const;

  // Whether what is in `returning` sees something that `action` sets there, and
  // that is not there yet.
  bool Brings(const Configuration& configuration, ActionId action,
              uint32_t returning) const;

  // Whether what is in `slot` sees anything, as far as is known.
  bool Sees(uint32_t slot) const;

  // Where places are added to: whether what is open and not linearized may lead
  // to what some open operation sees. True where nobody can tell.
  bool MayShow(const Configuration& configuration);

  bool is_blind() const { return footprints_ == nullptr; }

 private:
  void LookAround();
  bool Holds(const Configuration& configuration, const Footprints::Part& part);
  bool IsBrought(const Configuration& configuration,
                 const Footprints::Part& part, uint32_t reader, bool may_crash);
  bool IsLeft(const Configuration& configuration, uint32_t kind) const;
  bool FindMissing(const Configuration& configuration,
                   std::span<const Footprints::Part> sees);
  uint64_t EffectOf(ActionId action) const;
  void FindEffects(const Configuration& configuration, uint32_t reader);
  bool MayAddUp(const Configuration& configuration,
                std::span<const Footprints::Part> sees, uint32_t reader,
                bool may_crash);
  void FindSums();
  bool IsSum(uint64_t sum) const;
  template <typename Visit>
  void ForEachReader(const Configuration& configuration, Visit visit);
  void FindBringers(const Configuration& configuration,
                    std::vector<uint32_t>& kinds);

  const Timeline& timeline_;
  const OpenOperations& open_;
  const CrashUsage& usages_;
  const SequentialModel& model_;
  const Footprints* footprints_;
  // By part: the open updates that set it, in masks of the length of all; valid
  // where the stamp is the current one.
  size_t mask_words_;
  uint32_t event_ = 0xFFFFFFFFu;
  uint32_t stamp_ = 0;
  std::vector<uint32_t> stamps_;
  std::vector<uint64_t> bringers_;
  // What the returning operation sees: in which places, and what is missing
  // there, as an effect.
  std::vector<uint32_t> seen_;
  uint64_t missing_ = 0;
  bool is_vague_ = false;  // nobody can tell
  // The effects of the open additions, and the sums of the subsets of each half
  // of them; those of the second half in order.
  std::vector<uint64_t> effects_;
  std::vector<uint64_t> first_sums_;
  std::vector<uint64_t> second_sums_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_LOOK_AHEAD_H_
