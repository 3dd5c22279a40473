// The ways on from a configuration at a return that cannot be passed.
//
// What is left out, and why that loses nothing, stands in wgl.cc.

#ifndef MINOS_CHECKER_EXPANSION_H_
#define MINOS_CHECKER_EXPANSION_H_

#include <cstdint>
#include <span>
#include <vector>

#include "checker/configuration.h"
#include "checker/crash_usage.h"
#include "checker/note_table.h"
#include "checker/open_operations.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"

namespace minos::checker {

class Expansion {
 public:
  // All outlive this.
  Expansion(const Timeline& timeline, const OpenOperations& open,
            const CrashUsage& usages, SequentialModel& model);

  // Linearizes all open reads that fit the state, and appends them to `path`.
  // True if there was one.
  bool TakeFittingReads(Configuration& configuration,
                        std::vector<uint32_t>& path);
  // The same for the one read in `slot`.
  void TakeIfItFits(uint32_t slot, Configuration& configuration,
                    std::vector<uint32_t>& path);

  // Notes that the blind update in `slot` is spare, if it is and was not yet.
  void SpareIfUnnoticed(uint32_t slot, Configuration& configuration,
                        std::vector<uint32_t>& path);

  // The choices worth trying at the return of what is in `returning`: open
  // operations first, the one that returns first before the others, then to
  // pass, if that is allowed, then info operations. Valid until the next call.
  // No info operations unless it `may_crash`.
  const std::vector<Choice>& Choices(const Configuration& configuration,
                                     uint32_t returning, bool may_crash = true);

  // The choices among the info operations of `kinds`, which are left.
  std::vector<Choice> CrashChoices(const Configuration& configuration,
                                   std::span<const uint32_t> kinds);

  // Makes `choice`, which was made at the return of what is in `returning`, and
  // takes the reads that then fit. Appends what was linearized to `path`:
  // operations of the timeline (with kSpareBit if they have become spare), or
  // kCrashBit and a kind.
  void Take(uint32_t returning, const Choice& choice, CrashUsage& usages,
            Configuration& configuration, std::vector<uint32_t>& path);

  bool Fits(StateId state, ActionId action);

  // The action of the operation that a choice linearizes. REQUIRES: it is not
  // to pass.
  ActionId ActionOf(uint32_t subject) const;

  size_t MemoryBytes() const { return notes_.MemoryBytes(); }

 private:
  struct Candidate {
    uint32_t return_event;
    uint32_t slot;
    ActionId action;
  };

  void FindCovered(const SequentialModel& model);
  bool Leads(StateId from, ActionId action, StateId to);
  void CollectOpen(const Configuration& configuration);
  void CollectCrashes(const Configuration& configuration);
  void AddChoices(uint32_t subject, ActionId action,
                  const Configuration& configuration);
  bool IsAvailable(uint32_t kind, const Configuration& configuration) const;
  bool SpareBlind(uint32_t except, Configuration& configuration,
                  std::vector<uint32_t>& path);
  bool HasOwedBlind(const Configuration& configuration) const;
  bool MayBeTold(const Configuration& configuration) const;
  bool HasEqualOpen(ActionId action) const;
  bool HasSpecialCase(uint32_t kind, StateId next,
                      const Configuration& configuration);
  bool IsNoticedBy(const Choice& choice, ActionId action,
                   const Unnoticed& unnoticed);

  const Timeline& timeline_;
  const OpenOperations& open_;
  const CrashUsage& usages_;
  SequentialModel& model_;
  NoteTable notes_;
  // By kind: the other kinds that it covers (SequentialModel::Covers).
  std::vector<std::vector<uint32_t>> covered_;
  // Scratch space.
  std::vector<StateId> successors_;
  std::vector<StateId> others_;
  std::vector<Candidate> candidates_;
  std::vector<Choice> choices_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_EXPANSION_H_
