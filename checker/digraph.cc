#include "checker/digraph.h"

#include <algorithm>

namespace minos::checker {
namespace {

// Tarjan's algorithm with a stack of its own: recursion would be as deep as the
// longest path.
class Components {
 public:
  explicit Components(const Digraph& graph)
      : graph_(graph),
        order_(graph.size(), 0),
        low_(graph.size(), 0),
        next_(graph.size(), 0),
        component_(graph.size(), Digraph::kNoComponent) {}

  std::vector<uint32_t> Find() && {
    for (Vertex v = 0; v < graph_.size(); ++v) {
      if (order_[v] == 0) Explore(v);
    }
    return std::move(component_);
  }

 private:
  static constexpr uint32_t kClosed = 0xFFFFFFFFu;

  void Enter(Vertex v) {
    order_[v] = low_[v] = ++counter_;
    path_.push_back(v);
    open_.push_back(v);
  }

  void Explore(Vertex root) {
    Enter(root);
    while (!path_.empty()) {
      const Vertex v = path_.back();
      const auto successors = graph_.Successors(v);
      if (next_[v] < successors.size()) {
        const Vertex w = successors[next_[v]++];
        if (order_[w] == 0) {
          Enter(w);
        } else if (low_[w] != kClosed) {
          low_[v] = std::min(low_[v], order_[w]);
        }
        continue;
      }
      path_.pop_back();
      const uint32_t low = low_[v];
      if (low == order_[v]) Close(v);
      if (!path_.empty() && low_[path_.back()] != kClosed) {
        low_[path_.back()] = std::min(low_[path_.back()], low);
      }
    }
  }

  void Close(Vertex root) {
    const auto begin = std::find(open_.rbegin(), open_.rend(), root).base() - 1;
    const auto successors = graph_.Successors(root);
    const bool is_cyclic = open_.end() - begin > 1 ||
                           std::find(successors.begin(), successors.end(),
                                     root) != successors.end();
    for (auto v = begin; v != open_.end(); ++v) {
      low_[*v] = kClosed;
      if (is_cyclic) component_[*v] = components_;
    }
    if (is_cyclic) ++components_;
    open_.erase(begin, open_.end());
  }

  const Digraph& graph_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> low_;
  std::vector<uint32_t> next_;
  std::vector<uint32_t> component_;
  std::vector<Vertex> path_;
  std::vector<Vertex> open_;
  uint32_t counter_ = 0;
  uint32_t components_ = 0;
};

}  // namespace

Digraph::Digraph(Vertex vertices, const EdgeList& edges)
    : begin_(size_t{vertices} + 1, 0), targets_(edges.size()) {
  edges.ForEach([&](Vertex from, Vertex) { ++begin_[from + 1]; });
  for (Vertex v = 0; v < vertices; ++v) begin_[v + 1] += begin_[v];
  std::vector<uint32_t> next(begin_.begin(), begin_.end() - 1);
  edges.ForEach([&](Vertex from, Vertex to) { targets_[next[from]++] = to; });
}

std::vector<Vertex> Digraph::TopologicalOrder() const {
  std::vector<uint32_t> incoming(size(), 0);
  for (const Vertex target : targets_) ++incoming[target];
  std::vector<Vertex> order;
  order.reserve(size());
  // Depth first, so that a chain of vertices is walked in one go.
  std::vector<Vertex> ready;
  for (Vertex v = size(); v-- > 0;) {
    if (incoming[v] == 0) ready.push_back(v);
  }
  while (!ready.empty()) {
    const Vertex v = ready.back();
    ready.pop_back();
    order.push_back(v);
    for (const Vertex target : Successors(v)) {
      if (--incoming[target] == 0) ready.push_back(target);
    }
  }
  return order;
}

std::vector<uint32_t> Digraph::CyclicComponents() const {
  return Components(*this).Find();
}

}  // namespace minos::checker
