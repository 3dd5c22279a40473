// Directed graphs of millions of edges: is there a cycle, and a short one?

#ifndef MINOS_CHECKER_DIGRAPH_H_
#define MINOS_CHECKER_DIGRAPH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minos::checker {

using Vertex = uint32_t;

// Edges as they come. They are kept in blocks, so that growing never needs
// room for all of them twice.
class EdgeList {
 public:
  struct Edge {
    Vertex from;
    Vertex to;
  };

  void Add(Vertex from, Vertex to) {
    if (blocks_.empty() || blocks_.back().size() == kBlock) {
      blocks_.emplace_back();
      blocks_.back().reserve(kBlock);
    }
    blocks_.back().push_back({from, to});
  }
  size_t size() const {
    return blocks_.empty()
               ? 0
               : (blocks_.size() - 1) * kBlock + blocks_.back().size();
  }
  template <typename F>
  void ForEach(F f) const {
    for (const std::vector<Edge>& block : blocks_) {
      for (const Edge& edge : block) f(edge.from, edge.to);
    }
  }
  void Clear() { blocks_.clear(); }

  static constexpr size_t kBlock = size_t{1} << 16;

 private:
  std::vector<std::vector<Edge>> blocks_;
};

// A graph with the successors of each vertex in the order in which their edges
// were added. 4 bytes a vertex and an edge.
class Digraph {
 public:
  Digraph(Vertex vertices, const EdgeList& edges);

  Vertex size() const { return static_cast<Vertex>(begin_.size() - 1); }
  std::span<const Vertex> Successors(Vertex v) const {
    return std::span(targets_).subspan(begin_[v], begin_[v + 1] - begin_[v]);
  }

  // The vertices that are on no cycle and behind none, in an order in which
  // every edge leads forward: all of them exactly if there is no cycle (Kahn
  // 1962). O(vertices + edges).
  std::vector<Vertex> TopologicalOrder() const;

  // For each vertex the number of its strongly connected component (Tarjan
  // 1972), kNoComponent where the component is the vertex alone without an edge
  // to itself. Components are numbered from 0. O(vertices + edges).
  std::vector<uint32_t> CyclicComponents() const;

  static constexpr uint32_t kNoComponent = 0xFFFFFFFFu;

  size_t MemoryBytes() const {
    return (begin_.capacity() + targets_.capacity()) * sizeof(Vertex);
  }

 private:
  std::vector<uint32_t> begin_;
  std::vector<Vertex> targets_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DIGRAPH_H_
