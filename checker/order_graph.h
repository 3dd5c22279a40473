// The demands on the order of updates as a graph, to find in it the shortest of
// the cycles that prove a violation.

#ifndef MINOS_CHECKER_ORDER_GRAPH_H_
#define MINOS_CHECKER_ORDER_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/session_history.h"
#include "checker/update_order.h"

namespace minos::checker {

// Edges with their reasons, to be searched for short paths. Vertices below
// `steps` are updates; paths run through auxiliary vertices at no cost, so the
// length of a path is the number of demands.
class OrderGraph : public OrderSink {
 public:
  explicit OrderGraph(Vertex steps) : steps_(steps), vertices_(steps) {}

  void Add(const OrderEdge& edge) override { edges_.push_back(edge); }
  // Ends the adding. O(edges log edges).
  void Close(Vertex vertices);

  // The demands of a shortest path from `from` to `to` (a cycle if they are
  // one), each from update to update; empty if there is none, or none shorter
  // than `below` demands. `effort` is what the search may still look at, in
  // edges, and is lowered by what it did look at.
  std::vector<OrderEdge> ShortestPath(Vertex from, Vertex to, size_t below,
                                      size_t& effort);

  // A shortest of the cycles through `updates`, the first of several. If the
  // effort ends first, the shortest found; never empty if there is one.
  std::vector<OrderEdge> ShortestCycle(std::span<const Step> updates);

 private:
  struct Reached {
    uint32_t round = 0;
    uint32_t distance = 0;
    uint32_t edge = 0;  // the edge by which it was reached
  };
  std::vector<OrderEdge> PathTo(Vertex from, Vertex to) const;

  Vertex steps_;
  Vertex vertices_;
  std::vector<OrderEdge> edges_;
  std::vector<uint32_t> begin_;
  std::vector<Reached> reached_;
  uint32_t round_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ORDER_GRAPH_H_
