// The rows of the table of deciders; the file of each says how it works, why
// it is right and what it costs.

#ifndef MINOS_CHECKER_DECIDERS_DECIDERS_H_
#define MINOS_CHECKER_DECIDERS_DECIDERS_H_

#include <string_view>

#include "checker/decider.h"

namespace minos::checker {

Decision DecideByZones(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kZonesModels[] = {"register", "cas-register"};
inline constexpr DeciderInfo kZones = {
    "zones",
    "registers whose reads tell which write they saw; O(n log n)",
    kZonesModels,
    &DecideByZones,
};

Decision DecideByQueueOrder(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kQueueOrderModels[] = {"fifo-queue",
                                                         "unordered-queue"};
inline constexpr DeciderInfo kQueueOrder = {
    "queue-order",
    "queues whose dequeues tell which enqueue they saw; O(n log n)",
    kQueueOrderModels,
    &DecideByQueueOrder,
};

Decision DecideByGrowth(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kGrowthModels[] = {"list-append", "g-set",
                                                     "set"};
inline constexpr DeciderInfo kGrowth = {
    "growth",
    "lists and sets that only grow and are read as a whole; O(n log n + reads)",
    kGrowthModels,
    &DecideByGrowth,
};

Decision DecideByCounting(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kCountingModels[] = {"counter"};
inline constexpr DeciderInfo kCounting = {
    "counting",
    "counters to which one amount is added again and again; O(n log n)",
    kCountingModels,
    &DecideByCounting,
};

Decision DecideByNesting(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kNestingModels[] = {"stack"};
inline constexpr DeciderInfo kNesting = {
    "nesting",
    "stacks whose pops tell which push they saw, where what crashed ones took "
    "is soon found; O(n log n)",
    kNestingModels,
    &DecideByNesting,
};

Decision DecideByPresence(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kPresenceModels[] = {"set", "multiset"};
inline constexpr DeciderInfo kPresence = {
    "presence",
    "sets and multisets whose elements come and go once, without reads of the "
    "whole; O(n log n)",
    kPresenceModels,
    &DecideByPresence,
};

Decision DecideBySnapshots(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kSnapshotsModels[] = {"set", "multiset"};
inline constexpr DeciderInfo kSnapshots = {
    "snapshots",
    "sets and multisets whose elements come and go once, with reads of the "
    "whole, where an order of these is soon found; O(n log n + reads)",
    kSnapshotsModels,
    &DecideBySnapshots,
};

Decision DecideByPriority(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kPriorityModels[] = {"priority-queue"};
inline constexpr DeciderInfo kPriority = {
    "priority",
    "priority queues whose deletions tell which insertion they saw, where what "
    "crashed ones took is soon found; O(n log n)",
    kPriorityModels,
    &DecideByPriority,
};

Decision DecideByPermits(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kPermitsModels[] = {"mutex", "semaphore"};
inline constexpr DeciderInfo kPermits = {
    "permits",
    "locks and semaphores, all of whose operations are of the same number of "
    "permits; O(n log n)",
    kPermitsModels,
    &DecideByPermits,
};

Decision DecideByOffsets(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kOffsetsModels[] = {"log"};
inline constexpr DeciderInfo kOffsets = {
    "offsets",
    "logs whose elements are appended once; O(n log n + reads)",
    kOffsetsModels,
    &DecideByOffsets,
};

Decision DecideByDistinctness(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kDistinctModels[] = {"unique-ids"};
inline constexpr DeciderInfo kDistinct = {
    "distinct",
    "unique identifiers; O(n)",
    kDistinctModels,
    &DecideByDistinctness,
};

Decision DecideByPieces(const DeciderInput& input, Budget& budget);
inline constexpr std::string_view kPiecesModels[] = {"kv"};
inline constexpr DeciderInfo kPieces = {
    "pieces",
    "keys whose values tell which puts and appends made them; O(n log n + "
    "reads)",
    kPiecesModels,
    &DecideByPieces,
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_DECIDERS_H_
