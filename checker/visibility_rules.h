// The closure rules of visibility and arbitration, one bit each.
//
// `so` is session order, W and R are updates and reads, rf(r) is what r
// returned; see docs/consistency-models.md.

#ifndef MINOS_CHECKER_VISIBILITY_RULES_H_
#define MINOS_CHECKER_VISIBILITY_RULES_H_

#include <cstdint>

namespace minos::checker {

using RuleSet = uint32_t;

// A session's earlier update is seen by its later reads: so ∩ W×R ⊆ vis.
inline constexpr RuleSet kOwnWritesSeen = 1u << 0;
// What a read has seen, the session's later reads see: vis ; so ∩ R×R ⊆ vis.
inline constexpr RuleSet kSeenStaysSeen = 1u << 1;
// so ∩ W×W ⊆ ar.
inline constexpr RuleSet kWritesInOrder = 1u << 2;
// Who sees an update sees its session's earlier ones: so ∩ W×W ; vis ⊆ vis.
inline constexpr RuleSet kEarlierWritesSeen = 1u << 3;
// rf ; so ∩ R×W ⊆ ar.
inline constexpr RuleSet kWritesAfterReads = 1u << 4;
// Who sees an update sees what its session had read: rf ; so ∩ R×W ; vis ⊆ vis.
inline constexpr RuleSet kReadWritesSeen = 1u << 5;
// ar respects the order in which one session wrote one key.
inline constexpr RuleSet kSessionArbitration = 1u << 6;
// ar respects real time between the updates of one key.
inline constexpr RuleSet kRealTimeArbitration = 1u << 7;
// ar respects the versions that the history records.
inline constexpr RuleSet kVersionArbitration = 1u << 8;
// The initial value comes before every update.
inline constexpr RuleSet kInitialFirst = 1u << 9;

inline constexpr RuleSet kReadYourWrites = kOwnWritesSeen;
inline constexpr RuleSet kMonotonicReads = kSeenStaysSeen;
inline constexpr RuleSet kMonotonicWrites = kWritesInOrder | kEarlierWritesSeen;
inline constexpr RuleSet kWritesFollowReads =
    kWritesAfterReads | kReadWritesSeen;
inline constexpr RuleSet kAllSessionRules =
    kReadYourWrites | kMonotonicReads | kMonotonicWrites | kWritesFollowReads;

constexpr bool Has(RuleSet rules, RuleSet rule) {
  return (rules & rule) == rule;
}

// Whose order the arbitration is: everybody may have one for each read (which
// makes all four rules together the model CC), for each session, or there is
// one for all (CCv).
enum class ArbitrationScope : uint8_t { kRead, kSession, kGlobal };

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VISIBILITY_RULES_H_
