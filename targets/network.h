// The fate of messages: how long each takes, whether it arrives, or twice.
//
// Between nodes there are links in both directions; a link keeps the order of
// its messages unless reordering is switched on. Between clients and nodes
// there are connections: what is sent over one may be late or lost, but does
// not come twice. (A client library that tries again makes its own twins.)
//
// The luck of the n-th message of a link depends on the seed, the link and n
// alone: taking an operation out of a run leaves other links undisturbed. Where
// luck is by the time, it depends on the seed, the link and the moment.

#ifndef MINOS_TARGETS_NETWORK_H_
#define MINOS_TARGETS_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "targets/luck.h"
#include "targets/random.h"
#include "targets/request.h"

namespace minos::targets {

// How long messages take, and how many are lost.
struct NetworkConditions {
  // A message takes this long, uniformly.
  Nanoseconds delay_min = 500 * kMicrosecond;
  Nanoseconds delay_max = 5 * kMillisecond;
  // In addition, uniform in 0 … extra_delay_max.
  Nanoseconds extra_delay_max = 0;
  int64_t loss_parts = 0;       // in a million
  int64_t duplicate_parts = 0;  // in a million; between nodes only
  bool reorder = false;         // links do not keep the order
  bool operator==(const NetworkConditions&) const = default;
};

// What becomes of one message: `copies` arrivals, 0 if it is lost.
struct Fate {
  int copies = 0;
  Nanoseconds arrival[2] = {0, 0};
};

// All links and connections of a world.
class Network {
 public:
  // REQUIRES: 0 < nodes <= kMaxNodes.
  Network(int nodes, uint64_t seed, const NetworkConditions& conditions,
          LuckBy luck = LuckBy::kCount);

  static constexpr int kMaxNodes = 64;

  const NetworkConditions& conditions() const { return conditions_; }
  void set_conditions(const NetworkConditions& conditions) {
    conditions_ = conditions;
  }

  // Cuts the links from node `from` to all nodes of the bit set `to`, and no
  // others.
  void Block(NodeId from, uint64_t to) { blocked_[from] = to; }
  // Cuts no link.
  void UnblockAll();
  // From now on each message from node `from` to node `to` takes so much
  // longer.
  void SetLinkDelay(NodeId from, NodeId to, Nanoseconds extra) {
    links_[IndexOf(from, to)].extra_delay = extra;
  }
  // Ends all of these delays.
  void ClearLinkDelays();
  bool blocked(NodeId from, NodeId to) const {
    return (blocked_[from] >> to & 1) != 0;
  }

  // A message from node to node, sent at `now`. O(1).
  Fate Send(NodeId from, NodeId to, Nanoseconds now);
  // A request or an answer over the connection of `process` with `node`. O(1).
  Fate SendOnConnection(ProcessId process, NodeId node, Nanoseconds now);

 private:
  struct Link {
    Occasions sent;
    Nanoseconds last_arrival = 0;
    Nanoseconds extra_delay = 0;
  };

  size_t IndexOf(NodeId from, NodeId to) const {
    return static_cast<size_t>(from) * nodes_ + to;
  }

  Nanoseconds DrawDelay(Random& luck) const;

  int nodes_;
  Random random_;
  LuckBy luck_by_;
  NetworkConditions conditions_;
  std::vector<Link> links_;        // from * nodes + to
  std::vector<uint64_t> blocked_;  // a bit set of receivers for each sender
  std::vector<Occasions> sent_on_connection_;  // by process
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_NETWORK_H_
