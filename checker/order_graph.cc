#include "checker/order_graph.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace minos::checker {
namespace {

// How many edges the search for a shortest cycle may look at.
constexpr size_t kCycleEffort = 40'000'000;

}  // namespace

void OrderGraph::Close(Vertex vertices) {
  vertices_ = vertices;
  std::stable_sort(
      edges_.begin(), edges_.end(),
      [](const OrderEdge& a, const OrderEdge& b) { return a.from < b.from; });
  begin_.assign(size_t{vertices} + 1, 0);
  for (const OrderEdge& edge : edges_) ++begin_[edge.from + 1];
  for (Vertex v = 0; v < vertices; ++v) begin_[v + 1] += begin_[v];
  reached_.assign(vertices, {});
}

std::vector<OrderEdge> OrderGraph::PathTo(Vertex from, Vertex to) const {
  std::vector<OrderEdge> path;
  Vertex v = to;
  OrderEdge demand{from, to, kNoStep, OrderReason::kNone};
  do {
    const OrderEdge& edge = edges_[reached_[v].edge];
    if (edge.to < steps_) demand.to = edge.to;
    v = edge.from;
    if (v < steps_) {
      demand.from = v;
      demand.reason = edge.reason;
      demand.witness = edge.witness;
      path.push_back(demand);
    }
  } while (v != from);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<OrderEdge> OrderGraph::ShortestPath(Vertex from, Vertex to,
                                                size_t below, size_t& effort) {
  ++round_;
  std::deque<std::pair<Vertex, uint32_t>> queue = {{from, 0}};
  while (!queue.empty()) {
    const auto [v, distance] = queue.front();
    queue.pop_front();
    // Reached again on a shorter way since it was queued.
    if (reached_[v].round == round_ && reached_[v].distance < distance)
      continue;
    for (uint32_t e = begin_[v]; e < begin_[v + 1]; ++e) {
      if (effort == 0) return {};
      --effort;
      const Vertex w = edges_[e].to;
      const uint32_t cost = distance + (w < steps_ ? 1 : 0);
      if (cost >= below) continue;
      Reached& reached = reached_[w];
      if (reached.round == round_ && reached.distance <= cost) continue;
      reached = {round_, cost, e};
      if (w == to && cost <= distance + 1 && w < steps_) {
        return PathTo(from, to);
      }
      if (w < steps_) {
        queue.emplace_back(w, cost);
      } else {
        queue.emplace_front(w, cost);
      }
    }
  }
  return {};
}

std::vector<OrderEdge> OrderGraph::ShortestCycle(
    std::span<const Step> updates) {
  std::vector<OrderEdge> best;
  size_t effort = kCycleEffort;
  for (const Step update : updates) {
    const size_t below = best.empty() ? vertices_ + size_t{1} : best.size();
    std::vector<OrderEdge> cycle = ShortestPath(update, update, below, effort);
    if (!cycle.empty()) best = std::move(cycle);
    if (best.size() == 1 || best.size() == 2) break;  // none can be shorter
    if (effort == 0) {
      if (!best.empty()) break;
      effort = kCycleEffort;  // one is owed
    }
  }
  return best;
}

}  // namespace minos::checker
