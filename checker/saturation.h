// The least visibility that a set of rules forces, one chain at a time.
//
// The rules only ever add to what a read sees, so there is a least visibility,
// and more would only add constraints: if that one leads to no contradiction,
// none is needed. A chain is swept in its order. What its reads see, besides
// the closure of what each returned, only grows along the way:
//
//   M = what the rules force every later read of the chain to see
//
// is a set that is never stored for a read. With monotonic writes it is a
// prefix of every chain, and a pointer for each chain says which; without, a
// mark for each update. Each step of each chain enters M at most once in a
// sweep, so a sweep is linear, and all together cost O(n · chains).
//
// A read of key k that returned v demands, for each update w ≠ v of k in M,
// that w comes before v. The demands of a read on the same key before make most
// of them redundant: if v is in M, then all of M's updates of k now come before
// v, and the next read need only speak of v and of what enters M from now on.
// These are the frontier of k. So every update enters a frontier once and
// leaves it once, and the edges are at most as many as the entries. What the
// closure of v itself contains comes before v by the order rules alone.

#ifndef MINOS_CHECKER_SATURATION_H_
#define MINOS_CHECKER_SATURATION_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/bit_rows.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Why an update is in M.
enum class Cause : uint8_t {
  kOwnWrite,      // the chain's session wrote it before
  kOwnRead,       // the chain's session had read it before
  kEarlierWrite,  // `via`, which is seen, was written later by its session
  kReadBefore,    // the session of `via`, which is seen, had read it before
};

struct Entry {
  Step via = kNoStep;   // the update by which it entered, if not the session's
  Step read = kNoStep;  // the read that returned it, if there was one
  Cause cause = Cause::kOwnWrite;
};

// What a sweep finds.
class SaturationSink {
 public:
  virtual ~SaturationSink() = default;
  // `read` returned `source` although it sees `update` of the same key: so
  // `update` comes before `source` in the arbitration.
  virtual void MustPrecede(Step update, Step source, Step read) = 0;
  // `read` sees `update`, and did not return it nor anything that could come
  // after it: it returned the initial value, or a collection without it.
  virtual void MustNotSee(Step update, Step read) = 0;
  // An update has entered M. Only called if entries are traced.
  virtual void Entered(Step update, const Entry& entry) {
    (void)update;
    (void)entry;
  }
  // Asked before each step: false ends the sweep.
  virtual bool GoOn(Step step) {
    (void)step;
    return true;
  }
};

class Saturation {
 public:
  enum class Detail : uint8_t {
    kFrontier,  // as few demands as are equivalent, over all reads of a chain
    kLatest,    // for each read the latest update of every chain that it sees:
                // equivalent for each read by itself
    kAll,       // every demand
  };

  Saturation(const SessionHistory& steps, RuleSet rules, Detail detail,
             bool traced = false);

  // Leaves all updates out of the demands but those marked, which outlive this;
  // what is seen through the others is not affected.
  void SetRelevant(const std::vector<bool>* relevant) { relevant_ = relevant; }

  // Sweeps `chain` and tells `sink` what follows.
  void Sweep(uint32_t chain, SaturationSink& sink);

  size_t MemoryBytes() const;

 private:
  struct Task {
    Step step;       // walk its chain up to and including it
    bool inclusive;  // the step itself is seen, if it is an update
    Entry entry;
  };

  // An update of a frontier, with its chain at hand.
  struct Seen {
    Step step;
    uint32_t chain;
  };

  void Reset();
  void Contribute(Step step);
  void Judge(Step read, SaturationSink& sink);
  void JudgeRegister(Step read, SaturationSink& sink);
  void JudgeCollection(Step read, SaturationSink& sink);
  void See(Step update, const Entry& entry);
  void Work();
  void WalkTo(const Task& task);
  void Enter(Step update, uint32_t chain, const Entry& entry);
  bool IsSeen(Step update) const {
    return sees_prefixes_ ? update < walked_[steps_.chains[update]]
                          : IsMarked(update);
  }
  // One bit a step: the marks of a long history stay in the cache.
  bool IsMarked(Step update) const { return HasBit(marks_, update); }
  void Mark(Step update) { SetBit(marks_, update); }
  void Unmark(Step update) { ClearBit(marks_, update); }
  void CrossInto(Step step, const Task& task);
  // Takes back what was seen since `undoing_` was set.
  void Undo();

  const SessionHistory& steps_;
  RuleSet rules_;
  Detail detail_;
  bool traced_;
  const std::vector<bool>* relevant_ = nullptr;
  bool sees_prefixes_;  // M is a prefix of every chain
  bool walks_;          // seeing an update has further consequences
  bool replaces_;       // of a chain's updates of a key the latest is enough
  SaturationSink* sink_ = nullptr;
  // By chain: how far its steps have been walked.
  std::vector<Step> walked_;
  // By chain: how far the steps of a sister chain precede the current step.
  std::vector<Step> own_;
  std::vector<BitWord> marks_;  // a bit a step: it has entered
  std::vector<Step> marked_;    // those that have, to be taken back
  std::vector<uint32_t> shown_mark_;
  uint32_t shown_stamp_ = 0;
  std::vector<std::vector<Seen>> frontier_;  // by key
  std::vector<uint32_t> touched_;            // keys whose frontier is not empty
  std::vector<uint32_t> crossing_begin_;     // by step, if there are crossings
  std::vector<Task> tasks_;
  struct Walk {
    uint32_t chain;
    Step from;
  };
  bool undoing_ = false;
  std::vector<Walk> walks_done_;
  std::vector<Step> entered_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SATURATION_H_
