// A history as the visibility models see it: sessions of reads and updates.
//
// The operations that may matter are renumbered as steps so that the session
// order is plain arithmetic. A session is cut into chains, in each of which one
// step returned before the next was called; the steps of a chain are
// consecutive numbers. Nearly every session is one chain. It takes more where a
// session has several operations open at once (a node that serves many clients)
// or goes on after an operation whose outcome is unknown: such an operation may
// take effect later than what its session does next, so it ends its chain.
//
//   session 0   chain 0:  step 0, 1, 2, 3
//   session 1   chain 1:  step 4, 5      chain 2:  step 6, 7, 8
//
// What of the session order crosses from one chain of a session to another is
// kept as `crossings`. Failed updates are kept apart: nobody may read them.

#ifndef MINOS_CHECKER_SESSION_HISTORY_H_
#define MINOS_CHECKER_SESSION_HISTORY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "checker/chain_crossings.h"
#include "checker/partition.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// A read or an update of one key. A compare-and-set is two: a read, then an
// update. An addition to a counter that returns the sum is an update, then a
// read that sees it whatever else it sees.
using Step = uint32_t;
inline constexpr Step kNoStep = 0xFFFFFFFFu;
// The source of a read that returned the initial value.
inline constexpr Step kInitialStep = 0xFFFFFFFEu;
// The source of a read whose source is not known.
inline constexpr Step kUnresolvedStep = 0xFFFFFFFDu;
constexpr bool IsStep(Step step) { return step < kUnresolvedStep; }

// How updates make the value that a read returns.
enum class Observation : uint8_t {
  kRegister,  // the last update that the read sees
  kList,      // all updates that it sees, in their order
  kSet,       // all updates that it sees
  kCounter,   // the sum of all updates that it sees
};

// What a step does.
enum class StepKind : uint8_t { kUpdate, kRead };

// An update that certainly did not happen.
struct FailedUpdate {
  history::OpIndex operation = 0;
  uint32_t key = 0;
  history::ValueId value = history::kNoValue;
};

// An operation that takes an element out of a set.
struct Removal {
  history::OpIndex operation = 0;
  uint32_t key = 0;
  history::ValueId element = history::kNoValue;
};

// The steps of a history, as columns.
struct SessionHistory {
  const history::History* history = nullptr;
  Keying keying = Keying::kNone;
  Observation observation = Observation::kRegister;
  history::ValueId initial = history::kNil;

  // By step.
  std::vector<history::OpIndex> operations;
  std::vector<uint32_t> keys;
  std::vector<uint32_t> chains;
  std::vector<StepKind> kinds;
  // What an update writes, adds or appends; what a read returned.
  std::vector<history::ValueId> values;
  // Of counters only: what an update adds, less than 0 where it takes away; the
  // sum that a read returned.
  std::vector<int64_t> amounts;
  // Of a read: the update whose value it returned (kRegister), else an index
  // into `shown_begin`. Filled by ResolveReads.
  std::vector<Step> sources;
  // By chain: its first step; one more entry at the end.
  std::vector<Step> chain_begin;
  std::vector<uint32_t> chain_session;
  std::vector<Crossing> crossings;  // ordered by `to`
  // By session and by key.
  std::vector<history::ValueId> session_names;
  std::vector<history::ValueId> key_names;
  std::vector<FailedUpdate> failed;
  // True if some operation says more than the steps do: a compare-and-set that
  // was refused is none. What the steps forbid is forbidden all the same.
  bool says_more = false;
  // What compare-and-sets of unknown outcome, which are updates only, compared;
  // by their steps.
  std::vector<std::pair<Step, history::ValueId>> compared;
  // Removals from sets, ok and info: they are no steps. With them a read no
  // longer tells what it saw.
  std::vector<Removal> removals;
  // What reads of collections showed: the updates of the i-th are
  // shown[shown_begin[i]] … up to shown_begin[i + 1].
  std::vector<uint32_t> shown_begin;
  std::vector<Step> shown;

  Step size() const { return static_cast<Step>(operations.size()); }
  uint32_t chain_count() const {
    return static_cast<uint32_t>(chain_session.size());
  }
  bool IsRead(Step step) const { return kinds[step] == StepKind::kRead; }
  uint32_t SessionOf(Step step) const { return chain_session[chains[step]]; }
  history::Position call(Step step) const {
    return history->call(operations[step]);
  }
  // kNever for a step of an info operation.
  history::Position end(Step step) const {
    return history->return_position(operations[step]);
  }
  // True if `a` comes before `b` in the order of their session.
  bool SessionPrecedes(Step a, Step b) const;
  // The crossings that lead to `step`. O(log crossings).
  std::span<const Crossing> CrossingsTo(Step step) const {
    const auto [first, last] = std::equal_range(
        crossings.begin(), crossings.end(), Crossing{0, step},
        [](const Crossing& a, const Crossing& b) { return a.to < b.to; });
    return {first, last};
  }
  // The updates that a read returned: none if it returned the initial value or
  // is not resolved.
  std::span<const Step> Shown(Step read) const {
    const Step source = sources[read];
    if (observation == Observation::kRegister) {
      return IsStep(source) ? std::span(&sources[read], 1)
                            : std::span<const Step>();
    }
    if (!IsStep(source)) return {};
    return std::span(shown).subspan(
        shown_begin[source], shown_begin[source + 1] - shown_begin[source]);
  }

  size_t MemoryBytes() const;
};

// Of a collection: true if `read`, which does not list `update` among what it
// shows, may have seen it all the same, since what it returned has the same
// element from an update that is not told apart: another one of a set, or of a
// list one that is not resolved. O(length of what was read).
bool MayBeShown(const SessionHistory& steps, Step read, Step update);

// The version that the history records with the operation of `step`, if it is
// an integer.
std::optional<int64_t> VersionOf(const SessionHistory& steps, Step step);

// The sum of a counter before every update.
int64_t InitialSum(const SessionHistory& steps);

// True if `read` is the sum that the update before it returned.
bool IsOwnSum(const SessionHistory& steps, Step read);

// The part of `whole` that speaks of one key; sessions keep their numbers.
// Sources are carried over. O(size of the part · chains of a session).
// REQUIRES: `selected` are all steps of the key, in ascending order.
SessionHistory RestrictTo(const SessionHistory& whole,
                          std::span<const Step> selected);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_HISTORY_H_
