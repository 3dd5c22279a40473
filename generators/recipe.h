// Everything that determines a run: who does what, which faults happen when,
// and the seed of the network's luck. The same recipe gives the same history,
// byte for byte. It is plain data, to be saved, replayed, and taken apart: any
// operation, client, or fault may be removed and what is left is a recipe.

#ifndef MINOS_GENERATORS_RECIPE_H_
#define MINOS_GENERATORS_RECIPE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "targets/fault.h"
#include "targets/luck.h"
#include "targets/network.h"
#include "targets/request.h"

namespace minos::generators {

using targets::FaultKind;
using targets::LuckBy;
using targets::Nanoseconds;
using targets::NodeId;

// Stands for "the value of the key that this client saw last" as the expected
// value of a cas.
inline constexpr int64_t kLastSeen = INT64_MIN + 1;

// An operation, and when and of whom a client asks for it.
struct PlannedOperation {
  targets::Operation operation;
  // It is issued `think` after the client's last operation ended, but not
  // before `not_before`.
  Nanoseconds think = 0;
  Nanoseconds not_before = 0;
  // Whom to ask; kNoNode for the client's home.
  NodeId node = targets::kNoNode;
  bool operator==(const PlannedOperation&) const = default;
};

// What one client does, one operation after the other.
struct ClientPlan {
  NodeId home = 0;
  std::vector<PlannedOperation> operations;
  bool operator==(const ClientPlan&) const = default;
};

// How a partition cuts the nodes, in the order in which the fault lists them.
enum class PartitionShape : uint8_t {
  kOne,     // the first from all others
  kHalves,  // the first half from the second
  kRing,    // each node talks with its neighbours, a majority with itself
  kBridge,  // the second half from the third, with the first node in between
  kOneWay,  // nothing goes from the first half to the second
};

// "one", "halves", "majorities-ring", "bridge", "one-way".
std::string_view ToString(PartitionShape shape);
// nullopt if no shape is called so.
std::optional<PartitionShape> PartitionShapeFromName(std::string_view name);

// A fault, when it strikes, and whom.
struct PlannedFault {
  FaultKind kind = FaultKind::kPartition;
  Nanoseconds start = 0;
  Nanoseconds duration = 0;
  PartitionShape shape = PartitionShape::kOne;  // of a partition
  // The nodes that it strikes; for a partition all nodes, in some order; for a
  // delay none, or the sender and the receiver of the only messages that are
  // late.
  std::vector<NodeId> nodes;
  // loss, duplicate: parts in a million. delay: nanoseconds at most, or of one
  // link exactly. clock: nanoseconds that it jumps ahead (or back).
  int64_t amount = 0;
  int64_t rate_parts = 0;  // clock: nanoseconds gained a millisecond
  // Whether `nodes` are counted from the node that answered a client last
  // before the fault begins: 0 is that node, 1 the one after it. Such a recipe
  // is not saved, but one with the faults that Run gives.
  bool is_aimed = false;
  // If not 0, the fault lies in wait from `start` on. It begins `delay` after
  // the first event then handled that is rare: of a name that at most one in
  // `rarity` events had before. If it is aimed, `nodes` are counted from the
  // node that handled this event. No two faults begin for the same event.
  // Likewise not saved.
  int64_t rarity = 0;
  Nanoseconds delay = 0;
  bool operator==(const PlannedFault&) const = default;
};

// All that makes a run what it is: the same recipe gives the same history.
struct Recipe {
  std::string target;
  std::string workload;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> bugs;
  int nodes = 3;
  uint64_t seed = 0;  // of the network and the nodes
  LuckBy luck = LuckBy::kCount;
  targets::NetworkConditions network;
  std::vector<ClientPlan> clients;
  std::vector<PlannedFault> faults;
  // After the last operation faults end; so much later the final reads begin.
  Nanoseconds settle_time = 0;
  // Read at the end by one process a node; empty for no final reads.
  std::vector<int32_t> final_keys;
  bool operator==(const Recipe&) const = default;
};

// Of all clients, without the final reads.
size_t CountOperations(const Recipe& recipe);
// Clients that have something to do.
size_t CountClients(const Recipe& recipe);
// The kinds of faults that the recipe plans.
targets::FaultSet PlannedKinds(const Recipe& recipe);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_RECIPE_H_
