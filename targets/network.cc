#include "targets/network.h"

#include <algorithm>

namespace minos::targets {
namespace {

// Labels of connections, apart from those of links.
constexpr uint64_t kConnections = uint64_t{1} << 32;

}  // namespace

Network::Network(int nodes, uint64_t seed, const NetworkConditions& conditions,
                 LuckBy luck)
    : nodes_(nodes),
      random_(seed),
      luck_by_(luck),
      conditions_(conditions),
      links_(static_cast<size_t>(nodes) * nodes),
      blocked_(nodes, 0) {}

void Network::UnblockAll() { std::fill(blocked_.begin(), blocked_.end(), 0); }

void Network::ClearLinkDelays() {
  for (Link& link : links_) link.extra_delay = 0;
}

Nanoseconds Network::DrawDelay(Random& luck) const {
  const Nanoseconds delay =
      luck.Between(conditions_.delay_min, conditions_.delay_max);
  if (conditions_.extra_delay_max == 0) return delay;
  return delay + luck.Between(0, conditions_.extra_delay_max);
}

Fate Network::Send(NodeId from, NodeId to, Nanoseconds now) {
  const size_t index = IndexOf(from, to);
  Link& link = links_[index];
  Random luck =
      random_.Split(CombineHash(index, link.sent.Next(luck_by_, now)));
  Fate fate;
  if (from != to &&
      (blocked(from, to) || luck.Chance(conditions_.loss_parts))) {
    return fate;
  }
  fate.copies = luck.Chance(conditions_.duplicate_parts) ? 2 : 1;
  for (int copy = 0; copy < fate.copies; ++copy) {
    Nanoseconds arrival = now + DrawDelay(luck) + link.extra_delay;
    if (!conditions_.reorder) {
      arrival = std::max(arrival, link.last_arrival + 1);
      link.last_arrival = arrival;
    }
    fate.arrival[copy] = arrival;
  }
  return fate;
}

Fate Network::SendOnConnection(ProcessId process, NodeId node,
                               Nanoseconds now) {
  const size_t index = static_cast<size_t>(process);
  if (index >= sent_on_connection_.size()) {
    sent_on_connection_.resize(index + 1);
  }
  const uint64_t number = sent_on_connection_[index].Next(luck_by_, now);
  Random luck = random_.Split(CombineHash(
      kConnections + index, CombineHash(static_cast<uint64_t>(node), number)));
  Fate fate;
  if (luck.Chance(conditions_.loss_parts)) return fate;
  fate.copies = 1;
  fate.arrival[0] = now + DrawDelay(luck);
  return fate;
}

}  // namespace minos::targets
