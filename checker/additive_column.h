// One return of a timeline whose object's state is a sum: what is open there,
// and the configurations that stand before it.

#ifndef MINOS_CHECKER_ADDITIVE_COLUMN_H_
#define MINOS_CHECKER_ADDITIVE_COLUMN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "checker/additive_object.h"
#include "checker/crash_usage.h"
#include "checker/open_operations.h"
#include "checker/passed_sums.h"
#include "checker/search_strategies.h"
#include "checker/sequential_model.h"
#include "checker/set_layout.h"
#include "checker/slot_set.h"
#include "checker/trails.h"
#include "checker/update_sets.h"
#include "checker/urgent_seers.h"

namespace minos::checker {

// Numbers by view.
using AdditiveSums = absl::InlinedVector<uint64_t, 2>;

// A configuration.
struct AdditivePoint {
  explicit AdditivePoint(size_t mask_words) : linearized(mask_words) {}

  SlotSet linearized;  // of what is open
  AdditiveSums sums;   // with all that is linearized or owed
  uint32_t start = 0;  // from which
  // The info operations that are used: those of `usage`, and since it was
  // expanded last those of `fresh` (kinds). Their hash is one of the multiset.
  UsageId usage = 0;
  absl::InlinedVector<uint32_t, 2> fresh;
  uint64_t used_hash = 0;
  uint64_t used_bits = 0;      // of their kinds; far ones share a bit
  float log_chance = 0;        // of the paths to it
  float of_crashes = 0;        // what the info operations say of it
  float rating = 0;            // with all that is known
  bool was_looked_at = false;  // whether that heeds what has to be seen soon
  bool was_dominated = false;  // and heeds that
  uint32_t stages = 1;         // for which it waits
  uint32_t trail = Trails::kNone;
  // With conditions: up to where the trail is settled, and the state there.
  uint32_t settled = Trails::kNone;
  StateId state = 0;
  uint64_t owed = 0;  // a hash of what is owed since the last seer
};

class AdditiveColumn {
 public:
  struct Open {
    uint32_t slot = 0;
    uint32_t operation = 0;  // of the timeline
    ActionId action = 0;
  };
  // Open seers that are linearized together, since they see the same and add
  // nothing; or one that adds.
  struct Look {
    size_t view = 0;
    uint64_t target = 0;
    bool adds = false;
    bool is_due = false;  // whether what returns is among them
    std::vector<Open> seers;
  };
  // A configuration that can do more than it has done, and what that is.
  struct Waiting {
    float rating = 0;
    uint32_t point = 0;
    uint32_t stage = 0;
    bool operator<(const Waiting& other) const;
  };
  static constexpr uint32_t kFirstStage = 0;

  // The next event of `open` is the return. `called` are the operations that
  // were called since the one before, `crash_calls` how many info operations
  // have been called so far. All else outlives this. O(slots²).
  AdditiveColumn(const SearchProblem& problem, const AdditiveObject& object,
                 const PassedSums& passed, const OpenOperations& open,
                 std::vector<Open> called, size_t crash_calls);

  uint32_t event() const { return event_; }
  const Open& returning() const { return returning_; }
  const std::vector<Open>& called() const { return called_; }
  size_t crash_calls() const { return crash_calls_; }
  // The updates that may be chosen, by bit of the sets, without the one that
  // returns. Equal ones are a run of the layout, those that return first before
  // the others. Of very many these are those that return first.
  const std::vector<Open>& updates() const { return updates_; }
  bool has_more_updates() const { return has_more_updates_; }
  const SetLayout& layout() const { return layout_; }
  const std::vector<Look>& looks() const { return looks_; }
  size_t open_count() const { return open_count_; }
  // Whether that is so many that most sums can be made in many ways.
  bool is_crowded() const { return open_count_ > kMostUncrowded; }
  // What it says that the operation in `slot` is linearized, and the most that
  // any set of updates says.
  float RatingOf(uint32_t slot) const { return ratings_[slot]; }
  float most_of_updates() const { return most_of_updates_; }

  // The set of the updates that are linearized.
  uint64_t TakenBy(const SlotSet& linearized) const;
  // The updates that are not used before what returns, which they equal.
  uint64_t equals_returning() const { return equals_returning_; }
  // Calls `visit` with the updates of `set` that are not among those that are
  // linearized, which are the set `taken`: of equal ones with those that return
  // first.
  template <typename Visit>
  void ForEachAdded(uint64_t set, uint64_t taken, const SlotSet& linearized,
                    Visit visit) const;
  // The open updates, but what returns, that equal `action`; nothing if what
  // returns does.
  std::optional<uint64_t> EqualTo(ActionId action) const;

  // How far the nearest sum of `view` is that has to be seen by what is open
  // and not linearized, or is called later: less than 0 if it has been passed,
  // PassedSums::kFar if there is none or the view does not go one way.
  int64_t DistanceToNext(const AdditivePoint& point, size_t view) const;
  bool HasPassed(const AdditivePoint& point) const;

  // Of `view`. Made where they are not there.
  UpdateSets& sets(size_t view);
  // Saves memory where they will not be wanted soon.
  void ForgetSets();
  // How many of those that have to be seen soon cannot be, but with info
  // operations. (0 where seers add: then that is not known.)
  size_t CountUnsatisfied(const AdditivePoint& point);
  // Whether one of those for which this was asked before (the first so many)
  // can do whatever this one can, as far as sums go. O(those).
  // REQUIRES: nothing is fresh.
  bool IsDominated(uint32_t point, const CrashUsage& usages);

  // Adds a configuration that has not linearized what returns, unless it is
  // there. Returns whether it was added.
  bool Add(AdditivePoint&& point);
  // Whether it is there. Then the path to it is one to that one, too.
  bool Merge(const AdditivePoint& point);
  std::vector<AdditivePoint>& points() { return points_; }
  bool is_waiting() const { return !waiting_.empty(); }
  // REQUIRES: is_waiting().
  Waiting PopBest();
  void Push(const Waiting& waiting);
  // The best rating of those that were expanded, or nothing gets near.
  float top_rating() const { return top_rating_; }
  // REQUIRES: is_waiting().
  const Waiting& best() const { return waiting_.front(); }

  // By how much those that wait are rated less than the best that was expanded:
  // appended to `deficits`.
  void ListDeficits(std::vector<float>& deficits) const;
  // Forgets what waits with a deficit of `most` or more; it counts as being
  // there for Merge and Add. O(points).
  void Shrink(float most);

  // How many sums and sets were looked at since this was asked.
  size_t TakeLookups();
  // By how much more memory is held than when this was asked, in bytes.
  ptrdiff_t TakeGrowth();
  size_t told_bytes() const { return bytes_told_; }

 private:
  static constexpr size_t kMostUncrowded = 15;
  // Of more, a few are compared.
  static constexpr size_t kMostCompared = 256;

  // Of a point that is forgotten.
  static constexpr uint32_t kForgotten = 0xFFFFFFFFu;

  // What counts of configurations where they may dominate others: of those
  // with one start that used the same, which open operations are linearized
  // (words one after the other).
  struct Compared {
    uint32_t start;
    UsageId usage;
    uint64_t used_bits;
    std::vector<uint64_t> linearized;
  };

  void AddLook(const Open& seer);
  void ChooseUpdates();
  void DropLast();
  void LayOut();
  // Most classes that are not open are told by one bit.
  uint64_t BitOfClass(ActionId action) const {
    return uint64_t{1} << (object_.ClassOf(action) % 64);
  }
  uint32_t ReturnOf(const Open& open) const {
    return problem_.timeline.operations()[open.operation].return_event;
  }
  bool HasToReturn(const Open& open) const {
    return ReturnOf(open) < problem_.end;
  }
  void MakeSets();
  void Compare(const AdditivePoint& point);
  float OfLinearized(const SlotSet& linearized) const;
  bool MergeAt(uint64_t hash, const AdditivePoint& point);

  const SearchProblem& problem_;
  const AdditiveObject& object_;
  const PassedSums& passed_;
  uint32_t event_;
  Open returning_;
  std::vector<Open> called_;
  size_t crash_calls_;
  std::vector<Open> updates_;
  bool has_more_updates_ = false;
  std::vector<Look> looks_;
  size_t open_count_ = 0;
  bool has_adding_seers_ = false;
  SlotSet update_mask_;  // with the seers that add
  SlotSet seer_mask_;
  std::vector<float> ratings_;  // by slot
  float most_of_updates_ = 0;
  SetLayout layout_;            // of the updates
  std::vector<uint64_t> bits_;  // by slot; 0 where it is none of the updates
  uint64_t equals_returning_ = 0;
  uint64_t classes_ = 0;  // of these and what returns, as BitOfClass

  std::vector<UpdateSets> sets_;  // by view; empty if they are forgotten
  std::optional<UrgentSeers> urgent_;
  std::vector<AdditivePoint> points_;
  absl::flat_hash_map<uint64_t, uint32_t> index_;
  std::vector<Waiting> waiting_;  // a heap
  std::vector<Compared> compared_;
  size_t compared_count_ = 0;
  size_t compared_bytes_ = 0;  // of their words
  float top_rating_ = std::numeric_limits<float>::lowest();
  size_t lookups_ = 0;  // of sets that are forgotten
  size_t lookups_told_ = 0;
  size_t bytes_told_ = 0;
};

template <typename Visit>
void AdditiveColumn::ForEachAdded(uint64_t set, uint64_t taken,
                                  const SlotSet& linearized,
                                  Visit visit) const {
  uint64_t added = set & ~taken;
  for (const uint64_t run : layout_.run_masks()) {
    int left = std::popcount(added & run);
    added &= ~run;
    for (int bit = std::countr_zero(run); left > 0; ++bit) {
      const Open& update = updates_[static_cast<size_t>(bit)];
      if (linearized.Contains(update.slot)) continue;
      visit(update);
      --left;
    }
  }
  for (; added != 0; added &= added - 1) {
    visit(updates_[static_cast<size_t>(std::countr_zero(added))]);
  }
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_COLUMN_H_
